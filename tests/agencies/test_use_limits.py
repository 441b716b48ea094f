"""Limits of use (R16.1): a question at the first threshold, a stop at the second one."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies import limits
from agencies.models import LimitedUse, SecurityEvent, UseCount
from agencies.use_limits import UseLimit
from clients.models import ClientAccess, ClientSearch, SSNReveal
from hmis import limit_settings
from tests.factories import ClientFactory
from tests.files.samples import pdf
from tests.pages import filled, opened, send

MORNING = datetime(2026, 3, 4, 15, 10, tzinfo=UTC)  # 10:10 in New York
BUSY = {"reason": "busy"}


@pytest.fixture
def limit(settings):
    """A function that sets the limit of some kinds."""
    settings.IDLE_TIMEOUT = 24 * 3600

    def set_limits(**texts: str) -> None:
        settings.USE_LIMITS = {kind: UseLimit.parse(text) for kind, text in texts.items()}

    return set_limits


@pytest.fixture
def clock():
    with time_machine.travel(MORNING, tick=False) as clock:
        yield clock


@pytest.fixture
def bulk(harbor, alice):
    return [
        ClientFactory(organization=harbor, created_by=alice, ssn="123121234", ssn_data_quality=1)
        for _ in range(60)
    ]


def steps(user) -> list[tuple[str, str]]:
    """What the security events say of limits."""
    events = SecurityEvent.objects.filter(user=user, detail__has_key="limit").order_by("pk")
    return [(event.detail["limit"], event.detail["step"]) for event in events]


def reason(browser, kind: str, next_url: str = "/"):
    url = reverse("agencies:limit", args=[kind])
    return browser.post(url, BUSY | {"next": next_url})


# The hole


def test_script_that_harvests_is_asked_then_stopped_and_reported(
    settings, portal, alice, bulk, clock
):
    """40 searches, 59 records and 36 SSNs in 19 seconds went through without a question."""
    settings.USE_LIMITS = {
        kind: UseLimit.parse(text) for kind, text in limit_settings.DEFAULTS.items()
    }
    browser = portal(alice)
    searched = [
        browser.get(browser.post("/clients/", {"last_name": "Smi"})["Location"]).status_code
        for _ in range(40)
    ]
    assert (searched.count(200), searched.count(429)) == (20, 20)
    records = [browser.get(one.get_absolute_url()).status_code for one in bulk[:59]]
    assert (records.count(200), records.count(429)) == (20, 39)
    reveal = [reverse("clients:reveal_ssn", args=[one.pk]) for one in bulk[:36]]
    revealed = [browser.post(page, {"reason": "identity"}) for page in reveal]
    assert SSNReveal.objects.count() == 6
    assert [one.status_code for one in revealed].count(200) == 6
    # A script that answers the question comes as far as the stop.
    for kind in ("searches", "clients", "reveals"):
        reason(browser, kind)
    for page in reveal:
        browser.post(page, {"reason": "identity"})
    assert SSNReveal.objects.count() <= 12
    for _ in range(40):
        found = browser.get(browser.post("/clients/", {"last_name": "Smi"})["Location"])
    assert found.status_code == 429
    asked = {("searches", "asked"), ("clients", "asked"), ("reveals", "asked")}
    stopped = {("searches", "stopped"), ("clients", "stopped")}
    assert asked | stopped <= set(steps(alice))


# Each kind


def test_walk_through_client_ids_counts_those_that_are_not_there(limit, portal, alice, clock):
    limit(clients="hour 5 8")
    browser = portal(alice)
    answers = [browser.get(f"/clients/{900_000 + pk}/").status_code for pk in range(7)]
    assert answers == [404] * 5 + [429] * 2
    posts = [browser.post(f"/clients/{pk}/edit/").status_code for pk in range(900_100, 900_106)]
    assert set(posts[-2:]) == {429}


def test_client_is_counted_once_an_hour(limit, portal, alice, bulk, clock):
    limit(clients="hour 2 4")
    browser = portal(alice)
    one, two, three = (person.get_absolute_url() for person in bulk[:3])
    for page in (one, two, one, two, one):
        assert browser.get(page).status_code == 200
    assert browser.get(three).status_code == 429
    assert browser.get(one).status_code == 200  # open already
    assert not ClientAccess.objects.exclude(kind="refused").filter(client=bulk[2]).exists()
    clock.shift(timedelta(hours=1))
    assert browser.get(three).status_code == 200


def test_what_was_typed_is_saved_beyond_every_limit(limit, portal, alice, bulk, clock):
    limit(clients="hour 1 1")
    browser = portal(alice)
    edit = reverse("clients:edit", args=[bulk[0].pk])
    form = opened(browser.get(edit))
    clock.shift(timedelta(hours=2))
    for person in bulk[1:4]:
        browser.get(person.get_absolute_url())
    assert steps(alice) == [("clients", "stopped")]
    assert browser.post(edit, filled(form, city="Marshfield")).status_code == 302
    bulk[0].refresh_from_db()
    assert bulk[0].city == "Marshfield"
    # A form of a client that was never opened is no way round.
    assert browser.post(reverse("clients:edit", args=[bulk[5].pk])).status_code == 429


def test_held_search_is_not_lost_and_opens_after_a_reason(limit, portal, alice, bulk, clock):
    limit(searches="hour 1 3")
    browser = portal(alice)
    first = browser.post("/clients/", {"last_name": "Smi"})["Location"]
    held = browser.post("/search/", {"q": "Smith, John"})["Location"]
    assert ClientSearch.objects.filter(is_held=True).count() == 1
    page = browser.get(held)
    assert page.status_code == 429
    assert "Retry-After" not in page
    assert "John" not in page.content.decode()
    assert browser.get(first).status_code == 200
    answer = reason(browser, "searches", held)
    assert answer["Location"] == held
    assert "Smith" in browser.get(held).content.decode()
    assert steps(alice) == [("searches", "asked"), ("searches", "reason")]
    assert UseCount.objects.get().reason == "A busy day at intake"


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("lookups", "/users/lookup/?organization={harbor}&name="),
        ("reports", "/duplicates/report/"),
        ("new_clients", "/clients/add/?search={search}"),
        ("uploads", "/clients/{client}/files/add/"),
        ("exports", "/admin/quality/ssn-missing/csv/"),
        ("exports", "/clients/{client}/services/csv/"),
        ("exports", "/clients/{client}/enrollments/csv/"),
        ("exports", "/clients/find/{search}/csv/"),
    ],
)
def test_each_kind_is_asked_about_before_one_begins(
    limit, portal, alice, dana, harbor, bulk, clock, kind, path
):
    limit(**{kind: "hour 2 9"})
    user = dana if kind == "exports" else alice
    browser = portal(user)
    search = ClientSearch(user=user)
    search.criteria = {"last_name": "Smi"}
    search.save()
    url = path.format(harbor=harbor.pk, search=search.pk, client=bulk[0].pk)
    assert browser.get(url).status_code != 429
    limits.count(user, LimitedUse(kind), 6)
    answer = browser.get(url)
    assert answer.status_code == 429
    assert steps(user) == [(kind, "asked")]


# Thresholds and times


def test_stop_says_until_when_and_whom_to_ask(limit, portal, alice, dana, clock):
    limit(lookups="hour 1 1")
    browser = portal(alice)
    url = f"/users/lookup/?organization={alice.organizations[0].pk}&name="
    browser.get(url)
    answer = browser.get(url)
    html = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (429, str(50 * 60))
    assert "11:00 AM" in html
    assert str(dana) in html
    assert reason(browser, "lookups").status_code == 429  # no reason opens a stop
    clock.shift(timedelta(minutes=50))
    assert browser.get(url).status_code == 200
    assert steps(alice) == [("lookups", "stopped")]


def test_question_of_a_busy_minute_stays_for_the_hour(limit, alice, clock):
    limit(searches="minute 2 4, hour 50 90")
    for _ in range(2):
        assert limits.count(alice, LimitedUse.SEARCHES) is None
    refusal = limits.count(alice, LimitedUse.SEARCHES)
    assert refusal
    assert not refusal.is_final
    limits.note_refusal(alice, refusal)
    clock.shift(timedelta(minutes=5))
    assert limits.count(alice, LimitedUse.SEARCHES) is not None
    assert limits.give_reason(alice, LimitedUse.SEARCHES, "busy")
    assert limits.count(alice, LimitedUse.SEARCHES) is None
    clock.shift(timedelta(hours=1))
    assert limits.count(alice, LimitedUse.SEARCHES) is None


def test_slow_script_reaches_the_limit_of_the_day(limit, alice, clock):
    limit(searches="minute 5 5, hour 10 10, day 12 16")
    found = []
    for _ in range(9):
        found += [limits.count(alice, LimitedUse.SEARCHES) for _ in range(2)]
        clock.shift(timedelta(hours=1))
    assert [one is not None for one in found].index(True) == 12
    assert found[12].is_final is False
    assert found[16].is_final is True
    assert f"{found[16].until:%m/%d %H:%M}" == "03/05 00:00"  # midnight of the site's day


def test_officers_and_administrators_have_their_own_numbers(
    settings, limit, alice, dana, django_user_model, clock
):
    settings.USE_LIMITS_OFFICERS, settings.USE_LIMITS_ADMINISTRATORS = 2, 3
    limit(searches="hour 2 4")
    admin = django_user_model.objects.create_superuser("root@x.example", "x")
    for user, most in ((alice, 2), (dana, 4), (admin, 6)):
        found = [limits.count(user, LimitedUse.SEARCHES) for _ in range(7)]
        assert [one is None for one in found].count(True) == most


def test_count_is_one_statement(limit, alice, clock):
    limit(searches="minute 5 5, hour 10 10, day 12 16")
    alice.access  # noqa: B018 - read once per request
    with CaptureQueriesContext(connection) as captured:
        limits.count(alice, LimitedUse.SEARCHES)
    assert len(captured) == 1


def test_alert_is_one_however_often_the_script_goes_on(limit, portal, alice, clock):
    limit(searches="hour 1 2")
    browser = portal(alice)
    for _ in range(6):
        browser.get(browser.post("/clients/", {"last_name": "Smi"})["Location"])
    assert steps(alice) == [("searches", "asked"), ("searches", "stopped")] or steps(alice) == [
        ("searches", "stopped")
    ]
    assert SecurityEvent.objects.filter(kind=SecurityEvent.Kind.MANY_SEARCHES).count() <= 2


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_both_counted(limit, alice):
    limit(searches="hour 1000 2000")
    start = Barrier(4)

    def work():
        start.wait()
        for _ in range(25):
            limits.count(alice, LimitedUse.SEARCHES)
        connection.close()

    threads = [Thread(target=work) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert UseCount.objects.get().count == 100


# The page


@pytest.mark.parametrize(
    ("typed", "refused"),
    [
        ({}, {"reason": ["Choose a reason."]}),
        ({"reason": "other"}, {"other": ["Write in a few words what it is."]}),
        ({"reason": "<script>"}, None),
    ],
)
def test_question_needs_an_answer(limit, portal, alice, clock, typed, refused):
    limit(lookups="hour 1 9")
    browser = portal(alice)
    url = f"/users/lookup/?organization={alice.organizations[0].pk}&name="
    browser.get(url)
    browser.get(url)
    answer = browser.post(reverse("agencies:limit", args=["lookups"]), typed)
    assert answer.status_code == 429
    found = dict(answer.context["form"].errors)
    assert found if refused is None else found == refused
    assert browser.get(url).status_code == 429


def test_reason_leads_back_to_our_own_pages_alone(limit, portal, alice, clock):
    limit(lookups="hour 1 9")
    browser = portal(alice)
    url = f"/users/lookup/?organization={alice.organizations[0].pk}&name="
    browser.get(url)
    browser.get(url)
    answer = reason(browser, "lookups", "https://evil.example/")
    assert answer["Location"] == "/"
    assert browser.get("/limits/nonsense/").status_code == 404
    assert browser.get("/limits/searches/?next=/clients/")["Location"] == "/clients/"


def test_pop_up_is_led_to_the_question(limit, portal, alice, clock):
    limit(lookups="hour 1 9")
    browser = portal(alice)
    url = f"/users/lookup/?organization={alice.organizations[0].pk}&name="
    browser.get(url)
    htmx = {"HX-Request": "true", "HX-Current-URL": "http://testserver/clients/"}
    answer = browser.get(url, headers=htmx)
    assert answer["HX-Redirect"] == "/limits/lookups/?next=%2Fclients%2F"
    assert browser.get(answer["HX-Redirect"]).status_code == 429


def test_officer_reads_who_reached_a_limit_and_why(limit, portal, alice, dana, charlie, clock):
    limit(searches="hour 1 9")
    for user in (alice, charlie):
        browser = portal(user)
        for _ in range(2):
            browser.get(browser.post("/clients/", {"last_name": "Smi"})["Location"])
        reason(browser, "searches")
    html = portal(dana).get(reverse("admin:agencies_usecount_changelist")).content.decode()
    assert "A busy day at intake" in html
    assert "Alice" in html
    assert "Charlie" not in html


def test_officer_lets_a_user_go_on_and_nobody_oneself(limit, portal, alice, dana, clock):
    limit(searches="hour 1 2")
    users = {alice: portal(alice), dana: portal(dana)}
    for browser in users.values():
        for _ in range(9):
            browser.post("/clients/", {"last_name": "Smi"}, follow=True)
            reason(browser, "searches")
        assert browser.post("/clients/", {"last_name": "Smi"}, follow=True).status_code == 429
    rows = [row.pk for row in UseCount.objects.filter(kind="searches")]
    url = reverse("admin:agencies_usecount_changelist")
    users[dana].post(url, {"action": "lift", "_selected_action": rows})
    answers = [
        one.post("/clients/", {"last_name": "Smi"}, follow=True).status_code
        for one in users.values()
    ]
    assert answers == [200, 429]
    event = SecurityEvent.objects.get(kind="limit_lifted")
    assert (event.user, event.subject) == (dana, alice)


# Settings


@pytest.mark.parametrize(
    "text", ["60", "hour 60", "hour 90 60", "hour 0 5", "week 1 2", "hour 1 2, hour 3 4", "a b c"]
)
def test_limit_that_cannot_be_understood_is_refused_in_words(text):
    with pytest.raises(ValueError, match="is not a limit"):
        UseLimit.parse(text)


def test_each_kind_has_a_default():
    assert set(limit_settings.DEFAULTS) == set(LimitedUse.values)
    for text in limit_settings.DEFAULTS.values():
        UseLimit.parse(text)


def test_old_counts_are_deleted(alice, clock, capsys):
    for days in (89, 91):
        hour = MORNING - timedelta(days=days)
        UseCount.objects.create(user=alice, kind="searches", hour=hour, minute=hour)
    call_command("clear_expired")
    assert [one.hour for one in UseCount.objects.all()] == [MORNING - timedelta(days=89)]


def test_upload_is_counted_in_megabytes(limit, portal, alice, bulk, clock):
    limit(uploads="hour 5 9")
    page = reverse("files:add_client_file", args=[bulk[0].pk])
    send(portal(alice), page, file=SimpleUploadedFile("x.pdf", pdf()))
    assert UseCount.objects.get(kind="uploads").count == 1
