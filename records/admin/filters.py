"""Filters that one types into, for lists that are too long to choose from."""

from datetime import timedelta

from django.contrib import admin
from django.core.exceptions import ValidationError

from hud.text import as_id
from records.clock import midnight
from records.form_fields import DateField


class BoxFilter(admin.SimpleListFilter):
    """A box; what cannot be read finds nothing."""

    input_type = "text"
    is_date = False
    error = ""  # what is wrong with what was typed

    def lookups(self, request, model_admin):
        return []

    def has_output(self) -> bool:
        return True

    def queryset(self, request, queryset):
        typed = (self.value() or "").strip()
        return self.found(request, queryset, typed) if typed else queryset

    def found(self, request, queryset, typed: str):
        raise NotImplementedError


class ClientFilter(BoxFilter):
    title = "Client ID"
    parameter_name = "client"

    def found(self, request, queryset, typed: str):
        client_id = as_id(typed)
        return queryset.none() if client_id is None else self.of_client(queryset, client_id)

    def of_client(self, queryset, client_id: int):
        return queryset.filter(client=client_id)


class DayFilter(BoxFilter):
    """A day, as midnight of the site's time zone."""

    is_date = True
    lookup = ""
    days_on = 0

    def found(self, request, queryset, typed: str):
        try:
            moment = midnight(DateField().to_python(typed) + timedelta(days=self.days_on))
        except (ValidationError, OverflowError):
            self.error = "Enter a date that exists, as MM/DD/YYYY."
            return queryset.none()
        return queryset.filter(**{self.lookup: moment})


class FromDay(DayFilter):
    title = "from"
    parameter_name = "from"
    lookup = "at__gte"


class ToDay(DayFilter):
    title = "to"
    parameter_name = "to"
    lookup = "at__lt"
    days_on = 1
