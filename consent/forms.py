"""What is asked when a client answers about sharing, and when a release is revoked."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from agencies.models import Organization
from agencies.user_lookup import UserField, chosen
from clients.models import Client, Release
from clients.models.release import LONGEST_TERM
from consent.actions import NO_GUARDIAN, NO_WITNESS, NOBODY, NOT_RECORDED_HERE, Answer
from consent.household import Person, guardian_among
from consent.listing import is_recorded_here
from consent.minors import is_minor
from files.uploads import UploadField
from records.form_fields import DateField, LineField, NotFutureDateField
from records.forms import OrganizationForm
from records.searched_select import SearchedSelect

LONGEST_NAME = 150
WITNESS_HELP = (
    "A colleague who heard it too. Whom you name is notified, and is not asked to confirm it."
)
GROWN_UP = (
    "{} was under 18 on that day: what a parent or guardian answered then has ended. Ask for the "
    "own answer."
)
UNBORN = "Enter the day of the answer: {} was born later."
ALONE = "{} is restricted: other organizations shall not read the name. Let this client sign alone."
Kind, Reason = Release.Kind, Release.Reason


def why_not_on(day: date | None, people: Iterable[Person]) -> str:
    """Why one of these people cannot have answered on a day; empty where all can."""
    if day is None:
        return ""
    for one in people:
        if one.client.dob and day < one.client.dob:
            return UNBORN.format(one.client.display_name)
        if not one.is_minor and is_minor(one.client, day):
            return GROWN_UP.format(one.client.display_name)
    return ""


class WhoForm(forms.Form):
    """Who answers together, and about which organizations.

    Args:
        people: the client of the page first, then the household.
    """

    members = forms.TypedMultipleChoiceField(
        label="Who",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": NOBODY, "invalid_choice": "Choose members of the household."},
    )
    covers = forms.ModelChoiceField(
        Organization.objects.none(),
        label="Organization",
        required=False,
        empty_label="All organizations",
        widget=SearchedSelect,
        error_messages={"invalid_choice": "Choose one of the listed organizations, or all."},
    )

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.people = people
        members: Any = self.fields["members"]
        members.choices = [(one.client.pk, one.client.display_name) for one in people]
        self.initial.setdefault("members", [people[0].client.pk])

    def offer_others(self, organization_id: int | None) -> None:
        """Offer every organization but the one that asks."""
        covers: Any = self.fields["covers"]
        covers.queryset = Organization.objects.exclude(pk=organization_id)

    def require_alone(self, client_ids: Collection[int]) -> None:
        """Refuse a restricted client among others on what all of them get a copy of."""
        found = [one.client for one in self.people if one.client.pk in client_ids]
        hidden = [one for one in found if one.is_restricted]
        if hidden and len(found) > 1:
            raise forms.ValidationError(ALONE.format(hidden[0].display_name))

    @property
    def rows(self) -> list[tuple[Person, bool]]:
        """The people, and whether each is ticked."""
        ticked = {str(pk) for pk in self["members"].value() or []}
        return [(one, str(one.client.pk) in ticked) for one in self.people]


class TermForm(forms.Form):
    """Until when a release counts."""

    ends_on = DateField(
        label="Ends on", required=False, help_text="Left empty, until the client revokes it."
    )

    def clean_ends_on(self) -> date | None:
        day = self.cleaned_data["ends_on"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError("Enter a date that is not in the past, or leave it empty.")
        begins_on = self.cleaned_data.get("answered_on", timezone.localdate())
        if day is not None and day > begins_on + LONGEST_TERM:
            raise forms.ValidationError(
                "Enter a date within ten years of the answer, or leave it empty."
            )
        return day


class AnswerForm(OrganizationForm, WhoForm):
    """Who answers, about which organizations, and when."""

    kind: Release.Kind
    adds_record = True

    guardian_name = LineField(
        label="Parent or Guardian",
        required=False,
        max_length=LONGEST_NAME,
        help_text="Who answers for the members under 18. Their release ends before they turn 18.",
    )
    answered_on = NotFutureDateField(
        label="Date of the Answer", error_messages={"required": "Enter the day of the answer."}
    )

    field_order = ["members", "guardian_name", "file", "covers", "answered_on", "ends_on"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        asks = self.chosen_organization
        self.offer_others(asks and asks.pk)
        guardian = guardian_among(self.people)
        self.initial.setdefault("guardian_name", guardian.client.display_name if guardian else "")
        self.initial.setdefault("answered_on", timezone.localdate())
        if not any(one.is_minor for one in self.people):
            del self.fields["guardian_name"]

    @property
    def clients(self) -> list[Client]:
        """Those who are ticked."""
        wanted = self.cleaned_data["members"]
        return [one.client for one in self.people if one.client.pk in wanted]

    @property
    def answer(self) -> Answer:
        data = self.cleaned_data
        return Answer(
            kind=self.kind,
            organization=self.chosen_organization,
            answered_on=data["answered_on"],
            ends_on=data.get("ends_on"),
            covers=data["covers"],
            guardian_name=data.get("guardian_name", ""),
            witness=data.get("witness"),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        ticked = [one for one in self.people if one.client.pk in data.get("members", [])]
        if any(one.is_minor for one in ticked) and not data.get("guardian_name"):
            self.add_error("guardian_name", NO_GUARDIAN)
        if why := why_not_on(data.get("answered_on"), ticked):
            self.add_error("answered_on", why)
        return data


class RefusalForm(AnswerForm):
    """The client, or a parent or guardian, does not want to share."""

    kind = Kind.REFUSED

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "guardian_name" in self.fields:  # a refusal has no end
            self.fields["guardian_name"].help_text = "Who answers for the members under 18."


class ReleaseForm(AnswerForm, TermForm):
    """What the client agrees to, for a time or until it is revoked."""


class VerbalForm(ReleaseForm):
    """Said before two users of the organization: the one who records it, and a witness."""

    kind = Kind.VERBAL
    witness = UserField(
        label="Witness",
        help_text=WITNESS_HELP,
        error_messages={"required": NO_WITNESS},
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["witness"].offer_colleagues(
            self.user, self.chosen_organization, but=self.user, next_url=self.request.path
        )
        self.initial |= chosen(self.request)


class PaperForm(ReleaseForm):
    """A paper that the client signed: everybody who is named gets a copy into Client Files."""

    kind = Kind.UPLOADED
    file = UploadField(label="Choose File")

    def clean_members(self) -> list[int]:
        self.require_alone(self.cleaned_data["members"])
        return self.cleaned_data["members"]


class RevokeForm(OrganizationForm, forms.Form):
    """Why a release ends now, and for whom of those who answered together.

    Args:
        releases: of the page's client first, then of the others.
    """

    shows_organization = False
    others = forms.TypedMultipleChoiceField(
        label="For these too",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Somebody has revoked one of these already."},
    )
    reason = forms.ChoiceField(
        label="Reason",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the reason."},
    )

    def __init__(self, *args: Any, releases: Sequence[Release], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.release, *others = releases
        self.others = others
        self.fields["reason"].choices = [(one.value, one.label) for one in self._reasons]
        self.fields["others"].choices = [(one.pk, one.client.display_name) for one in others]
        if not others:
            del self.fields["others"]
        if not self.may_be_mistake:
            self.fields["reason"].help_text = NOT_RECORDED_HERE.format(self.release.organization)
        if len(self._reasons) == 1:
            self.initial["reason"] = self._reasons[0].value

    @property
    def _reasons(self) -> list[Release.Reason]:
        """A refusal ends with another answer; it is only ever a mistake."""
        if self.release.is_refusal:
            return [Reason.MISTAKE]
        is_guardians = self.release.signed_by == Release.SignedBy.GUARDIAN
        by_them = Reason.GUARDIAN if is_guardians else Reason.CLIENT
        return [by_them, Reason.MISTAKE] if self.may_be_mistake else [by_them]

    @property
    def may_be_mistake(self) -> bool:
        """Only the organization that recorded it knows of a mistake."""
        return is_recorded_here(self.release, self.user)

    @property
    def releases(self) -> list[Release]:
        wanted = self.cleaned_data.get("others", [])
        return [self.release, *(one for one in self.others if one.pk in wanted)]
