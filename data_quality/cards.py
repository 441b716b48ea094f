from django.urls import reverse
from django.utils import timezone

from agencies.requests import UserRequest
from data_quality.lists import found
from data_quality.models import StoredCounts
from data_quality.rules.catalog import BY_KEY, RULES
from data_quality.rules.enrollment import ENROLLED_TWICE
from data_quality.rules.scope import Scope
from records.admin.cards import Card, waiting


def rules_card(request: UserRequest) -> Card:
    """How many records the rules found when they were last counted, in the background.

    The first time that somebody of these rights is here, it asks for a count.
    """
    scope = Scope(request.user, timezone.localdate())
    stored = StoredCounts.objects.of(scope).first() or StoredCounts.objects.opened(scope)
    counts = stored.counts
    found = sum(counts[rule.key][0] for rule in RULES if rule.key in counts)
    return Card(
        title="Data quality rules",
        text="found by one of HUD's rules" if counts else "being counted",
        url=reverse("admin:quality"),
        icon="quality",
        count=found if counts else None,
    )


def enrolled_twice_card(request: UserRequest) -> Card | None:
    """Enrollments that a merge, or an import, left beside another one of the same person.

    Whoever merged the two clients may not see them (docs/adr/0031); their own officer decides which
    one is kept. They are on the list of the rule like any that are entered twice.
    """
    rows = found(BY_KEY[ENROLLED_TWICE], Scope(request.user, timezone.localdate()))
    count = waiting(rows.filter(is_exempt=True))
    if not count:
        return None
    return Card(
        title="Enrolled twice",
        text="beside another enrollment of the same client in one project, as after a merge",
        url=reverse("admin:quality_list", args=[ENROLLED_TWICE]),
        icon="duplicate",
        count=count,
    )
