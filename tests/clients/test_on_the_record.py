"""11.4: every view has who and when, every change who, when and what; neither can be edited."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from clients.models import Alert, Client, ClientAccess, ClientAlias, InterestedOther
from tests.agencies.factories import (
    AffiliationFactory,
    CEParticipationFactory,
    FunderFactory,
    HMISParticipationFactory,
    InventoryFactory,
    ProjectCoCFactory,
)
from tests.clients.merge.rows import emergency
from tests.factories import (
    AlertFactory,
    ClientFactory,
    ClientMergeFactory,
    DuplicateReportFactory,
    IdentityChangeFactory,
    InterestedOtherFactory,
    PossibleDuplicateFactory,
    ReleaseFactory,
    UserFactory,
)
from tests.pages import send

EVENTS = [
    model
    for app in ("agencies", "clients", "records")
    for model in apps.get_app_config(app).get_models()
    if hasattr(model, "pgh_tracked_model")
]


def test_every_page_of_a_client_writes_who_when_and_which(portal, alice, harbor, john):
    alert, other = AlertFactory(client=john), InterestedOtherFactory(client=john)
    browser = portal(alice)
    pages = {
        "dashboard": "view",
        "edit": "change",
        "reveal_ssn": "view",
        "ask_to_reveal_ssn": "view",
        "alerts": "view",
        "add_alert": "change",
        "edit_alert": "change",
        "delete_alert": "change",
        "interested_others": "view",
        "add_interested_other": "change",
        "interested_other": "view",
        "edit_interested_other": "change",
        "delete_interested_other": "change",
    }
    rows = {"alert": alert.pk, "other": other.pk}
    for name, kind in pages.items():
        of_row = [] if name.startswith(("add_", "ask_")) else [rows.get(name.rpartition("_")[2])]
        args = [john.pk, *filter(None, of_row)]
        before = timezone.now()
        assert browser.get(reverse(f"clients:{name}", args=args)).status_code == 200
        access = ClientAccess.objects.get(at__gte=before)
        assert (access.client, access.user, access.organization) == (john, alice, harbor)
        assert (access.kind, access.page) == (kind, f"clients:{name}")


def test_comparing_two_clients_writes_both(portal, alice, harbor, john):
    second = ClientFactory(organization=harbor, created_by=alice)
    report = DuplicateReportFactory(
        organization=harbor, created_by=alice, client_1=john, client_2=second
    )
    portal(alice).get(report.get_absolute_url())
    assert set(ClientAccess.objects.values_list("client", flat=True)) == {john.pk, second.pk}


def test_page_that_is_refused_is_in_the_access_log_as_refused(portal, charlie, john):
    Client.objects.filter(pk=john.pk).update(visibility="own")
    portal(charlie).get(john.get_absolute_url())
    access = ClientAccess.objects.get()
    assert (access.client, access.user, access.kind) == (john, charlie, "refused")


SET_UP = (
    *(AffiliationFactory, CEParticipationFactory, FunderFactory, HMISParticipationFactory),
    *(InventoryFactory, ProjectCoCFactory),
)


@pytest.mark.parametrize("model", [ClientAccess, *EVENTS], ids=lambda model: model.__name__)
@pytest.mark.parametrize("action", ["update", "delete"])
def test_database_refuses_to_edit_what_is_on_record(alice, john, harbor, policy, model, action):
    ClientAccess.objects.create(client=john, user=alice, organization=harbor, page="x")
    ClientAlias(client=john, first_name="Jack").save()
    DuplicateReportFactory(client_1=john, organization=harbor)
    ClientMergeFactory(survivor=john)
    PossibleDuplicateFactory(client_1=john)
    AlertFactory(client=john)
    InterestedOtherFactory(client=john)
    IdentityChangeFactory(client=john)
    ReleaseFactory(client=john)
    policy("parts")
    emergency(john)
    for kept in SET_UP:
        kept()
    table = connection.ops.quote_name(model._meta.db_table)
    column = connection.ops.quote_name(model._meta.pk.column)
    sql = {
        "update": f"UPDATE {table} SET {column} = {column}",
        "delete": f"DELETE FROM {table}",
    }[action]
    count = model.objects.count()
    assert count
    with (
        pytest.raises(DatabaseError, match="Cannot"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert model.objects.count() == count


def test_every_model_of_records_has_a_history():
    tracked = {model.pgh_tracked_model for model in EVENTS}
    untracked = {
        model.__name__
        for app in ("agencies", "clients", "records")
        for model in apps.get_app_config(app).get_models()
        if model not in tracked and model not in EVENTS
    }
    # One-time tokens, drafts, searches, what is derived from names, counts and sessions; logs, and
    # what keeps who and when of each step itself.
    assert untracked == {
        *("Submission", "FormDraft", "ClientSearch", "DuplicateSearch", "DuplicateKey"),
        *("NameSpelling", "NameForm", "AttemptCount", "UseCount", "UserSession", "KnownBrowser"),
        *("ClientAccess", "SecurityEvent", "SSNReveal"),
        *("SecurityAlert", "Invitation", "FactorReset"),
    }


def test_each_change_keeps_its_author_and_organization(portal, alice, bob, harbor, john):
    edit = reverse("clients:edit", args=[john.pk])
    send(portal(bob), edit, phone="617-555-0111")
    send(portal(alice), edit, aliases=[("Jack", "")])
    first, second = john.events.filter(pgh_label="update").order_by("pgh_id")
    assert (first.phone, first.updated_by) == ("617-555-0111", bob)
    assert first.pgh_context["user"] == bob.pk
    assert first.pgh_context["organization"] == harbor.pk
    assert second.pgh_context["user"] == alice.pk
    alias = john.aliases.get().events.get()
    assert (alias.pgh_label, alias.pgh_context["user"]) == ("insert", alice.pk)


def test_new_record_keeps_its_author(portal, alice, harbor, john):
    add = reverse("clients:add_interested_other", args=[john.pk])
    send(portal(alice), add, type_description="Aunt")
    event = InterestedOther.objects.get().events.get()
    assert event.pgh_context == {"user": alice.pk, "organization": harbor.pk}


def test_reading_leaves_no_event(portal, alice, john):
    count = john.events.count()
    portal(alice).get(john.get_absolute_url())
    assert john.events.count() == count


ROWS = {
    "alert": (Alert, AlertFactory, "alerts"),
    "interested_other": (InterestedOther, InterestedOtherFactory, "interested_others"),
}


@pytest.mark.parametrize("kind", ROWS)
def test_removing_keeps_the_row_and_restoring_brings_it_back(portal, alice, john, kind):
    model, factory, listing = ROWS[kind]
    row = factory(client=john)
    browser = portal(alice)
    listing = reverse(f"clients:{listing}", args=[john.pk])
    remove = reverse(f"clients:delete_{kind}", args=[john.pk, row.pk])
    assert browser.get(remove).status_code == 200
    assert model.objects.exists()  # a GET only asks
    assert browser.post(remove)["Location"] == listing
    assert not model.objects.exists()
    kept = model.with_deleted.get()
    assert (kept.deleted_by, kept.updated_by) == (alice, alice)
    assert kept.date_deleted
    page = browser.get(listing)
    assert list(page.context["deleted"]) == [row]
    back = browser.post(kept.restore_url)
    assert back["Location"] == listing
    assert model.objects.get().deleted_by is None
    assert [event.pgh_label for event in row.events.order_by("pgh_id")] == [
        "insert",
        "update",
        "update",
    ]


@pytest.mark.parametrize("kind", ROWS)
def test_removing_twice_or_restoring_twice_is_no_error_page(portal, alice, john, kind):
    model, factory, listing = ROWS[kind]
    row = factory(client=john)
    browser = portal(alice)
    listing = reverse(f"clients:{listing}", args=[john.pk])
    for url in (
        reverse(f"clients:delete_{kind}", args=[john.pk, row.pk]),
        row.restore_url,
    ):
        for _ in range(2):
            assert browser.post(url)["Location"] == listing
    assert model.objects.get() == row


@pytest.mark.parametrize("kind", ROWS)
def test_deleted_lately_is_shown_to_the_one_who_deleted_it(
    *, portal, alice, bob, john, kind, time_machine
):
    time_machine.move_to("2026-11-22 12:00", tick=False)
    _, factory, listing = ROWS[kind]
    row = factory(client=john)
    listing = reverse(f"clients:{listing}", args=[john.pk])
    row.mark_deleted(by=alice)
    assert list(portal(alice).get(listing).context["deleted"]) == [row]
    assert not portal(bob).get(listing).context["deleted"]
    time_machine.shift(3601)
    assert not portal(alice).get(listing).context["deleted"]


@pytest.mark.parametrize("kind", ROWS)
def test_pop_up_deletes_and_leads_the_page_under_it_away(portal, alice, john, kind):
    row = ROWS[kind][1](client=john)
    remove = reverse(f"clients:delete_{kind}", args=[john.pk, row.pk])
    htmx = {"HX-Request": "true"}
    pop_up = portal(alice).get(remove, headers=htmx).content.decode()
    assert "dialog-head" in pop_up
    assert "<html" not in pop_up
    answer = portal(alice).post(remove, headers=htmx)
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == reverse(f"clients:{ROWS[kind][2]}", args=[john.pk])


def test_administrator_of_no_organization_is_still_on_record(portal, john, harbor):
    admin = UserFactory(is_superuser=True)
    browser = portal(admin)
    assert browser.get(john.get_absolute_url()).status_code in (200, 302)
    browser.post("/settings/", {"organization": harbor.pk})
    browser.get(john.get_absolute_url())
    assert ClientAccess.objects.filter(user=admin, client=john).exists()
