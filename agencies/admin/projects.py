"""Projects, with the set-up that HUD wants of them."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_POST

from agencies.admin.set_up import INLINES, SET_UP
from agencies.checklist import checklist
from agencies.models import Project
from records.admin import OrganizationFilter, ScopedAdmin, SoftDeletedFormSet
from records.constraints import constraint_messages

DELETED_SHOWN = 50


@admin.register(Project)
class ProjectAdmin(ScopedAdmin):
    """A project is never moved to another organization: its enrollments are filed there."""

    officer_permissions = frozenset({"add", "change"})
    icon = "home"
    lead = "Programs that clients are enrolled in. Ended projects stay in the list."
    empty_title = "No projects yet"
    empty_text = "Add the programs that your organization enrolls clients in; they are listed here."
    change_form_template = "admin/agencies/project/change_form.html"
    inlines = INLINES
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "organization",
                    "project_name",
                    "project_common_name",
                    "project_type",
                    "continuum_project",
                    "operating_start_date",
                    "operating_end_date",
                ]
            },
        ),
        (
            "What HUD asks of the project",
            {
                "fields": [
                    "housing_type",
                    "rrh_sub_type",
                    "residential_affiliation",
                    "target_population",
                    "hopwa_med_assisted_living_fac",
                    "pit_count",
                ]
            },
        ),
    ]
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

    def get_urls(self):
        restore = self.admin_site.admin_view(require_POST(self.restore_view))
        address = "<int:object_id>/restore/<slug:kind>/<int:id>/"
        return [path(address, restore, name="agencies_project_restore"), *super().get_urls()]

    def get_readonly_fields(self, request, obj=None):
        return ["organization"] if obj else []

    def get_inline_instances(self, request, obj=None):
        """The set-up of a project that is there; a new one is saved first."""
        found = super().get_inline_instances(request, obj) if obj else []
        return [inline for inline in found if inline.is_shown(obj)]

    def save_model(self, request, obj, form, change) -> None:
        obj.stamp(by=request.user)
        super().save_model(request, obj, form, change)

    def save_formset(self, request, form, formset: SoftDeletedFormSet, change) -> None:
        formset.save_by(request.user)

    def delete_model(self, request, obj) -> None:
        """An export still says of a deleted project that it was there."""
        obj.mark_deleted(by=request.user)

    def render_change_form(self, request, context, *args: Any, **options: Any):
        if project := context.get("original"):
            context |= {"checklist": checklist(project), "deleted": self._deleted(project)}
        return super().render_change_form(request, context, *args, **options)

    def response_add(self, request, obj, post_url_continue=None):
        """Lead on to the set-up."""
        messages.success(request, "Project saved. Now enter what HUD wants to know of it.")
        return redirect("admin:agencies_project_change", obj.pk)

    def response_change(self, request, obj):
        messages.success(request, "Project saved.")
        return redirect("admin:agencies_project_change", obj.pk)

    @staticmethod
    def _deleted(project: Project) -> list[dict[str, Any]]:
        """The set-up that was deleted, newest first, each with the address that restores it."""
        rows = [
            (kind, row)
            for kind, model in SET_UP.items()
            for row in model.with_deleted.deleted().filter(project=project)[:DELETED_SHOWN]
        ]
        rows.sort(key=lambda one: one[1].date_deleted, reverse=True)
        return [
            {
                "label": capfirst(str(row._meta.verbose_name)),
                "row": row,
                "url": reverse("admin:agencies_project_restore", args=[project.pk, kind, row.pk]),
            }
            for kind, row in rows
        ]

    def restore_view(self, request, object_id: int, kind: str, **key: int):
        project = get_object_or_404(self.get_queryset(request), pk=object_id)
        if not self.has_change_permission(request, project):
            raise PermissionDenied
        if kind not in SET_UP:
            raise Http404
        row = get_object_or_404(SET_UP[kind].with_deleted.deleted(), project=project, **key)
        try:
            with constraint_messages():
                row.restore(by=request.user)
            messages.success(request, f"{capfirst(str(row._meta.verbose_name))} restored.")
        except ValidationError as error:
            messages.error(request, error.messages[0])
        return redirect("admin:agencies_project_change", project.pk)

    def history_sources(self, request, obj):
        """The project's own history, and that of its set-up."""
        of_set_up = [
            model.pgh_event_model._default_manager.filter(project_id=obj.pk)
            for model in SET_UP.values()
        ]
        return [*super().history_sources(request, obj), *of_set_up]
