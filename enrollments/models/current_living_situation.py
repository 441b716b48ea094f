from django.db import models
from django.db.models import Q

from clients.models import ClientRecord, deleted_index
from enrollments.dates import Dated
from enrollments.models.enrollment import answer
from enrollments.models.filed_on import enrollment_is_not_deleted
from enrollments.querysets import OnEnrollmentManager, OnEnrollmentQuerySet
from hud.choices import CurrentLivingSituation as Situation
from hud.choices import NoYesReasons
from hud.choices.situations import listed
from hud.rules import current_living
from hud.rules.current_living import AFTER_LEAVING
from records.breaks import KeepsMarks, MayBreak, breakable
from records.history import tracked
from records.model_fields import KeyField

LEAVES = NoYesReasons.YES


@tracked()
class CurrentLivingSituation(MayBreak, ClientRecord):
    """Where a client lived at a contact (4.12); columns of CurrentLivingSituation.csv."""

    key = KeyField()
    enrollment = models.ForeignKey(
        "enrollments.Enrollment",
        on_delete=models.PROTECT,
        related_name="current_living_situations",
        db_index=False,
    )
    information_date = models.DateField("date of contact")
    current_living_situation = models.PositiveSmallIntegerField(
        "current living situation", choices=listed(Situation)
    )
    cls_subsidy_type = answer("cls_subsidy_type")
    verified_by = models.CharField("living situation verified by", max_length=200, blank=True)
    leave_situation_14_days = answer("leave_situation_14_days")
    subsequent_residence = answer("subsequent_residence")
    resources_to_obtain = answer("resources_to_obtain")
    lease_own_60_day = answer("lease_own_60_day")
    moved_two_or_more = answer("moved_two_or_more")
    location_details = models.CharField(max_length=250, blank=True)

    in_enrollment = Dated(
        "information_date",
        "contact",
        current_living.RULE,
        page="enrollments:edit_current_living",
        place=("client_id", "enrollment_id", "pk"),
    )

    url_name = "current_living"
    objects = OnEnrollmentManager()
    with_deleted = OnEnrollmentQuerySet.as_manager()

    class Meta(ClientRecord.Meta):
        triggers = [*ClientRecord.Meta.triggers, enrollment_is_not_deleted(), KeepsMarks()]
        ordering = ["-information_date", "-pk"]
        indexes = [
            models.Index(fields=["enrollment", "-information_date"], name="living_by_enrollment"),
            deleted_index("living_deleted_newest"),
        ]
        constraints = [
            *ClientRecord.Meta.constraints,
            models.CheckConstraint(
                name="current_living_situation_is_known",
                condition=Q(current_living_situation__in=sorted(Situation.values)),
                violation_error_message="Choose one of the listed living situations.",
            ),
            breakable(
                name="subsidy_of_a_subsidized_rental",
                condition=Q(cls_subsidy_type=None)
                | Q(current_living_situation=Situation.RENTAL_WITH_SUBSIDY),
                violation_error_message="Only a rental with subsidy has a rental subsidy type.",
            ),
            breakable(
                name="next_home_of_who_has_to_leave",
                condition=Q(**dict.fromkeys(AFTER_LEAVING))
                | Q(
                    leave_situation_14_days__isnull=False, leave_situation_14_days=NoYesReasons.YES
                ),
                violation_error_message="Only who has to leave is asked about what comes next.",
            ),
        ]

    @property
    def display_name(self) -> str:
        return f"Contact of {self.information_date:%m/%d/%Y}"

    @property
    def place(self) -> list[int]:
        return [self.client_id, self.enrollment_id, self.pk]
