"""What every list of the Data Quality workspace has: its rows are the officer's own."""

from collections import Counter
from contextlib import nullcontext
from itertools import chain
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import ShowFacets
from django.contrib.admin.utils import NestedObjects, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, router
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst

from hud.text import as_id
from records.admin.changes import PAGE, event_model, events_of, page_of
from records.admin.fields import PlainFields
from records.admin.lists import MOST_PAGES, MoreChangeList
from records.constraints import constraint_messages
from records.forms import CheckedForm
from records.searched_select import MOST

CLIENT, ORGANIZATION = "clients.Client", "agencies.Organization"
NOT_THERE = "This record does not exist, or it belongs to another organization."


class ScopedAdmin(PlainFields, admin.ModelAdmin):
    """Shows a Data Quality Officer the rows of the own organizations and no others.

    An administrator (superuser) sees and does everything. `scope` is the way from a row to its
    organization; `officer_permissions` names what an officer may do beside viewing. No list counts
    its rows, and no address finds rows by a column that is not among the list's filters.
    """

    form = CheckedForm
    scope = "organization"
    officer_permissions: frozenset[str] = frozenset()
    icon = "list"
    lead = ""  # one sentence under the heading of the list
    empty_title = empty_text = ""  # what stands there instead of rows: what will be, and when
    list_per_page = 50
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    save_as = save_on_top = False
    view_on_site = False

    @property
    def heading(self) -> str:
        """What the list is called on its page."""
        return capfirst(str(self.opts.verbose_name_plural))

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows if request.user.is_superuser else self.limit_queryset(rows, request)

    def limit_queryset(self, rows, request):
        """The rows of the officer's organizations."""
        return rows.filter(**{f"{self.scope}__in": request.user.dqo_organizations})

    def get_changelist(self, request, **options):
        return MoreChangeList

    def lookup_allowed(self, lookup, value, request) -> bool:
        """Only the filters of the list: any other column could be guessed letter by letter."""
        return any(lookup in _parameters(one) for one in self.get_list_filter(request))

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Say what the database refused because somebody else was quicker."""
        name = self.opts.verbose_name
        title = capfirst(name) if object_id else f"Add {name}"
        context = {"title": title} | (extra_context or {})
        try:
            with constraint_messages() if request.method == "POST" else nullcontext():
                return super().changeform_view(request, object_id, form_url, context)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return redirect(request.path)

    def formfield_for_foreignkey(self, db_field, request, **options):
        model = db_field.related_model
        if model._meta.label == ORGANIZATION and not request.user.is_superuser:
            options["queryset"] = model.objects.filter(pk__in=request.user.dqo_organizations)
        return super().formfield_for_foreignkey(db_field, request, **options)

    def get_changeform_initial_data(self, request) -> dict:
        """An officer of one organization need not choose it."""
        own = own_organizations(request)
        start = super().get_changeform_initial_data(request)
        return {"organization": own[0].pk} | start if len(own) == 1 else start

    def history_sources(self, request, obj) -> list[models.QuerySet]:
        """The events that the history of a row consists of, which the officer may see."""
        if event_model(self.model) is None:
            return []
        return [events_of(self.model).filter(pgh_obj_id=obj.pk)]

    def clients_of(self, row) -> list[int]:
        """The IDs of the clients that a row is about, for the access log."""
        return clients_of(row)

    def changelist_view(self, request, extra_context=None):
        answer = super().changelist_view(request, extra_context)
        changelist = getattr(answer, "context_data", None) and answer.context_data.get("cl")
        if changelist:
            rows = changelist.result_list
            shown = [client_id for row in rows for client_id in self.clients_of(row)]
            request.access_recorder.add_list(shown)
        return answer

    def history_view(self, request, object_id, extra_context=None):
        """What changed, when and by whom, as the database noted it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        request.access_recorder.add(self.clients_of(obj))
        number = page_number(request)
        sources = self.history_sources(request, obj)
        entries = page_of(sources, request.user, first=(number - 1) * PAGE) if sources else []
        page = self.admin_site.each_context(request) | {
            "title": "History",
            "opts": self.opts,
            "object": obj,
            "entries": entries[:PAGE],
            "number": number,
            "has_more": len(entries) > PAGE and number < MOST_PAGES,
        }
        return render(request, "admin/object_history.html", page)

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """Goes to the workspace with a message, and is recorded like a 404."""
        request.access_recorder.has_refused = True
        messages.warning(request, NOT_THERE)
        return redirect("admin:index")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        page = {"has_history": event_model(self.model) is not None}
        answer = super().change_view(request, object_id, form_url, page | (extra_context or {}))
        shown = getattr(answer, "context_data", None) and answer.context_data.get("original")
        if shown:
            request.access_recorder.add(self.clients_of(shown))
        return answer

    def _allows(self, request, action: str) -> bool:
        user = request.user
        is_officer = bool(user.is_active and user.dqo_organizations)
        return user.is_superuser or (is_officer and action in self.officer_permissions | {"view"})

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

    def get_deleted_objects(self, objs, request):
        """What goes with them, or else what stands against it: the page counts it and names none.

        Django's names them all, and asks for the user of each membership by itself.
        """
        collector = NestedObjects(using=router.db_for_write(self.model), origin=objs)
        collector.collect(objs)
        found = collector.model_objs
        lacking = {
            model._meta.verbose_name
            for model, rows in found.items()
            if self.admin_site.is_registered(model)
            and not all(self._may_delete(request, row) for row in rows)
        }
        rows = list(chain(*found.values()))
        counted = collector.protected or set(rows).difference(objs)
        counts = Counter(str(row._meta.verbose_name_plural) for row in counted)
        return rows, dict(sorted(counts.items())), lacking, list(collector.protected)

    def _may_delete(self, request, row: models.Model) -> bool:
        return self.admin_site.get_model_admin(type(row)).has_delete_permission(request, row)


