from typing import Any

from django import forms

from agencies.models import User
from clients.forms.edit import EditClientForm
from clients.models import Client
from hud.choices import VeteranStatus, grouped
from hud.rules import veteran


class BasicClientForm(EditClientForm):
    """Edit Client, with the veteran status of adults, which is answered here alone (3.3)."""

    veteran_status = forms.TypedChoiceField(
        label="Veteran Status", choices=grouped(VeteranStatus.choices), coerce=int
    )

    def __init__(self, *args: Any, instance: Client, initial: dict | None = None, **kwargs: Any):
        on_file = {"veteran_status": instance.veteran_status}
        super().__init__(*args, instance=instance, initial=on_file | (initial or {}), **kwargs)
        self.is_asked = instance.age is None or instance.age >= 18
        if not self.is_asked:
            self.fields["veteran_status"].required = False

    @property
    def warnings(self) -> list:
        """What is unlikely about a form that is in order."""
        status, age = self.cleaned_data.get("veteran_status"), self.instance.age
        return veteran.findings(status, is_adult=None if age is None else age >= 18)

    def save(self, *, by: User, commit: bool = True) -> Client:
        status = self.cleaned_data.get("veteran_status")
        if isinstance(status, int):
            self.instance.veteran_status = status
        return super().save(by=by, commit=commit)
