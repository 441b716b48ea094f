"""Client Files: cards, Grid View, filters, sorting, expiry."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from files.models import ClientFile
from tests.files.factories import file_of
from tests.files.samples import jpeg, pdf
from tests.pages import send


@pytest.fixture
def opened(portal, alice, john):
    browser = portal(alice)

    def open_page(query="", **headers):
        return browser.get(reverse("files:client_files", args=[john.pk]) + query, **headers)

    open_page.browser = browser
    return open_page


def names(answer):
    return [row.document_name for row in answer.context["files"]]


@pytest.fixture
def cabinet(filed, upload, charlie):
    """Four files, the oldest first; Charlie's is Bridge House's."""
    today = timezone.localdate()
    dates = [today - timedelta(days=1), today, today + timedelta(days=30), None]
    typed = [("Lease", "housing"), ("State ID", "id"), ("Award letter", "income"), ("Note", "")]
    for (name, category), day in zip(typed, dates, strict=True):
        content = pdf() if name == "Lease" else jpeg()
        filed(
            content,
            "x.jpg",
            document_name=name,
            category=category,
            expires_on=day and f"{day:%m/%d/%Y}",
            by=charlie if name == "Note" else None,
        )


@pytest.fixture
def filed(filed, alice):
    def add(*args, by=None, **options):
        options = {key: value for key, value in options.items() if value is not None}
        return filed(*args, by=by or alice, **options)

    return add


def test_newest_stands_first(opened, cabinet):
    assert names(opened()) == ["Note", "Award letter", "State ID", "Lease"]


def test_card_shows_picture_name_date_and_organization(opened, filed):
    row = filed(document_name="State ID")
    text = opened().content.decode()
    assert reverse("files:client_file_thumbnail", args=[row.client_id, row.pk]) in text
    for words in ("State ID", f"{timezone.localdate():%m/%d/%Y}", "Harbor Services"):
        assert words in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?sort=name", ["Award letter", "Lease", "Note", "State ID"]),
        ("?sort=-name", ["State ID", "Note", "Lease", "Award letter"]),
        ("?sort=date", ["Lease", "State ID", "Award letter", "Note"]),
        ("?sort=expires", ["Lease", "State ID", "Award letter", "Note"]),
        ("?sort=organization&category=", ["Note", "Award letter", "State ID", "Lease"]),
        ("?category=id", ["State ID"]),
        ("?expiry=soon", ["Award letter", "State ID"]),
        ("?expiry=expired", ["Lease"]),
        ("?category=id&expiry=expired", []),
        (
            "?category=nonsense&sort=evil&page=x&filed_by=%27",
            ["Note", "Award letter", "State ID", "Lease"],
        ),
    ],
)
def test_filters_and_sorting_work_by_the_address(opened, cabinet, query, found):
    for view in ("", "&view=grid"):
        assert names(opened(query + view)) == found


def test_filter_by_organization(opened, cabinet, bridge):
    assert names(opened(f"?filed_by={bridge.pk}&view=grid")) == ["Note"]


def test_name_filter_stays_out_of_the_address(opened, cabinet):
    address = opened().request["PATH_INFO"]
    answer = opened.browser.post(f"{address}?view=grid&sort=name", {"text": "le"})
    assert answer["Location"].endswith("/files/?view=grid&sort=name")
    assert names(opened("?view=grid&sort=name")) == ["Award letter", "Lease"]
    opened.browser.post(opened().request["PATH_INFO"], {"text": "le", "clear": "1"})
    assert len(names(opened("?view=grid"))) == 4


def test_name_filter_of_one_client_is_not_applied_to_another(opened, cabinet, portal, restricted):
    opened.browser.post(opened().request["PATH_INFO"], {"text": "zzz"})
    assert names(opened()) == []
    assert "No file of this client matches these filters." in opened().content.decode()
    other = opened.browser.get(reverse("files:client_files", args=[restricted.pk]))
    assert "No files yet" in other.content.decode()


def test_heads_of_the_grid_say_how_it_is_sorted(opened, cabinet):
    text = opened("?view=grid&sort=name").content.decode()
    assert 'aria-sort="ascending"' in text
    assert "sort=-name" in text


@pytest.mark.parametrize(
    ("days", "mark"), [(-1, "Expired"), (0, "Expires "), (30, "Expires "), (31, ""), (None, "")]
)
def test_expiring_documents_are_marked(filed, days, mark):
    day = None if days is None else timezone.localdate() + timedelta(days=days)
    row = filed(expires_on=day and f"{day:%m/%d/%Y}")
    assert row.is_expired == (mark == "Expired")
    assert row.expires_soon == (mark == "Expires ")


def test_number_of_queries_does_not_grow_with_the_files(opened, filed):
    for _ in range(2):
        filed(b"text", "a.txt")
    opened()
    with CaptureQueriesContext(connection) as few:
        opened("?view=grid")
    for _ in range(6):
        filed(b"text", "a.txt")
    with CaptureQueriesContext(connection) as many:
        opened("?view=grid")
    assert len(many) == len(few)


def test_many_files_come_in_pages(opened, filed, john, alice):
    row = filed(b"text", "a.txt")
    stored = row.stored
    for number in range(49):
        stored.pk, stored.key = None, f"files/00/{number}"
        stored._state.adding = True
        stored.save()
        row.pk, row.stored, row._state.adding = None, stored, True
        row.save()
    assert ClientFile.objects.count() == 50
    assert len(names(opened())) == 48
    assert len(names(opened("?page=2"))) == 2
    assert "view=grid&amp;sort=name" in opened("?view=grid&sort=name").content.decode()


def test_expiry_and_category_are_changed_later(opened, filed, portal, alice):
    row = filed(category="id")
    address = reverse("files:edit_client_file", args=[row.client_id, row.pk])
    send(portal(alice), address, category="", expires_on="01/31/2031")
    row.refresh_from_db()
    assert (row.category, f"{row.expires_on}") == ("", "2031-01-31")
    assert row.stored_id


def test_name_with_hidden_characters_is_refused(opened, upload):
    answer = upload(document_name="a\u202eb")
    assert "hidden characters" in answer.context["form"].errors["document_name"][0]


def test_text_file_is_shown_escaped(opened, filed, portal, alice):
    row = filed("<b>Señora</b> & co".encode(), "a.txt")
    text = portal(alice).get(row.get_absolute_url()).content.decode()
    assert "&lt;b&gt;Señora&lt;/b&gt; &amp; co" in text


@pytest.mark.parametrize("query", ["?page=2", "?page=99", "?page=-1", "?page=x", "?page=1&as=text"])
def test_viewer_stays_within_the_pages(filed, portal, alice, query):
    row = filed(pdf(2), "a.pdf")
    answer = portal(alice).get(row.get_absolute_url() + query)
    assert answer.status_code == 200
    shown = answer.context["shown"]
    assert 1 <= shown.number <= 2
    assert ("Page of a test" in answer.content.decode()) is shown.as_text


def test_upload_field_is_not_in_the_address_nor_in_the_title(filed, portal, alice):
    row = filed(document_name="John Smith ID")
    text = portal(alice).get(row.get_absolute_url()).content.decode()
    title = text.partition("<title>")[2].partition("</title>")[0]
    assert "Smith" not in title


def test_file_is_in_one_record_only(john):
    file, other = file_of(john), file_of(john)
    with pytest.raises(IntegrityError, match="stored_id"), transaction.atomic():
        ClientFile.objects.filter(pk=other.pk).update(stored=file.stored)
