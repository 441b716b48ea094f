"""The list of a rule as CSV: keys, project, rule and dates; no name, no SSN, no date of birth."""

from django.http import StreamingHttpResponse

from agencies.requests import UserRequest
from clients.list_files import Line, csv_file
from data_quality.lists import Item, batches
from data_quality.rules.rule import Rule
from data_quality.rules.scope import Scope

COLUMNS = (
    *("Client ID", "PersonalID", "EnrollmentID", "Organization", "Project"),
    *("Project Start Date", "Project Exit Date", "Information Date"),
    *("Element", "Level", "Issue", "As of"),
)


def as_csv(rule: Rule, scope: Scope, *, request: UserRequest) -> StreamingHttpResponse:
    lines = (_line(rule, scope, one) for batch in batches(rule, scope) for one in batch)
    return csv_file(request, f"data-quality-{rule.key}", COLUMNS, lines, listed=rule.key)


def _line(rule: Rule, scope: Scope, item: Item) -> Line:
    enrollment = item.enrollment
    cells = [
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
    return Line(enrollment.client_id, cells, enrollment.organization_id)
