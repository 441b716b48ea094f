from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig


class DataQualitySite(AdminSite):
    """Django admin for administrators and Data Quality Officers."""

    site_title = site_header = "Data Quality"
    index_title = "Data Quality"

    def has_permission(self, request) -> bool:
        user = request.user
        return user.is_active and user.is_authenticated and bool(user.dqo_organizations)


class DataQualityConfig(AdminConfig):
    default_site = "hmis.admin_site.DataQualitySite"
