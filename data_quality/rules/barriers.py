"""4.05 to 4.10 and 3.08, counted over the disabilities: six rows an enrollment, read once.

The lists of these rules look at the six rows beside each enrollment shown (`assessment`).
"""

from django.db.models import Count, Q

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
CONDITION = "enrollment__disabling_condition"


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
        answered=Count("pk", filter=~is_missing("disability_response")),
        disabling=Count("pk", filter=DISABLING),
        ruled_out=Count("pk", filter=RULED_OUT),
    )
    kinds = len(DisabilityType)
    told = by_enrollment.aggregate(
        complete=Count("enrollment", filter=Q(answered=kinds)),
        no=Count("enrollment", filter=Q(disabling__gt=0, **{CONDITION: NO})),
        yes=Count("enrollment", filter=Q(ruled_out=kinds, **{CONDITION: YES})),
    )
    return {
        "barriers-missing": enrollments - told["complete"],
        "disabling-no": told["no"],
        "disabling-yes": told["yes"],
    }
