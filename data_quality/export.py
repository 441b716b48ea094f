"""The list of a rule as CSV: keys, project, rule and dates; no name, no SSN, no date of birth."""

from collections.abc import Iterator

from agencies import limits
from agencies.models import LimitedUse
from agencies.requests import UserRequest
from clients.access_log.recorder import record_export
from data_quality.lists import Item, batches, by_organization
from data_quality.rules.rule import Rule
from data_quality.rules.scope import Scope
from records.csv_text import BYTE_ORDER_MARK, csv_text

COLUMNS = (
    *("Client ID", "PersonalID", "EnrollmentID", "Organization", "Project"),
    *("Project Start Date", "Project Exit Date", "Information Date"),
    *("Element", "Level", "Issue", "As of"),
)


def lines(rule: Rule, scope: Scope, *, request: UserRequest) -> Iterator[str]:
    """The file, some thousand lines at a time; each client is in the access log first."""
    yield BYTE_ORDER_MARK + csv_text([COLUMNS])
    for batch in batches(rule, scope):
        for organization, clients in by_organization(batch).items():
            record_export(request, clients, organization=organization)
        limits.count(scope.user, LimitedUse.EXPORTS, len(batch))
        yield csv_text(_row(rule, scope, one) for one in batch)


def file_name(rule: Rule, scope: Scope) -> str:
    return f"data-quality-{rule.key}-{scope.today:%Y-%m-%d}.csv"


def _row(rule: Rule, scope: Scope, item: Item) -> list[object]:
    enrollment = item.enrollment
    return [
        enrollment.client_id,
        enrollment.client.personal_id,
        enrollment.enrollment_id,
        str(enrollment.organization),
        str(enrollment.project),
        enrollment.entry_date,
        enrollment.exit_date,
        item.answers and item.answers.information_date,
        rule.section,
        rule.level.label,
        rule.title,
        scope.today,
    ]
