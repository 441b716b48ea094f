"""Enrollments with their exits, which are one row of ours, and the households that they make.

HUD's rules about several rows (one head, no overlap, one project) are rules of our database too.
Rows of the files that break them come in exempt (`Enrollment.is_exempt`).
"""

from enrollments.actions.deletion import parts
from enrollments.models import Enrollment, Household
from exchange.files import FILES, File, Kind
from exchange.imports.at_once import triggers_done
from exchange.imports.keys import HOUSEHOLD, OUT, learn, resolved
from exchange.imports.rules import apply_rules
from exchange.imports.staging import staged
from exchange.imports.values import (
    NEW_KEY,
    STAMPS,
    Plan,
    content_of,
    fields_of,
    kept_blank,
    left_alone,
    literal,
    make_typed,
    same_key,
    type_of,
    typed,
    value_of,
)
from exchange.imports.work import Work
from exchange.imports.writing import compare, compared, insert, keep_keys, update
from exchange.violations import Kind as Finding
from records.history import with_events

EXIT = "Exit"
TABLE = "enrollments_enrollment"
KEY = "coalesce({0}.\"HouseholdID\", '#' || {0}.key)"
# Rules about several enrollments, from which a row is exempt instead.
APART = frozenset({"one_head_in_household", "person_once_in_household"})
LAST_DAY = "greatest({0}.entry_date, coalesce({0}.exit_date - 1, 'infinity'))"
EXEMPT = f"""
    SELECT id FROM post WHERE mine AND exit_date < entry_date
    UNION ALL
    SELECT a.id FROM post a JOIN post b ON b.client_id = a.client_id AND b.project_id = a.project_id
        AND b.id <> a.id WHERE a.mine AND NOT b.is_exempt AND (b.id < a.id OR NOT b.mine)
        AND a.entry_date <= {LAST_DAY.format("b")} AND b.entry_date <= {LAST_DAY.format("a")}
    UNION ALL
    SELECT id FROM (SELECT id, mine, row_number() OVER (PARTITION BY household_id
        ORDER BY is_exempt, mine, id) AS nth FROM post WHERE relationship_to_hoh = 1) x
        WHERE mine AND nth > 1
    UNION ALL
    SELECT id FROM (SELECT id, mine, row_number() OVER (PARTITION BY household_id, client_id
        ORDER BY is_exempt, mine, id) AS nth FROM post) x WHERE mine AND nth > 1
    UNION ALL
    SELECT id FROM (SELECT id, mine, project_id, first_value(project_id) OVER (
        PARTITION BY household_id ORDER BY is_exempt, mine, id) AS first FROM post) x
        WHERE mine AND project_id <> first
"""
WITHOUT_HEAD = """
    SELECT household_id FROM post GROUP BY household_id HAVING bool_and(relationship_to_hoh <> 1)
"""
HEADLESS = f"""
    UPDATE {TABLE} e SET is_exempt = true
    FROM (SELECT DISTINCT household_id FROM n_enrollment) h
    WHERE e.household_id = h.household_id AND e.date_deleted IS NULL AND NOT e.is_exempt
        AND NOT EXISTS (SELECT FROM {TABLE} o WHERE o.household_id = h.household_id
            AND o.date_deleted IS NULL AND o.relationship_to_hoh = 1)
"""
KEPT = (
    "The household has no head, two heads or two projects, or the enrollment overlaps another one"
    " or ends before it begins. The row was taken as it is, and is listed under Data Quality."
)


def find_households(work: Work, file: File) -> None:
    """Note the households of the files, known and new."""
    table = resolved(file.name)
    long = Finding(file.name, "HouseholdID", "key", f"The key is longer than 32 characters. {OUT}")
    work.refuse(table, 'length("HouseholdID") > 32', long)
    alone = "HouseholdID is blank. The client was taken as a household of one."
    work.note(table, '"HouseholdID" IS NULL', Finding(file.name, "HouseholdID", "kept", alone))
    wanted = f'SELECT "HouseholdID" FROM {staged(file.name)}'
    learn(work, HOUSEHOLD, wanted)
    work.table(
        "household",
        f"""
        SELECT h.key, n.row_id IS NULL AS is_new, coalesce(n.row_id,
            nextval(pg_get_serial_sequence('enrollments_household', 'id'))) AS id
        FROM (SELECT DISTINCT {KEY.format("t")} AS key FROM {table} t) h
        LEFT JOIN known n ON n.file = '{HOUSEHOLD}' AND n.key = h.key
        """,
    )


