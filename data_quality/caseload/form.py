"""Whose open work is shown, and how long without a contact is too long."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from agencies.models import Organization, User
from data_quality.caseload.work import NOBODY
from data_quality.forms import ScopeForm
from data_quality.rules.scope import Scope
from hud.text import as_id

DAYS = 30
MOST_DAYS = 3650


class WorkForm(ScopeForm):
    """One organization at a time, an administrator's too: the counts are made while one waits.

    Args:
        in_force: the organization that is shown first, where the user is an officer of it.
    """

    days = forms.IntegerField(
        label="No contact for (days)",
        min_value=1,
        max_value=MOST_DAYS,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, data: QueryDict, *, user: User, today: date, in_force: Organization | None):
        data = data.copy()
        data.setdefault("days", str(DAYS))
        own = user.dqo_organizations
        if len(own) > 1 and not data.get("organization"):
            here = in_force.pk if in_force and in_force.pk in own else own[0]
            data["organization"] = str(here)
        super().__init__(data, user=user, today=today)
        for name in ("active_from", "active_to", "entered_since"):
            del self.fields[name]
        if "organization" in self.fields:
            field: Any = self.fields["organization"]
            field.required, field.empty_label = True, None

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        data["days"] = data.get("days") or DAYS
        return data

    @property
    def scope(self) -> Scope | None:
        if not self.is_valid():
            return None
        data = self.cleaned_data
        return Scope(
            user=self.user,
            today=self.today,
            organization=data.get("organization"),
            project=data["project"],
        )

    @property
    def days_without_contact(self) -> int:
        return self.cleaned_data["days"]

    @property
    def worker(self) -> int | None:
        """The case manager whose part is listed: an ID, NOBODY, or None for everybody's."""
        text = self.data.get("worker", "")
        return NOBODY if text == str(NOBODY) else as_id(text)

    @property
    def is_filtering(self) -> bool:
        return bool(self._chosen.get("project")) or self._chosen["days"] != str(DAYS)
