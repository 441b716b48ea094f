from django.db import models
from django.db.models import Q

from clients.models.record import ClientRecord, ContactDetails, deleted_index
from records.history import tracked


@tracked()
class InterestedOther(ContactDetails, ClientRecord):
    """A person with an interest in the client's situation."""

    type_description = models.CharField("Type/Description", max_length=100)
    relationship = models.CharField("relationship to client", max_length=100, blank=True)
    is_aware = models.BooleanField("aware of client's situation", null=True, blank=True)
    first_name = models.CharField(max_length=50, blank=True)
    last_name = models.CharField(max_length=50, blank=True)
    home_phone = models.CharField(max_length=40, blank=True)
    work_phone = models.CharField(max_length=40, blank=True)
    cell_phone = models.CharField(max_length=40, blank=True)

    url_name = "interested_other"

    class Meta(ClientRecord.Meta):
        ordering = ["last_name", "first_name", "pk"]
        indexes = [deleted_index("other_deleted_newest")]
        constraints = [
            *ClientRecord.Meta.constraints,
            models.CheckConstraint(
                name="interested_other_has_a_type",
                condition=~Q(type_description=""),
                violation_error_message="Enter a type or description.",
            ),
        ]

    def __str__(self) -> str:
        return f"Interested other {self.pk}"

    @property
    def display_name(self) -> str:
        return " ".join(filter(None, [self.first_name, self.last_name])) or self.type_description

    @property
    def first_phone(self) -> str:
        return self.cell_phone or self.home_phone or self.work_phone
