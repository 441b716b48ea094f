"""Every URL, by role, agency and method: what another agency's user is answered (R16.2).

The addresses come from the resolver: a new URL is walked without being listed here. The second
factor is on, CSRF is enforced, and all rows belong to a restricted client of Bridge House, with a
canary in each text. Alice and Dana work for Harbor Services, Cass for Coordinated Access.
"""

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.messages import get_messages
from django.db import models, transaction
from django.test import Client as Browser
from django.urls import reverse

from agencies.models import Organization, Project, User
from casenotes.models import CaseNote, ServiceType
from clients.models import Client
from consent.undecided_admin import NOT_WAITING
from enrollments.models import Enrollment
from tests.html_forms import HtmlForm, forms_of
from tests.security.addresses import Address, addresses
from tests.security.conftest import CANARY

STRANGERS = ["alice", "dana", "cass"]
# Pages for people who are not logged in, and what monitoring asks: no row is behind them. The
# calendar is for whoever has its address (tests/tasks/test_calendar.py).
OPEN = re.compile(r"account_|mfa_|session$|health$|mail_health$|demonstration:|tasks:calendar$")
LOGS_OUT = {"account_logout", "admin:logout"}
RUN_BY_CASS = ("deliveries:", "mail:")  # the mails of Coordinated Access, whoever receives them
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@pytest.fixture(autouse=True)
def plain_requests(settings):
    settings.MFA_REQUIRED = True
    # Thousands of refusals: tests/agencies/test_security_alerts.py has what they are worth.
    settings.SECURITY_ALERTS_AN_HOUR = {}


@pytest.fixture
def enter(db):
    """A function that logs somebody in with a second factor, with CSRF enforced."""

    def browser(user, *, has_factor=True):
        if has_factor:
            Authenticator.objects.get_or_create(
                user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "x"}}
            )
        entered = Browser(enforce_csrf_checks=True)
        entered.force_login(user)
        page = entered.get(reverse("settings")).text
        found = TOKEN.search(page)
        entered.token = found.group(1) if found else ""
        return entered

    return browser


def post(browser, path, **data):
    return browser.post(path, data | {"csrfmiddlewaretoken": browser.token})


def leads_to_log_in(answer) -> bool:
    if answer.status_code != 302:
        return False
    return answer["Location"].startswith((reverse("account_login"), reverse("admin:login")))


def body(answer) -> str:
    content = b"".join(answer) if answer.streaming else answer.content
    return content.decode(errors="replace")


def is_refused(answer, address: Address) -> bool:
    """404, or the wrong verb; in admin 403 too, or Django's way to the start page.

    409 is what an autosave answers that another user's page sends, before it looks for the client.
    """
    if answer.status_code in (404, 405):
        return True
    if address.name == "agencies:answer_invitation":  # the same for one that is not there
        return answer.status_code == 302 and answer["Location"] == reverse("settings")
    if address.name.startswith("casenotes:draft"):
        return answer.status_code == 409
    if not address.is_admin:
        return False
    if answer.status_code == 302:
        lists = (reverse("admin:index"), reverse("admin:deleted_records"))
        is_as_if_not_there = answer["Location"] in lists or says_not_waiting(answer)
        return is_as_if_not_there or leads_to_log_in(answer)
    return answer.status_code == 403


def says_not_waiting(answer) -> bool:
    """The way to the list of undecided releases, as for one that was decided."""
    if answer["Location"] != reverse("admin:clients_release_changelist"):
        return False
    return {str(one) for one in get_messages(answer.wsgi_request)} == {NOT_WAITING}


@pytest.mark.parametrize("who", STRANGERS)
def test_other_agencys_user_is_refused_every_row_with_every_verb(request, hidden, enter, who):
    """And a part of a page, asked for by htmx: of whoever opens the page, and once of the rest."""
    browser = enter(request.getfixturevalue(who))
    values = state(hidden)
    for address in addresses(hidden):
        if address.name in LOGS_OUT or (who == "cass" and address.name.startswith(RUN_BY_CASS)):
            continue
        answers = [browser.get(address.path), post(browser, address.path)]
        is_first = address.is_admin is not (who == "alice")  # admin lets Alice in nowhere
        if answers[0].status_code == 200 or (is_first and answers[0].status_code != 405):
            answers.append(browser.get(address.path, headers={"HX-Request": "true"}))
        for answer in answers:
            assert answer.status_code < 500 or address.name == "mail_health", address
            assert CANARY not in body(answer), address
            if address.is_guarded:
                assert is_refused(answer, address), (address, answer.status_code)
    assert state(hidden) == values


@pytest.mark.parametrize("who", ["alice", "dana"])
def test_user_whom_no_release_covers_any_more_is_refused_as_much(request, unshared, enter, who):
    """And finds the name nowhere: lists, what was typed, kept or pinned, the officer's pages."""
    browser = enter(request.getfixturevalue(who))
    values = state(unshared)
    for address in addresses(unshared):
        if address.name in LOGS_OUT or address.is_admin is not (who == "dana"):
            continue
        for answer in (browser.get(address.path), post(browser, address.path)):
            assert answer.status_code < 500 or address.name == "mail_health", address
            assert CANARY not in body(answer), address
            if address.is_guarded:
                assert is_refused(answer, address), (address, answer.status_code)
    assert state(unshared) == values


def test_every_post_needs_its_csrf_token(hidden, enter, charlie):
    browser = enter(charlie)
    for address in addresses(hidden):
        assert browser.post(address.path).status_code == 403, address


