"""Which rows an export holds: HUD's rules for a period, and what an officer may take along.

HMIS CSV format specifications: an enrollment belongs to a period if it lasted on one of its days;
with it come its client, what was recorded for it until the end of the period, and its exit if it
was over by then; of a project's set-up what was in force on one of those days.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from clients.sharing import rows_for
from exchange.files import FILES, File
from records.visibility import Visibility

# HUD 4.05-4.11: for users of the enrollment's own organization (docs/security/field-rights.md).
SENSITIVE = {"Disabilities", "HealthAndDV"}


@dataclass(frozen=True)
class Scope:
    """What is exported.

    Args:
        projects: the ids of the projects; None for all that there are.
        start: the first day of the period; None for all since the beginning.
        end: its last day; None for all until today.
        is_complete: whether deleted rows are in it, with `DateDeleted`.
        readers: the ids of the organizations that may read what is restricted to them alone; None
            where the whole site is exported by somebody who answers for it.
    """

    projects: tuple[int, ...] | None = None
    start: date | None = None
    end: date | None = None
    is_complete: bool = False
    readers: tuple[int, ...] | None = None

    @property
    def is_everything(self) -> bool:
        """Whether nothing is left out but what is deleted: clients without enrollments neither."""
        everywhere = self.projects is None and self.readers is None
        return everywhere and self.start is None and self.end is None

    def rows(self, file: File) -> QuerySet[Any]:
        """The rows of a file, in no order."""
        rows = file.model._base_manager.filter(file.only).order_by()
        if not self.is_complete:
            rows = rows.filter(date_deleted=None)
        if file.enrollment is not None:
            until_end = Q(**{f"{file.day}__lte": self.end}) if file.day and self.end else Q()
            return rows.filter(self._of_enrollments(file), until_end)
        if file.project is not None:
            return rows.filter(self._of_projects(file), self._in_force(file))
        return {"Organization": self._organizations, "Client": self._clients, "User": self._users}[
            file.name
        ](rows)

    def enrollments(self) -> QuerySet[Any]:
        return self.rows(FILES["Enrollment"])

    def _of_enrollments(self, file: File) -> Q:
        found = self._enrolled(f"{file.enrollment}__" if file.enrollment else "")
        if self.readers is None:
            return found
        beneath = [f"{file.enrollment}__organization"] if file.enrollment else []
        found &= rows_for(list(self.readers), "client", "organization", *beneath)
        if file.enrollment:
            found &= self._seen(f"{file.enrollment}__")
        if file.name in SENSITIVE:
            found &= Q(**{f"{file.enrollment}__organization__in": self.readers})
        return found

    def _enrolled(self, path: str) -> Q:
        """The enrollment at the path belongs to the projects and the period."""
        found = Q()
        if self.projects is not None:
            found &= Q(**{f"{path}project__in": self.projects})
        if self.end:
            found &= Q(**{f"{path}entry_date__lte": self.end})
        if self.start:
            found &= Q(**{f"{path}exit_date": None}) | Q(**{f"{path}exit_date__gte": self.start})
        if not self.is_complete:
            found &= Q(**{f"{path}date_deleted": None, "client__date_deleted": None})
        return found

    def _seen(self, path: str) -> Q:
        """The record at the path is for all organizations, or for one of those that read it."""
        shared = Q(**{f"{path}visibility": Visibility.ALL_ORGANIZATIONS})
        return shared | Q(**{f"{path}organization__in": self.readers})

    def _of_projects(self, file: File) -> Q:
        if self.projects is None:
            return Q()
        found = Q(**{f"{file.project or 'pk'}__in": self.projects})
        if file.name == "Affiliation":
            found &= Q(res_project__in=self.projects)
        return found

    def _in_force(self, file: File) -> Q:
        found = Q()
        first, last = file.period or ("", "")
        if first and self.end:
            found &= Q(**{f"{first}__lte": self.end})
        if last and self.start:
            found &= Q(**{last: None}) | Q(**{f"{last}__gte": self.start})
        return found

    def _organizations(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        if self.projects is None:
            return rows
        return rows.filter(pk__in=self.rows(FILES["Project"]).values("organization"))

    def _clients(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        if self.is_everything:
            return rows
        return rows.filter(pk__in=self.enrollments().values("client"))

    def _users(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Whoever wrote one of the rows last."""
        if self.is_everything:
            return rows
        wrote = Q()
        for file in FILES.values():
            if file.name != "User":
                wrote |= Q(pk__in=self.rows(file).values("updated_by"))
        return rows.filter(wrote)
