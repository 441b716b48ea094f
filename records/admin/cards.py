"""What waits for an officer, on the start page of the Data Quality workspace.

`settings.DATA_QUALITY_CARDS` lists dotted paths of callables that take the request and give a Card,
or None where there is nothing to say to this user.
"""

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.module_loading import import_string

from records.statements import compiled

MOST = 99


@dataclass(frozen=True)
class Card:
    """One kind of work: how much of it waits, and where it is done.

    Args:
        text: what follows the number, of one as of many, such as "waiting for a decision".
        count: how many wait; None where the work has no number.
    """

    title: str
    text: str
    url: str
    icon: str = "list"
    count: int | None = None

    @property
    def is_quiet(self) -> bool:
        return self.count == 0

    @property
    def number(self) -> str:
        return f"{MOST}+" if (self.count or 0) > MOST else str(self.count)


def waiting(rows: QuerySet) -> int:
    """Count the rows as far as it is shown: up to 99, and one for more."""
    return rows.order_by()[: MOST + 1].count()


@dataclass(frozen=True)
class Listed:
    """The rows of a model's list in admin that wait, of those that a user sees there.

    Args:
        open_rows: those that wait, of all; a function of a module, by which its statement is kept.
    """

    model: type[Model]
    open_rows: Callable[[Any], QuerySet]

    def __call__(self, user: Any) -> QuerySet:
        model_admin = admin.site.get_model_admin(self.model)
        return self.open_rows(model_admin.get_queryset(SimpleNamespace(user=user)))  # type: ignore[arg-type]


@compiled
def _first_keys(user: Any, *, rows: Listed) -> QuerySet:
    return rows(user).order_by().values_list("pk", flat=True)[: MOST + 1]


def waiting_on_list(user: Any, model: type[Model], open_rows: Callable[[Any], QuerySet]) -> int:
    """Count the rows of a list that wait for the user, as `waiting` does."""
    return len(_first_keys(user, rows=Listed(model, open_rows)))


def list_card(
    request, model: type[Model], open_rows: Callable[[Any], QuerySet], text: str, query: str = ""
) -> Card:
    """A card that counts rows of a model's list in admin, of those that this user sees there.

    Args:
        open_rows: the rows that wait, of all; a function of a module.
        query: what leads to them on the list.
    """
    model_admin = admin.site.get_model_admin(model)
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist") + query
    count = waiting_on_list(request.user, model, open_rows)
    return Card(model_admin.heading, text, url, model_admin.icon, count)


def cards(request) -> list[Card]:
    """The cards of this user, in the order of the settings."""
    found = [import_string(path)(request) for path in settings.DATA_QUALITY_CARDS]
    return [card for card in found if card]
