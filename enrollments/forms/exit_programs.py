"""What programs ask of a member at exit: which questions, under which headings, when (Exit.csv)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django import forms

from agencies.models import Project
from enrollments.forms.answers import field_of
from enrollments.models import Enrollment
from enrollments.models.draft_answers import prefix_of
from hud.choices.answers import codes_of
from hud.conditions import alternatives, as_data
from hud.elements import FIELDS, Field, ancestors, applies, element, of_programs
from hud.rules.programs import SUBSIDIES

NAMES = [one.name for one in of_programs("Exit")]


def asked_of(member: Enrollment, project: Project | None, *, today: date) -> list[Field]:
    """The questions that the programs of the project ask of a member who leaves.

    Grants and age count on the day of the exit, today while there is none. What is stored is asked
    whatever the audience, so that it can be corrected.
    """
    if project is None:
        return []
    day = member.exit_date or today
    return [
        one
        for one in of_programs("Exit")
        if getattr(member, one.name) is not None
        or element(one.number).is_asked_of(
            is_head=member.is_head,
            dob=member.client.dob,
            project_type=project.project_type,
            answered_on=day,
            entry_date=member.entry_date,
            exit_date=member.exit_date,
            today=today,
            grants=project.grants,
        )
    ]


def program_field(member: Enrollment, name: str) -> forms.Field:
    """The field of a question with the member's stored answer."""
    field = field_of(name)
    if name == "subsidy_information":  # W5.A and W5.B are lists of their own
        housing, subsidies = codes_of("W5.1"), codes_of("W5.AB")
        lists = [
            (housing(kept).label, [(code, subsidies(code).label) for code in codes])
            for kept, codes in SUBSIDIES.items()
        ]
        field.choices = [("", "Choose…"), *lists]  # type: ignore[attr-defined]
    field.initial = getattr(member, name)
    return field


def program_answers(
    member: Enrollment, asked: Sequence[Field], values: Mapping[str, Any]
) -> dict[str, Any]:
    """The columns of an exit: as answered where it is asked, else as they are stored.

    Args:
        values: the answers that apply, by name.
    """
    names = {one.name for one in asked}
    return {name: values.get(name) if name in names else getattr(member, name) for name in NAMES}


def in_words(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The answers to questions, as one reads them."""
    for name, value in values.items():
        one = FIELDS[name]
        if value is None:
            continue
        if one.answers:
            yield one.short, str(one.answers(value).label)
        else:
            yield one.short, f"{value:%m/%d/%Y}" if isinstance(value, date) else str(value)


def under_headings(
    form: forms.Form, member: Enrollment, asked: Sequence[Field]
) -> list[tuple[str, list[tuple[Any, str]]]]:
    """The bound fields with their conditions, under the programs that ask them."""
    prefix = f"{prefix_of(member.client_id)}-"

    def when(one: Field) -> str:
        parents = ancestors(one.name)
        if not set(parents) <= {other.name for other in asked}:
            return ""
        return as_data(
            alternatives(
                lambda **codes: applies(
                    one.name, {name.removeprefix(prefix): code for name, code in codes.items()}
                ),
                {f"{prefix}{name}": [None, *FIELDS[name].answers.values] for name in parents},  # type: ignore[union-attr]
            )
        )

    return [
        (heading, [(form[f"{prefix}{one.name}"], when(one)) for one in ones])
        for heading, ones in groupby(asked, lambda one: element(one.number).heading)
    ]
