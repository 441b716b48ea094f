"""Begins a draft of any kind, filled in with what is on file."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core import signing
from django.db import transaction
from django.http import QueryDict

from agencies.models import Organization, User
from clients.models import Client
from enrollments.intake.draft.concurrent_changes import remember
from enrollments.intake.draft.order import Step, next_of, steps_of
from enrollments.intake.draft.prefill import fill_in
from enrollments.models import Enrollment, Household, IntakeDraft
from enrollments.models.draft_answers import STORED

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
        household: the enrollment that it is about, for every kind but an intake.
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
        step=steps_of(kind)[0],
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
    draft = prepare(**about)
    if not draft.is_begun:
        draft.save()
        draft.keep()
    return draft


def prepare_again(
    *, kind: Kind, enrollment: Enrollment, by: User, corrects: date | None = None
) -> IntakeDraft:
    """Return a draft that re-opens an enrollment, or assesses its household again (4.9).

    It is not saved yet, unless the user has a paused one.

    Args:
        corrects: the date of a filed update or annual assessment that is to be corrected.
    """
    draft = prepare(**_about(kind, enrollment, by, corrects))
    draft.begun_from = enrollment.pk
    return draft


@transaction.atomic
def start_again(
    *,
    kind: Kind,
    enrollment: Enrollment,
    by: User,
    corrects: date | None = None,
    opened_with: str = "",
) -> IntakeDraft:
    """The same, saved.

    Args:
        opened_with: what was on file when the page was opened that the draft begins with, as
            `seal` made it; what somebody else saved since is noticed before Finish.
    """
    draft = prepare(**_about(kind, enrollment, by, corrects))
    if not draft.is_begun:
        unseal(draft, opened_with)
        draft.save()
        draft.keep()
    return draft


def seal(draft: IntakeDraft) -> str:
    """What is on file of a draft that is not saved yet, for its page to send back."""
    return signing.dumps(draft.answers.content.get(STORED), salt=_salt(draft), compress=True)


def unseal(draft: IntakeDraft, sealed: str) -> None:
    """Let a new draft know what was on file when its page was opened."""
    try:
        found = signing.loads(sealed, salt=_salt(draft))
    except signing.BadSignature:
        return
    if found is not None:
        draft.answers.content[STORED] = found


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
    answers.put(Step.EXIT, typed, tab="")
    answers.confirm(confirmed)
    answers.mark(Step.EXIT, done=True)
    answers.enrollments, answers.day = leaving, on
    draft.step = next_of(draft.kind, Step.EXIT)
    draft.keep()
    return draft


def _assessed_with(enrollment: Enrollment, kind: Kind, user: User) -> list[Enrollment]:
    """After an exit, those who left the household on the same day and whom the user may change.

    Empty where the draft is about all who are there.
    """
    if kind is Kind.REOPEN or enrollment.exit_date is None:
        return []
    members = Enrollment.objects.visible_to(user).of_household(enrollment.household_id)
    together = members.filter(exit_date=enrollment.exit_date)
    return [one for one in together if user.may_change(one)]


def _about(kind: Kind, enrollment: Enrollment, by: User, corrects: date | None) -> dict[str, Any]:
    return {
        "kind": kind,
        "by": by,
        "organization": enrollment.organization,
        "client": enrollment.client,
        "household": enrollment.household,
        "members": [] if corrects else _assessed_with(enrollment, kind, by),
        "corrects": corrects,
    }
