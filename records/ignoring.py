"""The question of every trigger for every row: whether it is ignored (`pgtrigger.ignore`).

django-pgtrigger's own function catches an error to answer it, 4 µs a row, and is written again with
each trigger that a migration makes. This one says the same, and PostgreSQL puts it into its
callers as an expression: a tenth of the time.
"""

from django.db import connections

WRITTEN_BY_PGTRIGGER = """
    SELECT FROM pg_proc f JOIN pg_language l ON l.oid = f.prolang
    WHERE f.oid = to_regprocedure('public._pgtrigger_should_ignore(name)')
        AND l.lanname = 'plpgsql'
"""
QUICK = """
    CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name)
    RETURNS boolean LANGUAGE sql STABLE AS $$
        SELECT CASE
            -- An import ignores dozens: an array of them takes longer to make than to look through.
            WHEN strpos(current_setting('pgtrigger.ignore', true), trigger_name) > 0 THEN
                strpos(current_setting('pgtrigger.ignore', true), ',' || trigger_name || ',') > 0
                OR strpos(current_setting('pgtrigger.ignore', true), '{' || trigger_name || ',') > 0
                OR strpos(current_setting('pgtrigger.ignore', true), ',' || trigger_name || '}') > 0
                OR current_setting('pgtrigger.ignore', true) = '{' || trigger_name || '}'
            ELSE false
        END
    $$
"""


def ask_quickly(database: str = "default") -> None:
    """Replace pgtrigger's function where there is one, as the owner of the tables."""
    with connections[database].cursor() as cursor:
        cursor.execute(WRITTEN_BY_PGTRIGGER)
        if cursor.rowcount:
            cursor.execute(QUICK)