def client_columns(model: type[models.Model]) -> list[models.Field]:
    """The columns of a model that name a client."""
    columns = [field for field in model._meta.concrete_fields if field.related_model]
    return [one for one in columns if one.related_model._meta.label == CLIENT]


def clients_of(row: models.Model) -> list[int]:
    """The IDs of the clients that a row names."""
    found = [getattr(row, one.attname) for one in client_columns(type(row))]
    return [client_id for client_id in found if client_id is not None]


def _parameters(list_filter) -> set[str]:
    """What a filter of a list adds to its address."""
    if name := getattr(list_filter, "parameter_name", None):
        return {name}
    name = list_filter if isinstance(list_filter, str) else list_filter[0]
    return {f"{name}__{lookup}" for lookup in ("exact", "isnull", "isempty")}


def page_number(request) -> int:
    """The page that the address asks for; the first where it asks for none."""
    return min(as_id(request.GET.get("p", "")) or 1, MOST_PAGES)


class ReadOnlyAdmin(ScopedAdmin):
    """Rows that are looked at here, and written elsewhere; administrators do not write them either.

    What else is done with them is an admin action or a page of its own.
    """

    def _allows(self, request, action: str) -> bool:
        return action not in {"add", "change", "delete"} and super()._allows(request, action)


class OrganizationFilter(admin.SimpleListFilter):
    """The officer's own organizations, where there are several; part of a name, of too many."""

    title = "organization"
    parameter_name = "organization"
    is_date, error = False, ""

    def lookups(self, request, model_admin):
        self.names = {str(one.pk): str(one) for one in own_organizations(request)}
        self.input_type = "text" if len(self.names) >= MOST else ""
        return list(self.names.items())

    def has_output(self) -> bool:
        return len(self.lookup_choices) > 1

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        if not self.input_type:
            return queryset.filter(organization=self.value())
        words = self.value().casefold().split()
        named = [
            pk for pk, name in self.names.items() if all(one in name.casefold() for one in words)
        ]
        return queryset.filter(organization__in=named)


def render_in_workspace(request, template: str, page: dict[str, Any]) -> HttpResponse:
    """A page that is no list of a model, with what all pages of the workspace have."""
    return render(request, template, admin.site.each_context(request) | page)


def own_organizations(request) -> list:
    """The organizations whose data quality the user manages."""
    return [one.organization for one in request.user.access.values() if one.is_dqo]
