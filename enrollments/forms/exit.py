"""Exit: who leaves, when and where to (4.9)."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone

from agencies.form_fields import DateField, LineField
from agencies.versions import Versioned
from enrollments.actions import Departure
from enrollments.forms.members import MembersForm
from enrollments.intake.conditions import alternatives
from enrollments.intake.sheet_page import as_data
from enrollments.models import Enrollment
from hud.choices import Destination, RentalSubsidyType
from hud.rules import destination as destination_rules
from hud.rules import engagement, move_in
from hud.rules import exit as exit_rules
from hud.rules.findings import Finding

FOLLOW_UPS = ("destination_subsidy_type", "other_destination")
asked_after = destination_rules.questions


class ExitForm(Versioned, MembersForm):
    """Errors block; `warnings` are shown once, and confirmed by the token that they come with.

    Args:
        stay: the one whose page it is; if somebody else writes its exit meanwhile, the user
            chooses between the two.
        household: all of its members, whoever leaves.
    """

    record: Enrollment
    record_name = "exit"
    unversioned = ("members", "end_assignments", "confirmed")
    follows = dict.fromkeys(FOLLOW_UPS, ("destination",))

    exit_date = DateField(label="Exit Date")
    destination = forms.TypedChoiceField(
        label="Destination",
        choices=[("", "Choose…"), *Destination.by_category()],
        coerce=int,
        empty_value=None,
        required=False,
    )
    destination_subsidy_type = forms.TypedChoiceField(
        label="Rental Subsidy Type",
        choices=[("", "Choose…"), *RentalSubsidyType.choices],
        coerce=int,
        empty_value=None,
        required=False,
        help_text="For a rental with ongoing housing subsidy.",
    )
    other_destination = LineField(
        label="Other Destination",
        required=False,
        max_length=50,
        help_text="For the destination Other: where the client goes.",
    )
    end_assignments = forms.BooleanField(label="End case assignment", required=False, initial=True)
    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, stay: Enrollment, household: Iterable[Enrollment], **kwargs: Any
    ):
        self.record = stay
        super().__init__(*args, **kwargs)
        self.household = list(household)
        self.warnings: list[Finding] = []
        self.fields["exit_date"].initial = timezone.localdate()

    def _initial(self, name: str) -> Any:
        return getattr(self.record, name)

    def anew(self) -> "ExitForm":
        return type(self)(
            initial=dict(self.initial),
            candidates=self.candidates,
            stay=self.record,
            household=self.household,
            request=self.request,
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        asked = asked_after(data.get("destination"))
        for name in FOLLOW_UPS:
            if name not in asked:
                data[name] = "" if name == "other_destination" else None
                self._errors.pop(name, None)
        if not {"exit_date", "members"} & set(self.errors):
            for finding in self._findings():
                self._note(finding)
        return data

    def _findings(self) -> Iterable[Finding]:
        data, day = self.cleaned_data, self.cleaned_data["exit_date"]
        today = timezone.localdate()
        found: list[Finding] = []
        for member in self.ticked:
            found += exit_rules.findings(day, entry_date=member.entry_date, today=today)
            found += self._after_what_came_before(member)
            if member.is_head:
                found += exit_rules.head_findings(day, self._others_exit_dates())
        found += destination_rules.findings(
            data.get("destination"),
            subsidy_type=data.get("destination_subsidy_type"),
            other=data.get("other_destination", ""),
        )
        return dict.fromkeys(found)

    def _after_what_came_before(self, member: Enrollment) -> Iterable[Finding]:
        """3.20, 4.13: whoever moved in, or was engaged, cannot have left before."""
        dates = {
            (move_in.RULE, "move-in date"): member.move_in_date,
            (engagement.RULE, "date of engagement"): member.date_of_engagement,
        }
        for (rule, name), day in dates.items():
            if day and day > self.cleaned_data["exit_date"]:
                message = f"Enter an exit date on or after the {name}, {day:%m/%d/%Y}."
                yield exit_rules.error(rule, "exit_date", message)

    def _others_exit_dates(self) -> list[Any]:
        leaving = {one.pk for one in self.ticked}
        return [one.exit_date for one in self.household if one.pk not in leaving]

    def _note(self, finding: Finding) -> None:
        if finding.blocks:
            self.add_error(finding.field, finding.message)
        else:
            self.warnings.append(finding)

    @property
    def when(self) -> dict[str, str]:
        """Under which destinations the follow-up questions are asked, as the browser reads it."""
        codes = {"destination": [None, *Destination.values]}
        return {
            name: as_data(
                alternatives(lambda destination, name=name: name in asked_after(destination), codes)
            )
            for name in FOLLOW_UPS
        }

    @property
    def warnings_token(self) -> str:
        """What confirms exactly these warnings."""
        text = "\n".join(sorted(one.message for one in self.warnings))
        return hashlib.sha256(text.encode()).hexdigest()[:16] if text else ""

    @property
    def needs_confirmation(self) -> bool:
        return self.is_valid() and self.cleaned_data["confirmed"] != self.warnings_token

    @property
    def departure(self) -> Departure:
        names = ("exit_date", "destination", "destination_subsidy_type", "other_destination")
        return Departure(**{name: self.cleaned_data[name] for name in names})


class UndoExitForm(MembersForm):
    continue_assignments = forms.BooleanField(
        label="Go on with the case assignments that ended on the exit date",
        required=False,
        initial=True,
    )
