"""The fields of an exit, on Exit and in the workflow: who leaves, when, each where to (4.9)."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from django import forms
from django.http import QueryDict
from django.template.defaultfilters import pluralize
from django.utils import timezone

from agencies.models import User
from enrollments.actions import Departure
from enrollments.dates import Bounds, left_outside, sentences
from enrollments.forms.answers import code, line
from enrollments.forms.exit_programs import (
    asked_of,
    in_words,
    program_answers,
    program_field,
    under_headings,
)
from enrollments.models import CaseAssignment, Enrollment
from enrollments.models.draft_answers import OF_A_CLIENT, prefix_of
from hud.choices import Destination
from hud.conditions import alternatives, as_data
from hud.elements import applies
from hud.occurrence import ENGAGEMENT, MOVE_IN
from hud.rules import destination as destination_rules
from hud.rules import exit as exit_rules
from hud.rules import programs
from hud.rules.issues import Issue, error, warning
from records.form_fields import DateField

LEAVES = "leaves"
FOLLOW_UPS = ("destination_subsidy_type", "other_destination")
OF_MEMBER = ("destination", *FOLLOW_UPS)
CHANGED = "Somebody else changed this household. Check who is ticked below and try again."
asked_after = destination_rules.questions


def name_of(enrollment: Enrollment, field: str) -> str:
    """The name of one member's field."""
    return f"{prefix_of(enrollment.client_id)}-{field}"


def used_for_all(posted: QueryDict) -> QueryDict:
    """What was posted, after **Use for whole household**: one member's destination is everybody's.

    The button sends the prefix of the member as `copy`.
    """
    prefix = posted.get("copy", "")
    if not prefix:
        return posted
    posted = posted.copy()
    for field in OF_MEMBER:
        value = posted.get(f"{prefix}-{field}", "")
        for name in list(posted):
            if name.endswith(f"-{field}"):
                posted[name] = value
    return posted


class Card:
    """The fields of one member as a template shows them."""

    def __init__(self, form: "ExitFields", member: Enrollment):
        destination = name_of(member, "destination")
        self.member, self.prefix = member, prefix_of(member.client_id)
        self.leaves, self.destination = form[name_of(member, LEAVES)], form[destination]
        self.follow_ups = []
        for field in FOLLOW_UPS:
            when = alternatives(
                lambda field=field, **codes: field in asked_after(codes[destination]),
                {destination: [None, *Destination.values]},
            )
            self.follow_ups.append((form[name_of(member, field)], as_data(when)))
        self.programs = under_headings(form, member, form.program_questions[member.pk])


