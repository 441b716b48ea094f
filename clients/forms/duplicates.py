"""Report a duplicate, and what an officer chooses on the preview of a merge."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from clients.forms.fields import ClientNumberField
from clients.merge.preview import FACTS, Choices, Preview
from clients.models import Client, DuplicateReport
from clients.side_by_side import is_shown
from records.forms import RecordForm

NO_CLIENT = "There is no client %(number)s. Check the ID."
REFUSED = "refused"


class ClientIdField(ClientNumberField):
    """The ID of a client that the user may see; a merged-away one finds the one that remains."""

    user = None

    def clean(self, value) -> Client:
        number = super().clean(value)
        client = Client.objects.visible_to(self.user).numbered(number).first()
        if client is None:
            raise ValidationError(NO_CLIENT, code=REFUSED, params={"number": number})
        return client


class DuplicateReportForm(RecordForm):
    client_1 = ClientIdField(label="Client ID")
    client_2 = ClientIdField(label="Duplicate Client ID")
    comment = forms.CharField(
        label="Comment",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Why you think they are the same person. Only your own agency can read this.",
    )

    class Meta:
        model = DuplicateReport
        fields = ["client_1", "client_2", "comment"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("client_1", "client_2"):
            self.fields[name].user = self.user
        self.instance.visibility = DuplicateReport.Visibility.OWN_ORGANIZATION

    @property
    def refused(self) -> list[int]:
        """The IDs of clients that are not there, or not for the user's eyes."""
        errors = [error for found in self.errors.as_data().values() for error in found]
        return [error.params["number"] for error in errors if error.code == REFUSED]


class MergeForm(forms.Form):
    """Whose value is kept of each fact that differs, and whose rows where both cannot be.

    Args:
        preview: what the officer sees; what is posted is compared with it when it is saved.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    form_token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: QueryDict | None, *, preview: Preview, token: Any):
        super().__init__(data, initial={"seen": preview.digest, "form_token": token})
        self.preview, self.pair = preview, preview.pair
        ids = [(str(client.pk), f"Client ID {client.pk}") for client in self.pair]
        for fact in preview.different:
            self.fields[f"value_{fact.key}"] = forms.TypedChoiceField(
                label=fact.label,
                choices=ids,
                coerce=int,
                initial=str(preview.offered[fact.key]),
                error_messages={"required": "Choose whose value is kept."},
            )
        for conflict in preview.conflicts:
            self.fields[f"keep_{conflict.key}"] = forms.TypedChoiceField(
                label=conflict.question.rstrip("?"),
                choices=ids,
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={"required": "Choose one of the two."},
            )

    @property
    def rows(self) -> Iterator[dict[str, Any]]:
        """Every fact that one of the two tells, side by side, as far as the user may see it.

        `name` is that of its choice, empty where both say the same. Whoever may merge sees all.
        """
        different = {fact.key for fact in self.preview.different}
        for fact in FACTS:
            seen = [is_shown(fact.label, client) for client in self.pair]
            texts = zip(self.pair, seen, strict=True)
            shown = [fact.shown(client) if is_seen else "" for client, is_seen in texts]
            if any(shown) or (all(seen) and fact.key in different):
                name = f"value_{fact.key}" if fact.key in different else ""
                chosen = str(self[name].value()) if name else ""
                cells = [
                    {"client_id": client.pk, "column": f"Client ID {client.pk}", "shown": text}
                    | {"is_chosen": chosen == str(client.pk)}
                    for client, text in zip(self.pair, shown, strict=True)
                ]
                row = {"label": fact.label, "name": name, "cells": cells}
                yield row | {"contradicts": all(seen) and fact.contradicts(*self.pair)}

    @property
    def questions(self) -> Iterator[dict[str, Any]]:
        for conflict in self.preview.conflicts:
            field = self[f"keep_{conflict.key}"]
            chosen = str(field.value())
            options = [(one, str(one.client_id) == chosen) for one in conflict.options]
            yield {"conflict": conflict, "field": field, "options": options}

    @property
    def choices(self) -> Choices:
        given = self.cleaned_data
        return Choices(
            seen=given["seen"],
            values={fact.key: given[f"value_{fact.key}"] for fact in self.preview.different},
            kept={one.key: given[f"keep_{one.key}"] for one in self.preview.conflicts},
        )
