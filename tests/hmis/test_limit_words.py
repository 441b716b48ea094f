"""A value past a limit is answered with an instruction."""

from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError

AMOUNT = forms.DecimalField(min_value=Decimal("0.01"), max_digits=4, decimal_places=2)
COUNT = forms.IntegerField(min_value=1, max_value=12)
LINE = forms.CharField(min_length=3, max_length=5)


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        (AMOUNT, "-4", "Enter 0.01 or more."),
        (AMOUNT, "12345", "Enter a number of at most 4 digits."),
        (AMOUNT, "123", "Enter at most 2 digits before the decimal point."),
        (AMOUNT, "1.234", "Enter at most 2 digits after the decimal point."),
        (COUNT, "0", "Enter 1 or more."),
        (COUNT, "13", "Enter 12 or less."),
        (LINE, "ab", "Enter at least 3 characters; these are 2."),
        (LINE, "abcdef", "Enter at most 5 characters; these are 6."),
    ],
)
def test_value_past_a_limit_is_answered_with_what_to_enter(field, typed, said):
    with pytest.raises(ValidationError) as refused:
        field.clean(typed)
    assert said in refused.value.messages
