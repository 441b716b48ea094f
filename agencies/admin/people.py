"""Organizations, projects, users and their access."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import BaseUserCreationForm, UserChangeForm
from django.db.models import Exists, OuterRef

from agencies.admin.scoped import ScopedAdmin
from agencies.models import Membership, Organization, Project, User


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

    def own(self, rows, request):
        """Users with access to one of the officer's organizations, each once."""
        here = Membership.objects.filter(organization__in=request.user.dqo_organizations)
        return rows.filter(Exists(here.filter(user=OuterRef("pk")).order_by()))

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return self.add_fieldsets
        person = (None, {"fields": ["email", "first_name", "last_name", "is_active"]})
        rights = ("Rights", {"fields": ["is_superuser", "password"]})
        return [person, rights] if request.user.is_superuser else [person]
