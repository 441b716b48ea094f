"""Clients: what Python alone derives, and which organization each belongs to.

SSNs are encrypted and hashed, names get their search keys, a batch at a time.
"""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from django.db import connection

from clients.encryption import decrypt
from clients.fields import DerivedField
from clients.models import Client, NameSpelling
from clients.models.names import deletion_variants
from exchange.files import File
from exchange.imports.keys import OUT, keys, resolved
from exchange.imports.rights import OTHER
from exchange.imports.staging import staged
from exchange.imports.values import Plan, left_alone, moment, type_of
from exchange.imports.work import Work
from exchange.violations import Kind as Finding
from hud.rules import ssn as ssn_rules

BATCH = 2000
DERIVED: list[Any] = [
    field for field in Client._meta.concrete_fields if isinstance(field, DerivedField)
]
SSN: Any = Client._meta.get_field("ssn")
NAMES = ("first_name", "middle_name", "last_name")
ERASED = "The record of this client was erased here on request."
DELETED = "This client was deleted here."
NOBODYS = "The client is in no enrollment of the files; it belongs to the first organization."
KEPT = "The client was deleted there. An import deletes no client."
NOT_FOUND = (
    "The portal finds no client of this key for the organization: filed as a new one, perhaps once"
    " more."
)
HASHED = "The files are hashed (HashStatus): the name and SSN of the client stay as they are here."


def refuse_gone(work: Work, file: File) -> None:
    """What was erased or deleted here does not come back by a file."""
    table = resolved(file.name)
    gone = "EXISTS (SELECT FROM clients_client m WHERE m.id = t._id AND NOT t._new AND m.{})"
    erased, deleted = (
        gone.format("erased_at IS NOT NULL"),
        gone.format("date_deleted IS NOT NULL AND m.merged_into_id IS NULL"),
    )
    for condition, sentence in ((erased, ERASED), (deleted, DELETED)):
        work.refuse(table, condition, Finding(file.name, "", "gone", f"{sentence} {OUT}"))


def find_homes(work: Work, file: File) -> None:
    """The organization of each client: that of the first enrollment in the files."""
    table = resolved(file.name)
    work.table(
        "client_home",
        f"""
        SELECT DISTINCT ON (e."PersonalID") e."PersonalID" AS key, p.organization_id,
            e."DateDeleted" IS NULL AS is_enrolled
        FROM {staged("Enrollment")} e JOIN {keys("Project")} k ON k.key = e."ProjectID"
        JOIN agencies_project p ON p.id = k.id WHERE e."PersonalID" IS NOT NULL
        ORDER BY e."PersonalID", e."DateDeleted" IS NOT NULL, e."EntryDate", e._row
        """,
    )
    homeless = "NOT EXISTS (SELECT FROM client_home h WHERE h.key = t.key)"
    if work.organization:
        if work.is_own:  # whether another organization has it is not told
            found = f"t._new AND NOT ({homeless})"
            work.note(table, found, Finding(file.name, "PersonalID", "kept", NOT_FOUND))
        work.refuse(table, homeless, Finding(file.name, "", "scope", f"{OTHER} {OUT}"))
        return
    first = work.value(f"SELECT min(id) FROM {keys('Organization')}")
    if first is None:
        work.refuse(
            table, homeless, Finding(file.name, "", "orphan", f"There is no organization. {OUT}")
        )
        return
    work.note(table, f"_new AND {homeless}", Finding(file.name, "", "kept", NOBODYS))
    work.sql(
        f"INSERT INTO client_home SELECT t.key, {first}, false FROM {table} t WHERE {homeless}"
    )
    live = (
        "EXISTS (SELECT FROM client_home h WHERE h.key = t.key AND (h.is_enrolled OR NOT t._new))"
    )
    work.note(
        table,
        f't."DateDeleted" IS NOT NULL AND {live}',
        Finding(file.name, "DateDeleted", "kept", KEPT),
    )


def plan_of_clients() -> Plan:
    derived = {one.column: f"d.{one.column}" for one in [SSN, *DERIVED]}
    moved = moment('r."DateDeleted"')
    deleted = f"CASE WHEN r._new AND NOT h.is_enrolled THEN {moved} END"
    return Plan(
        values=derived
        | {
            "organization_id": "o.id",
            "visibility": "CASE WHEN o.victim_service_provider THEN 'own' ELSE 'all' END",
            "date_deleted": deleted,
        },
        joins="JOIN derived_client d ON d._row = r._row JOIN client_home h ON h.key = r.key"
        " JOIN agencies_organization o ON o.id = h.organization_id",
        only="NOT EXISTS (SELECT FROM clients_client c"
        " WHERE c.id = r._id AND c.merged_into_id IS NOT NULL)",
    )


