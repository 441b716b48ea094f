"""A client in a line of results: every word of a person is escaped."""

from datetime import date

from clients.models import Client, ClientSearch
from clients.templatetags.client_rows import client_cells, client_link

HOSTILE = '<b onclick="x">'


def search(**boxes):
    made = ClientSearch()
    made.criteria = boxes
    return made


def test_name_leads_to_the_client_and_is_escaped():
    client = Client(pk=7, first_name=HOSTILE, last_name="Smith")
    assert client_link(client, search(last_name="smi")) == (
        '<a href="/clients/7/"><bdi>Smith, &lt;b onclick=&quot;x&quot;&gt;</bdi></a>'
    )


def test_name_leads_back_to_the_page_that_asked():
    link = client_link(Client(pk=7, last_name="Smith"), search(return_to="/intake/3/"))
    assert link.startswith('<a href="/intake/3/?client=7">')


def test_cells_say_what_is_known_and_what_is_not():
    client = Client(pk=7, dob=date(1980, 1, 1), dob_data_quality=2, ssn=f"219456{HOSTILE}9", sex=1)
    cells = client_cells(client)
    assert '1980 <span class="muted small">approximate</span>' in cells
    assert "•&quot;&gt;9" in cells
    assert client.get_sex_display() in cells
    unknown = client_cells(Client(pk=7))
    assert '<span class="muted">Not known</span>' in unknown
    assert '<span class="muted">None</span>' in unknown
    assert '<td class="num" data-label="Age">—</td>' in unknown