def test_logged_out_user_gets_the_log_in_page(hidden):
    browser = Browser()
    for address in addresses(hidden):
        if OPEN.match(address.name) or address.name == "admin:jsi18n":
            continue
        for answer in (browser.get(address.path), browser.post(address.path)):
            assert leads_to_log_in(answer) or answer.status_code == 405, address


def test_user_without_a_second_factor_is_led_to_set_one_up(hidden, enter, charlie):
    browser = enter(charlie, has_factor=False)
    for address in addresses(hidden):
        if OPEN.match(address.name) or "factor_reset" in address.name:
            continue  # the latter is where somebody without one gets one again
        answer = browser.get(address.path)
        assert answer.status_code == 302, address
        assert answer["Location"] == reverse("mfa_activate_totp"), address


def test_every_page_has_its_security_headers(hidden, enter, charlie):
    """And its own agency finds what the others are refused, or a wrong address would be refused."""
    browser = enter(charlie)
    found = []
    for address in addresses(hidden):
        answer = browser.get(address.path)
        if address.is_guarded and not address.is_admin:
            found.append(answer.status_code in (200, 302, 403, 405))
        assert answer["X-Content-Type-Options"] == "nosniff", address
        assert answer["Referrer-Policy"] == "same-origin", address
        assert answer["X-Frame-Options"] == "DENY", address
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin", address
        assert "Access-Control-Allow-Origin" not in answer, address
        policy = answer["Content-Security-Policy"]
        for directive in ("default-src 'self'", "object-src 'none'", "base-uri 'none'"):
            assert directive in policy or "sandbox" in policy, address
        assert "frame-ancestors 'none'" in policy, address
        assert "unsafe" not in policy, address
        if answer.status_code == 200:
            assert "no-store" in answer["Cache-Control"], address
            assert "charset=utf-8" in answer["Content-Type"] or is_binary(answer), address
    assert sum(found) > 0.8 * len(found)


def is_binary(answer) -> bool:
    return answer["Content-Type"].startswith(("image/", "application/", "font/"))


# The rows that a control of a form may name, by its name without prefix and number.
KINDS: dict[str, type[models.Model]] = {
    "enrollment": Enrollment,
    "service_type": ServiceType,
    "project": Project,
    "organization": Organization,
    "members": Client,
    "client": Client,
    "client_1": Client,
    "client_2": Client,
}
# Of a control that is not among them, each of these is tried.
ELSE = (Client, Enrollment, CaseNote)
# Numbers of HUD's lists and of versions, which name no row.
CODES = {
    *("version", "seen", "sex", "veteran_status", "current_living_situation"),
    *("name_data_quality", "ssn_data_quality", "dob_data_quality"),
}


def references(hidden) -> set[tuple[str, str, int]]:
    """Everything in the database that points to a prepared row."""
    found = set()
    for row in hidden.values():
        for relation in row._meta.related_objects:
            model, name = relation.related_model, relation.field.name
            is_history = hasattr(model, "pgh_tracked_model") or model.__module__.startswith("pgh")
            if relation.field.concrete and not is_history:
                keys = model._base_manager.filter(**{name: row}).values_list("pk", flat=True)
                found |= {(model._meta.label, name, key) for key in keys}
    return found


def state(hidden) -> dict:
    return {
        model: model._base_manager.filter(pk=row.pk).values().first()
        for model, row in hidden.items()
        if model not in (User, Organization)
    }


def test_no_form_takes_the_key_of_another_agencys_row(hidden, own, enter, alice, dana):
    """Each field of each form that holds a key is sent with the keys of Bridge House's rows.

    What is no choice of rows, such as a code, takes a key of nobody's: it is asked of one user.
    """
    before, values = references(hidden), state(hidden)
    asked: set[tuple[str, str]] = set()
    for user in (alice, dana):
        with transaction.atomic():
            assert send_keys(enter(user), own, hidden, asked) > 40
            new = {one for one in references(hidden) - before if one[0] not in LOGS}
            assert not new
            assert state(hidden) == values
            transaction.set_rollback(True)


def send_keys(browser, own, hidden, asked: set[tuple[str, str]]) -> int:
    """Send each control a key of the hidden rows, but no code that was asked already."""
    sent = 0
    for address, form, name in controls(browser, own):
        word = re.sub(r"^.*-", "", name)
        if word in CODES and (address.name, name) in asked:
            continue
        asked.add((address.name, name))
        for model in (KINDS[word],) if word in KINDS else ELSE:
            typed = form.filled(**{name: str(hidden[model].pk)})
            answer = browser.post(form.action or address.path, typed)
            sent += 1
            assert answer.status_code < 500, (address, name)
            assert CANARY not in body(answer), (address, name)
    return sent


LOGS = {"clients.ClientAccess", "agencies.SecurityEvent"}


def controls(browser, own) -> Iterator[tuple[Address, HtmlForm, str]]:
    """Each control that holds a key, of each form of each page that opens."""
    for address in addresses(own):
        if OPEN.match(address.name):
            continue
        page = browser.get(address.path)
        if page.status_code != 200 or "html" not in page["Content-Type"]:
            continue
        for form in forms_of(body(page)):
            if "csrfmiddlewaretoken" in form.sent and "log" not in form.action:
                for name in sorted(form.names):
                    if holds_a_key(name, form.sent.get(name)):
                        yield address, form, name


def holds_a_key(name: str, values: list[str] | None) -> bool:
    """Whether a control of a form sends the key of a row, as far as its value says."""
    if name in ("csrfmiddlewaretoken", "form_token") or name.endswith("_FORMS") or not values:
        return False  # nor does what counts the forms of a formset
    return bool(re.fullmatch(r"\d{1,18}|[0-9a-f-]{36}", values[0]))
