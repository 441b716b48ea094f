"""4.05 to 4.10 and 3.08, counted over the disabilities: six rows an enrollment, read once.

The lists of these rules look at the six rows of one enrollment after the other: six joins more
would take the planner longer than all the rest.
"""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from data_quality.rules.rule import is_missing
from data_quality.rules.scope import Scope
from enrollments.models import Disability
from hud.choices import DataCollectionStage, DisabilityResponse, DisabilityType, NoYesReasons

KEYS = {"barriers-missing", "disabling-no", "disabling-yes"}
NO, YES = NoYesReasons.NO, NoYesReasons.YES
SUBSTANCES = Q(disability_type=DisabilityType.SUBSTANCE_USE)
ALWAYS = Q(disability_type__in=[one for one in DisabilityType if one.is_always_disabling])
PRESENT = Q(~SUBSTANCES, disability_response=YES) | Q(
    SUBSTANCES, disability_response__in=[one for one in DisabilityResponse if one.is_present]
)
DISABLING = PRESENT & (ALWAYS | Q(indefinite_and_impairs=YES))
RULED_OUT = Q(disability_response=NO) | PRESENT & ~ALWAYS & Q(indefinite_and_impairs=NO)
ANSWERED = ~is_missing("disability_response")
CONDITION = "enrollment__disabling_condition"


def any_disabling() -> Exists:
    return Exists(_of_enrollment(DISABLING).order_by())


def all_ruled_out() -> Exists:
    return _all_six(RULED_OUT)


def all_answered() -> Exists:
    return _all_six(ANSWERED)


def _of_enrollment(condition: Q) -> Any:
    """The rows at the start of the enrollment outside."""
    at_start = Q(enrollment=OuterRef("pk"), data_collection_stage=DataCollectionStage.ENTRY)
    return Disability.objects.filter(at_start, condition)


def _all_six(condition: Q) -> Exists:
    rows = _of_enrollment(condition).order_by().values("enrollment")
    return Exists(rows.annotate(rows=Count("pk")).filter(rows=len(DisabilityType)))


def found(scope: Scope, *, enrollments: int) -> dict[str, int]:
    """How many enrollments break each of KEYS.

    Args:
        enrollments: how many there are; one without any row has not been asked.
    """
    rows = Disability.objects.filter(
        scope.filed(),
        scope.condition("enrollment__"),
        enrollment__date_deleted=None,
        data_collection_stage=DataCollectionStage.ENTRY,
    )
    by_enrollment = rows.order_by().values("enrollment", CONDITION)
    by_enrollment = by_enrollment.annotate(
        answered=Count("pk", filter=ANSWERED),
        disabling=Count("pk", filter=DISABLING),
        ruled_out=Count("pk", filter=RULED_OUT),
    )
    kinds = len(DisabilityType)
    counts = by_enrollment.aggregate(
        complete=Count("enrollment", filter=Q(answered=kinds)),
        no=Count("enrollment", filter=Q(disabling__gt=0, **{CONDITION: NO})),
        yes=Count("enrollment", filter=Q(ruled_out=kinds, **{CONDITION: YES})),
    )
    return {
        "barriers-missing": enrollments - counts["complete"],
        "disabling-no": counts["no"],
        "disabling-yes": counts["yes"],
    }
