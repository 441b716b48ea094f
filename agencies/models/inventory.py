"""The beds and units of a residential project."""

from functools import reduce
from operator import and_

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from agencies.models.project_coc import COC_CODE, COC_CODE_MESSAGE
from agencies.models.setup import CoCCodeField, SetUp, code, ends_after_start, known, written_as
from hud.choices.projects import Availability, BedType, HouseholdType
from records.breaks import breakable
from records.history import tracked
from records.model_fields import KeyField

# Whom beds may be dedicated to, and the rest: they add up to the bed inventory (2.07.7 to 2.07.13).
DEDICATED = {
    "ch_vet_bed_inventory": "beds for chronically homeless veterans",
    "youth_vet_bed_inventory": "beds for youth veterans",
    "vet_bed_inventory": "beds for any other veterans",
    "ch_youth_bed_inventory": "beds for chronically homeless youth",
    "youth_bed_inventory": "beds for any other youth",
    "ch_bed_inventory": "beds for any other chronically homeless",
    "other_bed_inventory": "non-dedicated beds",
}
COUNTS = ["unit_inventory", "bed_inventory", *DEDICATED]


def beds(label: str, **options) -> models.IntegerField:
    return models.IntegerField(label, validators=[MinValueValidator(0)], **options)


def dedicated(column: str) -> models.IntegerField:
    return beds(DEDICATED[column], null=True, blank=True)


@tracked(read_by=("project",))
class Inventory(SetUp):
    """HUD 2.07: beds and units for one kind of household, from a day on; changes are new rows."""

    PERIOD = ("inventory_start_date", "inventory_end_date")

    project = models.ForeignKey("agencies.Project", models.CASCADE, related_name="inventory")
    inventory_id = KeyField()
    coc_code = CoCCodeField(blank=True, help_text="One of the project's Continuums of Care.")
    household_type = code(HouseholdType.choices, null=False, blank=False)
    availability = code(Availability.choices, help_text="Asked of emergency shelters alone.")
    unit_inventory = beds("units", help_text="All units for this kind of household.")
    bed_inventory = beds("beds", help_text="All beds; those below add up to it.")
    ch_vet_bed_inventory = dedicated("ch_vet_bed_inventory")
    youth_vet_bed_inventory = dedicated("youth_vet_bed_inventory")
    vet_bed_inventory = dedicated("vet_bed_inventory")
    ch_youth_bed_inventory = dedicated("ch_youth_bed_inventory")
    youth_bed_inventory = dedicated("youth_bed_inventory")
    ch_bed_inventory = dedicated("ch_bed_inventory")
    other_bed_inventory = dedicated("other_bed_inventory")
    es_bed_type = code(BedType.choices, "bed type", help_text="Asked of emergency shelters alone.")
    inventory_start_date = models.DateField(
        help_text="The first day on which these beds were there."
    )
    inventory_end_date = models.DateField(
        null=True,
        blank=True,
        help_text="The last day. When the number changes, end this row and add another.",
    )

    class Meta(SetUp.Meta):
        ordering = ["-inventory_start_date", "household_type", "pk"]
        verbose_name = "bed and unit inventory"
        verbose_name_plural = "bed and unit inventory"
        constraints = [
            written_as("inventory_coc_code_is_written", "coc_code", COC_CODE, COC_CODE_MESSAGE),
            known(
                "inventory_household_type_is_known",
                "household_type",
                HouseholdType.values,
                "Choose one of the listed kinds of household.",
            ),
            known(
                "inventory_availability_is_known",
                "availability",
                Availability.values,
                "Choose year-round, seasonal or overflow.",
            ),
            known(
                "inventory_bed_type_is_known",
                "es_bed_type",
                BedType.values,
                "Choose facility-based, voucher or other.",
            ),
            breakable(
                name="inventory_not_negative",
                condition=reduce(
                    and_, (Q(**{name: None}) | Q(**{f"{name}__gte": 0}) for name in COUNTS)
                ),
                violation_error_message="Enter numbers of beds and units that are 0 or more.",
            ),
            ends_after_start(
                "inventory_ends_after_start", "inventory_start_date", "inventory_end_date"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_household_type_display()}: {self.bed_inventory} beds"

    @property
    def named_beds(self) -> int | None:
        """The dedicated and other beds together; None where none of them is entered."""
        entered = [getattr(self, name) for name in DEDICATED if getattr(self, name) is not None]
        return sum(entered) if entered else None
