from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.core.exceptions import ImproperlyConfigured
from django.shortcuts import redirect
from django.urls import path

THIRD_PARTIES = ("allauth.", "django.", "pghistory.")
# They show any object to any officer, and tell which keys exist.
CLOSED = {"view_on_site", "password_change_done"}


class DataQualitySite(AdminSite):
    """Django admin for administrators and Data Quality Officers."""

    site_title = site_header = index_title = "Data Quality"
    empty_value_display = "—"
    enable_nav_sidebar = False

    def __init__(self, name: str = "admin"):
        super().__init__(name)
        self.disable_action("delete_selected")

    def has_permission(self, request) -> bool:
        user = request.user
        is_in = user.is_active and user.is_authenticated
        # The first administrator makes the first organization.
        return is_in and (user.is_superuser or bool(user.dqo_organizations))

    def register(self, model_or_iterable, admin_class=None, **options) -> None:
        """Only lists within the officer's organizations; those of third parties are left out."""
        from records.admin.scoped import ScopedAdmin  # noqa: PLC0415 - needs the models

        if admin_class is not None and issubclass(admin_class, ScopedAdmin):
            super().register(model_or_iterable, admin_class, **options)
        elif admin_class is None or not admin_class.__module__.startswith(THIRD_PARTIES):
            raise ImproperlyConfigured(f"{admin_class} is no ScopedAdmin.")

    def index(self, request, extra_context=None):
        from records.admin.cards import cards  # noqa: PLC0415 - needs the models

        return super().index(request, {"cards": cards(request)} | (extra_context or {}))

    def get_app_list(self, request, app_label=None) -> list:
        """Nothing: the menu and the cards lead to the lists, and no template shows Django's own."""
        return []

    def app_index(self, request, app_label, extra_context=None):
        """The start page lists everything; one for each package would say nothing new."""
        return redirect("admin:index")

    def password_change(self, request, extra_context=None):
        """Passwords are changed in one place."""
        return redirect("account_change_password")

    def get_urls(self):
        from clients.admin.deleted_list import deleted_records  # noqa: PLC0415 - needs the models
        from clients.admin.sharing import sharing_pages  # noqa: PLC0415
        from data_quality.urls import quality_pages  # noqa: PLC0415
        from exchange.urls import exchange_pages  # noqa: PLC0415

        urls = [one for one in super().get_urls() if getattr(one, "name", "") not in CLOSED]
        mine = [path("deleted/", self.admin_view(deleted_records), name="deleted_records")]
        mine += sharing_pages(self.admin_view)
        return mine + quality_pages(self.admin_view) + exchange_pages(self.admin_view) + urls


class DataQualityConfig(AdminConfig):
    default_site = "hmis.admin_site.DataQualitySite"