def refuse_exits(work: Work) -> None:
    """Exits without a day, and the second one of an enrollment."""
    table = resolved(EXIT)

    def finding(column: str, rule: str, sentence: str) -> Finding:
        return Finding(EXIT, column, rule, f"{sentence} {OUT}")

    work.refuse(table, '"ExitDate" IS NULL', finding("ExitDate", "blank", "ExitDate is blank."))
    absent = f'NOT EXISTS (SELECT FROM {resolved("Enrollment")} e WHERE e._id = t."_EnrollmentID")'
    work.refuse(
        table, absent, finding("EnrollmentID", "orphan", "Its enrollment was not imported.")
    )
    again = f"""EXISTS (SELECT FROM {table} o WHERE o."_EnrollmentID" = t."_EnrollmentID"
        AND (o."DateDeleted" IS NOT NULL, o._row) < (t."DateDeleted" IS NOT NULL, t._row))"""
    sentence = "The enrollment has another exit in the file."
    work.refuse(table, again, finding("EnrollmentID", "duplicate key", sentence))


def plan_of_enrollments(work: Work) -> Plan:
    return Plan(
        values={
            "household_id": "h.id",
            "organization_id": "o.id",
            "visibility": "CASE WHEN o.victim_service_provider THEN 'own' ELSE 'all' END",
            "is_exempt": "false",
            **_exit_values(work),
        },
        joins=f"""
            JOIN household h ON h.key = {KEY.format("r")}
            JOIN agencies_project p ON p.id = r."_ProjectID"
            JOIN agencies_organization o ON o.id = p.organization_id
            LEFT JOIN {resolved(EXIT)} x ON x."_EnrollmentID" = r._id
            LEFT JOIN {TABLE} m ON m.id = r._id AND NOT r._new
        """,
        content=tuple(_exit_columns()),
    )


def make_enrollments(work: Work, file: File, plan: Plan) -> None:
    make_typed(work, file, plan)
    apply_rules(work, file, apart=APART)


def _exit_columns() -> dict[str, str]:
    """The columns of an exit, each with what stands there without one."""
    found = {}
    for place, own in fields_of(FILES[EXIT]):
        is_stamp = place.name in STAMPS or place.kind in (Kind.KEY, Kind.REFERENCE)
        if not is_stamp:
            found[own.column] = "NULL" if own.null else literal(own.get_default())
    return found


def _exit_values(work: Work) -> dict[str, str]:
    """Those of the file's exit, else those that are here; an exit that was deleted is none."""
    blank = _exit_columns()
    taken = f"EXISTS (SELECT FROM {TABLE} o WHERE {same_key(Enrollment, 'exit_id', 'o', 'x.key')})"
    values = {
        "exit_id": f"CASE WHEN m.exit_date IS NULL AND x.key IS NOT NULL AND NOT {taken} THEN x.key"
        f" ELSE coalesce(m.exit_id, {NEW_KEY}) END::varchar(32)",
        "_exits": 'coalesce(x."DateDeleted" IS NULL AND x.key IS NOT NULL, false)',
        "_exit_key": "x.key",
        "_exit_others": "x.others",
        "_unread": "r._unread || x._unread",
    }
    for place, own in fields_of(FILES[EXIT]):
        name = place.name
        if (column := own.column) in blank:
            value = kept_blank(work, place, own, value_of(work, place, own, "x"), "x")
            says = [
                left_alone(work, FILES[EXIT], one, "x._unread") for one in ("DateDeleted", name)
            ]
            kept = " OR ".join(
                ["x.key IS NULL", *(f"m.id IS NOT NULL AND {one}" for one in says if one)]
            )
            values[column] = (
                f"CASE WHEN {kept} THEN coalesce(m.{column}, {blank[column]})"
                f' WHEN x."DateDeleted" IS NULL THEN {value} ELSE {blank[column]} END'
                f"::{type_of(own)}"
            )
    updated = FILES["Enrollment"]["DateUpdated"]
    own = Enrollment._meta.get_field("date_updated")
    of_exit = f"CASE WHEN x.key IS NOT NULL THEN {value_of(work, updated, own, 'x')} END"
    values["_updated"] = f"greatest({value_of(work, updated, own)}, {of_exit})"
    return values


