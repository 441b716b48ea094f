"""What every list of the Data Quality workspace has: its rows are the officer's own."""

from django.contrib import admin
from django.contrib.admin.options import ShowFacets
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models

from agencies.admin.lists import MoreChangeList
from agencies.form_fields import DateField
from agencies.models import Organization


class ScopedAdmin(admin.ModelAdmin):
    """Shows a Data Quality Officer the rows of the own organizations and no others.

    An administrator (superuser) sees and does everything. `scope` is the way from a row to its
    organization; `officer_may` names what an officer may do beside looking. No list counts its
    rows, and no address finds rows by a column that is not among the list's filters.
    """

    scope = "organization"
    officer_may: frozenset[str] = frozenset()
    icon = "list"  # on the start page
    lead = ""  # one sentence under the heading of the list
    empty_text = ""  # what stands there instead of rows
    list_per_page = 50
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    save_as = save_on_top = False
    view_on_site = False
    formfield_overrides = {
        models.DateField: {"form_class": DateField, "widget": DateField().widget},
    }

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows if request.user.is_superuser else self.own(rows, request)

    def own(self, rows, request):
        """The rows of the officer's organizations."""
        return rows.filter(**{f"{self.scope}__in": request.user.dqo_organizations})

    def get_changelist(self, request, **options):
        return MoreChangeList

    def lookup_allowed(self, lookup, value, request) -> bool:
        """Only the filters of the list: any other column could be guessed letter by letter."""
        names = [self._parameter(one) for one in self.get_list_filter(request)]
        return any(lookup == name or lookup.startswith(f"{name}__") for name in names)

    @staticmethod
    def _parameter(list_filter) -> str:
        if isinstance(list_filter, str):
            return list_filter
        if isinstance(list_filter, (list, tuple)):
            return list_filter[0]
        return list_filter.parameter_name

    def formfield_for_dbfield(self, db_field, request, **options):
        field = super().formfield_for_dbfield(db_field, request, **options)
        # No pencil and no plus beside a select: they open pop-ups that need scripts.
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def formfield_for_foreignkey(self, db_field, request, **options):
        if db_field.related_model is Organization and not request.user.is_superuser:
            options["queryset"] = Organization.objects.filter(pk__in=request.user.dqo_organizations)
        return super().formfield_for_foreignkey(db_field, request, **options)

    def get_changeform_initial_data(self, request) -> dict:
        """An officer of one organization need not choose it."""
        own = own_organizations(request)
        start = super().get_changeform_initial_data(request)
        return {"organization": own[0].pk} | start if len(own) == 1 else start

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


class ReadOnlyAdmin(ScopedAdmin):
    """Rows that are looked at here, and written elsewhere; administrators do not write them either.

    A deed beside looking is an action or a page of its own.
    """

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


class OrganizationFilter(admin.SimpleListFilter):
    """The officer's own organizations, where there are several."""

    title = "organization"
    parameter_name = "organization"

    def lookups(self, request, model_admin):
        return [(str(one.pk), str(one)) for one in own_organizations(request)]

    def has_output(self) -> bool:
        return len(self.lookup_choices) > 1

    def queryset(self, request, queryset):
        return queryset.filter(organization=self.value()) if self.value() else queryset


def own_organizations(request) -> list[Organization]:
    """The organizations whose data quality the user looks after."""
    return [one.organization for one in request.user.access.values() if one.is_dqo]
