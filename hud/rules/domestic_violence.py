"""4.11 Domestic Violence: the questions that follow a yes."""

from hud.choices import NoYesReasons


def questions(domestic_violence_survivor: int | None) -> tuple[str, ...]:
    """The fields that are asked; when it occurred and whether the client flees only after a yes."""
    if domestic_violence_survivor == NoYesReasons.YES:
        return ("domestic_violence_survivor", "when_occurred", "currently_fleeing")
    return ("domestic_violence_survivor",)
