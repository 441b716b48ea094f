"""What is to do for a client: what is due, what is missing, and the page that fixes it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string

from agencies.models import User
from clients.models import Client
from enrollments.assignments.due import LABELS, Due, Facts, What, dues
from enrollments.assignments.due import next_due as next_of
from enrollments.intake.draft.sections import Step
from enrollments.models import Enrollment, IntakeDraft
from hud.choices import NoYesReasons, RaceNone
from hud.elements import element

NOT_COLLECTED = {None, "", NoYesReasons.NOT_COLLECTED.value}
OF_CLIENT = {
    "name_data_quality": "3.01",
    "ssn_data_quality": "3.02",
    "dob_data_quality": "3.03",
    "sex": "4.21",
}
RACE, VETERAN = "3.04", "3.07"
# Where the workflow asks for what an enrollment is asked once.
OF_ENROLLMENT = {
    Step.PROGRAM: {"relationship_to_hoh": "3.15", "enrollment_coc": "3.16"},
    Step.UNIVERSAL: {"living_situation": "3.917", "disabling_condition": "3.08"},
}
PAGES = {
    What.ANNUAL: "enrollments:annual",
    What.ADULT: "enrollments:update",
    What.EXIT: "enrollments:exit",
}


@dataclass(frozen=True)
class ToDo:
    """One thing to do, and the page where it is done.

    Args:
        project: of which enrollment; empty for what belongs to the client.
        on: the day on which it is best done, for what is due.
        label: how urgent it is, with its `tone`.
    """

    what: str
    url: str
    project: str = ""
    on: date | None = None
    label: str = ""
    tone: str = ""


def to_do(client: Client, enrollments: Iterable[Any], user: User, today: date) -> list[ToDo]:
    """What the user can do now: overdue first, then what is due, then what is missing.

    Args:
        enrollments: the client's, as `EnrollmentQuerySet.with_work` brings them.
    """
    own = [one for one in enrollments if user.may_change(one)]
    lasting = [row for row in own if row.is_open_on(today)]
    added = [one for path in settings.TO_DO for one in _found(path)(client, lasting, today)]
    due = [one for row in own for one in _due(client, row, today)]
    due += [one for one in added if one.on]
    return [
        *sorted(due, key=lambda one: (one.tone != "danger", one.on)),
        *(one for row in lasting for one in _missing(client, row, today)),
        *_missing_of_client(client, lasting, today),
        *(one for one in added if not one.on),
    ]


_found = cache(import_string)  # what upper floors know to be done: settings.TO_DO


def next_due(client: Client, enrollment: Any, today: date) -> Due | None:
    """What is due next for an enrollment, long before it is to be done."""
    return next_of(_facts(client, enrollment), today)


def _facts(client: Client, enrollment: Any) -> Facts:
    return Facts.of(enrollment, client.dob, enrollment)


def _due(client: Client, enrollment: Any, today: date) -> Iterator[ToDo]:
    for due in dues(_facts(client, enrollment), today):
        if due.what in PAGES and (tone := due.tone_on(today)):
            url = reverse(PAGES[due.what], args=[client.pk, enrollment.pk])
            project = str(enrollment.project)
            yield ToDo(due.what, url, project, due.on, LABELS[tone], tone)


def _missing(client: Client, enrollment: Any, today: date) -> Iterator[ToDo]:
    project = str(enrollment.project)
    if enrollment.head_entry_date is None:
        url = reverse("enrollments:change_head", args=[client.pk, enrollment.pk])
        yield ToDo("No head of household", url, project)
    if not enrollment.case_managers:
        url = reverse("enrollments:add_case_assignment", args=[client.pk])
        yield ToDo("No case manager", url, project)
    for step, columns in OF_ENROLLMENT.items():
        names = [
            element(number).name
            for column, number in columns.items()
            if getattr(enrollment, column) in NOT_COLLECTED and enrollment.asks(number, today)
        ]
        if names:
            yield ToDo(_not_collected(names), _reopened(enrollment, step), project)
    if not enrollment.has_answers_at_start:
        url = _reopened(enrollment, Step.BARRIERS)
        yield ToDo("Answers at project start not collected", url, project)


def _missing_of_client(client: Client, lasting: list[Any], today: date) -> Iterator[ToDo]:
    if not client.has_details:
        return
    names = [
        element(number).name
        for column, number in OF_CLIENT.items()
        if getattr(client, column) in NOT_COLLECTED
    ]
    if not client.races and client.race_none in {None, RaceNone.NOT_COLLECTED}:
        names.append(element(RACE).name)
    if names:
        yield ToDo(_not_collected(names), reverse("clients:edit", args=[client.pk]))
    # Edit Client does not ask for it (3.3): the workflow of an enrollment does.
    asked = [row for row in lasting if row.asks(VETERAN, today)]
    if asked and client.veteran_status in NOT_COLLECTED:
        yield ToDo(_not_collected([element(VETERAN).name]), _reopened(asked[0], Step.BASIC))


def _not_collected(names: list[str]) -> str:
    return f"Not collected: {', '.join(names)}"


def _reopened(enrollment: Enrollment, step: Step) -> str:
    return IntakeDraft.begin_url(
        client_id=enrollment.client_id,
        enrollment_id=enrollment.pk,
        kind=IntakeDraft.Kind.REOPEN,
        slug=step,
    )
