from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.core.exceptions import ValidationError


@contextmanager
def explained(form: forms.BaseForm) -> Iterator[None]:
    """Show what an action refuses on the form; what is about none of its fields stands above it."""
    try:
        yield
    except ValidationError as error:
        by_field = error.error_dict if hasattr(error, "error_dict") else {None: error.error_list}
        for name, sentences in by_field.items():
            form.add_error(name if name in form.fields else None, sentences)
