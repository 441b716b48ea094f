"""Organizations and their projects."""

from django.contrib import admin

from agencies.models import Organization, Project
from records.admin.scoped import OrganizationFilter, ScopedAdmin


@admin.register(Organization)
class OrganizationAdmin(ScopedAdmin):
    """An officer says how the own organization is called; what it is, administrators decide.

    The legal name stays theirs too: that another organization has it already would be an answer.
    """

    scope = "pk"
    officer_permissions = frozenset({"change"})
    icon = "organization"
    lead = "Agencies of this HMIS."
    fields = [
        "organization_name",
        "organization_common_name",
        "victim_service_provider",
        "allows_emergency_access",
        "is_cas",
    ]
    list_display = [
        "organization_name",
        "organization_common_name",
        "victim_service_provider",
        "is_cas",
    ]
    search_fields = ["organization_name", "organization_common_name"]

    def get_readonly_fields(self, request, obj=None):
        if request.user.is_superuser:
            return []
        own = {"organization_common_name", "allows_emergency_access"}
        return [name for name in self.fields if name not in own]


@admin.register(Project)
class ProjectAdmin(ScopedAdmin):
    """A project is never moved to another organization: its enrollments are filed there."""

    officer_permissions = frozenset({"add", "change"})
    icon = "home"
    lead = "Programs that clients are enrolled in. Ended projects stay in the list."
    list_display = [
        "project_name",
        "organization",
        "project_type",
        "operating_start_date",
        "operating_end_date",
    ]
    list_filter = [OrganizationFilter, "project_type"]
    list_select_related = ["organization"]
    search_fields = ["project_name", "project_common_name"]
    search_label = "Name"

    def get_readonly_fields(self, request, obj=None):
        return ["organization"] if obj else []
