"""Basic Client Information: Edit Client within the intake."""

from typing import Any

from django import forms
from django.utils import timezone

from agencies.models import User
from clients.forms.edit import EditClientForm
from clients.identity_changes import record_identity_change
from clients.loading import lock_visible
from clients.models import Client
from enrollments.intake.draft.validation_issues import ValidationIssue, errors_of
from enrollments.intake.steps.page import StepPage
from hud.choices import VeteranStatus
from hud.choices.answers import grouped
from hud.elements import element
from hud.rules import dob, veteran

NOT_SHARED = (
    "What you typed was not saved: the client's details are not shared with your organization any "
    "more."
)


class BasicClientForm(EditClientForm):
    """Edit Client, with the veteran status of adults, which is answered here alone (3.3)."""

    instance: Client
    veteran_status = forms.TypedChoiceField(
        label="Veteran Status", choices=grouped(VeteranStatus.choices), coerce=int
    )

    def __init__(self, *args: Any, instance: Client, initial: dict | None = None, **kwargs: Any):
        stored = {"veteran_status": instance.veteran_status}
        super().__init__(*args, instance=instance, initial=stored | (initial or {}), **kwargs)
        # Asked of adults; of a minor only while there is a yes to be corrected.
        is_adult = dob.is_adult(instance.dob, timezone.localdate())
        is_stored = instance.veteran_status == VeteranStatus.YES
        audience = element(veteran.RULE).audience
        self.is_asked = is_stored or audience.includes(is_head=False, is_adult=is_adult)
        self.fields["veteran_status"].required = self.is_asked

    def save(self, *, by: User, commit: bool = True) -> Client:  # type: ignore[override]
        status = self.cleaned_data.get("veteran_status")
        if isinstance(status, int):
            self.instance.veteran_status = status
        return super().save(by=by, commit=commit)


class BasicPage(StepPage):
    template = "enrollments/intake/basic.html"

    def prepare(self) -> None:
        client = self.people[0]
        if self.request.method == "POST":
            client = lock_visible(self.request.user, client.pk)
        if not client.has_details:
            if self.typed is not None and "sex" in self.typed:  # shared while it was typed
                self.errors = [ValidationIssue(NOT_SHARED)]
            return
        self.form = BasicClientForm(self.typed, instance=client, request=self.request)
        if self.typed is None:
            return
        if self.form.is_valid():
            status, age = self.form.cleaned_data.get("veteran_status"), self.form.instance.age
            self.warnings = [
                ValidationIssue(
                    f"Veteran Status: {one.message}", "id_veteran_status", "", f"basic:{one.rule}"
                )
                for one in veteran.issues(status, is_adult=None if age is None else age >= 18)
            ]
        elif self.form.changes:
            self.form = self.form.conflict_form()
            self.errors = [ValidationIssue("")]
        else:
            self.errors = errors_of(self.form)

    def label_of(self, name: str) -> str:
        return super().label_of(name) if self.form else ""

    def accept(self) -> None:
        if self.form:
            record_identity_change(
                self.form.save(by=self.request.user),
                organization=self.form.chosen_organization,
                by=self.request.user,
                aliases_changed=self.form.aliases_changed,
            )
        self.answers.forget(self.step)
