"""Signing on the screen: what the user says first, what the client reads, what is recorded."""

import json
import re
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pgtrigger
import pytest
from django.core import signing
from django.db import Error, transaction
from django.urls import reverse

from agencies.actions import end_sessions
from agencies.models import Organization
from agencies.use_limits import UseLimit
from clients.models import ClientAccess, Release
from consent.models import Signature
from consent.sealing.keys import NO_SEAL
from consent.signing.shown import is_unchanged
from consent.signing.words import words_in
from consent.texts import actions as templates_actions
from files.models import ClientFile
from files.store import StoreError
from records.visibility import Visibility
from tests.consent.conftest import TODAY
from tests.consent.factories import ReleaseFactory, revoked
from tests.consent.signing.conftest import DRAWN, NAME
from tests.factories import ClientFactory
from tests.pages import errors, filled, opened

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"consent:{name}", args=args)


def address(client, *members, **query):
    """The page that the client sees."""
    chosen = [f"members={one.pk}" for one in members or (client,)]
    more = [f"{name}={value}" for name, value in query.items()]
    return f"{url('sign_text', client.pk)}?{'&'.join([*chosen, *more])}"


@pytest.fixture
def sign(portal, alice, version):
    """A function that opens the page of a client and signs it as Alice's."""
    browser = portal(alice)

    def signed(client, *members, query=None, follow=False, **typed):
        page = address(client, *members, **(query or {}))
        return browser.post(page, filled(opened(browser.get(page)), **typed), follow=follow)

    return signed


def test_signature_by_hand_is_recorded_with_the_text_that_was_shown(
    sign, john, alice, harbor, version
):
    answer = sign(john, strokes=DRAWN, query={"ends_on": "03/01/2027"})
    release = Release.objects.get()
    assert answer["Location"] == url("signed", john.pk, release.pk)
    assert (release.client, release.organization, release.kind) == (john, harbor, "signed")
    assert (release.witness, release.signed_by, release.covers) == (alice, "client", None)
    assert (release.answered_on, release.ends_on) == (TODAY, date(2027, 3, 1))
    signature = release.signature
    assert (signature.version, signature.language, signature.languages) == (
        version,
        "en",
        ["en", "es"],
    )
    assert (signature.strokes, signature.typed_name, signature.statement) == (NAME, "", "")
    assert signature.witness == alice
    assert signature.text_hash == release.text_hash
    assert is_unchanged(signature)


def test_typed_name_is_recorded_with_what_it_means(sign, john):
    sign(john, typed_name=" John  Smith ", agrees="on", query={"language": "es"})
    signature = Release.objects.get(kind="typed").signature
    assert (signature.typed_name, signature.strokes) == ("John Smith", [])
    assert signature.statement.startswith("He leído este texto")
    assert (signature.language, signature.languages) == ("es", ["es", "en"])


def test_sealed_copy_is_in_the_client_files(sign, john):
    sign(john, strokes=DRAWN)
    file = ClientFile.objects.get()
    assert (file.client, file.release, file.category) == (john, Release.objects.get(), "consent")


def test_release_ends_when_its_text_says_so(sign, john):
    sign(john, strokes=DRAWN)
    assert Release.objects.get().ends_on == date(2027, 3, 1)


def test_adult_signs_for_the_minors_too(sign, john, jimmy):
    sign(john, john, jimmy, strokes=DRAWN)
    own, minors = Release.objects.order_by("client")
    assert (own.signed_by, own.guardian_name) == ("client", "")
    assert (minors.client, minors.signed_by, minors.guardian_name) == (
        jimmy,
        "guardian",
        "John Smith",
    )
    assert own.text_hash == minors.text_hash
    assert {one.values["en"]["client"] for one in Signature.objects.all()} == {
        "John Smith and Jimmy Smith"
    }


def test_guardian_of_a_minor_alone_is_named(sign, jimmy):
    assert errors(sign(jimmy, strokes=DRAWN)) == {
        "guardian_name": ["Enter the name of the parent or guardian who signs."]
    }
    sign(jimmy, strokes=DRAWN, guardian_name="Gloria Guardian")
    assert Release.objects.get().guardian_name == "Gloria Guardian"


