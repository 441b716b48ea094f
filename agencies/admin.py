"""The Data Quality workspace: Django admin, within the officer's own organizations (11.1)."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import BaseUserCreationForm, UserChangeForm

from agencies.models import Membership, Organization, Project, User


class ScopedAdmin(admin.ModelAdmin):
    """Shows a Data Quality Officer the rows of the own organizations and no others.

    An administrator (superuser) sees and does everything. `scope` is the way from a row to its
    organization; `officer_may` names what an officer may do beside looking.
    """

    scope = "organization"
    officer_may: frozenset[str] = frozenset()
    show_full_result_count = False

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        return rows.filter(**{f"{self.scope}__in": request.user.dqo_organizations}).distinct()

    def formfield_for_foreignkey(self, db_field, request, **options):
        if db_field.related_model is Organization and not request.user.is_superuser:
            options["queryset"] = Organization.objects.filter(pk__in=request.user.dqo_organizations)
        return super().formfield_for_foreignkey(db_field, request, **options)

    def _allows(self, request, deed: str) -> bool:
        user = request.user
        is_officer = bool(user.is_active and user.dqo_organizations)
        return user.is_superuser or (is_officer and deed in self.officer_may | {"view"})

    def has_module_permission(self, request) -> bool:
        return self._allows(request, "view")

    def has_view_permission(self, request, obj=None) -> bool:
        return self._allows(request, "view")

    def has_add_permission(self, request) -> bool:
        return self._allows(request, "add")

    def has_change_permission(self, request, obj=None) -> bool:
        return self._allows(request, "change")

    def has_delete_permission(self, request, obj=None) -> bool:
        return self._allows(request, "delete")


@admin.register(Organization)
class OrganizationAdmin(ScopedAdmin):
    scope = "pk"
    list_display = ["organization_name", "victim_service_provider", "is_cas"]
    search_fields = ["organization_name"]


@admin.register(Project)
class ProjectAdmin(ScopedAdmin):
    officer_may = frozenset({"add", "change"})
    list_display = ["project_name", "organization", "project_type", "operating_start_date"]
    list_filter = ["project_type"]
    list_select_related = ["organization"]


@admin.register(Membership)
class MembershipAdmin(ScopedAdmin):
    list_display = ["user", "organization", "role"]
    list_filter = ["role"]
    list_select_related = ["user", "organization"]


class UserCreationForm(BaseUserCreationForm):
    email = forms.EmailField(label="E-mail")

    class Meta:
        model = User
        fields = ["email", "first_name", "last_name"]


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 1

    def has_view_permission(self, request, obj=None) -> bool:
        return request.user.is_superuser

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


@admin.register(User)
class UserAdmin(ScopedAdmin, DjangoUserAdmin):
    scope = "memberships__organization"
    form = UserChangeForm
    add_form = UserCreationForm
    inlines = [MembershipInline]
    list_display = ["email", "first_name", "last_name", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["email", "first_name", "last_name"]
    ordering = ["last_name", "first_name"]
    add_fieldsets = [
        (None, {"fields": ["email", "first_name", "last_name", "password1", "password2"]})
    ]

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return self.add_fieldsets
        person = (None, {"fields": ["email", "first_name", "last_name", "is_active"]})
        rights = ("Rights", {"fields": ["is_superuser", "password"]})
        return [person, rights] if request.user.is_superuser else [person]
