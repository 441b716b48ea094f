from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.shortcuts import redirect

from agencies.admin.cards import cards


class DataQualitySite(AdminSite):
    """Django admin for administrators and Data Quality Officers."""

    site_title = site_header = index_title = "Data Quality"
    enable_nav_sidebar = False

    def has_permission(self, request) -> bool:
        user = request.user
        return user.is_active and user.is_authenticated and bool(user.dqo_organizations)

    def index(self, request, extra_context=None):
        return super().index(request, {"cards": cards(request)} | (extra_context or {}))

    def app_index(self, request, app_label, extra_context=None):
        """The start page lists everything; a page of each package's lists would say nothing new."""
        return redirect("admin:index")

    def password_change(self, request, extra_context=None):
        """Passwords are changed in one place, where the second factor is asked for."""
        return redirect("account_change_password")

    def get_urls(self):
        """Leave out what shows any object to any officer: it would tell which keys exist."""
        from enrollments.quality_urls import quality_pages  # noqa: PLC0415 - needs the models

        urls = [one for one in super().get_urls() if getattr(one, "name", "") not in CLOSED]
        return quality_pages(self.admin_view) + urls


CLOSED = {"view_on_site", "password_change_done"}


class DataQualityConfig(AdminConfig):
    default_site = "hmis.admin_site.DataQualitySite"
