from typing import Any

from django import forms
from django.utils import timezone

from agencies.models import User
from clients.forms.edit import EditClientForm
from clients.models import Client
from hud.choices import VeteranStatus, grouped
from hud.elements import element
from hud.rules import dob, veteran


def _is_asked(client: Client) -> bool:
    """3.07 is asked of adults; of a minor only while there is a yes to be corrected."""
    audience = element(veteran.RULE).audience
    is_adult = dob.is_adult(client.dob, timezone.localdate())
    is_on_file = client.veteran_status == VeteranStatus.YES
    return is_on_file or audience.includes(is_head=False, is_adult=is_adult)


class BasicClientForm(EditClientForm):
    """Edit Client, with the veteran status of adults, which is answered here alone (3.3)."""

    veteran_status = forms.TypedChoiceField(
        label="Veteran Status", choices=grouped(VeteranStatus.choices), coerce=int
    )

    def __init__(self, *args: Any, instance: Client, initial: dict | None = None, **kwargs: Any):
        on_file = {"veteran_status": instance.veteran_status}
        super().__init__(*args, instance=instance, initial=on_file | (initial or {}), **kwargs)
        self.is_asked = _is_asked(instance)
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