def test_name_of_a_minor_is_no_markup(sign, jimmy):
    jimmy.first_name = "<b>Jimmy</b>"
    jimmy.save()
    assert "<b>Jimmy" not in sign(jimmy, strokes=DRAWN).text


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({}, "strokes", "Write your name by hand, or type it."),
        ({"strokes": "[[5,5]]"}, "strokes", "Write your name by hand, or type it."),
        (
            {"strokes": "[[5,5,"},
            "strokes",
            "The signature could not be read. Press Clear and write it again.",
        ),
        ({"agrees": "on"}, "typed_name", "Enter your full name."),
        (
            {"typed_name": "John Smith"},
            "agrees",
            "Tick the box if you agree. If you do not agree, go back without signing.",
        ),
        ({"typed_name": "   ", "agrees": "on"}, "typed_name", "Enter your full name."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_saved(sign, john, typed, field, sentence):
    assert errors(sign(john, **typed)) == {field: [sentence]}
    assert not Release.objects.exists()


def test_errors_are_in_the_language_that_is_signed(sign, john):
    page = sign(john, query={"language": "es"})
    assert errors(page) == {"strokes": ["Escriba su nombre a mano, o con el teclado."]}
    assert re.search(r'<main id="main"\s+lang="es"\s+dir="ltr"', page.text)


def test_signature_stays_in_the_box_while_the_name_of_the_guardian_is_missing(sign, jimmy):
    assert opened(sign(jimmy, strokes=DRAWN))["strokes"].value() == DRAWN


def test_version_that_follows_while_the_page_is_open_changes_nothing(
    portal, alice, john, version, publish
):
    browser = portal(alice)
    sent = filled(opened(browser.get(address(john))), strokes=DRAWN)
    follower = publish({"en": ("Another title", "Another text")})
    browser.post(address(john), sent)
    signature = Signature.objects.get()
    assert (signature.version, signature.version != follower) == (version, True)
    assert is_unchanged(signature)


def test_text_that_would_read_otherwise_by_now_is_shown_again(portal, alice, john, version):
    browser = portal(alice)
    sent = filled(opened(browser.get(address(john))), strokes=DRAWN)
    john.first_name = "Johnny"
    john.save()
    page = browser.post(address(john), sent)
    assert "Something in this text changed while it was open." in page.text
    assert "Johnny Smith lets Harbor Services share." in page.text
    assert not opened(page)["strokes"].value()
    assert not Release.objects.exists()
    browser.post(address(john), filled(opened(page), strokes=DRAWN))
    assert Release.objects.count() == 1


def test_text_cannot_be_chosen_by_whoever_sends_it(portal, alice, john, version, publish, bridge):
    """A page that was not ours, or of another client, is worth nothing."""
    browser = portal(alice)
    stranger = ClientFactory(organization=bridge)
    sent = filled(opened(browser.get(address(john))), strokes=DRAWN)
    page = browser.post(address(stranger), sent)
    assert "Something in this text changed" in page.text
    forged = signing.dumps({"by": alice.pk}, salt="another")
    assert "open for too long" in browser.post(address(john), sent | {"asked_for": forged}).text
    assert not Release.objects.exists()


def test_page_that_is_sent_twice_is_signed_once(portal, alice, john, version):
    browser = portal(alice)
    sent = filled(opened(browser.get(address(john))), strokes=DRAWN)
    first, second = (browser.post(address(john), sent) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Release.objects.count() == Signature.objects.count() == ClientFile.objects.count() == 1


@pytest.mark.parametrize("token", ["", "x", "00000000-0000-4000-8000-000000000000"])
def test_page_is_not_signed_again_under_another_token(portal, alice, john, version, token):
    browser = portal(alice)
    sent = filled(opened(browser.get(address(john))), strokes=DRAWN)
    browser.post(address(john), sent)
    page = browser.post(address(john), sent | {"form_token": token})
    assert "open for too long" in page.text
    assert Release.objects.count() == ClientFile.objects.count() == 1


def test_copies_count_among_the_uploads_of_the_user(sign, portal, alice, john, jimmy, settings):
    settings.USE_LIMITS = {"uploads": UseLimit.parse("hour 2 3")}
    assert sign(john, john, jimmy, strokes=DRAWN).status_code == 302
    assert sign(john, john, jimmy, strokes=DRAWN).status_code == 429
    assert portal(alice).get(url("sign", john.pk)).status_code == 429
    assert Release.objects.count() == ClientFile.objects.count() == 2


def test_nothing_of_the_portal_and_of_others_is_on_the_page(portal, alice, john, jane, version):
    browser = portal(alice)
    browser.get(jane.get_absolute_url())  # recently viewed
    page = browser.get(address(john)).text
    for text in ("Jane", "Jimmy", "Favorites", "global-search", "notifications/", "<header class"):
        assert (text in page) is (text == "<header class"), text
    assert "<title" in page
    assert "John" not in page.partition("<title")[2].partition("</title>")[0]


def test_both_languages_stand_side_by_side_and_say_what_they_are(portal, alice, john, version):
    page = portal(alice).get(address(john)).text
    english, spanish = (f'lang="{tag}"\n             dir="ltr"' for tag in ("en", "es"))
    assert page.index(english) < page.index(spanish)
    assert "John Smith permite a Harbor Services compartir." in page
    assert 'hreflang="es"' in page


def test_sample_is_marked_in_each_language(portal, alice, john, publish):
    publish(is_sample=True)
    page = portal(alice).get(address(john)).text
    assert "This is a sample. Nobody has approved this text." in page
    assert "Esto es una muestra. Nadie ha aprobado este texto." in page


def test_thanks_in_the_language_that_was_signed_and_leads_on(sign, portal, alice, john):
    page = sign(john, strokes=DRAWN, follow=True, query={"language": "es", "next": "/intake/"})
    assert "Gracias. Está firmado." in page.text
    assert page.context["next"] == "/intake/"
    other = page.request["PATH_INFO"]
    answer = portal(alice).get(f"{other}?next=https://evil.example/")
    assert answer.context["next"] == "/"


def test_user_says_first_for_whom_and_with_whom(portal, alice, john, jimmy, bridge, version):
    form = opened(portal(alice).get(url("sign", john.pk)))
    ticked = [person.client for person, is_ticked in form.rows if is_ticked]
    assert ticked == [john, jimmy], "the head of household usually answers for the minors"
    assert form["ends_on"].value() == date(2027, 3, 1)
    page = portal(alice).get(address(john, john, jimmy, covers=bridge.pk, ends_on=""))
    asked = page.context["asked"]
    assert (asked.clients, asked.covers, asked.ends_on) == (
        [john, jimmy],
        bridge,
        None,
    )
    assert "Bridge House" in page.text


@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        ("members=", "members", "Choose members of the household."),
        ("covers=", "members", "Choose at least one member of the household."),
        ("members=%(john)s&members=%(jane)s", "members", "Each adult signs alone."),
        ("members=%(john)s&ends_on=03/01/2026", "ends_on", "Enter a date that is not in the past"),
        ("members=%(john)s&covers=%(harbor)s", "covers", "Choose one of the listed"),
        ("members=%(stranger)s", "members", "Choose members of the household."),
    ],
)
def test_what_cannot_be_asked_is_said_to_the_user(
    portal, alice, john, jane, harbor, version, query, field, sentence
):
    stranger = ClientFactory(organization=harbor)
    given = {"john": john.pk, "jane": jane.pk, "harbor": harbor.pk, "stranger": stranger.pk}
    page = portal(alice).get(f"{url('sign_text', john.pk)}?{query % given}", follow=True)
    assert page.redirect_chain
    assert errors(page)[field][0].startswith(sentence)


