"""Notes as PDF: which, and in what letters."""

import datetime

import pypdfium2
import pytest
from django.urls import reverse

from agencies.use_limits import UseLimit
from casenotes import pdf
from casenotes.models import CaseNote
from clients.models import ClientAccess
from tests.casenotes.factories import CaseNoteFactory

AT = datetime.datetime(2026, 3, 2, 12, 0)  # noqa: DTZ001 -- only shown

SCRIPTS = {
    "Vietnamese": "Tiếng Việt",
    "Russian": "Русский",
    "Greek": "Ελληνικά",
    "Arabic": "مرحبا بالعالم",
    "Hebrew": "שלום עולם",
    "Hindi": "हिन्दी क्षत्रिय",
    "Bengali": "বাংলা",
    "Tamil": "தமிழ்",
    "Thai": "ภาษาไทย",
    "Khmer": "ភាសាខ្មែរ",
    "Burmese": "မြန်မာ",
    "Amharic": "አማርኛ",
    "Armenian": "Հայերեն",
    "Georgian": "ქართული",
    "Chinese": "中文简体 繁體",
    "Japanese": "ひらがな カタカナ",
    "Korean": "한국어",
    "emoji": "🙂🏠",
}


@pytest.fixture
def two(john, alice):
    return [
        CaseNoteFactory(client=john, created_by=alice, title=f"Note {n}", read_only=True)
        for n in range(2)
    ]


def test_chosen_notes_are_printed_and_no_others(portal, john, alice, two):
    still_open = CaseNoteFactory(client=john, created_by=alice, title="Open")
    url = reverse("casenotes:print_several", args=[john.pk])
    page = portal(alice).get(url, {"note": [two[0].pk, still_open.pk, 10**30, "x"]})
    assert page.context["notes"] == [two[0]]


def test_nothing_chosen_leads_back_to_the_list(portal, john, alice):
    for name in ("print_several", "pdf_several"):
        answer = portal(alice).get(reverse(f"casenotes:{name}", args=[john.pk]), follow=True)
        assert "Select the Read Only notes" in answer.content.decode()


def test_pdf_names_no_person_in_its_file_name(portal, john, alice, two):
    answer = portal(alice).get(reverse("casenotes:pdf", args=[john.pk, two[0].pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Disposition"] == f'attachment; filename="case-note-{two[0].pk}.pdf"'
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("name", ["print", "pdf", "print_several", "pdf_several"])
def test_what_is_printed_is_logged_as_exported(portal, john, alice, two, name):
    place = [john.pk] if name.endswith("several") else [john.pk, two[0].pk]
    url = reverse(f"casenotes:{name}", args=place)
    assert portal(alice).get(url, {"note": two[0].pk}).status_code == 200
    access = ClientAccess.objects.get()
    assert (access.client, access.kind, access.page) == (john, "export", f"casenotes:{name}")


def test_where_no_note_was_chosen_nothing_was_exported(portal, john, alice):
    portal(alice).get(reverse("casenotes:pdf_several", args=[john.pk]))
    assert ClientAccess.objects.get().kind == "view"


def test_pdfs_of_notes_count_as_downloads(portal, john, alice, two, settings):
    settings.USE_LIMITS = {"downloads": UseLimit.parse("hour 2 2")}
    one = reverse("casenotes:pdf", args=[john.pk, two[0].pk])
    several = reverse("casenotes:pdf_several", args=[john.pk]) + f"?note={two[1].pk}"
    got = [portal(alice).get(url).status_code for url in (one, several, one)]
    assert got == [200, 200, 429]


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS.keys())
def test_packaged_fonts_have_every_letter(text):
    assert pdf.drawable(text) == text


def test_character_without_a_font_is_printed_as_its_code():
    assert pdf.drawable("a\U00013000b") == "a[U+13000]b"


def test_every_script_together_makes_one_document(john, two, alice):
    two[0].text = "\n".join(SCRIPTS.values()) + "\n\ttab\n    spaces\u2028line\U00013000"
    content = pdf.as_pdf(two, client=john, by=alice, at=AT)
    assert len(content) > 10_000


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS.keys())
def test_paragraph_after_one_in_another_script_has_the_main_font(text):
    lines = [text, "A plain sentence.", f"{f'{text} ' * 30}and plain on a later line."]
    document = pdf.PDF(head="", foot="", texts=lines)
    document.add_page()
    document.line_of("A heading in bold", 9, 18, "B")
    for line in lines:
        document.line_of(line, 5)
    read = pypdfium2.PdfDocument(bytes(document.output()))[0].get_textpage().get_text_bounded()
    for plain in ("A plain sentence", "and plain on a later line"):
        assert plain in " ".join(read.split())


def test_one_word_that_is_wider_than_the_page_is_broken(john, two, alice):
    two[0].text, two[0].title = "x" * 3000, "y" * 200
    assert pdf.as_pdf(two, client=john, by=alice, at=AT)


def test_note_page_that_is_printed_by_the_browser_hides_an_open_note(portal, john, alice):
    note = CaseNoteFactory(client=john, created_by=alice, read_only=False)
    assert (
        "Only Read Only notes are printed."
        in portal(alice).get(note.get_absolute_url()).content.decode()
    )
    CaseNote.objects.filter(pk=note.pk).update(read_only=True)
    assert "no-print" not in portal(alice).get(note.get_absolute_url()).content.decode()
