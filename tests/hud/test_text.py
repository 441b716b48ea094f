"""Names as keys."""

import unicodedata

import pytest

from hud.text import ascii_digits, normalised


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Smith", "smith"),
        ("MUÑOZ", "munoz"),
        ("Mun\u0303oz", "munoz"),
        ("O'Neil", "oneil"),
        ("O\u2019Neil", "oneil"),
        ("Smith-Jones", "smithjones"),
        ("  van  der\tBerg ", "vanderberg"),
        ("Søren", "soren"),
        ("Łukasz", "lukasz"),
        ("Đorđe", "dorde"),
        ("Strauß", "strauss"),
        ("STRAUẞ", "strauss"),
        ("Ægir", "aegir"),
        ("Œuvre", "oeuvre"),
        ("Þór", "thor"),
        ("Guðrún", "gudrun"),
        ("I\u0307pek", "ipek"),
        ("İpek", "ipek"),
        ("Y\u0131ld\u0131z", "yildiz"),
        ("Ka\u02bbiulani", "kaiulani"),
        ("Nguyễn", "nguyen"),
        ("Jr. 3", "jr3"),
    ],
)
def test_accents_case_and_punctuation_come_off(name, key):
    assert normalised(name) == key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Иван", "иван"),
        ("Γιώργος", "γιωργοσ"),
        ("محمد", "محمد"),
        ("李小龍", "李小龍"),
        ("राम", "राम"),
        ("สมชาย", "สมชาย"),
        ("김철수", "김철수"),
        ("がく", "がく"),
    ],
)
def test_letters_of_every_script_stay(name, key):
    assert normalised(name) == key


def test_optional_arabic_points_come_off():
    assert normalised("مُحَمَّد") == normalised("محمد")


def test_vowel_signs_keep_words_apart():
    assert normalised("राम") != normalised("रम")


def test_full_width_letters_are_letters():
    assert normalised("\uff33\uff4d\uff49\uff54\uff48") == "smith"


@pytest.mark.parametrize("name", [None, "", " ", "-", "?", "'", "\x00\x07", "\u200b", "\ufe0f"])
def test_nothing_is_left_of_no_name(name):
    assert normalised(name) == ""


def test_control_and_invisible_characters_come_off():
    assert normalised("Al\x00i\u200bce\u202e") == "alice"


def test_ten_thousand_characters_are_fine():
    assert normalised("Ñ" * 10_000) == "n" * 10_000


def test_normalised_is_idempotent_for_every_character():
    for code in [*range(0xD800), *range(0xE000, 0x30000)]:
        key = normalised(chr(code))
        assert normalised(key) == key, hex(code)


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
@pytest.mark.parametrize("name", ["José Ñandú", "Nguyễn", "김철수", "Ångström", "がく"])
def test_every_unicode_form_of_a_name_has_one_key(name, form):
    assert normalised(unicodedata.normalize(form, name)) == normalised(name)


@pytest.mark.parametrize(
    "text", ["123", "\u0661\u0662\u0663", "\uff11\uff12\uff13", "\u0967\u0968\u0969"]
)
def test_digits_of_every_script_are_digits(text):
    assert ascii_digits(text) == "123"
