"""3.12 Destination, and the question that follows some of its answers."""

from collections.abc import Iterator

from hud.choices import Destination
from hud.rules.issues import Issue, collected, warning

RULE = "3.12"


def questions(destination: int | None) -> tuple[str, ...]:
    """The fields that are asked: 3.12.A after a subsidized rental, 3.12.B after other."""
    follows: dict[int | None, tuple[str, ...]] = {
        Destination.RENTAL_WITH_SUBSIDY: ("destination_subsidy_type",),
        Destination.OTHER: ("other_destination",),
    }
    return ("destination", *follows.get(destination, ()))


@collected
def issues(
    destination: int | None, *, subsidy_type: int | None = None, other: str = ""
) -> Iterator[Issue]:
    """What was left out, to be confirmed."""
    asked = questions(destination)
    if destination is None:
        yield warning(RULE, "destination", "Choose a destination, or data not collected.")
    if "destination_subsidy_type" in asked and subsidy_type is None:
        yield warning(RULE, "destination_subsidy_type", "Choose the kind of rental subsidy.")
    if "other_destination" in asked and not other.strip():
        yield warning(RULE, "other_destination", "Write where the client goes.")
