"""The answers of a draft to the step: read for its page, for Review and for Finish."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict
from django.utils import timezone

from consent.intake.form import KEPT, GroupForm, Setting, until
from consent.intake.groups import GUARDIAN, Household, household_of
from consent.signing.forms import SignatureForm
from enrollments.intake.draft.added_steps import Summary
from enrollments.intake.draft.household import Member, joined_by
from enrollments.intake.draft.validation_issues import ValidationIssue
from enrollments.models import IntakeDraft
from enrollments.models.draft_answers import name_of

LABEL = "Answer"
UNUSED = (
    "Somebody signed who is not asked now: a release was recorded since, the client was restricted "
    "or merged, is no member any more, or somebody else answers. Remove the signature."
)
UNUSED_PLACE = "unused-signatures"
NO_MEMBER = "Somebody who is no member any more"


@dataclass(frozen=True)
class DraftAnswers:
    """What the people of an intake answered: as typed now, or else as the draft keeps it."""

    household: Household
    setting: Setting
    typed: QueryDict | None
    names: Mapping[int, str]

    @cached_property
    def groups(self) -> list[GroupForm]:
        typed, signatures = self.typed or QueryDict(), self.setting.draft.answers.signatures
        guardians = {
            one.client.pk: typed.get(name_of(one.client.pk, GUARDIAN), "")
            for one in self.household.asked
        }
        return [
            GroupForm(self.typed, signatures.get(str(one.key), {}), group=one, setting=self.setting)
            for one in self.household.groups(guardians)
        ]

    @property
    def errors(self) -> list[ValidationIssue]:
        found = [issue for one in self.groups for issue in one.errors]
        unused = [ValidationIssue(UNUSED, UNUSED_PLACE, who) for _, who in self.unused]
        return [*found, *unused]

    @property
    def unused(self) -> list[tuple[int, str]]:
        """The keys of signatures that would be lost, and whose they are.

        Finish waits until somebody has seen that: what was signed is never dropped in silence.
        """
        keys = {one.group.key for one in self.groups}
        kept = [int(pk) for pk in self.setting.draft.answers.signatures]
        return [(pk, self.names.get(pk, NO_MEMBER)) for pk in kept if pk not in keys]

    @property
    def summary(self) -> Summary:
        """Each member with the answer, or with the release that there is."""
        in_force = self.household.in_force
        found = {one.person.client.pk: f"In force {until(one.ends_on)}" for one in in_force}
        for group in self.groups:
            found |= dict.fromkeys((one.client.pk for one in group.group.people), group.answered)
        people = [*self.household.asked, *(one.person for one in in_force)]
        return [(one.client.display_name, [(LABEL, found[one.client.pk])]) for one in people]

    def keep_signature(self, key: int, form: SignatureForm) -> None:
        """Keep with the draft what was signed."""
        kept = {name: str(form.cleaned_data.get(name) or "") for name in KEPT}
        kept["signed_at"] = timezone.now().isoformat()
        answers = self.setting.draft.answers
        answers.signatures = answers.signatures | {str(key): kept}

    def remove_signature(self, key: int) -> None:
        answers = self.setting.draft.answers
        answers.signatures = {pk: x for pk, x in answers.signatures.items() if pk != str(key)}


def answers_of(draft: IntakeDraft, members: list[Member], typed: QueryDict | None) -> DraftAnswers:
    """What was answered in the step about these members.

    Args:
        typed: the step as it was typed; None where it never was saved.
    """
    today = timezone.localdate()
    household = household_of(members, joined_by(draft), today=today)
    names = {one.client.pk: one.client.display_name for one in members}
    return DraftAnswers(household, Setting(draft, today), typed, names)
