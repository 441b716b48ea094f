"""3.16 Enrollment CoC: two letters of the state, a dash, three digits."""

from collections.abc import Iterator

from hud.rules.issues import Issue, collected, error

RULE = "3.16"
FIELD = "enrollment_coc"


@collected
def issues(code: str) -> Iterator[Issue]:
    """What is no code of a Continuum of Care; blank passes."""
    letters, _, digits = code.partition("-")
    fits = len(letters) == 2 and letters.isalpha() and len(digits) == 3 and digits.isdigit()
    if code and not (fits and code.isascii()):
        yield error(RULE, FIELD, "Enter the code as two letters and three digits.")