def test_restricted_client_signs_alone(portal, alice, john, jimmy, version):
    type(jimmy).objects.filter(pk=jimmy.pk).update(visibility=Visibility.OWN_ORGANIZATION)
    browser = portal(alice)
    ticked = [one for one, is_ticked in opened(browser.get(url("sign", john.pk))).rows if is_ticked]
    assert [one.client for one in ticked] == [john]
    page = browser.get(address(john, john, jimmy), follow=True)
    assert errors(page)["members"][0].startswith("Jimmy Smith is restricted")
    assert portal(alice).get(address(jimmy)).status_code == 200


def test_without_a_text_the_page_says_who_publishes_one(portal, alice, john):
    page = portal(alice).get(address(john), follow=True)
    assert "There is no text to sign" in page.text


def test_retired_text_is_not_shown(portal, alice, john, version):
    templates_actions.retire(version=version, by=alice)
    page = portal(alice).get(address(john), follow=True)
    assert "There is no text to sign" in page.text


def test_without_a_seal_nothing_is_signed(portal, alice, john, version, settings, sign):
    settings.RELEASE_SEAL_KEY = ""
    assert NO_SEAL[:60] in portal(alice).get(url("sign", john.pk)).text
    assert errors(sign(john, strokes=DRAWN)) == {"__all__": [NO_SEAL]}
    assert not Release.objects.exists()


def test_store_that_fails_is_said_and_nothing_is_signed(john, version, monkeypatch, sign):
    def fails(*args, **options):
        raise StoreError

    monkeypatch.setattr("files.actions.store.put", fails)
    assert errors(sign(john, strokes=DRAWN)) == {"__all__": [StoreError.sentence]}
    assert not Release.objects.exists()


