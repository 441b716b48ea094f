"""Categories of living situations and destinations, by HUD's code ranges (3.917, 4.12, 3.12).

HUD numbers them so that the hundreds tell the category: 1xx homeless, 2xx institutional,
3xx temporary, 4xx permanent; below 100 are the others and the unanswered.
"""

from django.db import models

from hud.choices.answers import NO_ANSWER, Answers, grouped


class SituationCategory(models.TextChoices):
    """HUD's headings over the living situations."""

    HOMELESS = "homeless", "Homeless situations"
    INSTITUTIONAL = "institutional", "Institutional situations"
    TEMPORARY = "temporary", "Temporary housing situations"
    PERMANENT = "permanent", "Permanent housing situations"
    OTHER = "other", "Other"

    @classmethod
    def of(cls, code: int) -> "SituationCategory":
        """The category of a code of 3.917, 4.12 or 3.12."""
        hundreds = {1: cls.HOMELESS, 2: cls.INSTITUTIONAL, 3: cls.TEMPORARY, 4: cls.PERMANENT}
        return hundreds.get(code // 100, cls.OTHER)


class Situation(Answers):
    """Base of the three lists of situations."""

    @property
    def category(self) -> SituationCategory:
        return SituationCategory.of(self.value)

    @property
    def is_homeless(self) -> bool:
        return self.category is SituationCategory.HOMELESS

    @classmethod
    def by_category(cls) -> list[tuple[str, list[tuple[int, str]]]]:
        """Choices under HUD's headings, as Django renders an optgroup; no answer comes last."""
        groups: dict[str, list[tuple[int, str]]] = {}
        for one in cls:
            heading = NO_ANSWER if one.is_unanswered else str(one.category.label)
            groups.setdefault(heading, []).append((one.value, str(one.label)))
        headings = [*map(str, SituationCategory.labels), NO_ANSWER]
        return [(heading, groups[heading]) for heading in headings if heading in groups]


def listed(choices: type[models.Choices]) -> list[tuple]:
    """A list as a field offers it: situations under HUD's headings, no answer last."""
    return choices.by_category() if issubclass(choices, Situation) else grouped(choices.choices)
