"""What the lists of notes and services are narrowed by."""

from typing import Any

from django import forms

from agencies.models import User
from casenotes.forms.fields import RowChoiceField
from casenotes.models import NoteSearch, ServiceType
from casenotes.querysets import CaseNoteQuerySet, ServiceQuerySet
from clients.models import Client
from enrollments.forms.choice import enrollment_label
from enrollments.models import Enrollment
from records.form_fields import DateField, LineField


class PeriodForm(forms.Form):
    """A period and an enrollment."""

    first = DateField(label="From", required=False)
    last = DateField(label="To", required=False)
    enrollment = RowChoiceField(blank="Any", label="Enrollment")

    def __init__(self, *args: Any, enrollments: list[Enrollment], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["enrollment"].offer(enrollments, enrollment_label)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", "Enter a day that is not before the first one.")
        return data


class FindNotesForm(PeriodForm):
    text = LineField(label="Words", required=False, max_length=200)
    author = LineField(label="Author", required=False, max_length=100)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.order_fields(["text", "author", "first", "last", "enrollment"])
        for name in ("text", "author"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def save_search(self, *, user: User, client: Client) -> NoteSearch:
        """Store what was typed under a random id: it may say something of the person."""
        search = NoteSearch(user=user, client=client)
        search.criteria = {name: self.data[name] for name in self.fields if self.data.get(name)}
        search.save()
        return search

    def narrow(self, notes: CaseNoteQuerySet) -> CaseNoteQuerySet:
        data = self.cleaned_data
        notes = notes.between(data["first"], data["last"])
        if data["enrollment"]:
            notes = notes.about(data["enrollment"])
        if data["author"]:
            notes = notes.written_by(data["author"])
        return notes.containing(data["text"]) if data["text"] else notes


class FindServicesForm(PeriodForm):
    service_type = RowChoiceField(blank="Any", label="Service")

    def __init__(self, *args: Any, types: list[ServiceType], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["service_type"].offer(types, str)
        self.order_fields(["service_type", "first", "last", "enrollment"])

    def narrow(self, services: ServiceQuerySet) -> ServiceQuerySet:
        data = self.cleaned_data
        services = services.between(data["first"], data["last"])
        for name in ("enrollment", "service_type"):
            if data[name]:
                services = services.filter(**{name: data[name]})
        return services
