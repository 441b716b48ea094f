"""Organizations, who has access to them, and who takes over when it ends."""

from operator import attrgetter

from django import forms
from django.contrib import admin, messages
from django.db import transaction

from agencies.models import Membership, Organization, SecurityEvent, User
from agencies.security_events import record_event
from agencies.user_lookup import UserField, chosen
from agencies.work import hand_over_work, open_work
from records.admin.lists import column
from records.admin.scoped import OrganizationFilter, ScopedAdmin

OFFERED = 50


class SuccessorForm(forms.Form):
    """One colleague, of one of the organizations, who takes over all of a user's work."""

    successor = UserField(
        label="Hand over all of it to",
        help_text="Starting today. Leave it empty to hand over one by one, or later.",
        required=False,
    )

    def __init__(self, request, *, user: User, organizations: list[int]):
        super().__init__(request.POST or None, initial=chosen(request))
        self.person, self.organizations = user, organizations
        self.work = open_work(user, organizations)
        field = self.fields["successor"]
        colleagues = User.objects.with_access(organization__in=organizations)
        field.queryset = colleagues.exclude(pk=user.pk)
        field.error_messages["invalid_choice"] = (
            "Choose an active user of the organization that the work belongs to."
        )
        field.offer(field.queryset[:OFFERED], next_url=request.path)


def hand_over(request, form: SuccessorForm) -> None:
    """Hand over to the one who was chosen, if anybody was, and say how much it was."""
    if successor := form.cleaned_data["successor"]:
        count = hand_over_work(
            user=form.person, organizations=form.organizations, to=successor, by=request.user
        )
        what = "1 piece of open work was" if count == 1 else f"{count} pieces of open work were"
        messages.success(request, f"{what} handed over to {successor}.")


@admin.register(Membership)
class MembershipAdmin(ScopedAdmin):
    """Access is given by an invitation; here its role changes, and here it ends."""

    officer_permissions = frozenset({"change", "delete"})
    icon = "key"
    heading = "Access"
    lead = "Who works for your organizations. Invite somebody under Users."
    empty_title = "Nobody has access"
    empty_text = "Whoever accepts an invitation to your organizations is listed here."
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

    person = column("user", attrgetter("user"), ordering="user__last_name")
    email = column("e-mail", attrgetter("user.email"), ordering="user__email")

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
            self._record(SecurityEvent.Kind.ROLE_CHANGED, request, obj, detail)

    def delete_model(self, request, obj) -> None:
        super().delete_model(request, obj)
        self._record(SecurityEvent.Kind.ACCESS_ENDED, request, obj, {"from": obj.role})

    @staticmethod
    def _record(kind: SecurityEvent.Kind, request, row: Membership, detail: dict) -> None:
        place = row.organization
        record_event(kind, request=request, subject=row.user, organization=place, detail=detail)

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


@admin.register(Organization)
class OrganizationAdmin(ScopedAdmin):
    """An officer says how the own organization is called; what it is, administrators decide.

    The legal name stays theirs too: that another organization has it already would be an answer.
    """

    scope = "pk"
    officer_permissions = frozenset({"change"})
    icon = "organization"
    lead = "Agencies of this HMIS."
    empty_title = "No organizations yet"
    empty_text = "The agencies that use this HMIS are listed here."
    fields = [
        "organization_name",
        "organization_common_name",
        "victim_service_provider",
        "allows_emergency_access",
        "is_cas",
        "document_contact",
    ]
    list_display = [
        "organization_name",
        "organization_common_name",
        "victim_service_provider",
        "is_cas",
    ]
    search_fields = ["organization_name", "organization_common_name"]

    def save_model(self, request, obj, form, change) -> None:
        """Save what the form has: how much is shared may have been made stricter since it was read.

        A statement that writes `sharing` also locks the CoC's policy, behind the organization.
        """
        obj.stamp(by=request.user)
        if change:
            obj.save(update_fields=[*form.cleaned_data, "date_updated", "updated_by"])
        else:
            super().save_model(request, obj, form, change)

    def get_readonly_fields(self, request, obj=None):
        if request.user.is_superuser:
            return []
        own = {"organization_common_name", "allows_emergency_access", "document_contact"}
        return [name for name in self.fields if name not in own]
