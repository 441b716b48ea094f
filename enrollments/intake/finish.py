"""Finish: a draft becomes a household, enrollments, assessments and case assignments (4.6, 4.7)."""

from django.core.exceptions import ValidationError
from django.utils import timezone

from agencies.models import User
from enrollments.intake.draft.access import owned_draft, people_of
from enrollments.intake.draft.added_steps import preparing
from enrollments.intake.draft.household import DraftHousehold, Member
from enrollments.intake.rows import Writer
from enrollments.intake.steps.review import DraftValidation
from enrollments.listeners import assignments_written
from enrollments.locks import lock_households
from enrollments.models import Enrollment, Household, IntakeDraft
from enrollments.models.draft_answers import DATE
from records.constraints import constraint_messages

OVERLAP = "enrollments_do_not_overlap"
GONE = (
    "What this is about is not there any more: somebody deleted it, or changed its date. Look at "
    "the client's enrollments, and discard this."
)


class Refused(Exception):  # noqa: N818 - a refusal is no failure of the program
    """The draft cannot be finished as it is; `texts` say to the user what to do."""

    def __init__(self, texts: list[str]):
        super().__init__(*texts)
        self.texts = texts


def finish(*, draft: IntakeDraft, by: User) -> Household:
    """Write everything in one transaction and return the household.

    A draft that was finished already returns the household that it became.

    Raises:
        Refused: for an error, a warning that is not confirmed, or what somebody else began or
            changed in the meantime. Nothing is written then.
    """
    validation = None

    def members() -> list[Member]:
        return DraftValidation(draft, people_of(draft, by)).members

    try:
        with preparing(draft, members) as prepared, constraint_messages():
            draft = _locked(draft, by)
            if draft.finished_at is not None and draft.household is not None:
                return draft.household
            if draft.discarded_at is not None:
                raise Refused(["This intake was discarded. Restore it first."])
            validation = DraftValidation(draft, people_of(draft, by))
            household = _checked(validation)
            written = Writer(validation, household, by=by).write()
            for added in validation.added:
                added.write(prepared.get(added.step), by=by)
            assignments_written(clients=[one.client.pk for one in household.members], by=by)
            _keep_finished(draft, written)
            return written
    except ValidationError as error:
        raise Refused(_in_words(error, validation)) from error


def _locked(draft: IntakeDraft, by: User) -> IntakeDraft:
    """The draft as it is now, behind the locks of all that it writes about."""
    locked = lock_households(draft.answers.people)
    found = owned_draft.first(by, draft.pk, lock=True)
    if found is None:
        raise IntakeDraft.DoesNotExist
    draft, found.created_by = found, by  # the same, whose access is read already
    if draft.is_open:
        draft.answers.follow_merges()
        while not locked.issuperset(draft.answers.people):  # changed while the lock was waited for
            locked |= lock_households(draft.answers.people)
            draft.answers.follow_merges()
        if draft.household_id is not None:  # so that two who correct one enrollment take turns
            draft.household = Household.objects.select_for_update().get(pk=draft.household_id)
    return draft


def _keep_finished(draft: IntakeDraft, household: Household) -> None:
    draft.household = household
    draft.finished_at = draft.updated_at = timezone.now()
    draft.answers_json = ""  # the personal data in it go
    draft.save(update_fields=["household", "finished_at", "updated_at", "answers_json"])


def _checked(validation: DraftValidation) -> DraftHousehold:
    """The household of a draft that is in order."""
    if validation.concurrent.is_gone:
        raise Refused([GONE])
    if validation.concurrent.conflicts:
        raise Refused(
            ["This enrollment was changed in the meantime. Choose below which answers count."]
        )
    issues = validation.errors or validation.warnings
    if issues:
        raise Refused([f"{one.step.label}: {one.text}" for one in issues if one.step])
    if validation.household is None:
        raise Refused(["No household members are left. Check the earlier steps."])
    kept = validation.answers.household or {"members": []}
    if validation.draft.kind_of.enrolls and len(validation.members) != len(kept["members"]):
        raise Refused(["You no longer have access to one of the members. Check Family Members."])
    return validation.household


def _in_words(error: ValidationError, validation: DraftValidation | None) -> list[str]:
    """A refusal of the database, naming the enrollment that is in the way."""
    household = validation.household if validation else None
    if error.code != OVERLAP or household is None:
        return [str(text) for text in error.messages]
    own = [one.enrollment.pk for one in household.members if one.enrollment]
    clients = {one.client.pk: one.client for one in household.members}
    rows = Enrollment.objects.in_project(household.project.pk, clients).exclude(pk__in=own)
    return [
        f"{clients[row.client_id].display_name} is already enrolled in {household.project} since "
        f"{row.entry_date.strftime(DATE)}: exit that enrollment first."
        for row in rows.filter(exit_date=None)
    ] or [str(text) for text in error.messages]
