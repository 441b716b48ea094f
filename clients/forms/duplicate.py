import re

from django import forms
from django.core.exceptions import ValidationError

from clients.models import Client, DuplicateReport
from records.forms import RecordForm


class ClientIdField(forms.CharField):
    """The ID of a client that the user may see; a merged-away one finds the one that remains."""

    def __init__(self, **options):
        super().__init__(**({"max_length": 18} | options))
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}
        self.user = None

    def clean(self, value) -> Client:
        typed = super().clean(value).lstrip("#")
        if not re.fullmatch(r"\d+", typed, re.ASCII):
            raise ValidationError("A Client ID is a number. Enter only its digits.")
        client = Client.objects.visible_to(self.user).numbered(int(typed)).first()
        if client is None:
            raise ValidationError(f"There is no client {typed}. Check the ID.")
        return client


class DuplicateReportForm(RecordForm):
    client_1 = ClientIdField(label="Client ID")
    client_2 = ClientIdField(label="Duplicate Client ID")
    comment = forms.CharField(
        label="Comment",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What tells you that they are the same person. Your own agency alone sees it.",
    )

    class Meta:
        model = DuplicateReport
        fields = ["client_1", "client_2", "comment"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("client_1", "client_2"):
            self.fields[name].user = self.user
        self.instance.visibility = DuplicateReport.Visibility.OWN_ORGANIZATION
