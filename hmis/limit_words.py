"""What a form says of a value that is past a limit: an instruction, in place of Django's words."""

from django.core import validators


def connect() -> None:
    validators.MinValueValidator.message = "Enter %(limit_value)s or more."
    validators.MaxValueValidator.message = "Enter %(limit_value)s or less."
    validators.MinLengthValidator.message = (
        "Enter at least %(limit_value)d characters; these are %(show_value)d."
    )
    validators.MaxLengthValidator.message = (
        "Enter at most %(limit_value)d characters; these are %(show_value)d."
    )
    validators.DecimalValidator.messages = {
        "invalid": "Enter a number.",
        "max_digits": "Enter a number of at most %(max)s digits.",
        "max_decimal_places": "Enter at most %(max)s digits after the decimal point.",
        "max_whole_digits": "Enter at most %(max)s digits before the decimal point.",
    }
