"""The copy says what was read, in both languages, and by whom and how it was signed."""

import io

import pypdfium2
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from casenotes.pdf import drawable
from consent.languages import Language
from consent.sealing.facts import facts_of
from files import store
from tests.consent.sealing.factories import TEXTS, signed_release, version_of
from tests.factories import ClientFactory

pytestmark = pytest.mark.django_db


def bytes_of(signed) -> bytes:
    with store.fetch(signed.stored.key) as content:
        return content.read()


def text_of(pdf: bytes) -> str:
    pages = pypdfium2.PdfDocument(pdf)
    text = " ".join(page.get_textpage().get_text_range() for page in pages)
    return " ".join(text.split())


def tags_of(pdf: bytes) -> list[str]:
    root = PdfFileReader(io.BytesIO(pdf)).root
    document = root["/StructTreeRoot"]["/K"][0].get_object()
    return [one.get_object()["/S"] for one in document["/K"]]


def test_both_languages_are_in_it_the_signed_one_first(signed, john):
    text = text_of(bytes_of(signed))
    assert text.index("Autorización para compartir información") < text.index(
        "Release of Information"
    )
    assert f"Yo, {john.display_name}, autorizo a Harbor Services." in text
    assert "¿Hasta cuándo?" in text
    assert "Señal: ñ á ü." in text
    assert f"Número de cliente {john.pk}" in text
    assert "Firmado a mano en la pantalla." in text
    assert "página 1 de 2" in text
    assert signed.release.text_hash in text


def test_typed_name_stands_with_what_it_means(alice, john):
    text = text_of(bytes_of(signed_release(john, alice, typed=True)))
    assert "John Smith" in text
    assert "I agree." in text
    assert "Firmado escribiendo el nombre." in text


def test_it_is_tagged_and_says_its_language(signed):
    pdf = bytes_of(signed)
    root = PdfFileReader(io.BytesIO(pdf)).root
    assert root["/Lang"] == "es"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    tags = tags_of(pdf)
    assert tags[0] == "/H1"
    assert tags.count("/H2") == 3  # the other language, this copy, the signature
    assert tags.count("/Figure") == 1


def test_paragraph_that_goes_on_over_a_page_is_tagged_on_each(alice, john):
    long = {"es": ("Título", "Una frase larga. " * 900), "en": TEXTS["en"]}
    signed = signed_release(john, alice, version=version_of(alice, long))
    assert signed.stored.pages > 2
    pdf = bytes_of(signed)
    contents = [page["/Contents"].get_object() for page in _pages(pdf)]
    for one in contents:
        data = one.data
        assert data.count(b"BDC") + data.count(b"BMC") == data.count(b"EMC")


def _pages(pdf):
    reader = PdfFileReader(io.BytesIO(pdf))
    count = int(reader.root["/Pages"]["/Count"])
    return [reader.find_page_for_modification(number)[0].get_object() for number in range(count)]


def test_text_that_nobody_approved_says_so_on_paper_too(alice, john):
    version = version_of(alice)
    version.is_sample = True
    text = text_of(bytes_of(signed_release(john, alice, version=version)))
    assert "Esto es una muestra" in text
    assert "This is a sample" in text


def test_name_in_a_script_that_no_font_has_is_printed_by_code(alice, harbor):
    client = ClientFactory(organization=harbor, created_by=alice, first_name="\U00012000")
    assert "[U+12000]" in text_of(bytes_of(signed_release(client, alice)))


def test_every_language_of_texts_is_in_the_fonts():
    for language in Language:
        assert drawable(language.own_name) == language.own_name


def test_signature_stands_where_it_says_whose_copy_it_is(alice, john):
    """However long the texts are, and wherever they end on a page."""
    for length in range(1, 60, 7):
        texts = {"es": ("Título", "Una frase larga. " * 10 * length), "en": TEXTS["en"]}
        signed = signed_release(john, alice, version=version_of(alice, texts))
        pages = pypdfium2.PdfDocument(bytes_of(signed))
        assert len(pages) == signed.stored.pages
        (last,) = [
            text for page in pages if "Esta copia" in (text := page.get_textpage().get_text_range())
        ]
        assert "Firmado a mano" in last


def test_facts_have_no_name(signed, john):
    facts = str(facts_of(signed.release, signed.signature))
    assert john.last_name not in facts
    assert john.first_name not in facts


def test_paragraph_runs_as_its_language_does_though_it_begins_with_a_name(alice, john):
    version = version_of(alice, {"ar": ("إذن", "{organization} تكتب ما تحتاجه لمساعدتك.")})
    signed = signed_release(john, alice, version=version, languages=["ar"])
    page = pypdfium2.PdfDocument(bytes_of(signed))[0].get_textpage()
    text = page.get_text_range()
    name = text.index("Harbor", text.index("Until"))
    assert page.get_charbox(name)[0] > 300, "at the right, where the line begins"
