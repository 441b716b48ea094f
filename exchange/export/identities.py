"""Identities as HUD hashes them: SHA-256, the list HashStatus (1.5) has it as 4.

Of a name the Soundex code is hashed (letters only, no accents), so that two spellings are one
hash; of an SSN its nine characters, an x for each that is not known. There is no salt: the same
person has the same hashes in every system, which is what they are for. Whoever has the hashes can
try all SSNs, so a hashed export is confidential too.
"""

from hashlib import sha256
from typing import Any

from django.db.models import Expression, F, Func, TextField, Value
from django.db.models.functions import Coalesce, NullIf, Trim, Upper

HASHED_NAMES = ("FirstName", "MiddleName", "LastName", "NameSuffix")


def _call(function: str, *arguments: Any) -> Func:
    return Func(*arguments, function=function, output_field=TextField())


def hashed_name(path: str) -> Expression:
    """The hash of a name in the database; NULL where there is none.

    A name in another script has no Soundex code: then the name itself is hashed.
    """
    plain = Upper(_call("unaccent", F(path)))
    letters = _call("regexp_replace", plain, Value("[^A-Z]"), Value(""), Value("g"))
    # The National Archives' rule, which PostgreSQL leaves out: H and W do not part two letters.
    sounds = _call("regexp_replace", letters, Value(r"\Y[HW]"), Value(""), Value("g"))
    code = NullIf(_call("soundex", sounds), Value(""))
    known = Coalesce(code, NullIf(Upper(Trim(path)), Value("")), output_field=TextField())
    digest = _call("sha256", _call("convert_to", known, Value("UTF8")))
    return _call("encode", digest, Value("hex"))


def hashed_ssn(ssn: str) -> str:
    return sha256(ssn.lower().rjust(9, "x").encode()).hexdigest()
