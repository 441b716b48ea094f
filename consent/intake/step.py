"""Release of Information as a step of the intake (settings.INTAKE_STEPS, docs/adr/0005)."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef

from agencies.models import User
from consent.actions import record_release
from consent.asking import asks_in_intake
from consent.intake.answers import UNUSED, answers_of
from consent.intake.form import READ_AGAIN
from consent.intake.page import ReleasePage
from consent.models import TemplateVersion
from consent.sealing.copies import SealedCopy
from consent.sealing.keys import NoSealError
from consent.signing.actions import sign
from enrollments.intake.draft.added_steps import Members, Summary
from enrollments.intake.draft.household import Member
from enrollments.intake.draft.validation_issues import ValidationIssue
from enrollments.models import IntakeDraft
from enrollments.models.intake_draft import IntakeDraftQuerySet
from files.store import StoreError

Kind = IntakeDraft.Kind
Copies = Mapping[int, list[SealedCopy]]  # by the group that signed
CHANGED = (
    "Something about a release of information changed while it was sealed. Nothing is saved. Look "
    "through Review, and press Finish again."
)


class ReleaseStep:
    """Asks those whom an intake enrolls, or who join a household; nobody has to answer."""

    step = IntakeDraft.Step.RELEASE
    page = ReleasePage

    def __init__(self, draft: IntakeDraft, members: list[Member]):
        self.found = answers_of(draft, members, draft.answers.typed(self.step))

    @staticmethod
    def marked(drafts: IntakeDraftQuerySet) -> IntakeDraftQuerySet:
        texts = TemplateVersion.objects.in_force().for_organization(OuterRef("organization"))
        return drafts.annotate(has_text=Exists(texts))

    @staticmethod
    def is_asked(draft: IntakeDraft) -> bool:
        is_new = draft.kind_of in {Kind.INTAKE, Kind.MEMBER}
        return is_new and asks_in_intake(draft.organization, getattr(draft, "has_text", None))

    @property
    def errors(self) -> list[ValidationIssue]:
        return self.found.errors

    @property
    def summary(self) -> Summary:
        return self.found.summary

    @staticmethod
    @contextmanager
    def preparing(draft: IntakeDraft, members: Members) -> Iterator[Copies]:
        """Seal and store a copy of what was signed."""
        if not draft.answers.signatures:
            yield {}
            return
        found = answers_of(draft, members(), draft.answers.typed(ReleaseStep.step))
        with ExitStack() as stack:
            try:
                copies = {
                    one.group.key: stack.enter_context(one.signing.copies())
                    for one in found.groups
                    if one.is_signed and not one.errors
                }
            except (NoSealError, StoreError) as error:
                raise ValidationError(error.sentence) from error
            yield copies

    def write(self, prepared: Copies | None, *, by: User) -> None:
        """Record what was answered; who was not asked stays as is."""
        copies = prepared or {}
        signed = [one for one in self.found.groups if one.is_signed]
        if any(one.errors for one in signed):
            raise ValidationError(READ_AGAIN)  # Review has listed it
        if self.found.unused:
            raise ValidationError(UNUSED)  # this too
        if {one.group.key for one in signed} != set(copies):
            raise ValidationError(CHANGED, code="stale")
        for one in signed:
            sign(signing=one.signing, copies=copies[one.group.key])
        for one in self.found.groups:
            if one.is_answered and not one.is_signed:
                clients = [person.client for person in one.group.people]
                record_release(clients=clients, answer=one.spoken.answer, by=by)
