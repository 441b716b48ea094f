"""What a draft keeps of those who answer together: a signature, a word before a witness, or no.

What was signed counts as it was shown on its day, however long the draft waits; where somebody else
would sign for somebody else now, or the text is not to be had any more, it has to be signed again.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from django import forms
from django.core import signing
from django.db.models import QuerySet
from django.http import QueryDict

from agencies.models import Organization, User
from clients.models import Release
from consent.actions import NO_GUARDIAN, NO_WITNESS, Answer
from consent.forms import LONGEST_NAME, WITNESS_HELP, why_not_on
from consent.intake.groups import Group
from consent.models import TemplateVersion
from consent.signing.actions import Signing
from consent.signing.asked import SALT, Asked, NotSignableError, end_of, version_for
from consent.signing.forms import SignatureForm
from consent.signing.shown import languages_of
from consent.signing.words import words_in
from enrollments.intake.draft.validation_issues import ValidationIssue
from enrollments.models import IntakeDraft
from enrollments.models.draft_answers import DATE, as_query, prefix_of
from hud.conditions import as_data
from records.form_fields import LineField, NotFutureDateField
from records.searched_select import SearchedSelect

READ_AGAIN = (
    "What was signed is not what would be signed now: who answers for whom, or the text, has "
    "changed. Let it be read and signed again, or remove the signature."
)
NOT_ASKED = "Not asked yet"
KEPT = ("asked_for", "strokes", "typed_name", "agrees", "guardian_name")  # of a signature


class Way(StrEnum):
    """How a group answers, where it does not sign."""

    NOT_NOW = ""
    VERBAL = "verbal"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        return {
            self.NOT_NOW: "Not asked now",
            self.VERBAL: "Verbal, with a witness",
            self.REFUSED: "Refuses",
        }[self]


@dataclass(frozen=True)
class Setting:
    """What all groups of a draft share, read once, and only for what shows or records it."""

    draft: IntakeDraft
    today: date

    @cached_property
    def version(self) -> TemplateVersion | None:
        """What is signed now; None where no text is in force."""
        return version_for(self.organization)

    @property
    def colleagues(self) -> QuerySet[User]:
        """Who may have heard a verbal answer too."""
        return User.objects.with_access_to(self.organization).exclude(pk=self.user.pk)

    @cached_property
    def witnesses(self) -> list[tuple[int | str, str]]:
        return [("", "Choose a colleague"), *((one.pk, str(one)) for one in self.colleagues)]

    @property
    def user(self) -> User:
        return self.draft.created_by

    @property
    def organization(self) -> Organization:
        return self.draft.organization


class SpokenForm(forms.Form):
    """What is answered without a signature; `when_...` say to the browser when a part is asked."""

    when_answered = as_data([{"kind": [Way.VERBAL, Way.REFUSED]}])
    when_verbal = as_data([{"kind": [Way.VERBAL]}])

    kind = forms.ChoiceField(
        label="Answer",
        required=False,
        choices=[(one.value, one.label) for one in Way],
        widget=forms.RadioSelect,
    )
    witness = forms.ModelChoiceField(
        User.objects.none(),
        label="Witness",
        required=False,
        widget=SearchedSelect,
        help_text=WITNESS_HELP,
        error_messages={"invalid_choice": NO_WITNESS},
    )
    answered_on = NotFutureDateField(label="Date of the Answer", required=False)
    guardian_name = LineField(label="Parent or Guardian", required=False, max_length=LONGEST_NAME)

    def __init__(self, data: QueryDict | None, *, group: Group, setting: Setting):
        super().__init__(data, prefix=prefix_of(group.key), use_required_attribute=False)
        self.group, self.setting = group, setting
        self.fields["witness"].queryset = setting.colleagues
        self.fields["witness"].choices = lambda: setting.witnesses
        self.initial = {"kind": Way.NOT_NOW.value, "answered_on": setting.today}
        if group.adult:
            del self.fields["guardian_name"]
        else:
            self.initial["guardian_name"] = group.guardian_name

    @property
    def way(self) -> Way:
        sent = self["kind"].value()
        return Way(sent) if sent in set(Way) else Way.NOT_NOW

    def clean_answered_on(self) -> date:
        return self.cleaned_data["answered_on"] or self.setting.today

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        needed = {}
        if data.get("kind") == Way.VERBAL:
            needed["witness"] = NO_WITNESS
        if data.get("kind") and "guardian_name" in self.fields:
            needed["guardian_name"] = NO_GUARDIAN
        for name, text in needed.items():
            if not data.get(name) and name not in self.errors:
                self.add_error(name, text)
        why = why_not_on(data.get("answered_on"), self.group.people)
        if data.get("kind") and why:
            self.add_error("answered_on", why)
        return data

    @property
    def answer(self) -> Answer:
        """A verbal release, or a refusal."""
        is_refusal = self.way is Way.REFUSED
        version, day = self.setting.version, self.cleaned_data["answered_on"]
        adult = self.group.adult
        guardian = adult.client.display_name if adult else self.cleaned_data["guardian_name"]
        return Answer(
            kind=Release.Kind.REFUSED if is_refusal else Release.Kind.VERBAL,
            organization=self.setting.organization,
            answered_on=day,
            ends_on=None if is_refusal or version is None else end_of(version, day),
            guardian_name=guardian if self.group.minors else "",
            witness=None if is_refusal else self.cleaned_data["witness"],
        )


class GroupForm:
    """The answer of those who answer together.

    Args:
        typed: the step as it was typed; None where it never was saved.
        signature: what was signed (`KEPT`); empty where nothing was.
    """

    def __init__(
        self,
        typed: QueryDict | None,
        signature: Mapping[str, str],
        *,
        group: Group,
        setting: Setting,
    ):
        self.group, self.setting, self.is_signed = group, setting, bool(signature)
        is_typed = typed is not None and f"{prefix_of(group.key)}-kind" in typed
        self.spoken = SpokenForm(typed if is_typed else None, group=group, setting=setting)
        self._signature = {name: [text] for name, text in signature.items()}

    @property
    def names(self) -> str:
        return ", ".join(one.client.display_name for one in self.group.people)

    @property
    def is_answered(self) -> bool:
        return self.is_signed or self.spoken.way is not Way.NOT_NOW

    @cached_property
    def signature(self) -> SignatureForm | None:
        """What was signed, where it reads as it did and is about the same people."""
        sent = self._signature.get("asked_for", [""])[0]
        with suppress(signing.BadSignature, NotSignableError):
            # A draft may wait for longer than a page may be open.
            sent = signing.dumps(signing.loads(sent, salt=SALT), salt=SALT)
            by = self.setting.user
            asked = Asked.unsealed(sent, household=self.group.people, by=by)
            if self.is_about_these(asked):
                return self.signature_form(asked, as_query(self._signature))
        return None

    @property
    def signing(self) -> Signing:
        """What was signed, for Finish; only where there are no errors."""
        if self.signature is None or not self.signature.is_valid():
            raise ValueError(READ_AGAIN)
        at = datetime.fromisoformat(self._signature["signed_at"][0])
        return Signing(self.signature.asked, self.signature.hand, self.setting.user, at)

    def is_about_these(self, asked: Asked) -> bool:
        """Whether the text is for those who answer together now."""
        people = {one.client.pk for one in self.group.people}
        is_same = {one.pk for one in asked.clients} == people
        return is_same and asked.organization == self.setting.organization

    def signature_form(self, asked: Asked, data: QueryDict | None = None) -> SignatureForm:
        words = words_in(asked.shown.language)
        form = SignatureForm(data, asked=asked, words=words)
        form.initial |= {
            "asked_for": asked.sealed(by=self.setting.user),
            "guardian_name": self.group.guardian_name,
        }
        return form

    def asked_now(self, language: str = "") -> Asked | None:
        """What would be signed now; None without a text."""
        version, today = self.setting.version, self.setting.today
        if version is None:
            return None
        return Asked(
            version=version,
            languages=languages_of(version, language),
            organization=self.setting.organization,
            people=self.group.people,
            covers=None,
            day=today,
            ends_on=end_of(version, today),
        )

    @cached_property
    def errors(self) -> list[ValidationIssue]:
        """What is wrong with what was answered, with where it is."""
        who = self.group.people[0].client.display_name
        if self.is_signed:
            is_sound = self.signature is not None and self.signature.is_valid()
            return [] if is_sound else [ValidationIssue(READ_AGAIN, f"sign-{self.group.key}", who)]
        if not self.is_answered or self.spoken.is_valid():
            return []
        return list(_issues(self.spoken, who))

    @property
    def answered(self) -> str:
        """In words, for Review."""
        if not self.is_answered or self.errors:
            return NOT_ASKED
        if self.signature:
            how = "Signed on the screen" if self.signature.drawn else "Signed with a typed name"
            asked = self.signature.asked
            return f"{how} on {asked.day:{DATE}}, {until(asked.ends_on)}"
        answer = self.spoken.answer
        if self.spoken.way is Way.REFUSED:
            return f"Refused on {answer.answered_on:{DATE}}"
        said = f"Verbal on {answer.answered_on:{DATE}}, before {answer.witness}"
        return f"{said}, {until(answer.ends_on)}"


def until(day: date | None) -> str:
    """The end of a release in words; without a day it has none."""
    return f"until {day:{DATE}}" if day else "until it is revoked"


def _issues(form: forms.BaseForm, who: str) -> Iterator[ValidationIssue]:
    for name, texts in form.errors.items():
        field = form[name]
        yield from (ValidationIssue(str(text), field.auto_id, who) for text in texts)
