"""Of an import for one organization: which rows it may find. That of the whole site finds all."""

from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from clients.models import Client
from clients.sharing import identity_for, rows_for
from exchange.files import FILES
from exchange.imports.work import Work

OTHER = "It belongs to a project of another organization, whose rows are not imported."
OF_PROJECT = "(SELECT p.organization_id FROM agencies_project p WHERE p.id = m.project_id)"
SET_UP = (
    "Funder",
    "ProjectCoC",
    "Inventory",
    "Affiliation",
    "HMISParticipation",
    "CEParticipation",
)
# A user of the organization, a household of its own, by the row `m`; else a row of its own.
MAY_FIND = {
    "User": "EXISTS (SELECT FROM agencies_membership s"
    " WHERE s.user_id = m.id AND s.organization_id = {own})",
    "Organization": "m.id = {own}",
    "Household": "NOT EXISTS (SELECT FROM enrollments_enrollment e"
    " WHERE e.household_id = m.id AND e.organization_id <> {own})",
} | dict.fromkeys(SET_UP, f"{OF_PROJECT} = {{own}}")


def keep_permitted(work: Work, name: str, table: str) -> None:
    """Forget the rows of other organizations: what has their keys in the files is new here."""
    if work.organization is None:
        return
    own, params = work.organization.pk, ()
    may = MAY_FIND.get(name, "m.organization_id = {own}").format(own=own)
    if (others := _seen_of_others(work, name, own)) is not None:
        this = others.filter(pk=RawSQL("n.row_id", ()))
        seen, params = this.order_by().values("pk").query.sql_with_params()
        may = f"{may} OR EXISTS ({seen} OFFSET 0)"
    work.sql(
        f"DELETE FROM known n USING {table} m"
        f" WHERE n.file = %s AND m.id = n.row_id AND NOT coalesce({may}, false)",
        [name, *params],
    )


def _seen_of_others(work: Work, name: str, own: int) -> QuerySet[Any] | None:
    """Which rows of other organizations it finds: clients that it sees (`clients.sharing`).

    Of files that were exported here also what others recorded for its enrollments, as it stands
    in them: it is here already.
    """
    if name == "Client":
        return Client.objects.filter(identity_for([own]))
    if not (work.is_own and name in FILES and (path := FILES[name].enrollment)):
        return None
    of_own = {f"{path}__organization": own}
    rows = FILES[name].model._base_manager
    return rows.filter(rows_for([own], "client", "organization"), **of_own)


def may_update(work: Work, name: str) -> str:
    """The condition, of a row `m`, that this import changes it."""
    if name == "User":
        return "false"  # accounts belong to the portal: no file changes who logs in
    if work.organization is None:
        return "true"
    if name == "Organization":
        return "false"
    is_record = name == "Client" or FILES[name].enrollment is not None
    return f"m.organization_id = {work.organization.pk}" if is_record else "true"
