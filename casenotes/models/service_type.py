from django.db import models
from django.db.models import Q

from casenotes.querysets import ServiceTypeQuerySet
from hud.choices import RecordType
from hud.rules.services import FINANCIAL, columns_asked, sub_types, types_provided
from records.checks import SelfChecked
from records.history import tracked


class Unit(models.TextChoices):
    """What one unit of a service is."""

    COUNT = "count", "Count"
    MINUTES = "minutes", "Minutes"
    DOLLARS = "dollars", "Dollars"

    def amount(self, units) -> str:
        """A number of units as it is read: 2, 45 min, $12.50."""
        if self == Unit.DOLLARS:
            return f"${units:,.2f}"
        plain = f"{units.normalize():f}"
        return f"{plain} min" if self == Unit.MINUTES else plain


@tracked()
class ServiceType(SelfChecked):
    """One service of an organization's catalogue, with HUD's code where the standard has one."""

    Unit = Unit

    organization = models.ForeignKey(
        "agencies.Organization",
        on_delete=models.PROTECT,
        related_name="service_types",
        db_index=False,
    )
    name = models.CharField(max_length=200)
    unit = models.CharField(max_length=7, choices=Unit.choices, default=Unit.COUNT)
    record_type = models.PositiveSmallIntegerField(
        "HUD record type", choices=RecordType.choices, null=True, blank=True
    )
    type_provided = models.PositiveSmallIntegerField("HUD type provided", null=True, blank=True)
    is_active = models.BooleanField(
        "active", default=True, help_text="Only active services can be chosen for new rows."
    )
    date_created = models.DateTimeField(auto_now_add=True)
    date_updated = models.DateTimeField(auto_now=True)

    objects = ServiceTypeQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = "service"
        verbose_name_plural = "service catalog"
        constraints = [
            models.UniqueConstraint(
                name="service_type_once_in_organization",
                fields=["organization", "name"],
                violation_error_message="This organization has a service of that name already.",
            ),
            models.CheckConstraint(
                name="service_type_has_a_name",
                condition=~Q(name=""),
                violation_error_message="Enter the service's name.",
            ),
            models.CheckConstraint(
                name="service_unit_is_known",
                condition=Q(unit__in=Unit.values),
                violation_error_message="Choose count, minutes or dollars.",
            ),
            models.CheckConstraint(
                name="service_hud_codes_go_together",
                condition=Q(record_type=None, type_provided=None)
                | Q(
                    record_type__isnull=False,
                    record_type__in=RecordType.values,
                    type_provided__isnull=False,
                ),
                violation_error_message="Choose HUD's record type and the type provided, or none.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The name with its unit, for a list to choose from."""
        return f"{self.name} ({Unit(self.unit).label.lower()})"

    @property
    def hud_label(self) -> str:
        """HUD's words for it; empty where the standard has none."""
        if self.record_type is None:
            return ""
        kind = RecordType(self.record_type)
        provided = types_provided(kind)
        label = dict(provided.retired + provided.values).get(self.type_provided)
        return f"{kind.label}: {label or self.type_provided}"

    @property
    def is_paid_out(self) -> bool:
        """Whether its units are HUD's amount of financial assistance."""
        return self.unit == Unit.DOLLARS and self.record_type in FINANCIAL

    @property
    def columns_asked(self) -> tuple[str, ...]:
        """What HUD asks of such a service beside its units."""
        asked = columns_asked(self.record_type, self.type_provided)
        return tuple(name for name in asked if name != "fa_amount" or not self.is_paid_out)

    def sub_type_label(self, code: int | None) -> str:
        """HUD's words for a sub type, or the code where HUD has none for it."""
        if code is None:
            return ""
        listed = sub_types().get((self.record_type, self.type_provided))
        return str(dict(listed.values).get(code, code)) if listed else str(code)
