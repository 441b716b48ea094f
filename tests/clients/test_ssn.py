"""SSNs: encrypted, found by a keyed hash, masked everywhere, revealed on the record (3.6)."""

import logging
from io import StringIO

import pytest
import time_machine
from cryptography.fernet import Fernet, InvalidToken
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from agencies.models import SecurityEvent
from agencies.use_limits import UseLimit
from clients.encryption import decrypt
from clients.forms.client import ClientForm
from clients.models import Client, ClientAccess, ClientSearch, SSNReveal
from tests.factories import (
    ClientFactory,
    DuplicateReportFactory,
    MembershipFactory,
    UserFactory,
    with_ssn,
)
from tests.pages import errors, form_of, send

SSN, WRITTEN = "123121234", "123-12-1234"
IDENTITY = {"reason": "identity"}
NEEDED = "Write in a few words what it is needed for."
LONG = "Enter at most 200 characters; these are 201."

REPEATED = "Leave the number blank if it is not known: this is one digit nine times."
RUN = "Leave the number blank if it is not known: these digits only count up or down."
AREA = "Check the first three digits: no number begins with 000, 666 or 9."
LENGTH = "Enter nine digits, or only the last four."
PAMPHLET = "Ask for the client's own number: this one comes from an old government pamphlet."
WALLET = "Ask for the client's own number: this one comes from a card sold with wallets."


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1", LENGTH),
        ("123", LENGTH),
        ("12345", LENGTH),
        ("12345678", LENGTH),
        ("1234567890", LENGTH),
        ("12312123a", LENGTH),
        ("•••-••-1234", LENGTH),
        ("9" * 10_000, LENGTH),
        ("😀" * 9, LENGTH),
        ("000-12-1234", AREA),
        ("666-12-1234", AREA),
        ("900-12-1234", AREA),
        ("987-65-1234", AREA),
        ("999-12-1234", AREA),
        ("123-00-1234", "Check the fourth and fifth digit: they are never 00."),
        ("123-12-0000", "Check the last four digits: they are never 0000."),
        ("0000", "Check the last four digits: they are never 0000."),
        ("000-00-0000", REPEATED),
        ("111-11-1111", REPEATED),
        ("999999999", REPEATED),
        ("123-45-6789", RUN),
        ("234567890", RUN),
        ("345678901", RUN),
        ("987654321", RUN),
        ("876543210", RUN),
        ("098765432", RUN),
        ("219-09-9999", PAMPHLET),
        ("078-05-1120", WALLET),
    ],
)
def test_invalid_ssn_gets_its_sentence(alice, typed, sentence):
    form = form_of(ClientForm, alice, last_name="Smith", ssn=typed)
    assert errors(form) == {"ssn": [sentence]}


