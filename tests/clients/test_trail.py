"""11.4: every change of a client's record has who, when, what; every view has who and when."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.models import User
from clients.access_log import trail
from clients.models import Client, ClientAccess, ClientAlias
from tests.agencies.admin.rows import check
from tests.casenotes.factories import CaseNoteFactory
from tests.factories import (
    AlertFactory,
    ClientAliasFactory,
    ClientFactory,
    InterestedOtherFactory,
    UserFactory,
)
from tests.pages import send, without_tokens

TRAIL = reverse("admin:clients_clientaccess_trail")
LOG = reverse("admin:clients_clientaccess_changelist")


@pytest.fixture
def john(alice, harbor):
    return ClientFactory(
        organization=harbor,
        created_by=alice,
        ssn="219099871",
        ssn_data_quality=1,
        phone="617-555-0199",
    )


def shown(browser, client_id, **more):
    page = browser.get(TRAIL, {"client": client_id} | more)
    assert page.status_code == 200
    return page.content.decode()


def entries(browser, client_id):
    return browser.get(TRAIL, {"client": client_id}).context["entries"]


def edit(portal, user, client, **values):
    """Change a client as the portal does, under the user's name."""
    send(portal(user), reverse("clients:edit", args=[client.pk]), **values)


def without_id(html, client_id):
    """What the page says but for the ID that was asked for."""
    return re.sub(rf'(value="|client=|client%3D|client ){client_id}', r"\1ID", without_tokens(html))


# Changes


def test_change_has_who_when_and_what(portal, dana, alice, john):
    edit(portal, alice, john, phone="617-555-0102")
    entry = entries(portal(dana), john.pk)[0]
    assert entry.who == str(alice)
    assert entry.what == f"Client {john.pk} changed"
    assert [(one.label, one.before, one.after) for one in entry.changes] == [
        ("Phone", "617-555-0199", "617-555-0102")
    ]
    john.refresh_from_db()
    assert abs((entry.at - john.date_updated).total_seconds()) < 60


def test_ssn_is_never_shown_only_that_it_changed(portal, dana, alice, john):
    edit(portal, alice, john, ssn="219-09-9872")
    html = shown(portal(dana), john.pk)
    changes = entries(portal(dana), john.pk)[0].changes
    assert [(one.label, one.is_hidden) for one in changes] == [("SSN", True)]
    for digits in ("219099871", "219099872", "219-09", "•-9872", "•-9871"):
        assert digits not in html


def test_ssn_that_was_only_encrypted_again_did_not_change(portal, dana, alice, john):
    """Each save encrypts it again: other letters in the database, the same number."""
    edit(portal, alice, john, phone="617-555-0103")
    changes = entries(portal(dana), john.pk)[0].changes
    assert [one.label for one in changes] == ["Phone"]


def test_derived_columns_are_not_shown(portal, dana, alice, john):
    edit(portal, alice, john, last_name="Smythe")
    html = shown(portal(dana), john.pk)
    assert "Smythe" in html
    for word in ("hash", "key", "Photo token", "Personal id", "Version"):
        assert word not in " ".join(
            one.label for entry in entries(portal(dana), john.pk) for one in entry.changes
        )


def test_text_of_a_note_is_not_shown_only_that_it_changed(portal, dana, alice, john):
    note = CaseNoteFactory(client=john, created_by=alice, text="She told me of her brother.")
    note.text = "He told me of his sister."
    note.stamp(by=alice)
    note.save()
    html = shown(portal(dana), john.pk)
    assert "brother" not in html
    assert "sister" not in html
    changed = entries(portal(dana), john.pk)[0]
    assert [(one.label, one.is_hidden) for one in changed.changes] == [("Text", True)]


def test_deletion_and_putting_back_are_called_so(portal, dana, john, alice):
    alert = AlertFactory(client=john)
    alert.mark_deleted(by=alice)
    alert.restore(by=alice)
    words = [entry.what for entry in entries(portal(dana), john.pk)][:3]
    assert words == [f"Alert {alert.pk} {action}" for action in ("restored", "deleted", "added")]


def test_alias_is_part_of_the_clients_history(portal, dana, john):
    alias = ClientAliasFactory(client=john, first_name="Jack")
    ClientAlias.objects.filter(pk=alias.pk).delete()
    words = [entry.what for entry in entries(portal(dana), john.pk)][:2]
    assert words == [f"Client alias {alias.pk} deleted", f"Client alias {alias.pk} added"]


def test_every_kind_of_record_with_a_history_is_part_of_it():
    """A new kind of record is found by itself; one without a history is no record of a client."""
    from django.apps import apps

    from clients.models import ClientRecord, Release

    kinds = {one for one in apps.get_models() if issubclass(one, ClientRecord)}
    assert set(trail.record_models()) == kinds | {Release}


# For whom