def derive(work: Work, file: File) -> None:
    """Fill `derived_client`, and `spelling` with the spellings of all names."""
    columns = [SSN, *DERIVED]
    if work.is_hashed:
        work.note(resolved(file.name), "NOT t._new", Finding(file.name, "", "kept", HASHED))
    made = ", ".join(f"{one.column} {type_of(one)}" for one in columns)
    work.create("derived_client", f"_row integer, {made}")
    work.create("spelling", "part text, key text")
    into = ", ".join(["_row", *(one.column for one in columns)])
    seen: set[tuple[str, str]] = set()
    for batch in _batches(work, file):
        people = [_person(row) for row in batch]
        pairs = set().union(*(NameSpelling.pairs_of(person) for person in people)) - seen
        seen = seen | pairs if len(seen) < 200_000 else pairs
        with connection.cursor() as cursor:
            with cursor.copy(f"COPY derived_client ({into}) FROM STDIN") as copy:
                for person in people:
                    copy.write_row([person.row, *(getattr(person, one.attname) for one in columns)])
            with cursor.copy("COPY spelling FROM STDIN") as copy:
                for pair in pairs:
                    copy.write_row(pair)
        work.progress(file.name, work.done + len(people), work.rows)
    work.sql("ANALYZE derived_client")


def _batches(work: Work, file: File) -> Iterator[list[tuple]]:
    """The rows of clients, with what those have which are here already.

    Row, names, the file's SSN, ours and its hash, and whether ours stays.
    """

    def stays(name: str) -> str:
        return f"NOT r._new AND ({left_alone(work, file, name, 'r._unread') or 'false'})"

    names = ", ".join(
        f'CASE WHEN {stays(name)} THEN c.{column} ELSE r."{name}" END'
        for name, column in zip(("FirstName", "MiddleName", "LastName"), NAMES, strict=True)
    )
    query = f"""
        SELECT r._row, {names}, r."SSN", c.ssn, c.ssn_hash, {stays("SSN")}
        FROM {resolved(file.name)} r
        LEFT JOIN clients_client c ON c.id = r._id AND NOT r._new WHERE r._row > %s
        ORDER BY r._row LIMIT {BATCH}
    """
    last = 0
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE UNIQUE INDEX ON {resolved(file.name)} (_row)")
        while True:
            cursor.execute(query, [last])
            if not (rows := cursor.fetchall()):
                return
            last = rows[-1][0]
            yield rows


def _person(row: tuple) -> Any:
    """A client's derived columns; an SSN that is the same keeps its encrypted form."""
    number, *names, ssn, kept, kept_hash, stays = row
    ours = decrypt(kept) if stays and kept else ""
    person = SimpleNamespace(row=number, ssn=ours if stays else ssn_rules.clean(ssn))
    for name, value in zip(NAMES, names, strict=True):
        setattr(person, name, value or "")
    for field in DERIVED:
        field.pre_save(person, add=True)
    is_same = _is_same(person, kept, kept_hash)
    person.ssn = kept if is_same else SSN.get_prep_value(person.ssn)
    return person


def _is_same(person: SimpleNamespace, kept: str | None, kept_hash: str | None) -> bool:
    if not kept or not person.ssn:
        return False
    return person.ssn_hash == kept_hash if person.ssn_hash else decrypt(kept) == person.ssn


def remember_spellings(work: Work) -> None:
    """Add the spellings that the dictionary lacks, in its one order, as late as possible."""
    query = """
        SELECT DISTINCT part COLLATE "C", key COLLATE "C" FROM spelling s WHERE NOT EXISTS (
            SELECT FROM clients_namespelling n WHERE n.part = s.part AND n.key = s.key)
        ORDER BY 1, 2
    """
    work.create("new_spelling", "part text, key text, variants integer[]")
    rows = work.rows_of(query)
    with connection.cursor() as cursor, cursor.copy("COPY new_spelling FROM STDIN") as copy:
        for part, key in rows:
            variants = ",".join(map(str, deletion_variants(part)))
            copy.write_row((part, key, f"{{{variants}}}"))
    work.sql(f"""
        INSERT INTO {NameSpelling._meta.db_table} (part, key, deletion_variants)
        SELECT part, key, variants FROM new_spelling
        ORDER BY part COLLATE "C", key COLLATE "C" ON CONFLICT DO NOTHING
    """)


def follow_merges(work: Work) -> None:
    """Whoever was merged away is the survivor; to a deleted client nothing is added."""
    table = keys("Client")
    work.sql(
        f"UPDATE {table} k SET id = c.merged_into_id FROM clients_client c"
        " WHERE c.id = k.id AND c.merged_into_id IS NOT NULL"
    )
    work.sql(
        f"UPDATE {table} k SET id = NULL, why = %s FROM clients_client c"
        " WHERE c.id = k.id AND c.date_deleted IS NOT NULL"
        " AND NOT EXISTS (SELECT FROM n_client n WHERE n._id = k.id)",
        [DELETED],
    )


def merged_here(work: Work) -> str:
    """A query of those that were merged into another client here; they stay as they are."""
    merged = """
        SELECT r.key, r._id FROM r_client r
        JOIN clients_client c ON c.id = r._id WHERE c.merged_into_id IS NOT NULL
    """
    work.counts["Client"].unchanged += work.value(f"SELECT count(*) FROM ({merged}) m")
    return merged


def lock(work: Work) -> None:
    """The clients that are here already, in the order of docs/locks.md."""
    work.sql(
        "SELECT id FROM clients_client WHERE id IN (SELECT _id FROM r_client WHERE NOT _new)"
        " ORDER BY id FOR NO KEY UPDATE"
    )
