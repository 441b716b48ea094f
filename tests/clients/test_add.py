"""Add New Client (2.5, 2.6): only after a search, and never the same person unnoticed."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.use_limits import UseLimit
from clients.forms.client import ClientForm
from clients.models import Client, ClientSearch
from tests.factories import (
    ClientAliasFactory,
    ClientFactory,
    OrganizationFactory,
    UserFactory,
)
from tests.pages import errors, filled, form_of, messages, opened, send

SEARCH_FIRST = "Search first: the client may already be in the system."
NO_DATE = "Enter a date that exists, as MM/DD/YYYY, or only its year, or month and year."


@pytest.fixture
def add_page(db):
    """A function that returns where a user adds a client after a search for `boxes`."""

    def after(user, **boxes):
        search = ClientSearch(user=user)
        search.criteria = boxes or {"last_name": "Zzz"}
        search.save()
        return f"{reverse('clients:add')}?search={search.pk}"

    return after


@pytest.mark.parametrize(
    "query", ["", "?search=", "?search=x", "?search=1", f"?search={'0' * 32}", "?search=%FF"]
)
@pytest.mark.parametrize("verb", ["get", "post"])
def test_without_a_search_one_is_sent_to_find_client(portal, alice, query, verb):
    answer = getattr(portal(alice), verb)(reverse("clients:add") + query, follow=True)
    assert answer.redirect_chain[0][0] == reverse("clients:find")
    assert messages(answer) == [SEARCH_FIRST]
    assert not Client.objects.exists()


def test_search_of_another_user_is_not_usable(portal, alice, bob, add_page):
    answer = portal(bob).get(add_page(alice), follow=True)
    assert messages(answer) == [SEARCH_FIRST]


@pytest.mark.parametrize(
    ("boxes", "prefilled"),
    [
        (
            {"first_name": "Jo", "last_name": "Smi", "dob": "5/17/1980", "ssn": "123-12-1234"},
            {
                "first_name": "Jo",
                "last_name": "Smi",
                "dob": date(1980, 5, 17),
                "ssn": "123121234",
            },
        ),
        ({"ssn": "1234"}, {"first_name": None, "last_name": None, "dob": None, "ssn": "1234"}),
        ({"client_id": "7"}, {"first_name": None, "ssn": None}),
        ({"last_name": "O'Brien <b>"}, {"last_name": "O'Brien <b>"}),
    ],
)
def test_what_was_searched_is_filled_in(portal, alice, add_page, boxes, prefilled):
    form = opened(portal(alice).get(add_page(alice, **boxes)))
    assert {name: form[name].value() for name in prefilled} == prefilled


def test_new_client_is_saved_and_opened(portal, alice, harbor, add_page):
    answer = send(portal(alice), add_page(alice), first_name="Ngozi", last_name="Okafor")
    client = Client.objects.get()
    assert answer["Location"] == client.get_absolute_url()
    assert (client.organization, client.created_by, client.updated_by) == (harbor, alice, alice)
    assert client.name_data_quality == 1
    assert client.visibility == "all"
    assert (client.ssn_data_quality, client.dob_data_quality, client.sex) == (99, 99, 99)


def test_double_click_adds_one_client(portal, alice, add_page):
    browser, page = portal(alice), add_page(alice)
    data = filled(opened(browser.get(page)), last_name="Okafor")
    answers = [browser.post(page, data) for _ in range(2)]
    assert Client.objects.count() == 1
    assert answers[0]["Location"] == answers[1]["Location"]


@pytest.fixture
def like_john(john):
    return {"first_name": "John", "last_name": "Smith", "dob": "05/17/1980"}


def test_likely_duplicates_are_shown_side_by_side_before_saving(
    portal, alice, add_page, john, like_john
):
    page = send(portal(alice), add_page(alice), **like_john)
    html = page.content.decode()
    assert "Is this the same person?" in html
    assert f'href="{john.get_absolute_url()}"' in html
    assert "This is someone else: save" in html
    assert page.context["columns"] == ["New client", f"Client ID {john.pk}"]
    assert Client.objects.count() == 1


def test_question_asks_as_much_about_three_as_about_one(portal, alice, add_page, john, like_john):
    page, address, counts = portal(alice), add_page(alice), []
    send(page, address, **like_john)
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            answer = send(page, address, **like_john)
        counts.append(len(captured))
        ClientFactory.create_batch(
            2, **like_john | {"dob": john.dob}, organization=john.organization
        )
    assert len(answer.context["columns"]) == 4
    assert counts[0] == counts[1]


def test_someone_else_is_saved(portal, alice, add_page, like_john):
    browser, page = portal(alice), add_page(alice)
    asked = send(browser, page, **like_john)
    data = dict_of(asked.context["posted"]) | {"someone_else": "1"}
    answers = [browser.post(page, data) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Client.objects.count() == 2


def dict_of(pairs) -> dict[str, list[str]]:
    data: dict[str, list[str]] = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value)
    return data


def test_back_to_the_form_keeps_all_that_was_typed(portal, alice, add_page, like_john):
    typed = like_john | {
        "middle_name": "Allen <b>",
        "ssn": "810-22-4471",
        "race_ethnicity": ["white", "asian"],
        "aliases": [("Johnny", "Smithers"), ("", "Doe")],
        "phone": "617-555-0142",
        "email": "j@example.org",
        "zip": "00302",
        "sex": "1",
        "visibility": "own",
    }
    browser, page = portal(alice), add_page(alice)
    asked = send(browser, page, **typed)
    back = browser.post(page, dict_of(asked.context["posted"]) | {"back": "1"})
    form = opened(back)
    shown = {name: form[name].value() for name in typed}
    assert [pair for pair in shown.pop("aliases") if any(pair)] == typed.pop("aliases")
    assert shown == typed
    assert Client.objects.count() == 1
    assert not form.errors
    assert browser.post(page, filled(form, someone_else="1")).status_code == 302
    assert Client.objects.count() == 2


def test_question_counts_as_a_search_and_saving_does_not(
    portal, alice, add_page, like_john, john, settings
):
    settings.USE_LIMITS = {"searches": UseLimit.parse("hour 1 3")}
    browser, page = portal(alice), add_page(alice)
    guesses = [like_john | {"ssn": f"81022447{digit}"} for digit in range(4)]
    asked = [send(browser, page, **typed) for typed in guesses]
    assert [one.status_code for one in asked] == [200, 200, 200, 429]
    typed = dict_of(asked[0].context["posted"]) | {"someone_else": "1"}
    assert browser.post(page, typed).status_code == 302
    assert Client.objects.count() == 2


def test_alias_of_somebody_on_file_is_a_likely_duplicate(portal, alice, add_page, john):
    ClientAliasFactory(client=john, first_name="Ebenezer", last_name="Scrooge")
    page = send(portal(alice), add_page(alice), first_name="Ebenezer", last_name="Scrooge")
    assert [one.client for one in page.context["duplicates"]] == [john]


def test_typed_alias_is_compared_too(portal, alice, add_page, john):
    typed = {"first_name": "Quincy", "last_name": "Adams", "aliases": [("John", "Smith")]}
    page = send(portal(alice), add_page(alice), **typed)
    assert page.status_code == 200
    assert [one.client for one in page.context["duplicates"]] == [john]


def test_duplicate_that_the_user_may_not_see_is_not_shown(portal, charlie, add_page, john):
    john.visibility = "own"
    john.save()
    answer = send(portal(charlie), add_page(charlie), first_name="John", last_name="Smith")
    assert answer.status_code == 302


def test_errors_come_before_the_question(portal, alice, add_page, like_john):
    page = send(portal(alice), add_page(alice), **(like_john | {"ssn": "1"}))
    assert errors(page)["ssn"]
    assert "duplicates" not in page.context


def test_victim_service_providers_clients_are_restricted_unless_it_says_otherwise(portal, add_page):
    shelter = OrganizationFactory(victim_service_provider=True)
    user = UserFactory(at=[shelter])
    browser = portal(user)
    assert opened(browser.get(add_page(user)))["visibility"].value() == "own"
    send(browser, add_page(user), last_name="Quiet")
    send(browser, add_page(user), last_name="Unsaid", visibility=None)
    send(browser, add_page(user), last_name="Shared", visibility="all")
    saved = dict(Client.objects.values_list("last_name", "visibility"))
    assert saved == {"Quiet": "own", "Unsaid": "own", "Shared": "all"}


def test_victim_service_providers_client_stays_restricted_when_another_organization_is_in_force(
    portal, add_page, harbor
):
    shelter = OrganizationFactory(victim_service_provider=True)
    user = UserFactory(at=[shelter, harbor])
    browser = portal(user)
    browser.post("/settings/", {"organization": shelter.pk})
    data = filled(opened(browser.get(add_page(user))), last_name="Quiet", visibility=None)
    browser.post("/settings/", {"organization": harbor.pk})
    assert browser.post(add_page(user), data).status_code == 302
    client = Client.objects.get()
    assert (client.organization, client.visibility) == (shelter, "own")


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("محمد", "المصري"),
        ("שרה", "כהן"),
        ("Ka\u02bbiulani", "Kealoha"),
        ("José", "Hernández"),
        ("😀 Joy", "Smith"),
        ("👩‍👩‍👧", "Smith"),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", "Smith"),
        ("李", "小龙"),
        ("Robert'); DROP TABLE clients_client;--", "<script>alert(1)</script>"),
        ("{{ 7*7 }}", "{% now 'Y' %}"),
        ("N" * 50, "L" * 50),
        ("\u0645\u06cc\u200c\u062e", "x"),  # a joiner that Persian needs
    ],
)
def test_names_of_all_kinds_are_kept_letter_for_letter(portal, alice, add_page, first, last):
    answer = send(portal(alice), add_page(alice), first_name=first, last_name=last, follow=True)
    client = Client.objects.get()
    assert (client.first_name, client.last_name) == (first, last)
    assert "<script>alert" not in answer.content.decode()
    assert client.display_name == f"{first} {last}"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("x" * 51, "Enter at most 50 characters; these are 51."),
        ("x" * 10_000, "Enter at most 50 characters; these are 10000."),
        ("Jo\x07hn", "Type this again: the text holds hidden characters, perhaps from a paste."),
        ("Jo\u202ehn", "Type this again: the text holds hidden characters, perhaps from a paste."),
        ("Jo\u2066hn", "Type this again: the text holds hidden characters, perhaps from a paste."),
        ("Jo\u200bhn", "Type this again: the text holds hidden characters, perhaps from a paste."),
        ("Jo\ufeffhn", "Type this again: the text holds hidden characters, perhaps from a paste."),
        ("\x00", "Type this again: the text holds hidden characters, perhaps from a paste."),
    ],
)
@pytest.mark.parametrize("box", ["first_name", "last_name", "city"])
def test_name_that_cannot_be_one_gets_a_sentence(alice, name, sentence, box):
    form = form_of(ClientForm, alice, **({"last_name": "Smith"} | {box: name}))
    assert errors(form)[box][0] == sentence


def test_white_space_is_tidied_and_accents_are_composed(portal, alice, add_page):
    send(portal(alice), add_page(alice), first_name="  Jose\u0301 \t\u00a0 Maria\n", last_name="x")
    assert Client.objects.get().first_name == "José Maria"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            "02/30/1990",
            NO_DATE,
        ),
        (
            "00/00/0000",
            NO_DATE,
        ),
        (
            "13/45/2020",
            NO_DATE,
        ),
        (
            "1/1/0001",
            NO_DATE,
        ),
        ("0000", NO_DATE),
        (
            "13/1985",
            NO_DATE,
        ),
        (
            "yesterday",
            NO_DATE,
        ),
        (
            "1" * 10_000,
            NO_DATE,
        ),
        (
            "1/1/1980\x00",
            NO_DATE,
        ),
        ("11/23/2026", "Enter a date of birth that is not in the future."),
        ("2027", "Enter a date of birth that is not in the future."),
        ("12/31/9999", "Enter a date of birth that is not in the future."),
        ("11/21/1906", "Check the year of birth: it is more than 120 years ago."),
        ("1905", "Check the year of birth: it is more than 120 years ago."),
    ],
)
def test_impossible_date_of_birth_gets_its_sentence(alice, time_machine, typed, sentence):
    time_machine.move_to("2026-11-22 12:00 -0500")
    assert errors(form_of(ClientForm, alice, last_name="x", dob=typed)) == {"dob": [sentence]}


@pytest.mark.parametrize("typed", ["11/22/2026", "11/22/1906", "2026"])
def test_date_of_birth_at_the_edge_is_possible(alice, time_machine, typed):
    time_machine.move_to("2026-11-22 12:00 -0500")
    assert form_of(ClientForm, alice, last_name="x", dob=typed).is_valid()


@pytest.mark.parametrize(
    ("searched", "typed", "asked"),
    [
        ({"first_name": "Bas", "last_name": "Qui"}, {}, ["First Name", "Last Name"]),
        ({"first_name": "Bas", "last_name": "Qui"}, {"first_name": "Bastian"}, ["Last Name"]),
        ({"last_name": "Qui"}, {"last_name": "qui"}, ["Last Name"]),
        ({"first_name": "Bas", "last_name": "Qui"}, {"first_name": "Bo", "last_name": "Q"}, []),
        ({"first_name": "Bastian", "last_name": "Quill"}, {}, []),
    ],
)
def test_searched_beginning_does_not_become_the_name_unseen(
    portal, alice, add_page, searched, typed, asked
):
    browser, page = portal(alice), add_page(alice, **searched)
    answer = send(browser, page, **typed)
    assert Client.objects.exists() is not bool(asked)
    if asked:
        assert [field.label for field in answer.context["prefixes"]] == asked
        sent = filled(opened(answer), whole_name="1")
        assert browser.post(page, sent).status_code == 302
        assert Client.objects.count() == 1


def test_generation_that_was_searched_becomes_the_suffix(portal, alice, add_page):
    form = opened(portal(alice).get(add_page(alice, last_name="Leeworth Jr")))
    assert (form["last_name"].value(), form["name_suffix"].value()) == ("Leeworth", "Jr")


def test_year_that_was_searched_stays_a_year(portal, alice, add_page):
    browser, page = portal(alice), add_page(alice, last_name="Leeworth", dob="1977")
    assert opened(browser.get(page))["dob"].value() == "1977"
    send(browser, page)
    client = Client.objects.get()
    assert (client.dob.isoformat(), client.dob_data_quality) == ("1977-01-01", 2)