def test_officer_who_answers_for_the_client_sees_the_own_records_alone(
    portal, dana, charlie, john, bridge
):
    AlertFactory(client=john, organization=bridge, created_by=charlie, text="Of Bridge")
    AlertFactory(client=john, text="Of Harbor")
    html = shown(portal(dana), john.pk)
    assert "Of Harbor" in html
    assert "Of Bridge" not in html


def test_other_organizations_officer_sees_what_that_one_filed(portal, john, bridge, charlie):
    officer = UserFactory(dqo_at=[bridge])
    AlertFactory(client=john, organization=bridge, created_by=charlie, text="Of Bridge")
    html = shown(portal(officer), john.pk)
    assert "Of Bridge" in html
    assert "617-555-0199" not in html


def test_client_that_may_not_be_seen_is_as_good_as_absent(portal, john, bridge, time_machine):
    time_machine.move_to("2026-03-04 12:00:00 +00:00", tick=False)  # a page has the seconds left
    Client.objects.update(visibility="own")
    browser = portal(UserFactory(dqo_at=[bridge]))
    for more in ({}, {"show": "views"}):
        hidden = without_id(shown(browser, john.pk, **more), john.pk)
        assert hidden == without_id(shown(browser, 987_654_321, **more), 987_654_321)


def test_document_checks_are_for_officers_of_cas(portal, dana, cass, harbor, cas_organization):
    row = check(cas_organization)
    assert "Letter of a shelter" in shown(portal(cass), row.client_id)
    own = check(harbor)
    assert "Letter of a shelter" not in shown(portal(dana), own.client_id)


def test_names_of_other_agencies_users_are_not_shown(portal, dana, john, charlie):
    """An administrator is called one; a stranger is a user of another organization."""
    import pghistory

    boss = UserFactory(is_superuser=True, last_name="Bossworth")
    for user in (charlie, boss):
        with pghistory.context(user=user.pk):
            Client.objects.filter(pk=john.pk).update(phone=f"of {user.pk}")
    found = entries(portal(dana), john.pk)
    assert [entry.who for entry in found[:2]] == [
        "An administrator",
        "A user of another organization",
    ]
    html = shown(portal(dana), john.pk)
    assert charlie.last_name not in html
    assert "Bossworth" not in html


def test_deleted_client_of_the_own_organization_keeps_its_history(portal, dana, alice, john):
    john.mark_deleted(by=alice)
    assert f"Client {john.pk} deleted" in shown(portal(dana), john.pk)


def test_administrator_sees_everything(portal, john, bridge, charlie):
    AlertFactory(client=john, organization=bridge, created_by=charlie, text="Of Bridge")
    html = shown(portal(UserFactory(is_superuser=True)), john.pk)
    assert "Of Bridge" in html
    assert "617-555-0199" in html


@pytest.mark.parametrize("typed", ["", "x", "0", "-1", "9" * 30, "1.5", "²"])
def test_what_is_no_client_id_is_no_error(portal, dana, typed):
    assert portal(dana).get(TRAIL, {"client": typed}).status_code == 200


def test_reading_the_changes_is_itself_a_view(portal, dana, john):
    shown(portal(dana), john.pk)
    view = ClientAccess.objects.get(client=john)
    assert (view.user, view.page) == (dana, "admin:clients_clientaccess_trail")
    shown(portal(dana), 987_654_321)
    assert ClientAccess.objects.count() == 1


def test_case_manager_is_refused(portal, alice, john):
    assert portal(alice).get(TRAIL, {"client": john.pk}).status_code == 302


# Pages


def test_history_is_paged_and_its_queries_do_not_grow(portal, dana, john, alice):
    browser = portal(dana)

    def count(**more):
        with CaptureQueriesContext(connection) as captured:
            page = browser.get(TRAIL, {"client": john.pk} | more)
        return len(captured), page

    AlertFactory(client=john)
    InterestedOtherFactory(client=john)
    shown(browser, john.pk)
    few, _ = count()
    for number in range(60):
        Client.objects.filter(pk=john.pk).update(phone=f"555-{number}")
    AlertFactory.create_batch(20, client=john)
    InterestedOtherFactory.create_batch(20, client=john)
    many, first = count()
    assert many <= few + 2
    second = browser.get(TRAIL, {"client": john.pk, "p": 2})
    third = browser.get(TRAIL, {"client": john.pk, "p": 3})
    found = [one.at for page in (first, second, third) for one in page.context["entries"]]
    assert len(found) == 103
    assert found == sorted(found, reverse=True)
    assert "Older" not in third.content.decode()


# Views


def view(client, user, organization, **values):
    return ClientAccess.objects.create(
        client=client, user=user, organization=organization, page="clients:dashboard", **values
    )


def test_log_has_views_for_the_own_organization(portal, dana, alice, charlie, john, harbor, bridge):
    other = ClientFactory(organization=bridge)
    mine = [view(john, alice, harbor), view(other, alice, harbor)]
    view(john, charlie, bridge)
    view(other, charlie, bridge)
    page = portal(dana).get(LOG)
    assert set(page.context["cl"].result_list) == set(mine)


