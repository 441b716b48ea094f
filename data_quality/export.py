"""The list of a rule as CSV: keys, project, rule and dates; no name, no SSN, no date of birth."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from agencies import limits
from agencies.models import LimitedUse
from agencies.requests import UserRequest
from clients.access_log.recorder import record_export
from data_quality.lists import Item, batches, by_organization
from data_quality.rules.rule import Rule
from data_quality.rules.scope import Scope

COLUMNS = (
    *("Client ID", "PersonalID", "EnrollmentID", "Organization", "Project"),
    *("Project Start Date", "Project Exit Date", "Information Date"),
    *("Element", "Level", "Issue", "As of"),
)
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def lines(rule: Rule, scope: Scope, *, request: UserRequest) -> Iterator[str]:
    """The file, some thousand lines at a time; each client is in the access log first."""
    yield "\ufeff" + _text([COLUMNS])
    for batch in batches(rule, scope):
        for organization, clients in by_organization(batch).items():
            record_export(request, clients, organization=organization)
        limits.count(scope.user, LimitedUse.EXPORTS, len(batch))
        yield _text(_row(rule, scope, one) for one in batch)


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


def _text(rows: Iterable[Iterable[object]]) -> str:
    buffer = StringIO()
    csv.writer(buffer).writerows([_safe(cell) for cell in row] for row in rows)
    return buffer.getvalue()


def _safe(cell: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(BEGINS_A_FORMULA) else text
