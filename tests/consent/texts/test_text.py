"""Texts with placeholders: what is refused, what is filled in, and what the hash is of."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError

from consent.signing.shown import until_revoked
from consent.signing.words import words_in
from consent.texts.samples import samples
from consent.wording import check_placeholders, filled, hash_of, normalized

VALUES = {"client": "José {end}", "organization": "Harbor", "today": "today", "end": "June"}
PARTS = {"version_id": 7, "number": 3, "signed": "es", "texts": [["es", "Título", "Texto"]]}


def test_known_placeholders_are_filled_in_once():
    text = "{client} and {organization}, {today}, {end}"
    check_placeholders(text)
    assert filled(text, VALUES) == "José {end} and Harbor, today, June"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "{name}",
            "{name} is not a placeholder. Write {client}, {organization}, {today} or {end}.",
        ),
        ("{}", "{} is not a placeholder. Write {client}, {organization}, {today} or {end}."),
        ("{ client }", "{ client } is not a placeholder. "),
        ("{Client}", "{Client} is not a placeholder. "),
        ("{client.ssn}", "{client.ssn} is not a placeholder. "),
        ("{0!r}", "{0!r} is not a placeholder. "),
        ("a { b", "There is a brace too many or too few. "),
        ("{client}}", "There is a brace too many or too few. "),
        ("{{client}}", "There is a brace too many or too few. "),
    ],
)
def test_unknown_placeholders_are_refused_with_a_sentence(text, sentence):
    with pytest.raises(ValidationError) as refused:
        check_placeholders(text)
    assert refused.value.messages[0].startswith(sentence)


def test_hash_is_of_version_language_and_every_text():
    first = hash_of(**PARTS)
    assert len(first) == 64
    others = [
        {"version_id": 8},
        {"number": 4},
        {"signed": "en"},
        {"texts": [["es", "Título", "Texto."]]},
        {"texts": [["es", "TítuloT", "exto"]]},
        {"texts": [["es", "Título", "Texto"], ["en", "Title", "Text"]]},
        {"texts": []},
    ]
    assert len({first, *(hash_of(**PARTS | one) for one in others)}) == len(others) + 1


def test_one_text_has_one_hash_however_it_was_composed():
    apart = [["es", unicodedata.normalize("NFD", "Título"), "Texto"]]
    assert apart != PARTS["texts"]
    assert hash_of(**PARTS | {"texts": apart}) == hash_of(**PARTS)
    assert normalized("a\r\nb\rc") == "a\nb\nc"


def test_samples_are_marked_and_can_be_published():
    assert samples().keys() >= {"en", "es"}
    for sample in samples().values():
        assert sample["text"].startswith(("SAMPLE.", "MUESTRA."))
        for text in sample.values():
            check_placeholders(text)
        for name in ("{client}", "{organization}", "{today}", "{end}"):
            assert name in sample["text"]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "This counts from June 1 until you revoke it."),
        ("es", "Desde: June 1. Hasta: que usted lo revoque."),
    ],
)
def test_sample_is_a_sentence_with_a_last_day_and_without(language, sentence):
    end = until_revoked(words_in(language), samples()[language]["text"])
    text = filled(samples()[language]["text"], VALUES | {"today": "June 1", "end": end})
    assert text.endswith(sentence)