def raw(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def columns_with(text: str) -> list[str]:
    """The tables that have a text in any column of any row."""
    tables = [
        name for (name,) in raw("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    ]
    sql = "SELECT 1 FROM \"{}\" AS row WHERE row::text LIKE '%%{}%%' LIMIT 1"
    return [name for name in tables if raw(sql.format(name, text))]


def test_database_holds_no_readable_ssn_in_the_row_or_its_history(portal, alice, john):
    """Nor in the searches, sessions and whatever else a day's work leaves behind."""
    browser = portal(alice)
    browser.post("/clients/", {"ssn": SSN})
    browser.post("/search/", {"q": WRITTEN})
    send(browser, reverse("clients:edit", args=[john.pk]), ssn="810-22-4471")
    for digits in (SSN, WRITTEN, "810224471", "810-22-4471"):
        assert columns_with(digits) == []
    assert columns_with("Saltmarsh")  # the look-through finds what is there
    (token,) = raw(f"SELECT ssn FROM clients_client WHERE id = {john.pk}")[0]
    assert decrypt(token) == "810224471"
    events = raw("SELECT ssn FROM clients_clientevent ORDER BY pgh_id")
    assert {decrypt(one) for (one,) in events} == {SSN, "810224471"}


def test_same_ssn_is_encrypted_differently_and_hashed_alike(harbor, alice):
    for _ in range(2):
        ClientFactory(organization=harbor, created_by=alice, ssn=SSN, ssn_data_quality=1)
    rows = raw("SELECT ssn, ssn_hash, ssn_last4_hash FROM clients_client")
    assert [len(set(column)) for column in zip(*rows, strict=True)] == [2, 1, 1]


def test_hash_finds_the_whole_and_the_last_four(john):
    for digits in (SSN, SSN[-4:]):
        assert list(with_ssn(digits)) == [john]
    for digits in ("123121235", "1235", "1231"):
        assert not with_ssn(digits).exists()


def test_partial_ssn_is_found_by_its_last_four_only(harbor, alice):
    partial = ClientFactory(
        organization=harbor, created_by=alice, ssn="xxxxx1234", ssn_data_quality=2
    )
    assert partial.ssn_hash == ""
    assert list(with_ssn("1234")) == [partial]


def test_altered_ciphertext_is_refused(john):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE clients_client SET ssn = reverse(ssn)")
    with pytest.raises(InvalidToken):
        Client.objects.get(pk=john.pk)


def test_ssn_is_masked_on_every_page(portal, alice, harbor, john):
    second = ClientFactory(organization=harbor, created_by=alice, ssn=SSN, ssn_data_quality=1)
    report = DuplicateReportFactory(
        organization=harbor, created_by=alice, client_1=john, client_2=second
    )
    browser = portal(alice)
    found = browser.post("/clients/", {"last_name": "Smi"})["Location"]
    names = ["dashboard", "edit", "reveal_ssn", "alerts", "add_alert", "interested_others"]
    names += ["add_interested_other"]
    pages = [reverse(f"clients:{name}", args=[john.pk]) for name in names]
    pages += [report.get_absolute_url(), "/duplicates/report/", "/", found]
    for page in pages:
        html = browser.get(page).content.decode()
        assert SSN not in html, page
        assert WRITTEN not in html, page
    assert "•••-••-1234" in browser.get(found).content.decode()
    assert "•••-••-1234" in browser.get(report.get_absolute_url()).content.decode()


def test_comparison_of_a_new_client_shows_a_masked_ssn(portal, alice, john):
    browser = portal(alice)
    search = browser.post("/clients/", {"first_name": "John", "last_name": "Smith"})["Location"]
    add = reverse("clients:add") + f"?search={search.rstrip('/').rpartition('/')[2]}"
    page = send(browser, add, ssn=WRITTEN, dob="05/17/1980")
    assert page.context["duplicates"]
    table = page.content.decode().partition("<table")[2].partition("</table>")[0]
    assert "•••-••-1234" in table
    assert WRITTEN not in table
    assert SSN not in table


def test_reveal_shows_the_ssn_and_is_on_record(portal, alice, john, harbor):
    browser = portal(alice)
    page = reverse("clients:reveal_ssn", args=[john.pk])
    html = browser.post(page, IDENTITY).content.decode()
    assert WRITTEN in html
    access = ClientAccess.objects.latest("pk")
    assert (access.kind, access.user, access.client) == ("ssn", alice, john)
    assert (access.organization, access.page) == (harbor, "clients:reveal_ssn")
    kept = SSNReveal.objects.get()
    assert (kept.client, kept.user, kept.organization) == (john, alice, harbor)
    assert (kept.reason, kept.other) == ("identity", "")
    event = SecurityEvent.objects.get(kind=SecurityEvent.Kind.SSN_REVEALED)
    assert (event.user, event.client, event.detail) == (alice, john.pk, {"reason": "identity"})
    browser.get(page)
    assert ClientAccess.objects.latest("pk").kind == "view"


def test_reveal_in_place_sends_the_fragment_only_and_closes_the_pop_up(portal, alice, john):
    page = reverse("clients:reveal_ssn", args=[john.pk])
    answer = portal(alice).post(page, IDENTITY, headers={"HX-Request": "true"})
    html = answer.content.decode()
    assert WRITTEN in html
    assert "<html" not in html
    assert (answer["HX-Retarget"], answer["HX-Trigger-After-Settle"]) == ("#ssn", "close-dialog")


def test_revealed_page_is_kept_in_no_cache(portal, alice, john):
    answer = portal(alice).post(reverse("clients:reveal_ssn", args=[john.pk]), IDENTITY)
    assert "no-store" in answer["Cache-Control"]


def test_partial_ssn_is_revealed_as_far_as_it_is_known(portal, alice, harbor):
    partial = ClientFactory(
        organization=harbor, created_by=alice, ssn="xxxxx1234", ssn_data_quality=2
    )
    page = reverse("clients:reveal_ssn", args=[partial.pk])
    assert "xxx-xx-1234" in portal(alice).post(page, IDENTITY).content.decode()


@pytest.mark.parametrize(
    ("typed", "refused"),
    [
        ({}, {"reason": ["Choose why the SSN is needed."]}),
        ({"reason": "curious"}, {"reason": ["Choose one of the listed reasons."]}),
        ({"reason": "other"}, {"other": ["Write in a few words what it is needed for."]}),
        ({"reason": "other", "other": "  "}, {"other": [NEEDED]}),
        ({"reason": "other", "other": "x" * 201}, {"other": [LONG]}),
    ],
)
def test_ssn_is_not_revealed_without_a_reason(portal, alice, john, typed, refused):
    answer = portal(alice).post(reverse("clients:reveal_ssn", args=[john.pk]), typed)
    assert errors(answer) == refused
    assert WRITTEN not in answer.content.decode()
    assert not SSNReveal.objects.exists()
    assert set(ClientAccess.objects.values_list("kind", flat=True)) == {"view"}


def test_other_reason_is_kept_encrypted_and_in_no_log(
    portal, alice, john, caplog, django_capture_on_commit_callbacks
):
    page = reverse("clients:reveal_ssn", args=[john.pk])
    typed = {"reason": "other", "other": "Housing voucher of Quenbyrose", "remember": "on"}
    logging.getLogger("hmis.security").addHandler(caplog.handler)
    with django_capture_on_commit_callbacks(execute=True):
        assert WRITTEN in portal(alice).post(page, typed).content.decode()
    assert SSNReveal.objects.get().other == "Housing voucher of Quenbyrose"
    logging.getLogger("hmis.security").removeHandler(caplog.handler)
    assert columns_with("Quenbyrose") == []
    assert "Quenbyrose" not in caplog.text
    assert "ssn_revealed" in caplog.text


def test_same_reason_holds_for_this_client_for_15_minutes(portal, alice, harbor, john):
    jane = ClientFactory(organization=harbor, created_by=alice, ssn=SSN, ssn_data_quality=1)
    browser = portal(alice)
    page, other = (reverse("clients:reveal_ssn", args=[one.pk]) for one in (john, jane))
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert WRITTEN not in browser.post(page).content.decode()
        browser.post(page, IDENTITY | {"remember": "on"})
        clock.shift(14 * 60)
        assert WRITTEN in browser.post(page).content.decode()
        assert WRITTEN not in browser.post(other).content.decode()
        clock.shift(62)
        assert WRITTEN not in browser.post(page).content.decode()
    assert list(SSNReveal.objects.values_list("client", "reason")) == [(john.pk, "identity")] * 2


def test_user_without_the_right_sees_no_button_and_gets_403(portal, alice, john):
    browser = portal(alice)
    dashboard = john.get_absolute_url()
    assert "Reveal SSN" in browser.get(dashboard).content.decode()
    alice.memberships.update(may_reveal_ssn=False)
    html = browser.get(dashboard).content.decode()
    assert "Reveal SSN" not in html
    assert "•••-••-1234" in html
    for answer in (
        browser.get(reverse("clients:ask_to_reveal_ssn", args=[john.pk])),
        browser.post(reverse("clients:reveal_ssn", args=[john.pk]), IDENTITY),
    ):
        assert answer.status_code == 403
        assert WRITTEN not in answer.content.decode()
    nobody = reverse("clients:reveal_ssn", args=[john.pk + 999])
    assert browser.post(nobody, IDENTITY).status_code == 404
    assert not SSNReveal.objects.exists()
    assert not ClientAccess.objects.filter(kind="ssn").exists()


@pytest.mark.parametrize(
    ("at_harbor", "at_bridge", "acts_for", "may"),
    [
        (True, True, "bridge", True),
        (False, True, "bridge", False),  # of Harbor's client, though acting for Bridge
        (True, False, "bridge", False),
        (False, True, "harbor", False),
        (True, False, "harbor", True),
    ],
)
def test_right_that_one_agency_took_is_not_got_back_by_another(
    portal, harbor, bridge, john, at_harbor, at_bridge, acts_for, may
):
    both = UserFactory()
    MembershipFactory(user=both, organization=harbor, may_reveal_ssn=at_harbor)
    MembershipFactory(user=both, organization=bridge, may_reveal_ssn=at_bridge)
    browser = portal(both)
    organization = {"harbor": harbor, "bridge": bridge}[acts_for]
    browser.post("/settings/", {"organization": organization.pk})
    answer = browser.post(reverse("clients:reveal_ssn", args=[john.pk]), IDENTITY)
    assert answer.status_code == (200 if may else 403)
    html = browser.get(john.get_absolute_url()).content.decode()
    assert ("Reveal SSN" in html) is may


def test_officer_takes_the_right_and_its_history_shows_it(portal, dana, alice, john):
    membership = alice.memberships.get()
    url = reverse("admin:agencies_membership_change", args=[membership.pk])
    assert "May reveal SSNs" in portal(dana).get(url).content.decode()
    portal(dana).post(url, {"role": "case_manager"})
    membership.refresh_from_db()
    assert not membership.may_reveal_ssn
    history = reverse("admin:agencies_membership_history", args=[membership.pk])
    assert "May reveal SSNs" in portal(dana).get(history).content.decode()


def test_reasons_are_read_by_the_officer_of_that_organization_alone(
    portal, dana, alice, charlie, bridge, john
):
    page = reverse("clients:reveal_ssn", args=[john.pk])
    portal(alice).post(page, {"reason": "other", "other": "Voucher for a lease"})
    portal(charlie).post(page, {"reason": "other", "other": "Nosy at Bridge"})
    html = portal(dana).get(reverse("admin:clients_ssnreveal_changelist")).content.decode()
    assert "Voucher for a lease" in html
    assert "Nosy at Bridge" not in html


# Keys


def test_keys_are_rotated_with_the_old_one_and_the_new_one_then_works_alone(
    settings, portal, alice, john
):
    send(portal(alice), reverse("clients:edit", args=[john.pk]), ssn="810-22-4471")
    search = ClientSearch(user=alice)
    search.criteria = {"last_name": "Smi"}
    search.save()
    old = settings.SSN_ENCRYPTION_KEYS
    new = Fernet.generate_key().decode()
    history = raw("SELECT count(*) FROM clients_clientevent")
    settings.SSN_ENCRYPTION_KEYS = [new, *old]
    settings.SSN_HASH_KEY = "another key for hashes"
    assert not with_ssn("810224471").exists()
    call_command("rotate_ssn_keys", stdout=StringIO())
    settings.SSN_ENCRYPTION_KEYS = [new]
    person = Client.objects.get(pk=john.pk)
    assert person.ssn == "810224471"
    assert (person.version, person.updated_by) == (2, alice)
    assert list(with_ssn("810224471")) == [person]
    assert list(with_ssn("4471")) == [person]
    assert ClientSearch.objects.get().criteria == {"last_name": "Smi"}
    events = list(person.events.order_by("pgh_id"))
    assert [event.ssn for event in events] == [SSN, "810224471"]
    assert raw("SELECT count(*) FROM clients_clientevent") == history


def test_rotation_goes_through_all_batches_and_leaves_blanks_blank(
    settings, monkeypatch, harbor, alice, capsys
):
    from hmis.management.commands import rotate_ssn_keys

    monkeypatch.setattr(rotate_ssn_keys, "BATCH", 2)
    for number in range(5):
        ClientFactory(
            organization=harbor, created_by=alice, ssn=f"12312123{number}", ssn_data_quality=1
        )
    blank = ClientFactory(organization=harbor, created_by=alice)
    new = Fernet.generate_key().decode()
    settings.SSN_ENCRYPTION_KEYS = [new, *settings.SSN_ENCRYPTION_KEYS]
    call_command("rotate_ssn_keys")
    assert "5 clients encrypted again" in capsys.readouterr().out
    settings.SSN_ENCRYPTION_KEYS = [new]
    assert Client.objects.get(pk=blank.pk).ssn == ""
    assert sorted(one.ssn[-1] for one in Client.objects.exclude(ssn="")) == list("01234")


def test_two_clients_side_by_side_count_as_a_search(portal, alice, harbor, john, settings):
    """Whoever changes the SSN of one reads there whether it is the other's."""
    settings.USE_LIMITS = {"searches": UseLimit.parse("hour 1 2")}
    other = ClientFactory(organization=harbor, created_by=alice)
    report = DuplicateReportFactory(
        client_1=john, client_2=other, organization=harbor, created_by=alice
    )
    browser = portal(alice)
    answers = [browser.get(report.get_absolute_url()).status_code for _ in range(3)]
    assert answers == [200, 200, 429]
