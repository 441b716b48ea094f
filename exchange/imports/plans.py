"""What is said of the rows of each file beside its columns: whose they are, who may see them."""

from casenotes.catalog import entries_of
from exchange.files import File
from exchange.imports.keys import OUT, resolved
from exchange.imports.values import Plan, moment
from exchange.imports.work import Work
from exchange.violations import Kind as Finding
from hud.choices import RecordType
from hud.rules.services import types_provided

VISIBILITY = "CASE WHEN o.victim_service_provider THEN 'own' ELSE 'all' END"
OTHER_CLIENT = "PersonalID is not that of the enrollment."
OTHERS_ASSESSMENT = "It belongs to an assessment of another organization."
NO_SUCH_SERVICE = "RecordType and TypeProvided are no service that HUD lists."


def plan_of(work: Work, file: File) -> Plan:
    """The plan of a file but for clients and enrollments."""
    special = {"User": _users, "Organization": _organizations, "Project": _projects}
    if file.name in special:
        return special[file.name](work)
    if file.enrollment is None:
        return Plan()
    _refuse_other_client(work, file)
    if file.enrollment == "enrollment":
        plan = _of_parent("enrollments_enrollment", "EnrollmentID")
    else:
        _refuse_parts_of_others(work, file)
        plan = _of_parent("cas_assessment", "AssessmentID")
    if file.name == "Event":
        _as_event(plan)
    return _with_service_types(work, file, plan) if file.name == "Services" else plan


def _of_parent(table: str, column: str) -> Plan:
    """Rows that are of their parent's client and organization, and are deleted when it is."""
    own = moment('r."DateDeleted"')
    return Plan(
        values={
            "client_id": "p.client_id",
            "organization_id": "p.organization_id",
            "visibility": VISIBILITY,
            "date_deleted": f"coalesce({own}, p.date_deleted)",
        },
        joins=f'JOIN {table} p ON p.id = r."_{column}"'
        " JOIN agencies_organization o ON o.id = p.organization_id",
    )


def _refuse_other_client(work: Work, file: File) -> None:
    wrong = (
        'EXISTS (SELECT FROM enrollments_enrollment e WHERE e.id = t."_EnrollmentID"'
        ' AND e.client_id <> t."_PersonalID")'
    )
    finding = Finding(file.name, "PersonalID", "orphan", f"{OTHER_CLIENT} {OUT}")
    work.refuse(resolved(file.name), wrong, finding)


def _refuse_parts_of_others(work: Work, file: File) -> None:
    """What one organization's files add to an assessment of another one, or move there."""
    if work.organization is None:
        return
    table = file.model._meta.db_table
    others = (
        'EXISTS (SELECT FROM cas_assessment p WHERE p.id = t."_AssessmentID"'
        f" AND p.organization_id <> {work.organization.pk}"
        f" AND NOT EXISTS (SELECT FROM {table} m WHERE m.id = t._id AND m.assessment_id = p.id"
        " AND m.organization_id = p.organization_id))"
    )
    finding = Finding(file.name, "AssessmentID", "scope", f"{OTHERS_ASSESSMENT} {OUT}")
    work.refuse(resolved(file.name), others, finding)


def _users(work: Work) -> Plan:
    """Users cannot log in until an officer invites them; an e-mail is needed, and is used once."""
    email = 'lower(r."UserEmail")'
    usable = (
        f"{email} ~ '^[^@ ]+@[^@ ]+[.][^@ ]+$'"
        f" AND NOT EXISTS (SELECT FROM agencies_user m WHERE m.email = {email})"
        f' AND NOT EXISTS (SELECT FROM {resolved("User")} o WHERE lower(o."UserEmail") = {email}'
        " AND o._row < r._row)"
    )
    names = 'nullif(concat(r."UserFirstName", r."UserLastName"), \'\') IS NULL'
    return Plan(
        values={
            "email": f"CASE WHEN {usable} THEN {email}"
            " ELSE 'user-' || r._id || '@imported.invalid' END",
            "last_name": f"CASE WHEN {names} THEN 'User ' || r.key"
            " ELSE coalesce(r.\"UserLastName\", '') END",
            "password": "'!' || md5(random()::text) || md5(random()::text)",
            "is_active": "false",
        },
        only="NOT r._new" if work.organization else "true",
    )


