"""The row of Export.csv: where an export comes from, and what is in it."""

import tomllib
from datetime import date, datetime

from django.conf import settings
from django.db.models import Min
from django.utils import timezone

from agencies.models import User
from clients.encryption import keyed_hash
from exchange.export.scope import Scope
from exchange.files import EXPORT
from hud.columns import csv_file

CSV_VERSION = "2026 v1.3"
HMIS_OF_COC, STANDALONE = 1, 2  # HUD 1.9
REPORTING_PERIOD = 3  # HUD 1.1
FULL_REFRESH = 2  # HUD 1.2
UNHASHED, SHA_256 = 1, 4  # HUD 1.5


def row_about(
    scope: Scope, *, export_id: str, by: User | None, at: datetime, is_hashed: bool
) -> list[str]:
    """The values of Export.csv in HUD's order, blank where there is none.

    Args:
        by: who asked for it; nobody for an export from the shell.
        at: when it began.
    """
    program = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]
    codes = ";".join(settings.HMIS_COC_CODES)
    values = {
        "ExportID": export_id,
        "SourceType": HMIS_OF_COC if codes else STANDALONE,
        "SourceID": codes,
        "SourceName": settings.SITE_NAME,
        "SourceContactFirst": by and by.first_name,
        "SourceContactLast": by and by.last_name,
        "SourceContactPhone": by and by.user_phone,
        "SourceContactExtension": by and by.user_extension,
        "SourceContactEmail": by and by.email,
        "ExportDate": f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}",
        "ExportStartDate": scope.start or first_day(scope),
        "ExportEndDate": scope.end or timezone.localdate(at),
        "SoftwareName": program["name"],
        "SoftwareVersion": program["version"],
        "CSVVersion": CSV_VERSION,
        "ExportPeriodType": REPORTING_PERIOD,
        "ExportDirective": FULL_REFRESH,
        "HashStatus": SHA_256 if is_hashed else UNHASHED,
        "ImplementationID": settings.HMIS_IMPLEMENTATION_ID or keyed_hash("ImplementationID"),
    }
    return [
        str(values[column.name] or "")[: column.max_length] for column in csv_file(EXPORT).columns
    ]


def first_day(scope: Scope) -> date:
    """The day on which the first of the enrollments began; today where there is none."""
    return scope.enrollments().aggregate(day=Min("entry_date"))["day"] or timezone.localdate()
