"""Begins a draft of any kind, filled in with the stored answers."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from typing import Any

from django.core import signing
from django.db import transaction
from django.http import QueryDict

from agencies.models import Organization, User
from clients.models import Client
from enrollments.intake.draft.access import people_of
from enrollments.intake.draft.concurrent_changes import remember
from enrollments.intake.draft.household import read_household
from enrollments.intake.draft.prefill import fill_in
from enrollments.intake.draft.sections import Step
from enrollments.intake.draft.steps import leave_out_steps, next_of, steps_for
from enrollments.models import Enrollment, Household, IntakeDraft

Kind = IntakeDraft.Kind


def prepare(  # noqa: PLR0913 - all of them by name
    *,
    kind: Kind = Kind.INTAKE,
    by: User,
    organization: Organization,
    client: Client,
    household: Household | None = None,
    members: Iterable[Enrollment] = (),
    day: date | None = None,
    corrects: date | None = None,
) -> IntakeDraft:
    """Return a draft that is not saved yet, or the user's paused one about the same people.

    Args:
        client: the client whom it is begun for; the first one on its pages.
        household: the one that it is about, for every kind but an intake.
        members: enrollments of that household to ask about; without any, all that are fitting.
        day: the date of an assessment after the start; by default today, or the exit date.
        corrects: the date of the filed assessment that is to be corrected.
    """
    paused = IntakeDraft.objects.owned_by(by).paused().filter(kind=kind, client=client)
    paused = paused.select_related("organization", "created_by", "client")
    for same in paused.filter(household=household, organization=organization):
        if same.answers.corrects == corrects:
            return same
    draft = IntakeDraft(
        kind=kind,
        created_by=by,
        organization=organization,
        client=client,
        household=household,
        step=steps_for(kind)[0],
    )
    if household is not None:
        if corrects:
            draft.answers.corrects = corrects
        fill_in(draft.answers, list(members), day)
        remember(draft)
    return draft


@transaction.atomic
def start(**about: Any) -> IntakeDraft:
    """Save a new draft, if there is none of the same kind about the same people; as `prepare`."""
    return _saved(prepare(**about))


def prepare_again(
    *, kind: Kind, enrollment: Enrollment, by: User, corrects: date | None = None
) -> IntakeDraft:
    """Return a draft that re-opens an enrollment, or assesses its household again (4.9).

    It is not saved yet, unless the user has a paused one. After an exit it is about those who left
    the household on the same day and whom the user may change, else about all who are there.
    """
    members: list[Enrollment] = []
    if enrollment.exit_date and not kind.enrolls and not corrects:
        rows = Enrollment.objects.visible_to(by).of_household(enrollment.household_id)
        together = rows.filter(exit_date=enrollment.exit_date)
        members = [one for one in together if by.may_change(one)]
    draft = prepare(
        kind=kind,
        by=by,
        organization=enrollment.organization,
        client=enrollment.client,
        household=enrollment.household,
        members=members,
        corrects=corrects,
    )
    draft.begun_from = enrollment.pk
    return draft


@transaction.atomic
def start_again(*, opened_with: str = "", **about: Any) -> IntakeDraft:
    """As `prepare_again`, saved.

    Args:
        opened_with: what was stored when the page was opened that the draft begins with, as `seal`
            made it; what somebody else saved since is noticed before Finish.
    """
    draft = prepare_again(**about)
    if not draft.is_begun:
        with suppress(signing.BadSignature):
            stored = signing.loads(opened_with, salt=_salt(draft))
            if stored is not None:
                draft.answers.stored = stored
    return _saved(draft)


def _saved(draft: IntakeDraft) -> IntakeDraft:
    if not draft.is_begun:
        draft.save()
        draft.keep()
    return draft


def seal(draft: IntakeDraft) -> str:
    """The stored answers that an unsaved draft corrects, for its page to send back."""
    return signing.dumps(draft.answers.stored, salt=_salt(draft), compress=True)


def _salt(draft: IntakeDraft) -> str:
    """For this user and this household alone."""
    about = (draft.kind, draft.created_by_id, draft.client_id, draft.household_id)
    return ":".join(["intake", *map(str, about)])


@transaction.atomic
def start_exit(  # noqa: PLR0913 - all of them by name
    *,
    enrollment: Enrollment,
    together: Iterable[Enrollment],
    leaving: Iterable[int],
    on: date,
    typed: QueryDict,
    confirmed: Iterable[str],
    by: User,
) -> IntakeDraft:
    """Return a draft that ends enrollments after their exit assessment, past its first step.

    Args:
        enrollment: the one whose page it was begun on.
        together: those of its household who may leave with it.
        leaving: the primary keys of those who do.
        on: the exit date.
        typed: the first step as it was typed.
        confirmed: keys of its warnings that the user has seen and stands by.
    """
    draft = start(
        kind=Kind.DEPARTURE,
        by=by,
        organization=enrollment.organization,
        client=enrollment.client,
        household=enrollment.household,
        members=together,
        day=on,
    )
    answers = draft.answers
    answers.put(Step.EXIT, typed)
    answers.confirm(confirmed)
    answers.mark(Step.EXIT, done=True)
    answers.enrollments, answers.day = leaving, on
    leave_out_steps(draft, read_household(draft, people_of(draft, by)))
    draft.step = next_of(draft, Step.EXIT)
    draft.keep()
    return draft