def _organizations(work: Work) -> Plan:
    name = "coalesce(r.\"OrganizationName\", 'Organization ' || r.key)"
    return Plan(
        values={"organization_name": _once(name, "agencies_organization", "organization_name")}
    )


def _projects(work: Work) -> Plan:
    name = "coalesce(r.\"ProjectName\", 'Project ' || r.key)"
    same = 'm.organization_id = r."_OrganizationID" AND m.date_deleted IS NULL'
    return Plan(values={"project_name": _once(name, "agencies_project", "project_name", same)})


def _once(name: str, table: str, column: str, same: str = "true") -> str:
    """A name that must be used once, with the key behind it where it is used already."""
    source = resolved("Organization" if column.startswith("org") else "Project")
    header = "OrganizationName" if column.startswith("org") else "ProjectName"
    taken = (
        f"EXISTS (SELECT FROM {table} m WHERE m.{column} = {name} AND m.id <> r._id AND {same})"
        f' OR EXISTS (SELECT FROM {source} o WHERE o."{header}" = r."{header}" AND o._row < r._row)'
    )
    return f"CASE WHEN {taken} THEN left({name}, 160) || ' (' || r.key || ')' ELSE {name} END"


def _as_event(plan: Plan) -> None:
    """An event of HUD's list; one that was no show here stays so while the file says rejected."""
    plan.joins += " LEFT JOIN cas_event m ON m.id = r._id AND NOT r._new"
    plan.values |= {
        "kind": "'hud'::varchar(10)",
        "no_show": """coalesce(m.no_show AND r."ReferralResult" = '2', false)""",
    }


def _with_service_types(work: Work, file: File, plan: Plan) -> Plan:
    """The organization's service of HUD's codes; one that is in no catalog yet is added to it."""
    table = resolved(file.name)
    work.create(
        "service_type", "organization_id bigint, record_type text, type_provided text, id bigint"
    )
    wanted = work.rows_of(
        f"""
        SELECT DISTINCT p.organization_id, r."RecordType", r."TypeProvided" FROM {table} r
        JOIN enrollments_enrollment p ON p.id = r."_EnrollmentID"
        WHERE r."RecordType" IS NOT NULL AND r."TypeProvided" IS NOT NULL ORDER BY 1, 2, 3
        """
    )
    codes_of = {row: (row[0], int(row[1]), int(row[2])) for row in map(tuple, wanted)}
    listed = {
        codes
        for codes in codes_of.values()
        if codes[1] in RecordType.values and codes[2] in types_provided(codes[1])
    }
    entries = entries_of(listed)
    for row, codes in codes_of.items():
        if codes in entries:
            work.sql("INSERT INTO service_type VALUES (%s, %s, %s, %s)", [*row, entries[codes].pk])
    known = (
        'EXISTS (SELECT FROM service_type s WHERE s.record_type = t."RecordType"'
        ' AND s.type_provided = t."TypeProvided")'
    )
    finding = Finding(file.name, "TypeProvided", "code", f"{NO_SUCH_SERVICE} {OUT}")
    work.refuse(table, f"NOT {known}", finding)
    plan.joins += """
        JOIN service_type s ON s.organization_id = p.organization_id
            AND s.record_type = r."RecordType" AND s.type_provided = r."TypeProvided"
        LEFT JOIN casenotes_service m ON m.id = r._id AND NOT r._new
        LEFT JOIN casenotes_servicetype mt ON mt.id = m.service_type_id
    """
    same = "(mt.record_type::text, mt.type_provided::text) = (s.record_type, s.type_provided)"
    plan.values |= {
        "service_type_id": f"CASE WHEN {same} THEN mt.id ELSE s.id END",
        "units": "coalesce(m.units, 1)",
    }
    plan.content = ("service_type_id",)
    return plan
