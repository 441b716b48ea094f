"""Warnings that a form shows once, and saves with when exactly they were confirmed."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django import forms


class ConfirmedWarnings(forms.Form):
    """A form whose warnings `enrollments/confirm_warnings.html` shows, with a tick to confirm them.

    The tick sends a token of what was shown: whoever changes an answer and gets other warnings, or
    the same one of another person of that name, is asked again.
    """

    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def warned(self) -> Sequence[tuple[Any, str]]:
        """What is unlikely: IDs of those it is about and a sentence each; of a valid form alone."""
        raise NotImplementedError

    @property
    def warnings_in_words(self) -> list[str]:
        return [text for _, text in self.warned]

    @property
    def warnings_token(self) -> str:
        """What confirms exactly these warnings; empty where there are none."""
        text = "\n".join(sorted(f"{who} {text}" for who, text in self.warned))
        return hashlib.sha256(text.encode()).hexdigest()[:16] if text else ""

    @property
    def needs_confirmation(self) -> bool:
        return self.is_valid() and self.cleaned_data["confirmed"] != self.warnings_token
