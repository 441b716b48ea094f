"""A value past a limit is answered with an instruction."""

from decimal import Decimal
from importlib.util import find_spec, module_from_spec

import pytest
from django import forms
from django.core import validators
from django.core.exceptions import ValidationError

AMOUNT = forms.DecimalField(min_value=Decimal("0.01"), max_digits=4, decimal_places=2)
COUNT = forms.IntegerField(min_value=1, max_value=12)
LINE = forms.CharField(min_length=3, max_length=5)
UPGRADED = (
    "Django has changed. Look up in django/core/validators.py where the words of this validator "
    "are now and what can be said in them, and make hmis/limit_words.py replace those."
)


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
    assert said in refused.value.messages, UPGRADED


@pytest.fixture(scope="module")
def untouched():
    """Django's validators as they are written, before anything was replaced in them."""
    spec = find_spec(validators.__name__)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "name",
    ["MinValueValidator", "MaxValueValidator", "MinLengthValidator", "MaxLengthValidator"],
)
def test_words_of_a_limit_are_where_they_are_replaced(untouched, name):
    assert "message" in vars(getattr(untouched, name)), UPGRADED
    assert vars(getattr(validators, name)).keys() == vars(getattr(untouched, name)).keys(), UPGRADED


def test_words_of_numbers_are_replaced_all(untouched):
    ours, theirs = validators.DecimalValidator.messages, untouched.DecimalValidator.messages
    assert ours.keys() == theirs.keys(), UPGRADED
