"""SSNs: encrypted, found by a keyed hash, masked everywhere, revealed on the record (3.6)."""

from io import StringIO

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from clients.encryption import decrypt
from clients.forms.client import ClientForm
from clients.models import Client, ClientAccess, ClientSearch
from tests.factories import ClientFactory, DuplicateReportFactory
from tests.pages import errors, form_of, send

SSN, WRITTEN = "123121234", "123-12-1234"

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
        assert list(Client.objects.with_ssn(digits)) == [john]
    for digits in ("123121235", "1235", "1231"):
        assert not Client.objects.with_ssn(digits).exists()


def test_partial_ssn_is_found_by_its_last_four_only(harbor, alice):
    partial = ClientFactory(
        organization=harbor, created_by=alice, ssn="xxxxx1234", ssn_data_quality=2
    )
    assert partial.ssn_hash == ""
    assert list(Client.objects.with_ssn("1234")) == [partial]


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
    html = browser.post(page).content.decode()
    assert WRITTEN in html
    access = ClientAccess.objects.latest("pk")
    assert (access.kind, access.user, access.client) == ("ssn", alice, john)
    assert (access.organization, access.page) == (harbor, "clients:reveal_ssn")
    browser.get(page)
    assert ClientAccess.objects.latest("pk").kind == "view"


def test_reveal_in_place_sends_the_fragment_only(portal, alice, john):
    page = reverse("clients:reveal_ssn", args=[john.pk])
    html = portal(alice).post(page, headers={"HX-Request": "true"}).content.decode()
    assert WRITTEN in html
    assert "<html" not in html


def test_revealed_page_is_kept_in_no_cache(portal, alice, john):
    answer = portal(alice).post(reverse("clients:reveal_ssn", args=[john.pk]))
    assert "no-store" in answer["Cache-Control"]


def test_partial_ssn_is_revealed_as_far_as_it_is_known(portal, alice, harbor):
    partial = ClientFactory(
        organization=harbor, created_by=alice, ssn="xxxxx1234", ssn_data_quality=2
    )
    html = portal(alice).post(reverse("clients:reveal_ssn", args=[partial.pk])).content.decode()
    assert "xxx-xx-1234" in html


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
    assert not Client.objects.with_ssn("810224471").exists()
    call_command("rotate_ssn_keys", stdout=StringIO())
    settings.SSN_ENCRYPTION_KEYS = [new]
    person = Client.objects.get(pk=john.pk)
    assert person.ssn == "810224471"
    assert (person.version, person.updated_by) == (2, alice)
    assert list(Client.objects.with_ssn("810224471")) == [person]
    assert list(Client.objects.with_ssn("4471")) == [person]
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
    assert "5 clients encrypted anew" in capsys.readouterr().out
    settings.SSN_ENCRYPTION_KEYS = [new]
    assert Client.objects.get(pk=blank.pk).ssn == ""
    assert sorted(one.ssn[-1] for one in Client.objects.exclude(ssn="")) == list("01234")
