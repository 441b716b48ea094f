"""The words around a text, in the signer's language."""

import re
from datetime import date
from string import Formatter

import pytest

from consent.languages import OWN_NAMES, Language
from consent.signing.words import WORDS, words_in

BLANK = Formatter()


def blanks(text):
    return {name for _, name, _, _ in BLANK.parse(text) if name}


@pytest.mark.parametrize("language", WORDS)
def test_each_language_says_everything_with_the_same_blanks(language):
    assert language in Language.values
    words = WORDS[language]
    assert words.keys() == WORDS["en"].keys()
    assert len(words["months"]) == 12
    for name in words.keys() - {"months"}:
        assert blanks(words[name]) == blanks(WORDS["en"][name]), name
        assert words[name] == words[name].strip() != "", name


def test_every_language_has_its_own_name():
    assert OWN_NAMES.keys() == set(Language.values)
    assert all(re.fullmatch(r"[a-z]{2}(-[A-Z][a-z]{3})?", tag) for tag in Language.values)


@pytest.mark.parametrize(
    ("language", "direction"), [("en", "ltr"), ("es", "ltr"), ("ar", "rtl"), ("fa", "rtl")]
)
def test_arabic_is_written_from_the_right(language, direction):
    assert Language(language).direction == direction


def test_days_are_written_as_the_language_does():
    day = date(2026, 3, 2)
    assert words_in("en").day(day) == "March 2, 2026"
    assert words_in("es").day(day) == "2 de marzo de 2026"


@pytest.mark.parametrize(
    ("names", "said"),
    [(["Ana"], "Ana"), (["Ana", "Leo"], "Ana y Leo"), (["Ana", "Leo", "Mia"], "Ana, Leo y Mia")],
)
def test_names_are_one_phrase(names, said):
    assert words_in("es").listed(names) == said


def test_a_language_without_words_has_the_english_ones_and_says_so():
    words = words_in("vi")
    assert (words.tag, words["sign"]) == ("en", "Sign")
