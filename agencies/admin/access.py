"""Who has access to which organization, and as what."""

from django.contrib import admin
from django.db import transaction

from agencies.admin.successor import SuccessorForm, hand_over
from agencies.models import Membership, SecurityEvent
from agencies.security_events import record_event
from records.admin.scoped import OrganizationFilter, ScopedAdmin


@admin.register(Membership)
class MembershipAdmin(ScopedAdmin):
    """Access is given by an invitation; here its role changes, and here it ends."""

    officer_permissions = frozenset({"change", "delete"})
    icon = "key"
    heading = "Access"
    lead = "Who works for your organizations. Invite somebody under Users."
    fields = readonly_fields = ["person", "email", "organization", "date_created"]
    list_display = ["person", "email", "organization", "role", "may_reveal_ssn", "date_created"]
    list_filter = [OrganizationFilter, "role", "may_reveal_ssn"]
    list_select_related = ["user", "organization"]
    search_fields = ["user__first_name", "user__last_name", "user__email"]
    search_label = "Name or e-mail"
    ordering = ["user__last_name", "user__first_name", "pk"]

    def limit_queryset(self, rows, request):
        return super().limit_queryset(rows, request).filter(user__is_superuser=False)

    def get_fields(self, request, obj=None):
        return [*self.fields, "role", "may_reveal_ssn"]

    @admin.display(description="user", ordering="user__last_name")
    def person(self, membership: Membership) -> str:
        return str(membership.user)

    @admin.display(description="e-mail", ordering="user__email")
    def email(self, membership: Membership) -> str:
        return membership.user.email

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return self._allows(request, "change") and self._may_manage(request, obj)

    def has_delete_permission(self, request, obj=None) -> bool:
        return self._allows(request, "delete") and self._may_manage(request, obj)

    @staticmethod
    def _may_manage(request, membership: Membership | None) -> bool:
        return membership is None or request.user.may_manage_access(membership)

    def save_model(self, request, obj, form, change) -> None:
        super().save_model(request, obj, form, change)
        if "role" in form.changed_data:
            detail = {"from": form.initial.get("role"), "to": obj.role}
            record_event(
                SecurityEvent.Kind.ROLE_CHANGED,
                request=request,
                subject=obj.user,
                organization=obj.organization,
                detail=detail,
            )

    def delete_model(self, request, obj) -> None:
        super().delete_model(request, obj)
        record_event(
            SecurityEvent.Kind.ACCESS_ENDED,
            request=request,
            subject=obj.user,
            organization=obj.organization,
            detail={"from": obj.role},
        )

    def delete_view(self, request, object_id, extra_context=None):
        """End the access; with it, the work may be handed over in one step."""
        membership = self.get_object(request, object_id)
        if membership is None or not self.has_delete_permission(request, membership):
            return super().delete_view(request, object_id, extra_context)
        form = SuccessorForm(
            request, user=membership.user, organizations=[membership.organization_id]
        )
        page = {"work": form.work, "form": form}
        if request.method == "POST" and form.work and not form.is_valid():
            page |= {"object": membership, "opts": self.opts}
            return self.render_delete_form(request, self.admin_site.each_context(request) | page)
        with transaction.atomic():
            answer = super().delete_view(request, object_id, page | (extra_context or {}))
            if request.method == "POST" and form.work:
                hand_over(request, form)
        return answer

    def get_deleted_objects(self, objs, request):
        """Nothing hangs on an access, and nothing beside it is named."""
        return [str(obj) for obj in objs], {}, set(), []
