"""The queue of possible duplicates in the Data Quality workspace (11.2)."""

import re
from itertools import combinations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.models import Client, PossibleDuplicate
from tests.factories import ClientFactory, PossibleDuplicateFactory, UserFactory

QUEUE = reverse("admin:clients_possibleduplicate_changelist")
Decision = PossibleDuplicate.Decision


@pytest.fixture
def pair_of(alice):
    """Return a function that lists two clients of these organizations."""

    def listed(one, two, **values):
        clients = [
            ClientFactory(organization=organization, created_by=alice)
            for organization in (one, two)
        ]
        return PossibleDuplicateFactory(client_1=clients[0], client_2=clients[1], **values)

    return listed


def shown(page):
    return list(page.context["cl"].result_list)


def test_officer_sees_a_pair_only_when_both_clients_are_own(portal, dana, harbor, bridge, pair_of):
    own, mixed, other = (
        pair_of(*both) for both in ((harbor, harbor), (harbor, bridge), (bridge, bridge))
    )
    browser = portal(dana)
    assert shown(browser.get(QUEUE)) == [own]
    for pair in (mixed, other):
        url = reverse("admin:clients_possibleduplicate_change", args=[pair.pk])
        assert browser.get(url).status_code == 302
        assert shown(browser.get(QUEUE, {"q": pair.client_2_id})) == []
        browser.post(QUEUE, {"action": "different", "_selected_action": [pair.pk], "index": 0})
        pair.refresh_from_db()
        assert pair.decision == Decision.OPEN


def test_administrator_sees_all(portal, harbor, bridge, pair_of):
    boss = UserFactory(is_superuser=True, is_staff=True)
    pairs = [pair_of(harbor, bridge), pair_of(bridge, bridge)]
    assert shown(portal(boss).get(QUEUE)) == pairs


def test_likeliest_first_in_words(portal, dana, harbor, pair_of):
    scores = (0.4, 0.995, 0.7, 0.95)
    pairs = {score: pair_of(harbor, harbor, score=score) for score in scores}
    page = portal(dana).get(QUEUE)
    assert shown(page) == [pairs[score] for score in sorted(scores, reverse=True)]
    words = [row[3]["text"] for row in page.context["cl"].table]
    assert words == ["Almost certain", "Very likely", "Likely", "Perhaps"]
    in_one_line = r'<td class="whole"\s+data-label="Found">'
    assert len(re.findall(in_one_line, page.content.decode())) == 4


def test_officer_who_may_not_reveal_ssns_is_not_told_by_how_much_they_differ(
    portal, dana, harbor, pair_of
):
    pair_of(harbor, harbor, reasons=["Same date of birth", "One digit of the SSN differs"])
    pair_of(harbor, harbor, reasons=["Two digits of the SSN swapped"])
    browser = portal(dana)
    assert "One digit of the SSN differs" in browser.get(QUEUE).text
    dana.memberships.update(may_reveal_ssn=False)
    rows = browser.get(QUEUE).context["cl"].table
    assert [row[4]["text"] for row in rows] == ["Same date of birth", "Similar"]


def test_search_by_client_id(portal, dana, harbor, pair_of):
    pairs = [pair_of(harbor, harbor) for _ in range(3)]
    browser = portal(dana)
    for client_id in (pairs[1].client_1_id, f" {pairs[1].client_2_id} "):
        assert shown(browser.get(QUEUE, {"q": client_id})) == [pairs[1]]
    for junk in ("Smith", "9" * 40, "²", "-1"):
        assert shown(browser.get(QUEUE, {"q": junk})) == []


