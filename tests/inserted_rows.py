"""Rows of agencies and clients that are written past every form and model method."""

from datetime import date, timedelta
from functools import partial

import pgtrigger
from django.db import models
from django.utils import timezone

from agencies.models import (
    Affiliation,
    CEParticipation,
    FactorReset,
    Funder,
    HMISParticipation,
    Inventory,
    Invitation,
    Membership,
    Organization,
    Project,
    ProjectCoC,
    SecurityAlert,
    SecurityEvent,
    SharingPolicy,
    UseCount,
    User,
)
from clients.models import (
    Alert,
    Client,
    ClientAccess,
    ClientAlias,
    ClientMerge,
    DuplicateReport,
    DuplicateSearch,
    EmergencyAccess,
    IdentityChange,
    InterestedOther,
    PossibleDuplicate,
    Release,
    SSNReveal,
)
from tests.agencies.factories import (
    AffiliationFactory,
    CEParticipationFactory,
    FunderFactory,
    HMISParticipationFactory,
    InventoryFactory,
    ProjectCoCFactory,
)
from tests.factories import (
    AlertFactory,
    ClientAliasFactory,
    ClientFactory,
    ClientMergeFactory,
    DuplicateReportFactory,
    DuplicateSearchFactory,
    FactorResetFactory,
    IdentityChangeFactory,
    InterestedOtherFactory,
    InvitationFactory,
    MembershipFactory,
    OrganizationFactory,
    PossibleDuplicateFactory,
    ProjectFactory,
    ReleaseFactory,
    UserFactory,
)

NOW = timezone.now()
FACTORIES = {
    Affiliation: AffiliationFactory,
    CEParticipation: CEParticipationFactory,
    Funder: FunderFactory,
    HMISParticipation: HMISParticipationFactory,
    Inventory: InventoryFactory,
    ProjectCoC: ProjectCoCFactory,
    Alert: AlertFactory,
    IdentityChange: IdentityChangeFactory,
    Client: ClientFactory,
    ClientAlias: ClientAliasFactory,
    ClientMerge: ClientMergeFactory,
    DuplicateReport: DuplicateReportFactory,
    DuplicateSearch: DuplicateSearchFactory,
    FactorReset: FactorResetFactory,
    InterestedOther: InterestedOtherFactory,
    Invitation: InvitationFactory,
    Membership: MembershipFactory,
    Organization: OrganizationFactory,
    PossibleDuplicate: PossibleDuplicateFactory,
    Release: ReleaseFactory,
    Project: ProjectFactory,
    User: UserFactory,
}


def about_client(model: type[models.Model], **values) -> models.Model:
    """A row about a client, of the user and the organization that filed the client."""
    client = ClientFactory()
    return model(client=client, user=client.created_by, organization=client.organization, **values)


def without_policy() -> SharingPolicy:
    """The one row, where the one of the migration is gone."""
    with pgtrigger.ignore("agencies.SharingPolicy:never_deleted"):
        SharingPolicy.objects.all().delete()
    return SharingPolicy()


# Rows that no factory makes.
MADE = {
    SecurityEvent: lambda: SecurityEvent(kind="log_in"),
    SecurityAlert: lambda: SecurityAlert(
        kind="new_browser", user=UserFactory(), day=date(2026, 1, 2)
    ),
    UseCount: lambda: UseCount(user=UserFactory(), kind="searches", hour=NOW, minute=NOW),
    SSNReveal: lambda: about_client(SSNReveal, reason="identity"),
    EmergencyAccess: lambda: about_client(
        EmergencyAccess,
        reason="danger",
        explanation="A fire",
        ends_at=NOW + timedelta(hours=4),
    ),
    ClientAccess: lambda: about_client(ClientAccess, page="x"),
    SharingPolicy: without_policy,
}


def new_row(model: type[models.Model], values: dict) -> models.Model:
    """A row that is not saved yet."""
    if model in MADE:
        row = MADE[model]()
    else:
        row = FACTORIES[model].build()
        for field in model._meta.fields:
            if field.is_relation and not field.null:
                setattr(row, field.name, of_related(field))
    for name, value in values.items():
        setattr(row, name, found(row, value))
    return row


def of_related(field) -> models.Model:
    return FACTORIES[field.related_model]()


def found(row: models.Model, value):
    if value == "somebody":
        return UserFactory()
    if value == "earlier":
        return ClientFactory(pk=1)
    return getattr(row, value) if value in ("client_1", "survivor", "project") else value


def insert(model: type[models.Model], values: dict) -> None:
    """Write past every form and model method."""
    to_itself = values.get("merged_into") == "self"
    row = new_row(model, {} if to_itself else values)
    model._base_manager.bulk_create([row])
    if to_itself:
        model._base_manager.filter(pk=row.pk).update(merged_into=row.pk)


def inserted(cases: dict[str, tuple[type[models.Model], list[dict], list[dict]]]) -> dict:
    """The cases of `tests/test_constraints.py`: each is a change to a row that is fine."""
    return {
        name: tuple([partial(insert, model, values) for values in half] for half in halves)
        for name, (model, *halves) in cases.items()
    }
