"""The pages of the help: who reads them, what the search finds, and the sheet as PDF."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils.html import escape

from hmis.help.search import find
from hmis.help.topics import topics
from hud.explanations import explanations
from records.explained import explained
from records.markdown import html_of
from tests.factories import ClientFactory

HTMX = {"HX-Request": "true"}
OPEN = {key for key, topic in topics().items() if topic.is_open}


def titles(words: str) -> list[str]:
    return [one.title for one in find(words)]


def test_index_lists_every_topic_under_its_heading(portal, alice):
    page = portal(alice).get(reverse("help"))
    text = page.content.decode()
    for topic in topics().values():
        assert f'href="{topic.url}">{escape(topic.title)}</a>' in text
        assert topic.group in text
    assert 'href="/help/questions/"' in text


@pytest.mark.parametrize("key", sorted(topics()))
def test_every_topic_is_a_page_and_a_panel(portal, alice, key):
    browser = portal(alice)
    page = browser.get(reverse("help_topic", args=[key])).content.decode()
    assert f"{escape(topics()[key].title)}</h1>" in page
    assert "Download document" in page
    panel = browser.get(reverse("help_topic", args=[key]), headers=HTMX).content.decode()
    assert "<html" not in panel
    assert f'<h2 id="help-title" tabindex="-1">{escape(topics()[key].title)}</h2>' in panel
    assert topics()[key].html in panel


def test_without_logging_in_only_the_help_with_that_is_read(client, db):
    assert sorted(OPEN) == ["log-in", "two-step-log-in"]
    for key in topics():
        for name in ("help_topic", "help_document"):
            answer = client.get(reverse(name, args=[key]))
            assert answer.status_code == (200 if key in OPEN else 302), key
    assert client.get("/help/no-such-topic/").status_code == 302
    page = client.get("/help/log-in/").content.decode()
    assert "find-your-way" not in page
    assert 'href="/help/"' not in page


def test_who_has_to_set_up_the_second_factor_reads_how(portal, alice, settings):
    settings.MFA_REQUIRED = True
    browser = portal(alice)
    Authenticator.objects.filter(user=alice).delete()
    assert browser.get("/help/two-step-log-in/").status_code == 200
    assert browser.get("/help/find-a-client/")["Location"] == reverse("mfa_activate_totp")


def test_user_of_no_organization_reads_the_help(portal, alice):
    alice.memberships.all().delete()
    assert portal(alice).get("/help/choose-your-organization/").status_code == 200


@pytest.mark.parametrize("key", ["no-such-topic", "topics", "README"])
def test_topic_that_is_not_there_is_404(portal, alice, key):
    browser = portal(alice)
    assert browser.get(f"/help/{key}/").status_code == 404
    assert browser.get(f"/help/{key}/pdf/").status_code == 404


def test_document_is_a_pdf_named_after_its_topic(portal, alice):
    answer = portal(alice).get("/help/find-a-client/pdf/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="help-find-a-client.pdf"'
    assert answer.content.startswith(b"%PDF")


def test_search_is_sent_and_keeps_nothing_in_the_address(portal, alice):
    answer = portal(alice).post(reverse("help"), {"words": "safe haven"})
    assert answer.status_code == 200
    assert "What is a Safe Haven?" in answer.content.decode()
    assert answer.context["found"][0].title == "What is a Safe Haven?"
    assert "safe" not in answer.request["QUERY_STRING"]


def test_search_that_finds_nothing_says_so_and_lists_all(portal, alice):
    text = portal(alice).post(reverse("help"), {"words": "<b>zebra"}).content.decode()
    assert "Nothing found" in text
    assert "<b>zebra" not in text
    assert "Find a client" in text


@pytest.mark.parametrize("words", ["", " ", "x" * 101])
def test_search_for_nothing_or_too_much_lists_all(portal, alice, words):
    text = portal(alice).post(reverse("help"), {"words": words}).content.decode()
    assert "Find a client" in text


def test_search_needs_every_word_and_puts_titles_first():
    assert titles("find client")[0] == "Find a client"
    assert titles("FIND  Cli")[0] == "Find a client"
    assert "Exit a client or a household" in titles("leave destination")
    assert titles("destination zebra") == []
    assert titles("?!") == []


def test_search_finds_what_people_call_it_and_hud_questions():
    assert titles("authenticator")[0] == "Set up two-step log-in"
    assert "What is a Safe Haven?" in titles("safe haven")
    assert "When does a month count as a homeless month?" in titles("month counts")
    assert any("chronic" in one for one in titles("3.917 chronic"))


def test_found_questions_lead_to_their_place(portal, alice):
    browser = portal(alice)
    page = browser.get(reverse("help_questions")).content.decode()
    for one in explanations():
        (entry,) = [found for found in find(one.heading) if found.title == one.heading]
        address, _, anchor = entry.url.partition("#")
        assert address == reverse("help_questions")
        assert f'id="{anchor}"' in page


def test_texts_hold_no_html_of_their_own():
    assert html_of('<script>x()</script> <b onclick="x">b</b>') == (
        "<p>&lt;script&gt;x()&lt;/script&gt; &lt;b onclick=&quot;x&quot;&gt;b&lt;/b&gt;</p>\n"
    )
    assert "href" not in html_of("[x](javascript:alert(1))")


def test_explanation_stands_beside_its_question_closed_and_without_script():
    html = explained("disabling_condition", 'A "label"')
    assert html.startswith('<details class="explained')
    assert "open" not in html.partition(">")[0]
    assert "What is a disabling condition?" in html
    assert "A &quot;label&quot;" in html
    assert explained("no_such_question") == ""


def test_forms_explain_hud_questions(portal, alice, harbor):
    client = ClientFactory(organization=harbor, created_by=alice)
    page = portal(alice).get(reverse("clients:edit", args=[client.pk])).content.decode()
    assert "What if the client has no SSN, or knows only a part of it?" in page
    assert page.count('<details class="explained') == 4