class ExitFields(forms.Form):
    """One card a member. `warnings` are pairs of client id (0: all) and issue, to be confirmed.

    Args:
        candidates: the enrollments that may end together.
        household: all members, whoever leaves.
        viewer: whose eyes decide what is told of records that the exit would leave outside.
        leaving: primary keys of those who are ticked at first.
    """

    exit_date = DateField(label="Exit Date")
    end_assignments = forms.BooleanField(label="End case assignment", required=False, initial=True)

    def __init__(
        self,
        *args: Any,
        candidates: Sequence[Enrollment],
        household: Iterable[Enrollment],
        viewer: User,
        leaving: Collection[int] = (),
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        self.candidates, self.household, self.leaving = candidates, list(household), set(leaving)
        self.warnings: list[tuple[int, Issue]] = []
        self.today = timezone.localdate()
        self.fields["exit_date"].initial = self.today
        # One project for all; a member who is not saved yet has none.
        project = next((one.project for one in candidates if one.project_id), None)
        self.program_questions = {
            one.pk: asked_of(one, project, today=self.today) for one in candidates
        }
        for member in candidates:
            self._add_card(member)

    def _add_card(self, member: Enrollment) -> None:
        fields: dict[str, forms.Field] = {
            LEAVES: forms.BooleanField(label="Exit", required=False),
            "destination": code("destination"),
            "destination_subsidy_type": code(
                "destination_subsidy_type", help_text="For a rental with ongoing housing subsidy."
            ),
            "other_destination": line(
                "other_destination",
                max_length=50,
                help_text="For the destination Other: where the client goes.",
            ),
        }
        for field in OF_MEMBER:
            fields[field].initial = getattr(member, field)
        fields[LEAVES].initial = member.pk in self.leaving
        fields |= {
            one.name: program_field(member, one.name) for one in self.program_questions[member.pk]
        }
        self.fields |= {name_of(member, name): field for name, field in fields.items()}

    @property
    def cards(self) -> list[Card]:
        return [Card(self, member) for member in self.candidates]

    @cached_property
    def names(self) -> Mapping[int, str]:
        """The names of the members by client."""
        return {one.client_id: one.client.display_name for one in self.candidates}

    # what was chosen

    @property
    def everybody(self) -> str:
        """Whom a warning is about that names nobody, so that it is confirmed of these alone."""
        return ",".join(str(one.client_id) for one in self.ticked)

    def value_of(self, member: Enrollment, field: str) -> Any:
        return self.cleaned_data.get(name_of(member, field))

    @property
    def ticked(self) -> list[Enrollment]:
        return [one for one in self.candidates if self.value_of(one, LEAVES)]

    @property
    def departures(self) -> dict[int, Departure]:
        """How each of those who are ticked leaves, by enrollment."""
        day = self.cleaned_data["exit_date"]
        return {
            one.pk: Departure(
                exit_date=day,
                answers=program_answers(
                    one, self.program_questions[one.pk], self._of_programs(one)
                ),
                **{field: self.value_of(one, field) for field in OF_MEMBER},
            )
            for one in self.ticked
        }

    def _of_programs(self, member: Enrollment) -> dict[str, Any]:
        """The answers to programs that apply, by name."""
        values = {
            one.name: self.value_of(member, one.name) for one in self.program_questions[member.pk]
        }
        return {name: value for name, value in values.items() if applies(name, values)}

    def answered(self, member: Enrollment) -> list[tuple[str, str]]:
        """The questions of programs that were answered, with the answers in words."""
        return list(in_words(self._of_programs(member)))

    @property
    def typed_answers(self) -> QueryDict:
        """What was typed into these fields, without what else the page sends."""
        typed = QueryDict(mutable=True)
        for name in ("exit_date", "end_assignments", *filter(OF_A_CLIENT.match, self.fields)):
            if name in self.data:
                typed.setlist(name, self.data.getlist(name))
        return typed

    # whether it can be so

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for member in self.candidates:
            self._clean_member(member, data)
        if any(name.endswith(f"-{LEAVES}") and name not in self.fields for name in self.data):
            self.add_error(None, CHANGED)
        elif not self.ticked:
            self.add_error(None, "Tick at least one member.")
        elif "exit_date" not in self.errors:
            self._check_date(data["exit_date"])
        return data

    def _clean_member(self, member: Enrollment, data: dict[str, Any]) -> None:
        """Leave out the questions that do not apply, and all of those who stay."""
        asked = asked_after(data.get(name_of(member, "destination")))
        for field in OF_MEMBER:
            name = name_of(member, field)
            if field not in asked:
                data[name] = "" if field == "other_destination" else None
            if field not in asked or not data.get(name_of(member, LEAVES)):
                self._errors.pop(name, None)
        answers = self._of_programs(member)
        for one in self.program_questions[member.pk]:
            name = name_of(member, one.name)
            if one.name not in answers:
                data[name] = None
            if one.name not in answers or not data.get(name_of(member, LEAVES)):
                self._errors.pop(name, None)

    def _check_date(self, day: date) -> None:
        for client_id, issue in dict.fromkeys(self._issues(day)):
            if issue.blocks:
                self.add_error("exit_date", issue.message)
            else:
                self.warnings.append((client_id, issue))
        for member in self.ticked:
            values = self._of_programs(member)
            for issue in programs.exit_issues(values, exit_date=day, today=self.today):
                self.add_error(name_of(member, issue.field), issue.message)
        if "exit_date" not in self.errors:
            self._note_what_is_recorded_later(day)

    @property
    def _staying(self) -> list[date | None]:
        """The exit dates of those who do not leave now."""
        ticked = self.ticked
        return [one.exit_date for one in self.household if one not in ticked]

    @property
    def leaves_without_head(self) -> bool:
        """Whether the head leaves and others stay, who need another head."""
        day = self.cleaned_data.get("exit_date")
        is_led = any(one.is_head for one in self.ticked)
        return is_led and bool(exit_rules.head_issues(day, self._staying))

    def _issues(self, day: date) -> Iterator[tuple[int, Issue]]:
        """What is wrong or unlikely; what is stored and left as it is is not asked again."""
        for member in self.ticked:
            is_new = member.exit_date != day
            found = exit_rules.issues(
                day, entry_date=member.entry_date, today=self.today, is_new=is_new
            )
            found += _after_what_came_before(member, day)
            if member.is_head and is_new:
                found += exit_rules.head_issues(day, self._staying)
            yield from ((0, issue) for issue in found)
            if member.exit_date and self._has_stored_destination(member):
                continue
            for issue in destination_rules.issues(
                self.value_of(member, "destination"),
                subsidy_type=self.value_of(member, "destination_subsidy_type"),
                other=self.value_of(member, "other_destination") or "",
            ):
                yield member.client_id, issue

    def _has_stored_destination(self, member: Enrollment) -> bool:
        return all(
            (self.value_of(member, one) or None) == (getattr(member, one) or None)
            for one in OF_MEMBER
        )

    def _note_what_is_recorded_later(self, day: date) -> None:
        """What an earlier exit leaves outside, and what moves with it."""
        earlier = [one for one in self.ticked if one.exit_date is None or day < one.exit_date]
        names = {one.pk: one.client.display_name for one in earlier}
        found = left_outside({pk: Bounds(ends=day) for pk in names}, self.viewer)
        texts = list(sentences(found, names, of="exit date"))
        later = CaseAssignment.objects.filter(enrollment__in=names, begins_on__gt=day).count()
        if later and self.cleaned_data.get("end_assignments"):
            texts.append(
                f"{later} case assignment{pluralize(later, ' begins,s begin')} after this exit "
                "date: moved to begin and end on it."
            )
        self.warnings += [(0, warning(exit_rules.RULE, "exit_date", text)) for text in texts]


def _after_what_came_before(member: Enrollment, leaves_on: date) -> list[Issue]:
    """3.20, 4.13: whoever moved in, or was engaged, cannot have left before."""
    return [
        error(
            kind.rule,
            "exit_date",
            f"Enter an exit date on or after the {kind.noun}, {day:%m/%d/%Y}.",
        )
        for kind in (MOVE_IN, ENGAGEMENT)
        if (day := getattr(member, kind.field)) and day > leaves_on
    ]
