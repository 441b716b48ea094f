from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from casenotes.models.service_type import Unit
from casenotes.querysets import ServiceManager, ServiceQuerySet
from clients.models import ClientRecord, deleted_index, newest_index
from clients.models.record import client_key
from enrollments.dates import Dated
from enrollments.models.filed_on import enrollment_is_not_deleted
from hud.rules.services import OUTCOMES, sub_types
from records.breaks import KeepsMarks, MayBreak, breakable
from records.history import tracked
from records.model_fields import HashedKeyField, key_once

SUB_TYPES = sorted({int(key) for one in sub_types().values() for key, _ in one.values})


def of_some(label: str) -> models.CharField:
    """A text that only some services have; the release before writes rows without it."""
    return models.CharField(label, max_length=50, blank=True, default="", db_default="")


@tracked(by_time=True)
class Service(MayBreak, ClientRecord):
    """Something that was done for one client during an enrollment; a row of Services.csv."""

    client = client_key(db_index=False)
    key = HashedKeyField()
    note = models.ForeignKey(
        "casenotes.CaseNote",
        on_delete=models.PROTECT,
        related_name="services",
        null=True,
        blank=True,
        editable=False,
    )
    service_type = models.ForeignKey(
        "casenotes.ServiceType",
        verbose_name="service",
        on_delete=models.PROTECT,
        related_name="services",
    )
    date = models.DateField(default=timezone.localdate)
    units = models.DecimalField(
        max_digits=9, decimal_places=2, validators=[MinValueValidator(0.01, "Enter more than 0.")]
    )
    enrollment = models.ForeignKey(
        "enrollments.Enrollment", on_delete=models.PROTECT, related_name="services"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    # What HUD asks of some services only: `hud.rules.services.ASKED_OF`.
    other_type_provided = of_some("specify other")
    moving_on_other_type = of_some("specify other moving on assistance")
    sub_type_provided = models.PositiveSmallIntegerField("sub type", null=True, blank=True)
    fa_amount = models.DecimalField(
        "amount of financial assistance", max_digits=12, decimal_places=2, null=True, blank=True
    )
    fa_start_date = models.DateField("financial assistance start date", null=True, blank=True)
    fa_end_date = models.DateField("financial assistance end date", null=True, blank=True)
    referral_outcome = models.PositiveSmallIntegerField(
        choices=OUTCOMES.choices, null=True, blank=True
    )

    in_enrollment = Dated("date", "service", "4.14", page="casenotes:edit_service")

    url_name = "service"
    list_page = "casenotes:services"
    objects = ServiceManager()
    with_deleted = ServiceQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        triggers = [*ClientRecord.Meta.triggers, enrollment_is_not_deleted(), KeepsMarks()]
        ordering = ["-date", "-pk"]
        indexes = [
            newest_index("service_by_client"),
            deleted_index("service_deleted_newest"),
        ]
        constraints = [
            *ClientRecord.Meta.constraints,
            key_once("service_key_once", "key"),
            models.CheckConstraint(
                name="service_units_above_zero",
                condition=Q(units__gt=0),
                violation_error_message="Enter more than 0 units.",
            ),
            models.CheckConstraint(
                name="service_sub_type_is_known",
                condition=Q(sub_type_provided=None) | Q(sub_type_provided__in=SUB_TYPES),
                violation_error_message="Choose one of the listed types of service.",
            ),
            breakable(
                name="service_amount_not_negative",
                condition=Q(fa_amount=None) | Q(fa_amount__gte=0),
                violation_error_message="The amount of financial assistance is not negative.",
            ),
            breakable(
                name="service_assistance_ends_after_start",
                condition=Q(fa_start_date=None)
                | Q(fa_end_date=None)
                | Q(fa_end_date__gte=F("fa_start_date")),
                violation_error_message="Financial assistance cannot end before it starts.",
            ),
            models.CheckConstraint(
                name="service_referral_outcome_is_known",
                condition=Q(referral_outcome=None)
                | Q(referral_outcome__in=[key for key, _ in OUTCOMES.values]),
                violation_error_message="Choose one of the listed referral outcomes.",
            ),
        ]

    @property
    def amount(self) -> str:
        return Unit(self.service_type.unit).amount(self.units)

    @property
    def details(self) -> str:
        """What HUD asks of this service beside its type, in one line."""
        dates = [day and f"{day:%m/%d/%Y}" for day in (self.fa_start_date, self.fa_end_date)]
        said = (
            self.service_type.sub_type_label(self.sub_type_provided),
            self.other_type_provided,
            self.moving_on_other_type,
            ""
            if self.fa_amount is None or self.service_type.is_paid_out
            else Unit.DOLLARS.amount(self.fa_amount),
            f"{dates[0] or '…'} to {dates[1] or '…'}" if any(dates) else "",
            str(self.get_referral_outcome_display() or ""),
        )
        return " · ".join(filter(None, said))

    @property
    def display_name(self) -> str:
        return f"{self.service_type}, {self.date:%m/%d/%Y}"