def write_enrollments(work: Work, file: File, plan: Plan) -> None:
    """Households, changed enrollments, new ones, and what exits and deletions mean for others."""
    compare(work, file, plan)
    of_exits = _count_exits(work, content_of(file, plan))
    work.table(
        "post",
        f"""
        SELECT _id AS id, household_id, client_id, project_id, entry_date, exit_date,
            relationship_to_hoh, false AS is_exempt, true AS mine
        FROM {typed(file.name)} n WHERE date_deleted IS NULL
            AND (_new OR _id IN (SELECT _id FROM {compared(file.name)}))
        UNION ALL
        SELECT e.id, e.household_id, e.client_id, e.project_id, e.entry_date, e.exit_date,
            e.relationship_to_hoh, e.is_exempt, false
        FROM {TABLE} e WHERE e.date_deleted IS NULL
            AND (e.household_id IN (SELECT household_id FROM {typed(file.name)})
                OR e.client_id IN (SELECT client_id FROM {typed(file.name)}))
            AND NOT EXISTS (SELECT FROM {typed(file.name)} n WHERE n._id = e.id
                AND (n._new OR n._id IN (SELECT _id FROM {compared(file.name)})))
        """,
    )
    exempt = f"_id IN ({EXEMPT}) OR date_deleted IS NULL AND household_id IN ({WITHOUT_HEAD})"
    work.sql(f"UPDATE {typed(file.name)} t SET is_exempt = true WHERE {exempt}")
    work.note(typed(file.name), "t.is_exempt", Finding(file.name, "", "kept", KEPT))
    households = (
        "INSERT INTO enrollments_household (id, household_id, date_created)"
        " SELECT h.id, CASE WHEN h.key LIKE '#%' OR o.id IS NOT NULL"
        f" THEN {NEW_KEY} ELSE h.key END, now() FROM household h"
        f" LEFT JOIN enrollments_household o ON {same_key(Household, 'household_id', 'o', 'h.key')}"
        f" WHERE h.is_new AND h.id IN (SELECT household_id FROM {typed(file.name)})"
    )
    with triggers_done(work, Household, "household"):
        work.sql(with_events(Household, households))
    work.table(
        "n_household",
        f"SELECT h.key AS _key, h.id AS _id,"
        f" NULL::text AS others FROM household h WHERE h.key NOT LIKE '#%'"
        f" AND h.id IN (SELECT household_id FROM {typed(file.name)})",
    )
    counts = work.counts[file.name]
    counts.changed = update(work, file, {"is_exempt": "true"}) - of_exits
    counts.new = insert(work, file)
    known = work.value(f"SELECT count(*) FROM {typed(file.name)} WHERE NOT _new")
    counts.unchanged = known - counts.changed
    changed = f"n JOIN {compared(file.name)} c ON c._id = n._id"
    work.sql(
        f"UPDATE {TABLE} e SET is_exempt = false FROM {typed(file.name)} {changed}"
        " WHERE e.id = n._id AND NOT n.is_exempt"
    )
    work.sql(HEADLESS)
    _follow(work, file)
    keep_keys(work, HOUSEHOLD, "n_household")
    work.table(
        "n_exit",
        f"SELECT _exit_key AS _key, _id, _exit_others AS others FROM {typed(file.name)}"
        " WHERE _exit_key IS NOT NULL",
    )
    keep_keys(work, EXIT, "n_exit")


def _count_exits(work: Work, content: list[str]) -> int:
    """Before enrollments are written: which of their exits are new, changed or the same.

    Returns how many of the enrollments that change do so by their exit alone.
    """
    of_exit = _exit_columns()
    rest = [column for column in content if column not in of_exit]
    differs = f"c._id IS NOT NULL AND {_differ(list(of_exit))}"
    is_new = f"n._exits AND (n._new OR m.exit_date IS NULL AND {differs})"
    alone = f"NOT {_differ(rest)} AND (m.date_deleted IS NULL) = (n.date_deleted IS NULL)"
    query = f"""
        SELECT count(*) FILTER (WHERE {is_new}),
            count(*) FILTER (WHERE m.exit_date IS NOT NULL AND {differs}), count(*),
            count(*) FILTER (WHERE {differs} AND {alone})
        FROM n_enrollment n LEFT JOIN {TABLE} m ON m.id = n._id
        LEFT JOIN {compared("Enrollment")} c ON c._id = n._id WHERE n._exit_key IS NOT NULL
    """
    counts = work.counts[EXIT]
    counts.new, counts.changed, known, alone_count = work.rows_of(query)[0]
    counts.unchanged = known - counts.new - counts.changed
    return alone_count


def _differ(columns: list[str]) -> str:
    ours, theirs = (", ".join(f"{row}.{column}" for column in columns) for row in "mn")
    return f"(ROW({ours}) IS DISTINCT FROM ROW({theirs}))"


def _follow(work: Work, file: File) -> None:
    """Case assignments end with their enrollment; what a deleted one has is deleted with it."""
    changed = f"SELECT e.* FROM {TABLE} e JOIN {compared(file.name)} c ON c._id = e.id"
    work.sql(
        f"""
        UPDATE enrollments_caseassignment a SET date_updated = now(), updated_by_id = {work.by.pk},
            begins_on = least(greatest(a.begins_on, e.entry_date), e.exit_date),
            ends_on = CASE WHEN e.exit_date IS NULL THEN a.ends_on
                ELSE least(coalesce(a.ends_on, e.exit_date), e.exit_date) END
        FROM ({changed}) e WHERE e.id = a.enrollment_id AND a.date_deleted IS NULL
            AND (a.begins_on < e.entry_date OR a.begins_on > e.exit_date
                OR coalesce(a.ends_on, 'infinity') > e.exit_date)
        """
    )
    for model in parts():
        work.sql(
            f"""
            UPDATE {model._meta.db_table} p SET date_deleted = e.date_deleted,
                deleted_by_id = e.deleted_by_id, date_updated = now(), updated_by_id = {work.by.pk}
            FROM ({changed}) e WHERE e.id = p.enrollment_id AND e.date_deleted IS NOT NULL
                AND p.date_deleted IS NULL
            """
        )
