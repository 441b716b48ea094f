"""What is on record about one client: every change and every view (11.4), as an officer may see it.

Whoever filed a client answers for it: that organization's officer learns of every change of the
person's own data and of every view, also those for other organizations, but not the names of
their users. Of the records about a client each organization's officer sees the own ones.
"""

from collections.abc import Iterable

from django.apps import apps
from django.contrib import admin
from django.db import models

from agencies.models import User
from clients.models import Client, ClientAccess, ClientAlias, ClientRecord, Release
from records.admin.changes import event_model, events_of
from records.statements import compiled


def client_on_record(user: User, client_id: int) -> Client | None:
    """The client, a deleted one of the own organizations too; None where there is none to see."""
    own = _managed.first(user, client_id)
    if own:
        return own
    rows = Client.with_deleted.filter(pk=client_id).defer("ssn")
    return rows.present().visible_to(user).first()


@compiled
def _managed(user: User, client_id: int) -> models.QuerySet[Client]:
    rows = Client.with_deleted.filter(pk=client_id).defer("ssn")
    return rows if user.is_superuser else rows.filter(organization__in=user.dqo_organizations)


def answers_for(user: User, client: Client) -> bool:
    """Whether the user manages the organization that filed the client, and gives its accounting."""
    return client.organization_id in user.dqo_organizations


def changes_of(request, client: Client) -> list[models.QuerySet]:
    """The events of the client and of the records about it that the user may see."""
    answers = answers_for(request.user, client)
    return events_about(request.user, client.all_ids, kinds_for(request), answers=answers)


def kinds_for(request) -> tuple[type[models.Model], ...]:
    """The kinds of records that the user may see changes of."""
    # Some are for some officers only (7.5); their list in admin says for whom.
    return tuple(
        model
        for model in record_models()
        if not admin.site.is_registered(model)
        or admin.site.get_model_admin(model).has_view_permission(request)
    )


def events_about(
    user: User, ids: list[int], kinds: Iterable[type[models.Model]], *, answers: bool
) -> list[models.QuerySet]:
    """The events of records of these kinds about a client.

    Args:
        ids: all IDs of the client.
        answers: whether the user answers for the client, and sees the person's own data too.
    """
    found = []
    if answers:
        found.append(events_of(Client).filter(pgh_obj_id__in=ids))
        found.append(events_of(ClientAlias).filter(client_id__in=ids))
    for model in kinds:
        rows = events_of(model).filter(client_id__in=ids)
        if not user.is_superuser:
            rows = rows.filter(organization_id__in=user.dqo_organizations)
        found.append(rows)
    return found


def record_models() -> list[type[models.Model]]:
    """Every kind of record about a client that has a history; releases are never deleted."""
    models_ = [one for one in apps.get_models() if issubclass(one, (ClientRecord, Release))]
    return [one for one in models_ if event_model(one)]


def views_of(user: User, client: Client) -> models.QuerySet[ClientAccess]:
    """The views of the client that the user may know of, newest first."""
    rows = ClientAccess.objects.about(client).select_related("user", "organization")
    if not answers_for(user, client):
        rows = rows.filter(organization__in=user.dqo_organizations)
    return rows.order_by("-at", "-pk")