def test_views_by_others_of_an_own_client_are_told_without_names(
    portal, dana, charlie, john, bridge
):
    view(john, charlie, bridge)
    html = shown(portal(dana), john.pk, show="views")
    assert "Bridge House" in html
    assert "A user of this organization" in html
    assert charlie.last_name not in html
    assert charlie.email not in html


def test_views_of_a_client_of_others_are_told_of_the_own_users_alone(
    portal, charlie, alice, john, harbor, bridge
):
    officer = UserFactory(dqo_at=[bridge])
    view(john, alice, harbor)
    view(john, charlie, bridge)
    html = shown(portal(officer), john.pk, show="views")
    assert charlie.last_name in html
    assert alice.last_name not in html


def test_log_is_filtered(portal, dana, alice, bob, john, harbor):
    other = ClientFactory(organization=harbor)
    rows = {
        "client": view(john, alice, harbor),
        "user": view(other, bob, harbor),
        "kind": view(other, alice, harbor, kind="ssn"),
    }
    browser = portal(dana)

    def found(**query):
        return list(browser.get(LOG, query).context["cl"].result_list)

    assert found(client=john.pk) == [rows["client"]]
    assert found(user="BOB@harbor.example") == [rows["user"]]
    assert found(kind__exact="ssn") == [rows["kind"]]
    assert found(**{"from": "11/01/2020", "to": "11/02/2020"}) == []
    assert len(found(**{"from": "11/01/2020"})) == 3
    assert found(user="nobody@harbor.example") == []
    assert found(user="charlie@bridge.example") == []
    assert found(client="x") == []


def test_day_filter_has_both_days_whole(portal, dana, alice, john, harbor, time_machine):
    for moment in ("2026-03-01 04:59", "2026-03-01 05:00", "2026-03-03 04:59", "2026-03-03 05:00"):
        time_machine.move_to(f"{moment}:30 +00:00", tick=False)
        view(john, alice, harbor)
    time_machine.move_to("2026-03-04 12:00:00 +00:00", tick=False)
    page = portal(dana).get(LOG, {"from": "03/01/2026", "to": "03/02/2026"})
    assert len(page.context["cl"].result_list) == 2


def test_nobody_edits_the_log(portal, dana, alice, john, harbor):
    row = view(john, alice, harbor)
    boss = UserFactory(is_superuser=True)
    for user in (dana, boss):
        for page, args in (("add", []), ("change", [row.pk]), ("delete", [row.pk])):
            address = reverse(f"admin:clients_clientaccess_{page}", args=args)
            assert portal(user).post(address, {"post": "yes", "kind": "ssn"}).status_code == 403
    assert ClientAccess.objects.filter(pk=row.pk, kind="view").exists()


def plan(rows, *, in_order: bool = True) -> str:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE clients_clientaccess")
        cursor.execute("SET LOCAL enable_seqscan = off")
        if in_order:
            cursor.execute("SET LOCAL enable_bitmapscan = off")
    return rows.explain()


@pytest.mark.parametrize(
    ("who", "query", "index"),
    [
        ("officer", {}, "access_of_organization"),
        ("boss", {}, "access_newest"),
        ("officer", {"from": "03/01/2026"}, "access_of_organization"),
    ],
)
def test_log_is_read_along_an_index(portal, dana, alice, john, harbor, who, query, index):
    clients = [john, *ClientFactory.create_batch(9)]
    agencies = [harbor, *(one.organization for one in clients[1:])]
    ClientAccess.objects.bulk_create(
        ClientAccess(client=clients[i % 10], user=alice, organization=agencies[i % 7], page="x")
        for i in range(3000)
    )
    user: User = dana if who == "officer" else UserFactory(is_superuser=True)
    changelist = portal(user).get(LOG, query).context["cl"]
    found = plan(changelist.queryset.select_related(None)[:51])
    assert index in found, found
    assert "Sort" not in found, found


def test_log_of_one_client_is_read_along_both_indexes(portal, alice, john, harbor):
    """Alone and on a list: neither is found by reading what is on record about everybody else."""
    others = [one.pk for one in ClientFactory.create_batch(300, organization=harbor)]
    rows = [{"client": john}] * 3 + [{"listed": [john.pk, others[0]]}] * 3
    rows += [{"client_id": others[i % 300]} for i in range(3000)]
    rows += [{"listed": [others[i], others[i - 1]]} for i in range(300)]
    ClientAccess.objects.bulk_create(
        ClientAccess(user=alice, organization=harbor, page="x", **row) for row in rows
    )
    boss = UserFactory(is_superuser=True)
    changelist = portal(boss).get(LOG, {"client": john.pk}).context["cl"]
    assert len(changelist.result_list) == 6
    for found in (changelist.queryset.select_related(None), ClientAccess.objects.about(john)):
        way = plan(found[:51], in_order=False)
        assert "BitmapOr" in way, way
        assert "access_by_client" in way, way
        assert "access_by_listed" in way, way
