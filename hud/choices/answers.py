"""What answers have in common: 8, 9 and 99 stand for no answer in HUD's question lists.

Not in every list: 8 is HIV among the kinds of disability and a safe haven among the project types.
"""

from django.db import models

UNANSWERED = frozenset({8, 9, 99})


class Answers(models.IntegerChoices):
    """Base of the lists in which 8, 9 and 99 stand for no answer."""

    @property
    def is_unanswered(self) -> bool:
        return self.value in UNANSWERED
