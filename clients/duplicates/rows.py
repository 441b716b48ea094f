"""What clients are compared by before they are weighed, as SQL: keys of which two may share one.

A row a name: the legal one, the parts of a last name of several, and each alias. A text is a hash
of 32 bits: it is compared and kept in a fraction of the time and room. Two texts that have one hash
by chance bring a pair that is weighed for nothing.
"""

from hud.choices import DOBDataQuality
from hud.rules.dob import PLACEHOLDER_YEAR

# As `person.phone_key`, in two steps. Nearly all are written with these signs alone, which is a
# third of the work.
PHONE_DIGITS = """right(CASE WHEN phone ~ '[^0-9() .+-]'
        THEN regexp_replace(regexp_replace(phone, '[[:alpha:]].*$', ''), '[^0-9]+', '', 'g')
        ELSE translate(phone, '() .+-', '') END, 10)"""
PHONE = "CASE WHEN length(phone) >= 7 THEN phone END"
# Blank is NULL here, and NULL joins with nothing.
IDENTITY = f"""
    nullif(ssn_hash, '') AS ssn_hash, nullif(ssn_last4_hash, '') AS last4,
    CASE WHEN dob >= date '{PLACEHOLDER_YEAR + 1}-01-01' THEN dob END AS dob,
    dob_data_quality = {DOBDataQuality.PARTIAL.value} AS is_rough
"""
CONTACT = {
    "zip": "nullif(left(trim(zip), 5), '')",
    "street": """CASE WHEN address1 <> '' THEN
        nullif(regexp_replace(lower(address1), '[^a-z0-9]+', '', 'g'), '') END""",
    "phone": PHONE_DIGITS,
    "email": "nullif(lower(trim(email)), '')",
}
# A sound of another script than Latin is the name.
SOUNDS = ", ".join(
    f"coalesce(nullif(dmetaphone({name}), ''), nullif({name}, '')) AS {name}_sound"
    for name in ("first", "last")
)
_NUMBER = "substring(address1 FROM '^ *([0-9]+)')"
_ROAD = f"nullif(substr(street, 1 + coalesce(length({_NUMBER}), 0)), '')"
# What is kept of a row (`DuplicateKey`), of what `sounding` has: a hash, but for those below.
KEPT = {
    "name": "hashtext(first || ' ' || last)",
    "first_letter": "nullif(ascii(first) % 32768, 0)::smallint",
    "last_letter": "nullif(ascii(last) % 32768, 0)::smallint",
    "dob": "dob",
    "rough_year": "CASE WHEN is_rough THEN date_part('year', dob)::smallint END",
}
_HASHED = ("first_sound", "last_sound", "ssn_hash", "last4", "zip", "phone", "email")
OF_ADDRESS = ("street", "number", "road")
KEPT |= {column: f"hashtext({column})" for column in _HASHED} | {one: one for one in OF_ADDRESS}
# What is quickly made of that.
DERIVED = {
    "year": "date_part('year', dob)::int",
    "month": "date_part('month', dob)::int",
    "turned": """CASE
        WHEN date_part('day', dob) <= 12 AND date_part('day', dob) <> date_part('month', dob)
        THEN make_date(date_part('year', dob)::int, date_part('day', dob)::int,
            date_part('month', dob)::int) END""",
    "birthday": "(100 * date_part('month', dob) + date_part('day', dob))::int",
}
NAMES = (
    "SELECT {what}, first_key AS first, last_key AS last FROM {person}",
    """SELECT {what}, first_key AS first, part AS last
        FROM {person}, unnest(regexp_split_to_array(lower(unaccent(last_name)), '[- ]+')) AS part
        WHERE last_part_key <> '' AND length(part) > 2""",
    """SELECT {what}, aliases.first_key AS first, aliases.last_key AS last
        FROM {aliases} AS aliases JOIN {person} ON person.id = client_id""",
)
PERSON = "SELECT * FROM {clients} WHERE date_deleted IS NULL AND merged_into_id IS NULL"
# By the history: an import keeps the dates of the system that it comes from. Who was deleted or
# merged is among them: nothing is kept of those.
CHANGED = """
CREATE TEMPORARY TABLE duplicate_changed AS
SELECT pgh_obj_id AS id FROM {versions} WHERE pgh_created_at >= %(since)s
UNION SELECT client_id FROM {alias_versions} WHERE pgh_created_at >= %(since)s
"""
# Each address once: it costs most to bring it into the form of a key.
ADDRESSES = f"""
CREATE TEMPORARY TABLE duplicate_address AS
SELECT address1, clients, hashtext(street) AS street, hashtext({_NUMBER}) AS number,
    hashtext({_ROAD}) AS road
FROM (
    SELECT address1, clients, {CONTACT["street"]} AS street FROM (
        SELECT address1, count(*) AS clients FROM ({PERSON} AND ({{of}})) AS person
        WHERE address1 <> '' GROUP BY address1
    ) AS written OFFSET 0
) AS address
"""  # noqa: S608
ROWS = f"""
WITH person AS ({PERSON} AND ({{of}})), named AS ({{names}}),
numbered AS (
    SELECT id AS person_id, address1, {IDENTITY},
        {", ".join(f"{sql} AS {name}" for name, sql in CONTACT.items() if name != "street")}
    FROM person
),
sounding AS (
    SELECT id, first, last, {SOUNDS}, ssn_hash, last4, dob, is_rough, zip, email,
        {PHONE} AS phone, {", ".join(OF_ADDRESS)}
    FROM named JOIN numbered ON id = person_id
    LEFT JOIN duplicate_address AS address ON address.address1 = numbered.address1
)
SELECT id, {{is_new}} AS is_new, first, last,
    {", ".join(f"{sql} AS {name}" for name, sql in (KEPT | DERIVED).items())}
FROM sounding
"""  # noqa: S608
# So many have the address of a shelter that it says nothing.
LEAVE_SHELTERS = """
UPDATE duplicate_row SET street = NULL, number = NULL, road = NULL WHERE street IN ({shelters})
"""
SHELTERS = "SELECT street FROM duplicate_address GROUP BY street HAVING sum(clients) > %s"
