"""The list of a client's notes, the search in it, and what both cost."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.urls import reverse

from casenotes.models import CaseNote, NoteSearch
from casenotes.querysets import Words
from records.keyset import SIZE, keyset_page
from tests.casenotes.factories import CaseNoteFactory, ServiceFactory
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ClientFactory
from tests.pages import filled, opened


@pytest.fixture
def notes(john, alice, today):
    """Thirty notes of John's, the newest last."""
    first = date(2026, 1, 1)
    return [
        CaseNoteFactory(client=john, created_by=alice, date=first + timedelta(days=number // 2))
        for number in range(30)
    ]


def url(client):
    return reverse("casenotes:notes", args=[client.pk])


def found(*words):
    return list(CaseNote.objects.containing(" ".join(words)))


def test_newest_comes_first_and_pages_go_on_without_a_gap(portal, john, notes, alice):
    browser = portal(alice)
    first = browser.get(url(john)).context["page"]
    second = browser.get(f"{url(john)}?before={first.after}").context["page"]
    assert [*first.rows, *second.rows] == notes[::-1]
    assert len(first.rows) == SIZE
    assert (first.is_first, second.is_first, second.after) == (True, False, "")


@pytest.mark.parametrize("before", ["x", "2026-13-01_5", "2026-01-01_", "9" * 40, "2026-01-01_5'"])
def test_broken_place_in_the_list_is_the_first_page(john, notes, before):
    assert keyset_page(CaseNote.objects.all(), before, "date").is_first


def test_first_page_costs_as_many_queries_with_many_notes_as_with_few(
    portal, john, alice, django_assert_max_num_queries
):
    browser = portal(alice)
    CaseNoteFactory.create_batch(3, client=john, created_by=alice)
    browser.get(url(john))
    with django_assert_max_num_queries(10) as few:
        browser.get(url(john))
    some = CaseNote.objects.all()[0]
    CaseNote.objects.bulk_create(
        CaseNote(
            client=john,
            organization=some.organization,
            title=f"Note {number}",
            text="x" * 200,
            date=date(2020, 1, 1) + timedelta(days=number % 900),
            created_by=alice,
            updated_by=alice,
        )
        for number in range(5000)
    )
    with django_assert_max_num_queries(10) as many:
        page = browser.get(url(john)).context["page"]
    assert len(page.rows) == SIZE
    assert len(many) == len(few)


def test_list_reads_no_texts(portal, john, notes, alice, django_assert_max_num_queries):
    browser = portal(alice)
    with django_assert_max_num_queries(14) as queries:
        browser.get(url(john))
    listing = [one["sql"] for one in queries if '"casenotes_casenote"."title"' in one["sql"]]
    assert listing
    assert not any('"text"' in sql for sql in listing)


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("cafe", "Clinic"),
        ("CAFÉ clos", "Clinic"),
        ("clin", "Clinic"),
        ("мухаммед", "Russian"),
        ("住房", "Chinese"),
        ("مرحبا", "Arabic"),
        ("nino", "Spanish"),
        ("don't", "Apostrophe"),
        ("it's", "Apostrophe"),
        ("12/05", "Numbers"),
    ],
)
def test_words_are_found_by_their_beginning_without_accents_in_any_script(
    john, alice, typed, title
):
    texts = {
        "Clinic": "The café was closed.",
        "Russian": "Говорил Мухаммед",
        "Chinese": "他需要住房帮助",
        "Arabic": "قال مرحبا",
        "Spanish": "Su niño está bien",
        "Apostrophe": "He said: don't call, it's late.",
        "Numbers": "Court on 12/05 at nine",
    }
    for name, text in texts.items():
        CaseNoteFactory(client=john, created_by=alice, title=name, text=text)
    assert [note.title for note in found(typed)] == [title]


def test_all_words_must_be_there(john, alice):
    both = CaseNoteFactory(client=john, created_by=alice, title="Bus", text="pass to the clinic")
    CaseNoteFactory(client=john, created_by=alice, title="Bus", text="pass")
    assert found("clinic", "bus") == [both]


@pytest.mark.parametrize("typed", ["&", "!bus", "bus |", "'", "\\", "a:*", "()", "<->", "%_", "٪"])
def test_operators_that_are_typed_are_no_operators(john, alice, typed):
    CaseNoteFactory(client=john, created_by=alice)
    found(typed)


def test_words_of_a_search():
    assert Words.of("Bus-pass 住房 bus").beginnings == ("Bus", "pass", "bus")
    assert Words.of("住房").unspaced == ("住房",)
    assert Words.of("it's").as_tsquery == "'it':* & 's':*"


def test_search_uses_its_index(john, alice):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # a nearly empty table is read as a whole
    assert "note_words" in CaseNote.with_deleted.all().containing("clinic").explain()


def test_filter_stands_in_no_address(portal, john, alice, bob, enrollment):
    CaseNoteFactory(client=john, created_by=alice, title="Clinic")
    browser = portal(alice)
    form = opened(browser.get(url(john)))
    answer = browser.post(url(john), filled(form, text="clinic", author="ali"))
    search = NoteSearch.objects.get()
    assert answer["Location"] == search.get_absolute_url()
    page = browser.get(answer["Location"])
    assert [note.title for note in page.context["page"].rows] == ["Clinic"]
    assert portal(bob).get(answer["Location"]).status_code == 404
    other = reverse("casenotes:found", args=[ClientFactory().pk, search.pk])
    assert browser.get(other).status_code == 404


def test_empty_filter_is_the_whole_list(portal, john, alice):
    assert portal(alice).post(url(john), {"text": " "})["Location"] == url(john)
    assert not NoteSearch.objects.exists()


def test_author_period_and_enrollment_narrow_the_list(john, alice, bob, enrollment):
    first = CaseNoteFactory(
        client=john, created_by=alice, enrollment=enrollment, date=date(2026, 1, 9)
    )
    second = CaseNoteFactory(client=john, created_by=bob, date=date(2026, 1, 20))
    ServiceFactory(note=second, enrollment=enrollment, created_by=bob)
    third = CaseNoteFactory(client=john, created_by=bob, date=date(2026, 2, 1))
    rows = CaseNote.objects.order_by("pk")
    assert list(rows.written_by(f"{bob.last_name} bo")) == [second, third]
    assert list(rows.between(date(2026, 1, 10), date(2026, 1, 31))) == [second]
    assert list(rows.about(enrollment)) == [first, second]
    assert not rows.about(EnrollmentFactory()).exists()


def test_search_finds_only_what_may_be_seen(portal, john, alice, charlie):
    CaseNoteFactory(client=john, created_by=alice, title="Clinic")
    answer = portal(charlie).post(url(john), {"text": "clinic"}, follow=True)
    assert not answer.context["page"].rows


def test_filter_with_a_period_that_ends_before_it_begins_is_explained(portal, john, alice):
    answer = portal(alice).post(url(john), {"first": "02/01/2026", "last": "01/01/2026"})
    assert "not before the first" in answer.content.decode()