def test_signed_text_is_shown_with_hand_and_witness(sign, portal, alice, john):
    sign(john, strokes=DRAWN)
    release = Release.objects.get()
    page = portal(alice).get(url("signed_text", john.pk, release.pk)).text
    for text in ("John Smith lets Harbor", 'd="M200 700Q600 300', str(alice), release.text_hash):
        assert text in page
    assert "is not what was signed" not in page


def test_signed_text_is_read_by_whoever_may_open_its_copy(sign, portal, policy, charlie, john):
    sign(john, strokes=DRAWN)
    release = Release.objects.get()
    policy("parts")
    browser = portal(charlie)
    page = url("signed_text", john.pk, release.pk)
    assert browser.get(page).status_code == 200
    assert page in browser.get(url("release", john.pk, release.pk)).text
    revoked(release)
    for name in ("signed", "signed_text"):
        assert browser.get(url(name, john.pk, release.pk)).status_code == 404
    assert page not in browser.get(url("release", john.pk, release.pk)).text


def test_changed_hash_is_noticed_where_the_text_is_shown(sign, portal, alice, john):
    sign(john, strokes=DRAWN)
    release = Release.objects.get()
    values = release.signature.values
    values["en"]["client"] = "Somebody else"
    for rows, column in (
        (Release.objects, {"text_hash": "0" * 64}),
        (Signature.objects, {"values": values}),
    ):
        before = rows.filter(pk=release.pk).values(*column).get()
        with pgtrigger.ignore():
            rows.filter(pk=release.pk).update(**column)
        page = portal(alice).get(url("signed_text", john.pk, release.pk)).text
        assert "is not what was signed" in page
        with pgtrigger.ignore():
            rows.filter(pk=release.pk).update(**before)
    assert is_unchanged(Signature.objects.get())


def test_signature_is_never_edited(sign, john):
    sign(john, strokes=DRAWN)
    rows = Signature.objects.all()
    for write in (lambda: rows.update(typed_name="x"), rows.delete):
        with pytest.raises(Error), transaction.atomic():
            write()


def test_other_organizations_do_not_sign_for_whom_they_do_not_see(portal, charlie, john, version):
    type(john).objects.filter(pk=john.pk).update(visibility=Visibility.OWN_ORGANIZATION)
    browser = portal(charlie)
    release = ReleaseFactory(client=john, signed=True)
    for page in (
        url("sign", john.pk),
        address(john),
        url("signed", john.pk, release.pk),
        url("signed_text", john.pk, release.pk),
    ):
        assert browser.get(page).status_code == 404
    assert browser.post(address(john), {"asked_for": "x"}).status_code == 404


def test_release_that_nobody_signed_here_has_no_text(portal, alice, john):
    release = ReleaseFactory(client=john)
    for name in ("signed", "signed_text"):
        assert portal(alice).get(url(name, john.pk, release.pk)).status_code == 404


def test_address_and_access_log_hold_no_name(sign, john):
    answer = sign(john, strokes=DRAWN)
    assert "Smith" not in answer["Location"]
    assert ClientAccess.objects.filter(client=john, kind=ClientAccess.Kind.CHANGE).exists()


def test_organization_of_the_text_is_the_one_in_force(portal, alice, john, publish, harbor):
    publish({"en": ("Of the CoC", "x")})
    publish({"en": ("Of Harbor", "{organization}")}, organization=harbor)
    page = portal(alice).get(address(john)).text
    assert "Of Harbor" in page
    assert Organization.objects.get(pk=harbor.pk).organization_name in page


def test_points_are_no_more_than_is_said_to_the_browser(portal, alice, john, version):
    page = portal(alice).get(address(john))
    box = page.context["box"]
    line = [[0, 0] * box["most_points"]]
    assert len(json.dumps(line)) < 48_000
    assert f'data-most-points="{box["most_points"]}"' in page.text


@pytest.mark.parametrize("language", ["en", "es"])
def test_signature_after_the_end_of_the_session_is_asked_again_with_all_that_was_chosen(
    portal, alice, john, version, language
):
    browser = portal(alice)
    page = address(john, language=language, ends_on="03/01/2027")
    sent = filled(opened(browser.get(page)), strokes=DRAWN)
    end_sessions(user=alice)
    to_log_in = browser.post(page, sent)
    browser.force_login(alice)
    again = browser.get(parse_qs(urlsplit(to_log_in["Location"]).query)["next"][0])
    assert words_in(language)["error_unsaved"] in again.text
    form = opened(again)
    assert not form["strokes"].value()
    assert words_in(language)["error_unsaved"] not in browser.get(page).text, "it is said once"
    browser.post(page, filled(form, strokes=DRAWN))
    release = Release.objects.get()
    assert (release.ends_on, release.signature.language) == (date(2027, 3, 1), language)
