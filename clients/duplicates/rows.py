"""What clients are compared by before they are weighed, as a temporary table of PostgreSQL's.

A row a name: the legal one, the parts of a last name of several, and each alias.
"""

from hud.choices import DOBDataQuality
from hud.rules.dob import PLACEHOLDER_YEAR

# Blank is NULL here, and NULL joins with nothing. A sound of another script than Latin is the name.
NUMBERS = f"""
    nullif(ssn_hash, '') AS ssn_hash, nullif(ssn_last4_hash, '') AS last4,
    CASE WHEN dob >= date '{PLACEHOLDER_YEAR + 1}-01-01' THEN dob END AS dob,
    dob_data_quality = {DOBDataQuality.PARTIAL.value} AS is_rough,
    nullif(left(trim(zip), 5), '') AS zip,
    nullif(regexp_replace(lower(address1), '[^a-z0-9]+', '', 'g'), '') AS street,
    nullif(regexp_replace(lower(address1), '^ *[0-9]+|[^a-z0-9]+', '', 'g'), '') AS road,
    substring(address1 FROM '^ *([0-9]+)') AS number,
    nullif(right(regexp_replace(phone, '[[:alpha:]].*$|[^0-9]+', '', 'g'), 10), '') AS phone,
    nullif(lower(trim(email)), '') AS email
"""
SOUND = "coalesce(nullif(dmetaphone({0}), ''), nullif({0}, ''))"
ROWS = """
CREATE TEMPORARY TABLE duplicate_row AS
WITH person AS (
    SELECT id, date_updated, first_key, last_key, last_part_key, last_name, {numbers}
    FROM {clients} WHERE date_deleted IS NULL AND merged_into_id IS NULL
), named AS (
    SELECT id AS named_id, first_key AS first, last_key AS last FROM person
    UNION SELECT id, first_key, part
        FROM person, unnest(regexp_split_to_array(lower(unaccent(last_name)), '[- ]+')) AS part
        WHERE last_part_key <> '' AND length(part) > 2
    UNION SELECT client_id, first_key, last_key FROM {aliases}
), imported AS (
    -- An import keeps the dates of the system that it comes from.
    SELECT DISTINCT pgh_obj_id AS arrived FROM {versions}
    WHERE pgh_created_at >= %s AND pgh_label = 'insert'
), shelter AS (
    SELECT street AS shelter FROM person GROUP BY street HAVING count(*) > {largest}
)
SELECT id, %s::timestamptz IS NULL OR date_updated >= %s OR arrived IS NOT NULL AS is_new,
    first, last,
    {first} AS first_sound, {last} AS last_sound,
    nullif(left(first, 1), '') AS first_letter, nullif(left(last, 1), '') AS last_letter,
    ssn_hash, last4, dob,
    extract(year FROM dob)::int AS year,
    CASE WHEN is_rough THEN extract(year FROM dob)::int END AS rough_year,
    extract(month FROM dob)::int AS month,
    CASE WHEN extract(day FROM dob) <= 12 AND extract(day FROM dob) <> extract(month FROM dob)
        THEN make_date(extract(year FROM dob)::int, extract(day FROM dob)::int,
            extract(month FROM dob)::int) END AS turned,
    to_char(dob, 'MMDD') AS birthday, zip, phone, email,
    CASE WHEN shelter IS NULL THEN street END AS street,
    CASE WHEN shelter IS NULL THEN road END AS road,
    CASE WHEN shelter IS NULL THEN number END AS number
FROM named JOIN person ON id = named_id LEFT JOIN shelter ON shelter = street
    LEFT JOIN imported ON arrived = id
"""
