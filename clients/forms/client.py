"""The form behind Add New Client and Edit Client (3.2, 3.4)."""

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from agencies.models import Organization, User
from clients.forms.fields import (
    ADDRESS_LINES,
    AliasesField,
    DateOfBirthField,
    RaceField,
    SSNField,
    add_lines,
)
from clients.models import Client, ClientAlias
from clients.models.identity_change import GROUPS
from hud.choices import RACES, DOBDataQuality, NameDataQuality, RaceNone, SSNDataQuality
from hud.choices.answers import grouped
from hud.rules import names, quality
from hud.rules.dob import Precision
from records.forms import RecordForm
from records.statements import compiled

LINES = {
    "first_name": "First Name",
    "middle_name": "Middle Name",
    "last_name": "Last Name",
    "name_suffix": "Suffix",
    "additional_race_ethnicity": "Additional Race and Ethnicity Detail",
    "phone": "Phone",
    **ADDRESS_LINES,
}


def quality_field(choices: type, label: str) -> forms.TypedChoiceField:
    """A data quality that need not be picked where the value is complete."""
    return forms.TypedChoiceField(
        label=label,
        choices=[("", "Set by what you enter"), *grouped(choices.choices)],
        coerce=int,
        empty_value=None,
        required=False,
    )


class ClientForm(RecordForm):
    name_data_quality = quality_field(NameDataQuality, "Name Data Quality")
    aliases = AliasesField()
    ssn = SSNField(required=False)
    ssn_data_quality = quality_field(SSNDataQuality, "SSN Data Quality")
    dob = DateOfBirthField(today=timezone.localdate, required=False)
    dob_data_quality = quality_field(DOBDataQuality, "Date of Birth Data Quality")
    race_ethnicity = RaceField()
    email = forms.EmailField(label="E-mail", required=False, max_length=254)

    class Meta:
        model = Client
        fields = [
            *(*GROUPS["name"], *GROUPS["ssn"], *GROUPS["dob"], "sex", "additional_race_ethnicity"),
            *("phone", "email", *GROUPS["address"], "visibility"),
        ]
        labels = {"sex": "Sex", "visibility": "Who may see this client"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        add_lines(self, LINES)
        self.order_fields(["first_name", "middle_name", "last_name", "name_suffix"])
        for name in ("first_name", "middle_name", "last_name"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.stored_aliases: list[ClientAlias] = []
        if not self.instance._state.adding:
            self.stored_aliases = _aliases(self.instance.pk)
            self.initial["aliases"] = [
                (one.first_name, one.last_name) for one in self.stored_aliases
            ]
            self.initial["race_ethnicity"] = self.races_of(self.instance)
        else:
            self.fields["visibility"].required = False
            usual = self._usual_visibility(self.organization_in_force)
            self.initial.setdefault("visibility", usual)
            self.initial["sex"] = self.initial.get("sex", 99)

    @staticmethod
    def _usual_visibility(organization: Organization) -> str:
        """Victim service providers do not share who their clients are unless they say so."""
        kinds = Client.Visibility
        restricted = organization.victim_service_provider
        return kinds.OWN_ORGANIZATION if restricted else kinds.ALL_ORGANIZATIONS

    @property
    def typed_aliases(self) -> list[ClientAlias]:
        """The aliases that were typed, not saved yet."""
        aliases = self.cleaned_data["aliases"]
        return [ClientAlias(first_name=first, last_name=last) for first, last in aliases]

    @staticmethod
    def races_of(client: Client) -> list[str]:
        reason = [] if client.race_none is None else [f"none_{client.race_none}"]
        return [*client.races, *reason]

    def clean_visibility(self) -> str:
        organization = self.chosen_organization or self.organization_in_force
        return self.cleaned_data["visibility"] or self._usual_visibility(organization)

    def clean(self):
        data = super().clean()
        data["name_data_quality"] = self._name_quality(data)
        if "ssn" in data:
            data["ssn_data_quality"] = quality.of_ssn(data["ssn"], data.get("ssn_data_quality"))
        if "dob" in data:
            typed = DateOfBirthField.precision_of(self.typed_text("dob"))
            picked = self._picked("dob_data_quality", "dob")
            approximate = typed is not Precision.DAY or picked == DOBDataQuality.PARTIAL
            data["dob_data_quality"] = quality.of_dob(
                data["dob"], data.get("dob_data_quality"), approximate=approximate
            )
        return data

    def _picked(self, name: str, *values: str) -> int | None:
        """The quality that was picked for values typed here, not one left over from before."""
        changed = self.changed_data
        counts = name in changed or not set(values) & set(changed)
        return self.cleaned_data.get(name) if counts else None

    def _name_quality(self, data) -> NameDataQuality:
        first, last = data.get("first_name", ""), data.get("last_name", "")
        picked = self._picked("name_data_quality", "first_name", "last_name")
        for issue in names.issues(first, last, chosen=picked):
            if not {"first_name", "last_name"} & set(self.errors):
                self.add_error(issue.field, issue.message)
        street_name = picked == NameDataQuality.PARTIAL
        return quality.of_name(first, last, picked, approximate=street_name)

    def typed_text(self, name: str) -> str:
        return self.data.get(self.add_prefix(name), "")

    def _post_clean(self) -> None:
        chosen = self.cleaned_data.get("race_ethnicity")
        if chosen is not None:
            for name, _ in RACES:
                setattr(self.instance, name, name in chosen)
            reasons = [int(one[5:]) for one in chosen if one.startswith("none_")]
            self.instance.race_none = RaceNone(reasons[0]) if reasons else None
        super()._post_clean()

    @property
    def written(self) -> list[str] | None:
        """The fields that are written; None for all of them."""
        return None

    def save(self, *, by: User, commit: bool = True) -> Client:
        client = super().save(by=by, commit=False)
        client.save(update_fields=self.written)
        wanted = self.cleaned_data["aliases"]
        present = {(one.first_name, one.last_name): one for one in self.stored_aliases}
        for pair, alias in present.items():
            if pair not in wanted:
                alias.delete()
        ClientAlias.objects.bulk_create(
            ClientAlias(client=client, first_name=first, last_name=last)
            for first, last in dict.fromkeys(wanted)
            if (first, last) not in present
        )
        return client


@compiled
def _aliases(client_id: int) -> QuerySet[ClientAlias]:
    return ClientAlias.objects.filter(client=client_id)
