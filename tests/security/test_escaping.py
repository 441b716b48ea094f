"""What was typed is text on every page, whatever it looks like (ASVS 1.1.2, 1.2.1, 1.3.7)."""

import pytest

from clients.models import Client
from tests.clients.merge.rows import MAKERS
from tests.enrollments.factories import CaseAssignmentFactory
from tests.factories import ClientFactory
from tests.security.addresses import addresses
from tests.security.conftest import mark
from tests.security.test_matrix import body

PAYLOAD = """'"><img src=x>{{7*7}}"""


@pytest.fixture
def marked(own):
    """Alice's own client, with markup in each text of each row."""
    for row in own.values():
        mark(row, PAYLOAD)
    return own


def test_typed_markup_is_shown_as_text(portal, marked, alice, dana):
    """On the pages that Alice opens, and the officer the rest: what is escaped hangs on no role.

    No template marks anything safe (test_code.py).
    """
    opened = set()
    for browser in (portal(alice), portal(dana)):
        shown = 0
        for address in addresses(marked):
            if address in opened:
                continue
            answer = browser.get(address.path)
            if answer.status_code != 200 or "html" not in answer["Content-Type"]:
                continue
            opened.add(address)
            text = body(answer)
            assert "<img src=x>" not in text, address
            assert "&gt;49" not in text, address
            shown += "&lt;img src=x&gt;" in text
        assert shown > 20


def test_names_are_escaped_in_the_top_of_every_page_of_the_client(portal, alice, harbor):
    client = ClientFactory(organization=harbor, created_by=alice, first_name="<b>Jo</b>")
    enrollment = MAKERS["enrollments.enrollment", "client"](client)
    CaseAssignmentFactory(enrollment=enrollment, case_manager=alice)
    text = portal(alice).get(Client.objects.get(pk=client.pk).get_absolute_url()).text
    assert "<b>Jo</b>" not in text
    assert "&lt;b&gt;Jo&lt;/b&gt;" in text
