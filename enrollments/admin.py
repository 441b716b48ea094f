"""Paused intakes: who, where, since when (11.3). What was typed in them is for their owners."""

from datetime import timedelta
from operator import attrgetter

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from agencies.models import Project
from clients.admin.deleted_records import DeletedRecordAdmin
from enrollments.actions import deleted_with, restore_enrollments
from enrollments.models import CurrentLivingSituation, Enrollment, IntakeDraft
from records.admin import Card, ClientFilter, OrganizationFilter, ReadOnlyAdmin, column, waiting

LIST = "admin:enrollments_intakedraft_changelist"
admin.site.register(CurrentLivingSituation, DeletedRecordAdmin)
LEFT_AFTER = timedelta(days=1)


@admin.register(Enrollment)
class DeletedEnrollmentAdmin(DeletedRecordAdmin):
    """One comes back with what was deleted with it, the others of its household too."""

    list_select_related = ["organization", "deleted_by", "project"]

    def restored_with(self, row) -> list[str]:
        return deleted_with(row)

    def restore(self, row, by) -> None:
        row.refresh_from_db(fields=["date_deleted"])
        if row.date_deleted:  # and did not come back with another one that was ticked
            restore_enrollments(enrollment=row, by=by)


@admin.register(IntakeDraft)
class IntakeDraftAdmin(ReadOnlyAdmin):
    """One that nobody touched for a day may be ended by an officer; its owner can restore it."""

    officer_permissions = frozenset({"end"})
    icon = "intake"
    heading = "Paused intakes"
    lead = "Intakes and assessments that were started and not finished, oldest first."
    empty_title = "No paused intakes"
    empty_text = "Every intake and assessment that was started is finished."
    list_display = [
        *("owner", "client_number", "kind", "project", "stopped_at"),
        *("started_at", "updated_at", "organization"),
    ]
    list_filter = [ClientFilter, OrganizationFilter, "kind"]
    list_select_related = ["created_by", "organization"]
    ordering = ["updated_at", "pk"]
    sortable_by = ()
    fields = readonly_fields = [
        *("owner", "organization", "client_number", "kind", "project", "stopped_at"),
        *("started_at", "updated_at"),
    ]
    change_form_template = "admin/enrollments/intakedraft/change_form.html"

    def get_queryset(self, request):
        return super().get_queryset(request).filter(finished_at=None, discarded_at=None)

    owner = column("user", attrgetter("created_by"))
    client_number = column("Client ID", attrgetter("client_id"))
    project = column("project", lambda draft: draft.project_name or "Not chosen yet")
    stopped_at = column("stopped at", attrgetter("step_label"))

    def get_changelist_instance(self, request):
        """With the projects of the page's drafts, which stand within what was typed."""
        changelist = super().get_changelist_instance(request)
        name_projects(changelist.result_list)
        return changelist

    def get_object(self, request, object_id, from_field=None):
        draft = super().get_object(request, object_id, from_field)
        if draft:
            name_projects([draft])
        return draft

    def has_end_permission(self, request) -> bool:
        return self._allows(request, "end")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        draft = self.get_object(request, unquote(object_id))
        page = {"may_end": draft and self.has_end_permission(request) and is_left(draft)}
        return super().change_view(request, object_id, form_url, page | (extra_context or {}))

    def get_urls(self):
        page = self.admin_site.admin_view
        mine = [path("<uuid:draft_id>/end/", page(self.end), name="enrollments_intakedraft_end")]
        return mine + super().get_urls()

    @method_decorator(require_http_methods(["GET", "POST"]))
    def end(self, request, draft_id):
        """GET asks; POST discards the draft, which its owner can restore for an hour."""
        draft = self.get_object(request, str(draft_id))
        if draft is None:
            raise Http404
        if not self.has_end_permission(request) or not is_left(draft):
            raise PermissionDenied
        if request.method == "POST":
            draft.discard()
            self.log_change(request, draft, "Discarded.")
            messages.success(request, "Discarded. The owner can restore it within one hour.")
            return redirect(LIST)
        page = self.admin_site.each_context(request) | {"title": "End this intake?", "draft": draft}
        return render(request, "admin/enrollments/intakedraft/end.html", page)


def is_left(draft: IntakeDraft) -> bool:
    """Whether nobody seems to work on it any more."""
    return draft.updated_at < timezone.now() - LEFT_AFTER


def name_projects(drafts: list[IntakeDraft]) -> None:
    """Note on each draft what its project is called, the same few queries for any number."""
    chosen = {draft.pk: (draft.answers.household or {}).get("project") for draft in drafts}
    households = {draft.household_id for draft in drafts if draft.household_id}
    enrollments = Enrollment.objects.filter(household__in=households).values_list(
        "household", "project"
    )
    of_household = dict(enrollments.order_by("pk"))
    keys = {draft.pk: chosen[draft.pk] or of_household.get(draft.household_id) for draft in drafts}
    projects = Project.objects.in_bulk([key for key in keys.values() if key])
    for draft in drafts:
        draft.project_name = str(projects.get(keys[draft.pk]) or "")


def paused_intakes_card(request) -> Card:
    model_admin = admin.site.get_model_admin(IntakeDraft)
    left = model_admin.get_queryset(request).filter(updated_at__lt=timezone.now() - LEFT_AFTER)
    return Card(
        title="Paused intakes",
        text="nobody touched for a day",
        url=reverse(LIST),
        icon="intake",
        count=waiting(left),
    )
