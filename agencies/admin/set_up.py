"""The set-up of a project, each kind of it a part of the project's page (HUD 2.03 to 2.09)."""

from typing import Any

from django import forms
from django.db import models

from agencies.models import (
    Affiliation,
    CEParticipation,
    Funder,
    HMISParticipation,
    Inventory,
    Project,
    ProjectCoC,
)
from agencies.models.inventory import DEDICATED
from agencies.models.participation import ACCESS
from hud.choices.projects import RESIDENTIAL, RETIRED_FUNDING_SOURCES, NoYes
from hud.rules import coc
from records.admin import ScopedInline, SoftDeletedFormSet
from records.admin.fields import CHOOSE


class SetUpInline(ScopedInline):
    @staticmethod
    def is_asked_of(project: Project) -> bool:
        """Whether HUD wants it of such a project."""
        return True

    def is_shown(self, project: Project) -> bool:
        """What HUD does not ask is shown where it is there, so that it can be corrected."""
        return self.is_asked_of(project) or self.model.objects.filter(project=project).exists()


class FunderFormSet(SoftDeletedFormSet):
    def add_fields(self, form, index) -> None:
        """A retired funding source stays where it is, and cannot be chosen any more."""
        super().add_fields(form, index)
        retired = dict(RETIRED_FUNDING_SOURCES).keys() - {form.instance.funder}
        field = form.fields["funder"]
        field.choices = [pair for pair in field.choices if pair[0] not in retired]


class FunderInline(SetUpInline):
    model, formset = Funder, FunderFormSet
    row_label = "Funder"
    lead = (
        "Every source that pays for the project, federal or not (2.06). The questions of the "
        "federal partner programs are asked of clients by these."
    )
    fieldsets = [
        (None, {"fields": ["funder", "other_funder", "grant_id", "start_date", "end_date"]}),
    ]


class ProjectCoCInline(SetUpInline):
    model = ProjectCoC
    row_label = "Continuum of Care"
    lead = "Where the project works (2.03). An enrollment is in one of these."
    fieldsets = [
        (None, {"fields": ["coc_code", "geocode", "geography_type"]}),
        ("Address", {"fields": ["address1", "address2", "city", "state", "zip"]}),
    ]


class InventoryFormSet(SoftDeletedFormSet):
    instance: Project

    def add_fields(self, form, index) -> None:
        """Offer the project's own Continuums of Care, and what is stored."""
        super().add_fields(form, index)
        if codes := self.instance.coc_codes:
            first = codes[0] if len(codes) == 1 else ""
            others = {form.instance.coc_code} - {"", *codes}
            form.fields["coc_code"] = forms.ChoiceField(
                label="CoC code",
                choices=[("", CHOOSE), *((one, coc.label(one)) for one in (*codes, *others))],
                initial=first,
                required=False,
            )


class InventoryInline(SetUpInline):
    model, formset = Inventory, InventoryFormSet
    row_label = "Inventory"
    lead = (
        "Beds and units for each kind of household (2.07). When a number changes, end the row and "
        "add another that begins the day after."
    )
    asked_of_all = [
        "household_type",
        "coc_code",
        "inventory_start_date",
        "inventory_end_date",
        "unit_inventory",
        "bed_inventory",
    ]

    @staticmethod
    def is_asked_of(project: Project) -> bool:
        return project.has_beds

    def get_fieldsets(self, request, obj=None):
        """Availability and bed type are asked of shelters."""
        blank = models.Q(availability=None, es_bed_type=None)
        is_asked = obj.is_shelter or obj.inventory.exclude(blank).exists()
        of_shelters = ["availability", "es_bed_type"] if is_asked else []
        return [
            (None, {"fields": [*self.asked_of_all, *of_shelters]}),
            ("Whom the beds are dedicated to", {"fields": list(DEDICATED)}),
        ]


class HMISParticipationInline(SetUpInline):
    model = HMISParticipation
    row_label = "HMIS participation"
    lead = "Since when the project's clients are entered here (2.08)."
    fieldsets = [(None, {"fields": ["hmis_participation_type", *HMISParticipation.PERIOD]})]


class CEParticipationInline(SetUpInline):
    model = CEParticipation
    row_label = "Coordinated entry participation"
    lead = "Whether people enter coordinated entry here, and whether it refers them here (2.09)."
    fieldsets = [
        (None, {"fields": ["access_point", "receives_referrals", *CEParticipation.PERIOD]}),
        ("What the access point offers", {"fields": list(ACCESS)}),
    ]


class AffiliationFormSet(SoftDeletedFormSet):
    instance: Project

    def add_fields(self, form, index) -> None:
        """Residential projects that the officer manages, and the one that is named already."""
        super().add_fields(form, index)
        field = form.fields["res_project"]
        is_named = models.Q(pk=form.instance.res_project_id)
        field.queryset = field.queryset.filter(is_named | models.Q(project_type__in=RESIDENTIAL))
        field.queryset = field.queryset.exclude(pk=self.instance.pk)


class AffiliationInline(SetUpInline):
    model, formset, fk_name = Affiliation, AffiliationFormSet, "project"
    row_label = "Affiliation"
    lead = "The residential projects whose residents this one serves (2.05)."
    fieldsets = [(None, {"fields": ["res_project"]})]

    @staticmethod
    def is_asked_of(project: Project) -> bool:
        return project.may_be_affiliated and project.residential_affiliation == NoYes.YES

    def formfield_for_foreignkey(self, db_field, request, **options: Any):
        if db_field.name == "res_project" and not request.user.is_superuser:
            named = models.Q(affiliated__project__organization__in=request.user.dqo_organizations)
            own = models.Q(organization__in=request.user.dqo_organizations)
            options["queryset"] = Project.objects.filter(own | named).distinct()
        return super().formfield_for_foreignkey(db_field, request, **options)


INLINES = [
    FunderInline,
    ProjectCoCInline,
    InventoryInline,
    HMISParticipationInline,
    CEParticipationInline,
    AffiliationInline,
]
SET_UP: dict[str, Any] = {inline.model._meta.model_name: inline.model for inline in INLINES}
