"""What officers choose when they export or import, as plain values."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from agencies.models import Organization, Project, User
from exchange.export.rights import may_read_ssns
from exchange.export.targets import SHORTEST_PASSWORD
from exchange.models import SourceSystem
from exchange.reading.refusals import RefusedError
from exchange.reading.sources import open_source
from exchange.violations import NOTES
from files.models import Status
from files.uploads import UploadField
from records.form_fields import DateField, LineField
from records.searched_select import SearchedSelect

WHOLE_SITE = "site"
NO_SCANNER = (
    "The virus scanner does not answer. Nothing was saved. Try again in some minutes, and tell the "
    "help desk if it happens again."
)
NO_RIGHT = "You have no right to see SSNs in full, so identities are hashed."


def passphrase_field(label: str, autocomplete: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


class WhoseForm(forms.Form):
    """Whose data: one of the user's organizations; the whole site for administrators."""

    organization = forms.ChoiceField(
        widget=SearchedSelect,
        error_messages={"invalid_choice": "Choose one of the listed organizations."},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        own = Organization.objects.order_by("organization_name")
        if not user.is_superuser:
            own = own.filter(pk__in=user.dqo_organizations)
        self.organizations = {str(one.pk): one for one in own}
        choices = [(key, str(one)) for key, one in self.organizations.items()]
        if user.is_superuser:
            choices.append((WHOLE_SITE, "The whole site"))
        self.fields["organization"].choices = choices  # type: ignore[attr-defined]

    @property
    def has_choice(self) -> bool:
        return len(self.fields["organization"].choices) > 1  # type: ignore[attr-defined]

    def chosen(self, in_force: Organization | None) -> tuple[str, Organization | None]:
        """The key that was asked for, and its organization; the one in force where none was."""
        asked = str(self["organization"].value() or "")
        known = [key for key, _ in self.fields["organization"].choices]  # type: ignore[attr-defined]
        if asked not in known:
            key = str(in_force.pk) if in_force else ""
            asked = key if key in known else known[0]
        return asked, self.organizations.get(asked)


class TransferForm(forms.Form):
    """A form of one organization, or of the whole site, that is sent once."""

    form_token = forms.UUIDField(initial=uuid.uuid4, required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, user: User, organization: Organization | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.organization = user, organization


class ExportForm(TransferForm):
    starts_on = DateField(label="From", required=False)
    ends_on = DateField(label="To", required=False)
    projects = forms.ModelMultipleChoiceField(
        Project.objects.none(),
        label="Projects",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen: all of them.",
        error_messages={"invalid_choice": "Choose projects of this organization."},
    )
    is_complete = forms.BooleanField(
        label="Include deleted rows, marked as deleted",
        required=False,
        help_text="For a system that follows every change. Reports leave them out.",
    )
    identities = forms.ChoiceField(
        label="Names and SSNs",
        choices=[
            ("plain", "As they are, for another HMIS that goes on working with the clients"),
            ("hashed", "Hashed by HUD's method, for statistics: nobody reads a name or SSN"),
        ],
        initial="plain",
        widget=forms.RadioSelect,
    )
    passphrase = passphrase_field("Passphrase", "new-password")
    passphrase_again = passphrase_field("Passphrase again", "new-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["projects"].queryset = Project.objects.filter(  # type: ignore[attr-defined]
            organization=self.organization
        ).order_by("project_name")
        if self.organization is None:
            del self.fields["projects"]
        self.may_be_plain = may_read_ssns(self.user)
        if not self.may_be_plain:
            identities = self.fields["identities"]
            identities.choices = identities.choices[1:]  # type: ignore[attr-defined]
            identities.initial, identities.help_text = "hashed", NO_RIGHT

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("starts_on"), data.get("ends_on")
        if not {"starts_on", "ends_on"} & set(self.errors):
            if bool(first) != bool(last):
                missing = "ends_on" if first else "starts_on"
                self.add_error(missing, "Enter both days, or neither to export everything.")
            elif first and last and last < first:
                self.add_error("ends_on", "Enter a day on or after the first one.")
        phrase, again = data.get("passphrase", ""), data.get("passphrase_again", "")
        if phrase and len(phrase) < SHORTEST_PASSWORD:
            self.add_error("passphrase", f"Use at least {SHORTEST_PASSWORD} characters.")
        elif phrase != again:
            self.add_error("passphrase_again", "The two passphrases differ. Type both again.")
        return data

    @property
    def values(self) -> dict[str, Any]:
        """What `actions.ask_for_export` takes."""
        names = ("starts_on", "ends_on", "is_complete", "passphrase")
        return {
            **{name: self.cleaned_data[name] for name in names},
            "projects": self.cleaned_data.get("projects", ()),
            "is_hashed": self.cleaned_data["identities"] == "hashed",
        }


class ImportForm(TransferForm):
    source_name = LineField(
        label="System that the files come from",
        max_length=100,
        help_text=(
            "Write it the same way each time: rows that came from there before are updated, and "
            "not added once more."
        ),
        error_messages={"required": "Enter the name of the system, such as ClientTrack."},
    )
    file = UploadField(
        label="Zip with the CSV files",
        look=None,
        accept=".zip",
        advice="Ask the help desk to import it from the command line.",
    )
    passphrase = passphrase_field("Password of the zip, if it has one", "off")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        systems = SourceSystem.objects.filter(organization=self.organization)
        self.known_systems = list(systems.values_list("name", flat=True))
        self.fields["source_name"].widget.attrs["list"] = "known-systems"

    def clean(self) -> dict[str, Any]:
        """Open the zip as the import will, so that what is no set of files is refused at once."""
        data = super().clean() or {}
        upload = data.get("file")
        if not upload:
            return data
        if upload.status is not Status.READY:
            raise ValidationError(NO_SCANNER)
        try:
            with open_source(upload.file, data.get("passphrase", "")):
                pass
        except RefusedError as refusal:
            self.add_error("file", str(refusal))
        return data


class FindingFilterForm(forms.Form):
    """Which findings of an import are listed."""

    file = forms.ChoiceField(required=False)
    show = forms.ChoiceField(
        required=False,
        choices=[("", "Everything"), ("problems", "Problems"), ("notes", "Notes")],
    )

    def __init__(self, *args: Any, files: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].choices = [  # type: ignore[attr-defined]
            ("", "All files"),
            *((name, name) for name in files),
        ]

    @property
    def condition(self) -> Q:
        if not self.is_valid():
            return Q()
        file, show = self.cleaned_data["file"], self.cleaned_data["show"]
        found = Q(file=file) if file else Q()
        if show == "problems":
            found &= ~Q(rule__in=NOTES)
        elif show == "notes":
            found &= Q(rule__in=NOTES)
        return found
