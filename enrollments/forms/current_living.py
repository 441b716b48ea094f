"""Current Living Situation (4.12): one contact, asked as HUD's rules go on from each answer."""

from typing import Any

from django import forms
from django.utils import timezone

from agencies.models import User
from enrollments.forms.answers import code
from enrollments.models import CurrentLivingSituation
from hud.choices import CurrentLivingSituation as Situation
from hud.choices import NoYesReasons
from hud.conditions import alternatives, as_data
from hud.rules import current_living, information_date
from hud.rules.current_living import AFTER_LEAVING, FIELD, LEAVES, RULE
from records.conflicts import ConflictDetectingForm
from records.form_fields import DateField, LineField
from records.forms import RecordForm

FOLLOW_UPS = ("cls_subsidy_type", LEAVES, *AFTER_LEAVING)


class CurrentLivingForm(RecordForm):
    """A contact belongs to the organization of the enrollment, whichever is in force."""

    shows_organization = False

    information_date = DateField(label="Date of Contact")
    current_living_situation = code("current_living_situation", required=True)
    cls_subsidy_type = code("cls_subsidy_type")
    verified_by = LineField(
        label="Living Situation Verified By",
        required=False,
        max_length=100,
        help_text="The project that knows it. Blank: the client said so.",
    )
    location_details = LineField(label="Location Details", required=False, max_length=250)

    class Meta:
        model = CurrentLivingSituation
        fields = ["information_date", FIELD, *FOLLOW_UPS, "verified_by", "location_details"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in (LEAVES, *AFTER_LEAVING):
            self.fields[name] = code(name)
        self.order_fields(self.Meta.fields)
        self.fields[FIELD].error_messages["required"] = (
            "Choose the living situation, or data not collected."
        )
        if self.instance._state.adding:
            self.initial["information_date"] = timezone.localdate()

    @property
    def follow_ups(self) -> list[tuple[forms.BoundField, str]]:
        """The questions that follow, and under which answers, as the browser reads it."""
        every = {FIELD: [None, *Situation.values], LEAVES: [None, *NoYesReasons.values]}
        shown = []
        for name in FOLLOW_UPS:
            depends_on = {key: codes for key, codes in every.items() if key != name}
            when = alternatives(lambda name=name, **values: name in asked_after(values), depends_on)
            shown.append((self[name], as_data(when)))
        return shown

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        asked = asked_after(data)
        for name in FOLLOW_UPS:
            if name not in asked:
                data[name] = None
                self._errors.pop(name, None)
        enrollment, day = self.instance.enrollment, data.get("information_date")
        is_as_filed = self.instance.pk and day == self.instance.information_date
        if day and not is_as_filed:  # what a corrected exit left outside stays open to correction
            for issue in information_date.issues(
                day,
                rule=RULE,
                entry_date=enrollment.entry_date,
                exit_date=enrollment.exit_date,
                today=timezone.localdate(),
            ):
                self.add_error(issue.field, issue.message)
        return data

    def save(self, *, by: User, commit: bool = True) -> CurrentLivingSituation:
        enrollment = self.instance.enrollment
        self.instance.organization, self.instance.visibility = (
            enrollment.organization,
            enrollment.visibility,
        )
        return super().save(by=by, commit=commit)


class EditCurrentLivingForm(ConflictDetectingForm, CurrentLivingForm):
    """A contact that two people may change at once."""

    follows = dict.fromkeys(FOLLOW_UPS, (FIELD,))


def asked_after(values: dict[str, Any]) -> tuple[str, ...]:
    return current_living.questions(values.get(FIELD), values.get(LEAVES))
