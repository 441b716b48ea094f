from django.db import models
from django.db.models import Q

from clients.models import ClientRecord
from records.history import tracked
from records.visibility import Visibility


@tracked()
class LegalHold(ClientRecord):
    """An officer's order that nothing of the client's record is erased; lifting it deletes it.

    It bars erasure and retention whoever asks; its reason is for the own organization.
    """

    visibility = models.CharField(
        max_length=3,
        choices=Visibility.choices,
        default=Visibility.OWN_ORGANIZATION,
        editable=False,
    )
    reason = models.CharField(max_length=200)

    class Meta(ClientRecord.Meta):
        ordering = ["-date_created", "-pk"]
        constraints = [
            *ClientRecord.Meta.constraints,
            models.CheckConstraint(
                name="legal_hold_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message="Write why nothing may be erased.",
            ),
        ]

    def __str__(self) -> str:
        return f"Legal hold {self.pk}"
