from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from casenotes.models.service_type import Unit
from casenotes.querysets import ServiceManager, ServiceQuerySet
from clients.models import ClientRecord, deleted_index
from enrollments.dates import Dated
from enrollments.models.filed_on import enrollment_is_not_deleted
from records.history import tracked
from records.model_fields import KeyField


@tracked()
class Service(ClientRecord):
    """Something that was done for one client during an enrollment; a row of Services.csv."""

    key = KeyField()
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

    in_enrollment = Dated("date", "service", "4.14", page="casenotes:edit_service")

    url_name = "service"
    objects = ServiceManager()
    with_deleted = ServiceQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        triggers = [*ClientRecord.Meta.triggers, enrollment_is_not_deleted()]
        ordering = ["-date", "-pk"]
        indexes = [
            models.Index(
                F("client"),
                F("date").desc(),
                F("id").desc(),
                name="service_client_newest",
                condition=Q(date_deleted=None),
            ),
            deleted_index("service_deleted_newest"),
        ]
        constraints = [
            *ClientRecord.Meta.constraints,
            models.CheckConstraint(
                name="service_units_above_zero",
                condition=Q(units__gt=0),
                violation_error_message="Enter more than 0 units.",
            ),
        ]

    def __str__(self) -> str:
        return f"Service {self.pk}"

    @property
    def amount(self) -> str:
        return Unit(self.service_type.unit).amount(self.units)

    @property
    def display_name(self) -> str:
        return f"{self.service_type}, {self.date:%m/%d/%Y}"
