"""What HUD asks of some services only, such as the amount of financial assistance.

A form has the questions that a service which it offers needs, and its page shows each where such a
service is chosen. Without script all of them stand there.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms

from casenotes.models import Service, ServiceType
from hud.rules.services import COLUMNS, OUTCOMES, SUB_LISTS, sub_types, types_provided
from records.form_fields import AmountField, DateField, LineField
from records.forms import CheckedForm

SUB_TYPE = "sub_type_provided"
# A question for each list of sub types: which of them is asked depends on the service.
SUB_TYPES = {f"{SUB_TYPE}_{record}_{kind}": (record, kind) for record, kind in SUB_LISTS}


def _field_names(service_type: ServiceType | None) -> set[str]:
    """The fields that a service needs."""
    if service_type is None:
        return set()
    codes = f"_{service_type.record_type}_{service_type.type_provided}"
    asked = service_type.columns_asked
    return {name + codes if name == SUB_TYPE else name for name in asked}


def _sub_type_field(record_type: int, type_provided: int) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label="Sub Type",
        help_text=f"Of: {types_provided(record_type).label(type_provided)}.",
        choices=[("", "Choose"), *sub_types()[record_type, type_provided].choices],
        coerce=int,
        empty_value=None,
        required=False,
    )


class AskedFields(CheckedForm):
    """The questions beside type, date, units and enrollment; none has to be answered."""

    other_type_provided = LineField(label="Specify Other", max_length=50, required=False)
    moving_on_other_type = LineField(
        label="Specify Other Moving On Assistance", max_length=50, required=False
    )
    fa_amount = AmountField(
        label="Amount of Financial Assistance ($)",
        min_value=0,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    fa_start_date = DateField(label="Financial Assistance Start Date", required=False)
    fa_end_date = DateField(label="Financial Assistance End Date", required=False)
    referral_outcome = forms.TypedChoiceField(
        label="Referral Outcome",
        choices=[("", "Not known yet"), *OUTCOMES.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )

    def ask(self, types: Iterable[ServiceType]) -> None:
        """Keep the questions that one of these services needs, or that the row has answered."""
        service = self.instance
        stored_type = service.service_type if service.service_type_id else None
        sub_types_asked = _field_names(stored_type) & set(SUB_TYPES)
        self.initial |= dict.fromkeys(sub_types_asked, service.sub_type_provided)
        answered = {name for name in COLUMNS if getattr(service, name) not in (None, "")}
        if stored_type and stored_type.is_paid_out:
            answered.discard("fa_amount")
        self._asked_of: dict[str, list[str]] = {}
        needs = [(str(one.pk), _field_names(one)) for one in types]
        for name in (*SUB_TYPES, *(name for name in COLUMNS if name in self.fields)):
            needing = [key for key, names in needs if name in names]
            if needing or name in answered:
                self._asked_of[name] = needing
                if name in SUB_TYPES:
                    self.fields[name] = _sub_type_field(*SUB_TYPES[name])
            else:
                self.fields.pop(name, None)

    @property
    def questions(self) -> Iterator[tuple[forms.BoundField, str]]:
        """Each with the services that it is asked of, as `data-when` reads them."""
        for name, services in self._asked_of.items():
            yield self[name], json.dumps([{"service_type": services}])

    def check_questions(self, data: dict[str, Any]) -> None:
        """Refuse an answer that is not asked of the service."""
        service_type = data.get("service_type")
        for name in self._asked_of.keys() - _field_names(service_type):
            if service_type and data.get(name) not in (None, ""):
                self.add_error(name, f"Leave this empty: it is not asked of {service_type}.")
        start, end = data.get("fa_start_date"), data.get("fa_end_date")
        if start and end and end < start:
            self.add_error("fa_end_date", "Financial assistance cannot end before it starts.")

    def _post_clean(self) -> None:
        """What is not asked of the service, the row does not have."""
        service_type = self.cleaned_data.get("service_type")
        if service_type:
            asked = _field_names(service_type)
            for name in set(COLUMNS) - asked:
                field = Service._meta.get_field(name)
                setattr(self.instance, name, None if field.null else "")
            for name in asked & set(SUB_TYPES):
                self.instance.sub_type_provided = self.cleaned_data.get(name)
        super()._post_clean()
        if service_type and service_type.is_paid_out:
            self.instance.fa_amount = self.instance.units
