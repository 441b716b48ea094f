"""3.16 Enrollment CoC: two letters of the state, a dash, three digits; one of the project's."""

from collections.abc import Collection, Iterator

from hud.lists import code_list
from hud.rules.issues import Issue, collected, error, warning

RULE = "3.16"
FIELD = "enrollment_coc"
CHOOSE = "Choose one of the project's Continuums of Care."


@collected
def issues(code: str, *, of_project: Collection[str] = ()) -> Iterator[Issue]:
    """What is no code of a Continuum of Care, or none of the project's; blank passes.

    Args:
        of_project: the codes of the project (2.03), in capitals; empty where none is set up.
    """
    letters, _, digits = code.partition("-")
    fits = len(letters) == 2 and letters.isalpha() and len(digits) == 3 and digits.isdigit()
    if code and not (fits and code.isascii()):
        yield error(RULE, FIELD, "Enter the code as two letters and three digits.")
    elif code and of_project and code.upper() not in of_project:
        yield warning(RULE, FIELD, "This Continuum of Care is not set up for the project.")


def label(code: str) -> str:
    """A code with the name of its Continuum of Care, where HUD's list (2.03.1) has it."""
    names = dict(code_list("2.03.1").choices)
    return f"{code} · {names[code]}" if code in names else code