def test_different_people_leave_the_queue_and_can_be_taken_back(portal, dana, harbor, pair_of):
    pair, other = pair_of(harbor, harbor), pair_of(harbor, harbor)
    browser = portal(dana)
    data = {"action": "different", "_selected_action": [pair.pk], "index": 0}
    page = browser.post(QUEUE, data, follow=True)
    assert "1 pair: different people" in page.content.decode()
    assert shown(page) == [other]
    pair.refresh_from_db()
    assert (pair.decision, pair.decided_by) == (Decision.DIFFERENT, dana)
    resolved = f"{QUEUE}?decision=different"
    assert resolved in page.content.decode()
    assert shown(browser.get(resolved)) == [pair]
    page = browser.post(resolved, data | {"action": "reopen"}, follow=True)
    assert "1 pair: to be decided again." in page.content.decode()
    assert set(shown(browser.get(QUEUE))) == {pair, other}
    events = pair.events.order_by("pgh_id").values_list("decision", flat=True)
    assert list(events) == ["open", "different", "open"]


def test_pairs_of_deleted_and_merged_clients_wait_out_of_sight(
    portal, dana, alice, harbor, pair_of
):
    deleted, merged = pair_of(harbor, harbor), pair_of(harbor, harbor)
    deleted.client_1.mark_deleted(by=alice)
    merged.client_2.merged_into = merged.client_1
    merged.client_2.save()
    browser = portal(dana)
    assert shown(browser.get(QUEUE)) == []
    deleted.client_1.restore(by=alice)
    assert shown(browser.get(QUEUE)) == [deleted]


def test_each_pair_leads_to_the_comparison(portal, dana, harbor, pair_of):
    pair = pair_of(harbor, harbor)
    browser = portal(dana)
    url = reverse("admin:clients_merge", args=[pair.client_1_id, pair.client_2_id])
    assert url in browser.get(QUEUE).content.decode()
    assert browser.get(url).status_code == 200


def test_queue_costs_the_same_for_ten_pairs_and_for_sixty(portal, dana, harbor, pair_of):
    browser = portal(dana)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            browser.get(QUEUE)
        asked = [one["sql"] for one in queries if "clients_possibleduplicate" in one["sql"]]
        assert not [sql for sql in asked if "COUNT(" in sql.upper()]
        assert not [one["sql"] for one in queries if '"clients_client"."ssn",' in one["sql"]]
        return len(queries)

    for _ in range(10):
        pair_of(harbor, harbor)
    cost()  # the first page of a session asks more
    few = cost()
    for _ in range(50):
        pair_of(harbor, harbor)
    assert cost() == few <= 12


def test_pair_follows_the_organizations_of_its_clients(portal, dana, harbor, bridge, pair_of):
    pair = pair_of(harbor, bridge)
    browser = portal(dana)
    assert shown(browser.get(QUEUE)) == []
    pair.client_2.organization = harbor
    pair.client_2.save()
    assert shown(browser.get(QUEUE)) == [pair]
    Client.objects.filter(pk=pair.client_1_id).update(organization=bridge)
    assert shown(browser.get(QUEUE)) == []


def test_queue_of_an_officer_is_one_stretch_of_an_index(dana, harbor, bridge, pair_of):
    """However many pairs the others have: the page ends the scan, and nothing is sorted."""
    pair_of(harbor, harbor)
    others = ClientFactory.create_batch(25, organization=bridge)
    pairs = [
        PossibleDuplicateFactory.build(client_1=one, client_2=two)
        for one, two in combinations(others, 2)
    ]
    PossibleDuplicate.objects.bulk_create(pairs)
    rows = PossibleDuplicate.objects.for_officer(dana).filter(decision=Decision.OPEN)
    with connection.cursor() as cursor:
        # What an earlier run left of statistics would choose another index.
        cursor.execute("ANALYZE clients_client, clients_possibleduplicate")
        cursor.execute("SET LOCAL enable_seqscan = off")  # a nearly empty table is read as a whole
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")  # but where nothing else gives the order
    plan = rows.current().order_by("-score", "pk")[:51].explain()
    assert "possible_duplicate_of_officer" in plan
    assert "Sort" not in plan
