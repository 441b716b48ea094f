"""The services that are saved together with a note (6.4)."""

from typing import Any

from django import forms

from casenotes.catalog_choices import offered_types
from casenotes.forms.fields import PastDateField, RowChoiceField
from casenotes.forms.note import NoteForm
from casenotes.forms.service import ServiceFields
from casenotes.models import Service, ServiceType

SPARE_ROWS = 3  # empty ones, where there is no script to add more
MOST_ROWS = 50


class ServiceRow(ServiceFields):
    """One service. What is left empty is taken from the note: its date, its Default Enrollment."""

    service_type = RowChoiceField(blank="", label="Service")
    date = PastDateField(label="Date", required=False)
    enrollment = RowChoiceField(blank="Default Enrollment", label="Enrollment")
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, note_form: NoteForm, types: list[ServiceType], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.note_form = note_form
        self.fields["version"].initial = self.instance.version
        if self.instance._state.adding:
            self.initial = {"version": 1}
        else:
            self.fields["enrollment"].blank = "Choose"
        self.offer(types, note_form.enrollments)

    def has_changed(self) -> bool:
        """Whether a new row says what was done; a date or an enrollment alone is no service."""
        left_out = {"version", "DELETE"}
        if self.instance._state.adding:
            left_out |= {"date", "enrollment"}
        return bool(set(self.changed_data) - left_out)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.note_form.is_valid()
        from_note = self.note_form.cleaned_data
        for name in ("date", "enrollment"):
            if not data.get(name) and name not in self.errors:
                data[name] = from_note.get(name)
        if data.get("service_type") is None:
            self.add_error("service_type", "Choose the service, or empty this row.")
        if data.get("enrollment") is None and "enrollment" not in self.errors:
            self.add_error("enrollment", "Choose the enrollment that this service belongs to.")
        self.check_service(data)
        self._check_version(data)
        return data

    def _check_version(self, data: dict[str, Any]) -> None:
        service = self.instance
        if service._state.adding or data.get("version") == service.version:
            return
        self.add_error(
            None,
            f"{service.updated_by} has changed this service to {service.display_name}, "
            f"{service.amount}. Save again to keep what you see here.",
        )
        # What is sent next time is a decision made with the other one's change in sight.
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = service.version

    def _post_clean(self) -> None:
        if self.errors:
            return  # the row in the list stays what it is in the database
        super()._post_clean()


class BaseServiceRows(forms.BaseModelFormSet):
    """Rows of services; those that nobody filled in are left out."""

    def __init__(self, *args: Any, note_form: NoteForm, **kwargs: Any):
        note = note_form.instance
        organization = note_form.chosen_organization if note._state.adding else note.organization
        types = offered_types(organization)
        rows = Service.objects.none() if note._state.adding else note.services.for_list()
        super().__init__(
            *args,
            queryset=rows.order_by("pk"),
            prefix="services",
            form_kwargs={"note_form": note_form, "types": types},
            **kwargs,
        )
        self.has_types = bool(types)

    @property
    def deleted(self) -> list[Service]:
        return [row.instance for row in self.deleted_forms if row.instance.pk]

    @property
    def filled(self) -> list[ServiceRow]:
        """Rows to be written: new ones and those that were changed."""
        gone = set(self.deleted_forms)
        return [row for row in self.forms if row.has_changed() and row not in gone]


ServiceRows = forms.modelformset_factory(
    Service,
    form=ServiceRow,
    formset=BaseServiceRows,
    extra=SPARE_ROWS,
    max_num=MOST_ROWS,
    absolute_max=2 * MOST_ROWS,
    validate_max=True,
    can_delete=True,
    can_delete_extra=False,
)
