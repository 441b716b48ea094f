"""What happened to a client in CAS, and what came of it (4.20)."""

import json
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst

from agencies.models import User
from cas.forms.record import EditEnrollmentRecordForm, EnrollmentRecordForm
from cas.models import Event, EventKind
from casenotes.forms.fields import PastDateField
from hud.choices import NoYesMissing
from hud.choices.coordinated_entry import OPENINGS, EventType, ReferralResult
from records.conflicts import ConflictDetectingForm
from records.form_fields import LineField

HUD = "hud-"
NO_SHOW = "no_show"
NO_RESULT = ("", "No result yet")


def _code(event: EventType) -> str:
    return f"{HUD}{event.value}"


def what_choices() -> list:
    """HUD's events in HUD's two groups, and what HUD does not list."""
    access = [(_code(one), one.label) for one in EventType if one.is_access]
    referrals = [(_code(one), one.label) for one in EventType if not one.is_access]
    others = [(one.value, one.label) for one in EventKind if not one.is_hud]
    return [
        ("", "Choose what happened"),
        ("Referrals to openings and services", referrals),
        ("Access", access),
        ("Queue and documents", others),
    ]


NAMES_HOUSING = {EventKind.MATCHED.value, *(_code(one) for one in OPENINGS)}


class EventForm(EnrollmentRecordForm):
    day_name, location_name = "event_date", "location_crisis_or_ph_housing"

    event_date = PastDateField(label="Date of Event")
    what = forms.ChoiceField(
        label="Event",
        choices=what_choices,
        error_messages={"required": "Choose what happened."},
    )
    location_crisis_or_ph_housing = LineField(
        label="Location of Crisis Housing or Permanent Housing Referral",
        max_length=250,
        required=False,
        help_text="The project or the place that the client is referred to. Never a person.",
    )

    class Meta:
        model = Event
        fields = ["event_date", "location_crisis_or_ph_housing", "enrollment"]

    field_order = ["event_date", "what", "location_crisis_or_ph_housing", "enrollment"]
    when = {
        "location_crisis_or_ph_housing": json.dumps([{"what": sorted(NAMES_HOUSING)}]),
    }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        event = self.instance
        if not event._state.adding:
            self.initial["what"] = f"{HUD}{event.event}" if event.event else event.kind

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        what = data.get("what", "")
        self._set_kind(what)
        if data.get("location_crisis_or_ph_housing") and what and what not in NAMES_HOUSING:
            self.add_error(
                "location_crisis_or_ph_housing",
                "Leave this empty: only a referral to an opening or a voucher names the housing.",
            )
        self.check_day(until_exit=what.startswith(HUD))
        if self.instance.has_result and what != self.initial.get("what"):
            self.add_error("what", "Remove the result first: it belongs to another kind of event.")
        return data

    def _set_kind(self, what: str) -> None:
        is_hud = what.startswith(HUD)
        self.instance.kind = EventKind.HUD if is_hud else what
        self.instance.event = EventType(int(what.removeprefix(HUD))) if is_hud else None

    def save(self, *, by: User, commit: bool = True) -> Event:
        """File the event for those who may see its enrollment."""
        self.instance.visibility = self.instance.enrollment.visibility
        return super().save(by=by, commit=commit)


class EditEventForm(EditEnrollmentRecordForm, EventForm):
    pass


RESULT = ("result", "result_date")  # 4.20.D and 4.20.E
HOUSED, AFTERCARE = "prob_sol_div_rr_result", "referral_case_manage_after"  # 4.20.A, 4.20.B


def _asked(event: Event) -> set[str]:
    """What HUD asks about the result of this event, and what its row says beyond that.

    Rows of other systems hold answers that HUD asks of other events: here they are taken out.
    """
    asked = {name for name in (HOUSED, AFTERCARE) if getattr(event, name) is not None}
    has_result = event.referral_result is not None or event.result_date is not None
    if event.event == EventType.PROBLEM_SOLVING:
        asked.add(HOUSED)
    elif event.event == EventType.FOLLOW_UP and not has_result:
        asked.add(AFTERCARE)
    else:
        has_result = True
    return asked | set(RESULT if has_result else ())


class EventResultForm(ConflictDetectingForm):
    """What came of an event (4.20.A-E, 10.1); two people may say it at once."""

    result = forms.ChoiceField(
        label="Referral Result",
        choices=[
            (str(ReferralResult.ACCEPTED), ReferralResult.ACCEPTED.label),
            (str(ReferralResult.CLIENT_REJECTED), ReferralResult.CLIENT_REJECTED.label),
            (str(ReferralResult.PROVIDER_REJECTED), ReferralResult.PROVIDER_REJECTED.label),
            (NO_SHOW, "Unsuccessful referral: no show"),
            NO_RESULT,
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    result_date = PastDateField(label="Date of Result", required=False)

    class Meta:
        model = Event
        fields = ["result_date", HOUSED, AFTERCARE]

    field_order = [*RESULT, HOUSED, AFTERCARE]
    follows = {"result_date": ("result",)}

    def prepare(self) -> None:
        event = self.instance
        asked = _asked(event)
        for name in (HOUSED, AFTERCARE):
            self.fields[name] = forms.TypedChoiceField(
                label=capfirst(Event._meta.get_field(name).verbose_name),
                choices=[*((str(key), text) for key, text in NoYesMissing.choices), NO_RESULT],
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
            )
        for name in {*RESULT, HOUSED, AFTERCARE} - asked:
            del self.fields[name]
        if event.referral_result is not None:
            self.initial["result"] = NO_SHOW if event.no_show else str(event.referral_result)
        elif event.result_date is None:
            self.initial["result_date"] = timezone.localdate()

    @property
    def questions(self) -> list[forms.BoundField]:
        return [self[name] for name in self.compared]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "result" in self.fields:
            self._clean_result(data)
        return data

    def _clean_result(self, data: dict[str, Any]) -> None:
        result, event = data.get("result", ""), self.instance
        event.no_show = result == NO_SHOW
        event.referral_result = (
            ReferralResult.CLIENT_REJECTED if event.no_show else int(result) if result else None
        )
        if not result:
            data["result_date"] = None
        elif not data.get("result_date") and "result_date" not in self.errors:
            self.add_error("result_date", "Enter the day of the result.")
