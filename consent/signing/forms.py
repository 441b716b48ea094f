"""What is asked before a text is shown, and of whoever signs it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.html import escape

from agencies.models import Organization
from consent.actions import ONE_ADULT
from consent.forms import LONGEST_NAME, TermForm, WhoForm
from consent.household import Person, usually_together
from consent.models import TemplateVersion
from consent.signing.actions import Hand
from consent.signing.asked import Asked, end_of
from consent.signing.words import Words
from consent.strokes import Stroke, UnreadableStrokesError, has_ink, strokes_of
from records.form_fields import LineField


class AskForm(WhoForm, TermForm):
    """For whom, with whom to share and until when: the user says it before the client reads.

    It changes nothing and is sent as GET: the address has numbers and a day in it.
    """

    field_order = ["members", "covers", "ends_on"]

    def __init__(
        self, *args: Any, version: TemplateVersion, organization: Organization, **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.version, self.organization = version, organization
        self.today = timezone.localdate()
        self.offer_others(organization.pk)
        self.initial["members"] = [one.client.pk for one in usually_together(self.people)]
        self.initial.setdefault("ends_on", end_of(version, self.today))

    def clean_members(self) -> list[Person]:
        chosen = self.cleaned_data["members"]
        found = [one for one in self.people if one.client.pk in chosen]
        if sum(not one.is_minor for one in found) > 1:
            raise forms.ValidationError(ONE_ADULT)
        self.require_alone(chosen)
        return found

    def clean_ends_on(self) -> date | None:
        if "ends_on" not in self.data:  # a link from another page says for whom alone
            return end_of(self.version, self.today)
        return super().clean_ends_on()

    def asked(self, languages: Sequence[str]) -> Asked:
        """What the client is asked, in these languages."""
        return Asked(
            version=self.version,
            languages=languages,
            organization=self.organization,
            people=self.cleaned_data["members"],
            covers=self.cleaned_data["covers"],
            day=self.today,
            ends_on=self.cleaned_data["ends_on"],
        )


class SignatureForm(forms.Form):
    """A signature by hand, or a typed name with what it means; in the signer's language.

    Args:
        asked: what is signed; the form sends it back under our own signature.
        words: those of the language that is signed.
    """

    asked_for = forms.CharField(widget=forms.HiddenInput)
    form_token = forms.UUIDField(required=False, widget=forms.HiddenInput)
    guardian_name = LineField(max_length=LONGEST_NAME, required=False)
    strokes = forms.CharField(required=False, widget=forms.HiddenInput({"id": "strokes-sent"}))
    typed_name = LineField(max_length=LONGEST_NAME, required=False)
    agrees = forms.BooleanField(required=False)

    def __init__(self, *args: Any, asked: Asked, words: Words, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.asked, self.words = asked, words
        self.drawn: list[Stroke] = []
        self.initial["form_token"] = asked.token
        for name in ("guardian_name", "typed_name"):
            self.fields[name].label = words[name]
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["agrees"].label = words["statement"]
        if asked.adult or not asked.minors:
            del self.fields["guardian_name"]
        else:
            minors = words.listed([one.client.display_name for one in asked.minors])
            help_text = escape(words.say("guardian_help", minors=minors))
            self.fields["guardian_name"].help_text = help_text

    @property
    def hand(self) -> Hand:
        """How it was signed: by hand, or else by what was typed."""
        if self.drawn:
            return Hand(strokes=self.drawn, guardian_name=self.guardian)
        return Hand(
            typed_name=self.cleaned_data["typed_name"],
            statement=self.words["statement"],
            guardian_name=self.guardian,
        )

    @property
    def guardian(self) -> str:
        """Who signs for those under 18: the adult who signs too, or who is named."""
        if self.asked.adult:
            return self.asked.adult.client.display_name if self.asked.minors else ""
        return self.cleaned_data["guardian_name"]

    def clean_guardian_name(self) -> str:
        name = self.cleaned_data["guardian_name"]
        if not name:
            raise forms.ValidationError(self.words["error_guardian"])
        return name

    def clean_strokes(self) -> str:
        sent = self.cleaned_data["strokes"]
        try:
            self.drawn = strokes_of(sent)
        except UnreadableStrokesError:
            raise forms.ValidationError(self.words["error_strokes"]) from None
        return sent

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.drawn or "strokes" in self.errors:
            if self.drawn and not has_ink(self.drawn):
                self.add_error("strokes", self.words["error_draw"])
        elif not data.get("typed_name"):
            if "typed_name" not in self.errors:
                name = "typed_name" if data.get("agrees") else "strokes"
                said = "error_name" if data.get("agrees") else "error_draw"
                self.add_error(name, self.words[said])
        elif not data.get("agrees"):
            self.add_error("agrees", self.words["error_agree"])
        return data
