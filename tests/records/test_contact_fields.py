"""What cannot be a telephone, a state or a ZIP code is refused; what is on file may stay."""

import pytest
from django.core.exceptions import ValidationError

from clients.duplicates.person import phone_key
from records.contact_fields import PhoneField, StateField, ZIPField


@pytest.mark.parametrize(
    "text",
    [
        *("617-555-0142", "(617) 555-0142", "6175550142", "+1 617 555 0142", "1-617-555-0142"),
        *("617-555-0142 x12", "617-555-0142 ext. 12", "617.555.0142 extension 12345"),
        *("+52 55 1234 5678", "617 555-0142x7"),
    ],
)
def test_phone_is_kept_as_it_is_typed(text):
    assert PhoneField().clean(text) == text


@pytest.mark.parametrize(
    "text",
    [
        *("abc", "1", "555", "555-0142", "0000000000", "117-555-0142", "617-055-0142"),
        *("617-555-0142 mom", "1-800-FLOWERS", "617-555-01422", "12345678901234567890", "+"),
        "617-555-0142 / 617-555-0143",
    ],
)
def test_what_is_no_phone_is_refused(text):
    with pytest.raises(ValidationError, match="area code"):
        PhoneField().clean(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("TX", "TX"), ("tx", "TX"), ("Texas", "TX"), (" new  york ", "NY"), ("D.C.", "DC")),
        *(("Puerto Rico", "PR"), ("", "")),
    ],
)
def test_state_is_stored_by_its_code(text, code):
    assert StateField(required=False).clean(text) == code


@pytest.mark.parametrize("text", ["Te", "XX", "1", "Ontario"])
def test_what_is_no_state_is_refused(text):
    with pytest.raises(ValidationError, match="such as TX or Texas"):
        StateField().clean(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [("01850", "01850"), ("01850-1234", "01850-1234"), ("018501234", "01850-1234")],
)
def test_zip_code_is_five_or_nine_digits(text, code):
    assert ZIPField().clean(text) == code


@pytest.mark.parametrize("text", ["1", "0185", "01850-12", "ABCDE", "018501"])
def test_what_is_no_zip_code_is_refused(text):
    with pytest.raises(ValidationError, match="five or nine digits"):
        ZIPField().clean(text)


@pytest.mark.parametrize(
    ("field", "odd"), [(PhoneField, "ask mother"), (StateField, "Te"), (ZIPField, "1")]
)
def test_odd_value_on_file_stays_until_it_is_changed_and_is_pointed_out(field, odd):
    box = field()
    box.keep(odd)
    assert box.clean(odd) == odd
    assert box.help_text.startswith("On file as it is.")
    with pytest.raises(ValidationError):
        box.clean(f"{odd}!")


def test_extension_is_no_part_of_the_number_that_is_compared():
    assert phone_key("617-555-0142 x12") == phone_key("(617) 555-0142") == "6175550142"
