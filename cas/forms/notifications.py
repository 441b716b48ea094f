from django import forms

from cas.models import Kind, MailRhythm, Preference, State
from cas.querysets import NotificationQuerySet


class FilterForm(forms.Form):
    """What the list of notifications is narrowed by."""

    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "All, dismissed too"), *State.choices]
    )
    kind = forms.ChoiceField(
        label="Kind", required=False, choices=[("", "All kinds"), *Kind.choices]
    )

    def narrow(self, rows: NotificationQuerySet, now) -> NotificationQuerySet:
        if not self.is_valid():
            return rows
        data = self.cleaned_data
        if data["kind"]:
            rows = rows.filter(kind=data["kind"])
        return rows.in_state(data["state"], now) if data["state"] else rows

    @property
    def is_narrowed(self) -> bool:
        return self.is_valid() and any(self.cleaned_data.values())


class PreferenceForm(forms.ModelForm):
    mail = forms.ChoiceField(
        label="E-mail",
        choices=MailRhythm.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose at once or a daily digest."},
    )

    class Meta:
        model = Preference
        fields = ["mail"]
