"""Organizations, projects and users that are here already under other keys, and whose they are."""

from exchange.files import FILES, NOBODY, File
from exchange.imports.keys import LONGEST_KEY, OUT, keys, resolved
from exchange.imports.rights import OTHER, keep_permitted
from exchange.imports.staging import staged
from exchange.imports.work import Work
from exchange.violations import Kind as Finding

# Queries of source keys with the row of ours that has the same name or e-mail address.
SAME = {
    "User": """
        SELECT DISTINCT ON (m.id) s."UserID" AS key, m.id FROM {staged} s
        JOIN agencies_user m ON m.email = lower(s."UserEmail") ORDER BY m.id, s._row
    """,
    "Organization": """
        SELECT DISTINCT ON (m.id) s."OrganizationID" AS key, m.id FROM {staged} s
        JOIN agencies_organization m ON lower(m.organization_name) = lower(s."OrganizationName")
        ORDER BY m.id, s._row
    """,
    "Project": """
        SELECT DISTINCT ON (m.id) s."ProjectID" AS key, m.id FROM {staged} s
        JOIN k_organization k ON k.key = s."OrganizationID"
        JOIN agencies_project m ON m.organization_id = k.id AND m.date_deleted IS NULL
            AND lower(m.project_name) = lower(s."ProjectName")
        ORDER BY m.id, s._row
    """,
    "ProjectCoC": """
        SELECT DISTINCT ON (m.id) s."ProjectCoCID" AS key, m.id FROM {staged} s
        JOIN k_project k ON k.key = s."ProjectID"
        JOIN agencies_projectcoc m ON m.project_id = k.id AND m.date_deleted IS NULL
            AND m.coc_code = s."CoCCode"
        ORDER BY m.id, s._row
    """,
}
KNOWN = "SELECT count(*) FROM known WHERE file = %s"
BY_NAME = "It is here already under the same name, and was taken as the same."
UNNAMED = "Rows name a user who is in no row of User.csv. The user was taken without a name."
ONLY = "The files have one organization, which was taken as your own."
NOT_THIS_ONE = f"The import is for another organization, by its name. {OUT}"
USERS = (
    "An import for one organization creates no users; its rows go under the name of the importer."
)


def name_all_users(work: Work) -> None:
    """Add the users by whose key rows were written and who have no row of their own."""
    users = " UNION ".join(
        f'SELECT "UserID" AS key FROM {staged(file.name)} WHERE length("UserID") <= {LONGEST_KEY}'
        for file in FILES.values()
        if file.name != "User"
    )
    added = work.sql(
        'INSERT INTO s_user (_row, "UserID") SELECT 0, key FROM'
        f' (({users}) EXCEPT SELECT "UserID" FROM s_user) missing'
        " WHERE key <> %s ORDER BY key",
        [NOBODY if work.is_own else ""],
    )
    work.counts["User"].rows += added
    work.tell_rows(Finding("User", "UserID", "kept", UNNAMED), added, None)


def find_by_name(work: Work, file: File) -> None:
    """Take what has the same name as the same, where the keys do not tell."""
    if file.name not in SAME:
        return
    same = SAME[file.name].format(staged=staged(file.name))
    by_key = work.value(KNOWN, [file.name])
    work.sql(
        f"""
        INSERT INTO known SELECT %s, f.key, f.id FROM ({same}) f WHERE f.key IS NOT NULL
            AND NOT EXISTS (SELECT FROM known n WHERE n.file = %s AND n.row_id = f.id)
        ON CONFLICT DO NOTHING
        """,
        [file.name, file.name],
    )
    keep_permitted(work, file.name, file.model._meta.db_table)
    found = work.value(KNOWN, [file.name]) - by_key  # whether others have an account is not told
    if found and not work.is_own:
        work.tell_rows(Finding(file.name, "", "kept", BY_NAME), found, None)
    if file.name == "Organization" and work.organization:
        _take_as_own(work)


def _take_as_own(work: Work) -> None:
    """A file of one organization is that of the officer who imports it."""
    query = (
        'SELECT array_agg("OrganizationID") FROM s_organization WHERE "OrganizationID" IS NOT NULL'
    )
    found = work.value(query) or []
    if len(found) == 1 and work.organization:
        new = work.sql(
            "INSERT INTO known VALUES ('Organization', %s, %s) ON CONFLICT DO NOTHING",
            [found[0], work.organization.pk],
        )
        work.tell_rows(Finding("Organization", "", "kept", ONLY), new, None)


def refuse_others(work: Work, file: File) -> None:
    """Of an import for one organization: other organizations, and new users."""
    if work.organization is None:
        return
    if file.name == "Organization":
        work.refuse(resolved(file.name), "_new", Finding(file.name, "", "scope", NOT_THIS_ONE))
    if file.name == "User":
        work.refuse(resolved(file.name), "_new", Finding(file.name, "", "scope", USERS))


def explain(work: Work, file: File) -> None:
    """Say of rows of other organizations why they were left out."""
    if file.name in ("Organization", "Project") and work.organization:
        work.sql(f"UPDATE {keys(file.name)} SET why = %s WHERE id IS NULL", [OTHER])
