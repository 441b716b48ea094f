"""Which row of ours each row of the files is, and what it refers to.

A row is found by the key that it has in its source. For every file there is a table of its keys:
`id` is our row, `why` the reason that there is none.
"""

from exchange.files import FILES, File, Kind, Place
from exchange.imports.rights import keep_permitted
from exchange.imports.staging import staged
from exchange.imports.work import Work
from exchange.violations import Kind as Finding

LONGEST_KEY = 32
REFUSED = "The row that it belongs to, in {file}.csv, was refused."
HOUSEHOLD = "Household"


def keys(name: str) -> str:
    return f"k_{name.lower()}"


def resolved(name: str) -> str:
    return f"r_{name.lower()}"


def prepare(work: Work) -> None:
    work.create("known", "file text, key text, row_id bigint, PRIMARY KEY (file, key)")


def place_of(name: str) -> tuple[str, str]:
    """The table of a file's rows here, and its column of our own keys."""
    if name == HOUSEHOLD:  # which no file has rows of
        return "enrollments_household", "household_id"
    file = FILES[name]
    return file.model._meta.db_table, file.key.target.column


def learn(work: Work, name: str, wanted: str) -> None:
    """Note the rows of ours that some keys of a file stand for.

    What an earlier import made of a key goes first: of a row that this organization did not find
    then, or does not find now, it may be another one than ours of that key.

    Args:
        wanted: a query of keys.
    """
    table, key = place_of(name)
    work.sql(
        f"""
        INSERT INTO known SELECT DISTINCT ON (k.key) %s, k.key, m.id
        FROM exchange_sourcekey k JOIN {table} m ON m.id = k.row_id
        WHERE k.system_id = ANY(%s) AND k.file = %s AND k.key IN ({wanted})
        ORDER BY k.key, array_position(%s::bigint[], k.system_id) ON CONFLICT DO NOTHING
        """,
        [name, work.systems, name, work.systems],
    )
    keep_permitted(work, name, table)
    if work.is_own:
        work.sql(
            f"INSERT INTO known SELECT %s, m.{key}, m.id FROM {table} m WHERE m.{key} IN ({wanted})"
            " ON CONFLICT DO NOTHING",
            [name],
        )
        keep_permitted(work, name, table)


def learn_own(work: Work, file: File) -> None:
    """Note the rows of ours that the file's own keys stand for."""
    wanted = f'SELECT "{file.key.name}" FROM {staged(file.name)}'
    learn(work, file.name, wanted)


def resolve(work: Work, file: File) -> None:
    """Find the row of ours and those that it refers to; refuse rows without a usable key."""
    key, table = f's."{file.key.name}"', resolved(file.name)
    sequence = f"pg_get_serial_sequence('{file.model._meta.db_table}', 'id')"
    references = [place for place in file.references if place.refers_to != "User"]
    columns = joined = ""
    for place in references:
        alias = f"to_{place.name.lower()}"
        columns += f', {alias}.id AS "_{place.name}", {alias}.why AS "_why_{place.name}"'
        joined += f' LEFT JOIN {keys(place.refers_to)} {alias} ON {alias}.key = s."{place.name}"'
    user = "NULL::bigint"
    if file.name != "User":
        user = "u.id"
        joined += f' LEFT JOIN {keys("User")} u ON u.key = s."UserID"'
    work.table(
        table,
        f"""
        SELECT s.*, {key} AS key, n.row_id IS NULL AS _new, {user} AS _user,
            coalesce(n.row_id, nextval({sequence})) AS _id,
            row_number() OVER (PARTITION BY {key} ORDER BY s._row) AS _nth{columns}
        FROM {staged(file.name)} s
        LEFT JOIN known n ON n.file = '{file.name}' AND n.key = {key}{joined}
        """,
    )
    refuse_without_key(work, file)
    for place in references:
        refuse_orphans(work, file, place)


def refuse_without_key(work: Work, file: File) -> None:
    table, name = resolved(file.name), file.key.name
    for condition, rule, sentence in (
        ("key IS NULL", "key", "The row has no key."),
        (f"length(key) > {LONGEST_KEY}", "key", "The key is longer than 32 characters."),
        ("_nth > 1", "duplicate key", "An earlier row has the same key."),
    ):
        work.refuse(table, condition, Finding(file.name, name, rule, f"{sentence} {OUT}"))


OUT = "The row was left out."


def refuse_orphans(work: Work, file: File, place: Place) -> None:
    """Rows whose parent is not there, or was refused; for the same reason, where there is one."""
    table = resolved(file.name)
    missing = f'"_{place.name}" IS NULL'
    if place.column.null:
        missing += f' AND "{place.name}" IS NOT NULL'
    for (why,) in work.rows_of(f'SELECT DISTINCT "_why_{place.name}" FROM {table} WHERE {missing}'):
        sentence = why or f"Its {place.name} is in no row of {place.refers_to}.csv."
        quoted = "NULL" if why is None else "'" + why.replace("'", "''") + "'"
        work.refuse(
            table,
            f'{missing} AND "_why_{place.name}" IS NOT DISTINCT FROM {quoted}',
            Finding(file.name, place.name, "orphan", f"{sentence} {OUT}"),
        )


def publish(work: Work, file: File, taken: str) -> None:
    """Make the file's table of keys.

    From the rows that were taken (a query of key and id), those that were refused, and what other
    files refer to though it is not in the file, where an earlier import brought it.
    """
    name, target = file.name, keys(file.name)
    work.create(target, "key text PRIMARY KEY, id bigint, why text")
    work.sql(f"INSERT INTO {target} {taken}")
    work.sql(
        f'INSERT INTO {target} SELECT DISTINCT "{file.key.name}", NULL::bigint, %s'
        f' FROM {staged(name)} WHERE "{file.key.name}" IS NOT NULL ON CONFLICT DO NOTHING',
        [REFUSED.format(file=name)],
    )
    wanted = f"SELECT key FROM ({_referred(name)}) r EXCEPT SELECT key FROM {target}"
    learn(work, name, wanted)
    work.sql(
        f"INSERT INTO {target} SELECT n.key, n.row_id FROM known n WHERE n.file = %s"
        f" AND n.key IN ({wanted}) ON CONFLICT DO NOTHING",
        [name],
    )
    work.sql(f"ANALYZE {target}")


def _referred(name: str) -> str:
    """A query of all keys by which files refer to a file."""
    return " UNION ".join(
        f'SELECT "{place.name}" AS key FROM {staged(file.name)} WHERE "{place.name}" IS NOT NULL'
        for file in FILES.values()
        for place in file
        if place.refers_to == name and place.kind is Kind.REFERENCE
    )


def is_referred(name: str) -> bool:
    return bool(_referred(name))


def withdraw(work: Work, file: File, table: str) -> None:
    """Take back the keys of rows that the rules refused after their keys were published."""
    work.sql(
        f"UPDATE {keys(file.name)} k SET id = NULL, why = %s WHERE k.key IN"
        f" (SELECT key FROM {resolved(file.name)} EXCEPT SELECT _key FROM {table})",
        [REFUSED.format(file=file.name)],
    )
