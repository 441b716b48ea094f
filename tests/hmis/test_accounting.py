"""R16.1: who has seen a client's record, by period, for the client to have."""

import re
from datetime import date, timedelta
from html import unescape

import pghistory
import pgtrigger
import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.use_limits import UseLimit
from clients.access_log.accounting import DID, Period
from clients.access_log.releases import Releases
from clients.models import Client, ClientAccess
from records.models import Visibility
from tests.consent.factories import ReleaseFactory, revoked
from tests.factories import (
    AlertFactory,
    ClientFactory,
    ClientMergeFactory,
    OrganizationFactory,
    UserFactory,
)


@pytest.fixture
def john(alice, harbor):
    return ClientFactory(
        first_name="John", last_name="Smith", organization=harbor, created_by=alice
    )


def page(client, name="accounting"):
    return reverse(name, args=[client.pk])


def body(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    parts = answer.streaming_content if answer.streaming else [answer.content]
    return unescape(b"".join(parts).decode())


def test_officer_of_the_clients_organization_reads_who_viewed_and_who_changed(
    portal, dana, alice, john
):
    portal(alice).get(john.get_absolute_url())
    portal(alice).get(john.get_absolute_url())
    Client.objects.filter(pk=john.pk).update(phone="555-0100")
    html = body(portal(dana).get(page(john)))
    assert str(alice) in html
    assert "Viewed: Client Dashboard (2 times)" in html
    assert "Changed: client changed" in html
    assert "Harbor Services" in html
    assert "clients:dashboard" not in html


def test_lists_and_refusals_are_in_the_accounting(portal, dana, alice, charlie, john, bridge):
    row = {"organization": john.organization, "user": alice, "page": "clients:results"}
    ClientAccess.objects.create(listed=[1, john.pk], kind="list", **row)
    Client.objects.filter(pk=john.pk).update(visibility=Visibility.OWN_ORGANIZATION)
    assert portal(charlie).get(john.get_absolute_url()).status_code == 404
    html = body(portal(dana).get(page(john)))
    assert "Seen on a list: Find Client results" in html
    assert "Refused: Client Dashboard" in html


def test_every_kind_of_access_has_words_for_the_client():
    assert set(DID) == set(ClientAccess.Kind)


def test_organization_of_others_is_named_and_their_users_are_not(portal, dana, charlie, john):
    portal(charlie).get(john.get_absolute_url())
    html = body(portal(dana).get(page(john)))
    assert "Bridge House" in html
    assert "A user of this organization" in html
    assert charlie.last_name not in html
    assert charlie.email not in html


def test_who_changed_it_outside_any_organization_is_no_user_of_one(
    portal, dana, alice, charlie, john
):
    """An import has no organization: the officer's own users are named, and nobody else."""
    administrator = UserFactory(is_superuser=True)
    for user in (alice, charlie, administrator):
        with pghistory.context(user=user.pk):
            Client.objects.filter(pk=john.pk).update(phone=f"555-0{user.pk}")
    rows = re.findall(r"<tr>.*?</tr>", body(portal(dana).get(page(john))), re.DOTALL)
    found = [row for row in rows if "No organization" in row]
    who = [re.search(r"<bdi>(.*?)</bdi>", row)[1] for row in found if "client changed" in row]
    assert sorted(who) == sorted([str(alice), "A user of another organization", "An administrator"])
    assert not any("A user of this organization" in row for row in found)
    html = body(portal(administrator).get(page(john)))
    assert str(charlie) in html


def test_release_by_which_another_organization_saw_the_client_is_named(
    portal, dana, alice, charlie, john, time_machine
):
    """As it was on that day: what was revoked since covered it then."""
    time_machine.move_to("2026-03-02T17:00:00Z", tick=False)
    Client.objects.filter(pk=john.pk).update(date_created=timezone.now())
    release = ReleaseFactory(client=john)
    for user in (alice, charlie):
        portal(user).get(john.get_absolute_url())
    time_machine.move_to("2026-03-05T17:00:00Z", tick=False)
    revoked(release)
    time_machine.move_to("2026-03-06T17:00:00Z", tick=False)
    portal(charlie).get(john.get_absolute_url())  # all is shared: it needed none
    rows = re.findall(r"<tr>.*?</tr>", body(portal(dana).get(page(john))), re.DOTALL)

    def line(day, organization):
        (found,) = (row for row in rows if day in row.partition("For")[0] and organization in row)
        return found

    assert "Released on 03/02/2026" in line("03/02/2026", "Bridge House")
    assert "Released" not in line("03/06/2026", "Bridge House")
    assert "Released" not in line("03/02/2026", "Harbor Services")
    assert "Released on 03/02/2026" in body(portal(dana).get(page(john, "accounting_print")))


def test_what_was_done_for_no_organization_needed_no_release(john, bridge):
    ReleaseFactory(client=john)
    releases, today = Releases(john), timezone.localdate()
    assert (releases.of(bridge.pk, today), releases.of(0, today)) == (today, None)


@pytest.mark.parametrize(
    ("refused", "named"),
    [("", True), ("all", False), ("bridge", False), ("another", True)],
)
def test_refusal_after_a_release_ends_it_for_whom_it_is_about(john, bridge, refused, named):
    ReleaseFactory(client=john)
    if refused:
        covers = {"all": None, "bridge": bridge}.get(refused, OrganizationFactory())
        ReleaseFactory(client=john, refused=True, covers=covers)
    assert (Releases(john).of(bridge.pk, timezone.localdate()) is not None) is named


def test_release_counts_until_it_was_replaced_or_found_to_be_a_mistake(john, bridge):
    today = timezone.localdate()
    start, ended, mistaken = (today - timedelta(days=days) for days in (90, 60, 30))
    ReleaseFactory(client=john, answered_on=start, begins_on=start)
    later = {"answered_on": ended, "begins_on": ended, "ends_on": ended + timedelta(days=9)}
    ReleaseFactory(client=john, **later)
    mistake = ReleaseFactory(client=john, answered_on=mistaken, begins_on=mistaken)
    revoked(mistake, reason="mistake")

    def released_on(day):
        return Releases(john).of(bridge.pk, day)

    assert released_on(ended - timedelta(days=1)) == start
    assert released_on(ended) == ended
    assert released_on(mistaken - timedelta(days=1)) is None  # the first one was replaced
    assert released_on(today - timedelta(days=1)) == mistaken
    assert released_on(today + timedelta(days=1)) is None


def test_refusal_for_one_stands_until_an_answer_about_that_one(john, bridge):
    ReleaseFactory(client=john, refused=True, covers=bridge)
    ReleaseFactory(client=john)
    assert Releases(john).of(bridge.pk, timezone.localdate()) is None
    ReleaseFactory(client=john, covers=bridge)
    assert Releases(john).of(bridge.pk, timezone.localdate()) is not None


def test_refusal_by_mistake_ends_a_release_until_it_was_found(john, bridge):
    today = timezone.localdate()
    ReleaseFactory(client=john, answered_on=today - timedelta(days=9))
    yesterday = today - timedelta(days=1)
    refusal = {"refused": True, "answered_on": yesterday, "begins_on": yesterday}
    revoked(ReleaseFactory(client=john, **refusal), reason="mistake")
    assert Releases(john).of(bridge.pk, yesterday) is None
    assert Releases(john).of(bridge.pk, today) is not None


def test_release_counts_until_a_merge_left_it_undecided(john, bridge):
    today = timezone.localdate()
    past = timezone.now() - timedelta(days=9)
    start = timezone.localdate(past)
    ReleaseFactory(
        client=john, answered_on=start, begins_on=start, date_created=past, undecided=True
    )
    ClientMergeFactory(survivor=john, at=timezone.now() - timedelta(days=2))
    assert Releases(john).of(bridge.pk, today - timedelta(days=3)) == start
    assert Releases(john).of(bridge.pk, today) is None


def test_administrator_reads_every_name(portal, charlie, john):
    portal(charlie).get(john.get_absolute_url())
    boss = UserFactory(is_superuser=True, is_staff=True)
    assert str(charlie) in body(portal(boss).get(page(john)))


@pytest.mark.parametrize("name", ["accounting", "accounting_print", "accounting_pdf"])
def test_only_officers_of_the_clients_organization_make_an_accounting(
    portal, alice, charlie, bridge, cass, john, name
):
    for user in (alice, charlie, cass, UserFactory(dqo_at=[bridge])):
        assert portal(user).get(page(john, name)).status_code == 404
        refused = ClientAccess.objects.filter(user=user, client=john, kind="refused")
        assert refused.filter(page=name).exists()


@pytest.mark.parametrize(
    ("name", "kind"),
    [("accounting", "view"), ("accounting_print", "export"), ("accounting_pdf", "export")],
)
def test_making_an_accounting_is_logged(portal, dana, john, name, kind):
    assert portal(dana).get(page(john, name)).status_code == 200
    access = ClientAccess.objects.get()
    assert (access.client, access.user, access.kind, access.page) == (john, dana, kind, name)


def test_period_has_both_days_whole(portal, dana, alice, john, time_machine):
    start = timezone.now()
    pages = ("edit", "alerts", "interested_others", "dashboard")
    for at, name in zip(
        ("03-01 04:59", "03-01 05:00", "03-03 04:59", "03-03 05:00"), pages, strict=True
    ):
        time_machine.move_to(f"2026-{at}:30 +00:00", tick=False)
        ClientAccess.objects.create(
            client=john, user=alice, organization=john.organization, page=f"clients:{name}"
        )
    time_machine.move_to(start, tick=False)
    found = portal(dana).get(page(john), {"first": "03/01/2026", "last": "03/02/2026"})
    said = " ".join(what for line in found.context["lines"] for what in line.what)
    assert said == "Viewed: Interested Others Viewed: Alerts"


def test_usual_period_is_six_years_or_since_the_record_was_created(john):
    today = date(2026, 11, 29)
    john.date_created = timezone.make_aware(timezone.datetime(2025, 3, 4))
    assert Period.usual(john, today) == Period(date(2025, 3, 4), today)
    john.date_created = timezone.make_aware(timezone.datetime(2001, 3, 4))
    assert Period.usual(john, today) == Period(date(2020, 11, 29), today)
    assert Period.usual(john, date(2024, 2, 29)).first == date(2018, 2, 28)


@pytest.mark.parametrize(
    "typed", [{"first": "03/02/2026", "last": "03/01/2026"}, {"first": "x"}, {"last": "13/13/2026"}]
)
def test_wrong_period_is_said_beside_the_boxes(portal, dana, john, typed):
    browser = portal(dana)
    html = body(browser.get(page(john), typed))
    assert "Enter a" in html
    for name in ("accounting_print", "accounting_pdf"):
        assert browser.get(page(john, name), typed).url.startswith(page(john))


def test_merged_client_has_the_accesses_of_every_id(portal, dana, alice, john, harbor):
    gone = ClientFactory(organization=harbor, created_by=alice)
    portal(alice).get(gone.get_absolute_url())
    ClientMergeFactory(survivor=john, merged=gone)
    Client.objects.filter(pk=gone.pk).update(merged_into=john)
    for one in (john, gone):
        assert "Viewed: Client Dashboard" in body(portal(dana).get(page(one)))


def test_deleted_client_has_an_accounting(portal, dana, alice, john):
    portal(alice).get(john.get_absolute_url())
    Client.objects.filter(pk=john.pk).update(date_deleted=timezone.now(), deleted_by=dana)
    for name in ("accounting", "accounting_print"):
        assert "Viewed: Client Dashboard" in body(portal(dana).get(page(john, name)))


def test_print_and_screen_have_the_same_lines(portal, dana, alice, john):
    portal(alice).get(john.get_absolute_url())
    AlertFactory(client=john)
    printed = body(portal(dana).get(page(john, "accounting_print")))
    assert "Viewed: Client Dashboard" in printed
    assert "Changed: alert added" in printed


def test_pdf_is_one(portal, dana, alice, john):
    portal(alice).get(john.get_absolute_url())
    answer = portal(dana).get(page(john, "accounting_pdf"))
    assert answer.content.startswith(b"%PDF")
    assert f'"who-has-seen-client-{john.pk}.pdf"' in answer["Content-Disposition"]
    assert john.last_name not in answer["Content-Disposition"]


def test_pdf_counts_as_a_download(portal, dana, john, settings):
    settings.USE_LIMITS = {"downloads": UseLimit.parse("hour 1 1")}
    settings.USE_LIMITS_OFFICERS = 1
    got = [portal(dana).get(page(john, "accounting_pdf")).status_code for _ in range(2)]
    assert got == [200, 429]


def test_long_accounting_is_paged_and_its_queries_do_not_grow(
    portal, dana, alice, john, django_assert_max_num_queries
):
    now = timezone.now()
    Client.objects.filter(pk=john.pk).update(date_created=now - timedelta(days=400))
    row = {"client": john, "user": alice, "organization": john.organization}
    with pgtrigger.ignore("clients.ClientAccess:append_only"):
        for day in range(120):
            access = ClientAccess.objects.create(page="clients:edit", **row)
            ClientAccess.objects.filter(pk=access.pk).update(at=now - timedelta(days=day))
    with django_assert_max_num_queries(27):
        first = portal(dana).get(page(john))
    assert len(first.context["lines"]) == 50
    assert first.context["has_more"]
    third = portal(dana).get(page(john), {"p": 3})
    assert 20 <= len(third.context["lines"]) <= 25
    assert not third.context["has_more"]
