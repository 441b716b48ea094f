from collections.abc import Collection
from operator import attrgetter
from typing import Any

from django import forms
from django.contrib import admin
from django.utils import timezone

from agencies.models import Funder
from casenotes import actions
from casenotes.models import CaseNote, Service, ServiceType
from clients.admin.deleted_records import DeletedRecordAdmin
from hud.choices import RecordType
from hud.rules.services import record_types_for, types_provided
from records.admin import OrganizationFilter, ScopedAdmin, column
from records.forms import CheckedForm


def hud_services(funders: Collection[int] = ()) -> list[tuple[str, Any]]:
    """HUD's types of services, grouped by record type, those of these funders first."""
    groups = [
        (
            RecordType(kind).label,
            [(f"{kind}:{key}", label) for key, label in types_provided(kind).choices],
        )
        for kind in record_types_for(funders)
    ]
    return [("", "None"), *groups]


class ServiceTypeForm(CheckedForm):
    hud_service = forms.ChoiceField(label="HUD service", required=False, choices=hud_services)

    class Meta:
        model = ServiceType
        fields = ["organization", "name", "unit", "hud_service", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        organizations = (
            [self.instance.organization]
            if self.instance.pk
            else list(self.fields["organization"].queryset)
        )
        funders = Funder.objects.filter(project__organization__in=organizations)
        current = funders.active_on(timezone.localdate()).codes()
        choices = hud_services(current)
        if self.instance.record_type is not None:
            code = f"{int(self.instance.record_type)}:{self.instance.type_provided}"
            self.initial["hud_service"] = code
            if not any(code == key for _, group in choices[1:] for key, _ in group):
                choices.append((code, self.instance.hud_label))  # no code of this year's list
        self.fields["hud_service"].choices = choices

    def _post_clean(self) -> None:
        kind, _, provided = self.cleaned_data.get("hud_service", "").partition(":")
        self.instance.record_type = int(kind) if kind else None
        self.instance.type_provided = int(provided) if provided else None
        super()._post_clean()


@admin.register(ServiceType)
class ServiceTypeAdmin(ScopedAdmin):
    """The service catalog: a service is never deleted, only made inactive."""

    officer_permissions = frozenset({"add", "change"})
    form = ServiceTypeForm
    list_display = ["name", "organization", "unit", "hud_service", "is_active"]
    icon = "service"
    lead = (
        "The services that users can record. Make a service inactive when it is no longer offered."
    )
    empty_title = "No services yet"
    empty_text = "Add what your organization offers: users can record it, and it is listed here."
    list_filter = [OrganizationFilter, "is_active", "unit"]
    list_select_related = ["organization"]
    search_fields = ["name"]

    hud_service = column("HUD service", attrgetter("hud_label"))

    def get_readonly_fields(self, request, obj=None):
        """What was recorded in minutes must not become dollars, nor move to another agency."""
        return ["organization", "unit"] if obj and obj.services.exists() else []

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


@admin.register(CaseNote)
class CaseNoteAdmin(DeletedRecordAdmin):
    lead = "A note is restored together with the services that were deleted with it."

    def get_queryset(self, request):
        return super().get_queryset(request).without_text()

    name = column("title", attrgetter("title"))

    def restored_with(self, row) -> list[str]:
        services = actions.deleted_with(row).select_related("service_type")
        return [f"Service: {service.display_name}" for service in services]

    def restore(self, row, by) -> None:
        actions.restore_note(note=row, by=by)


@admin.register(Service)
class ServiceAdmin(DeletedRecordAdmin):
    list_select_related = [*DeletedRecordAdmin.list_select_related, "service_type"]
