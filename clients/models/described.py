"""How a client is written on pages: the name, the SSN, races and ethnicities."""

from django.db import models

from hud.choices import RACES, RaceNone


def masked(ssn: str) -> str:
    """An SSN with all but its last four digits hidden; empty where there is none."""
    return f"•••-••-{ssn[-4:].replace('x', '•')}" if ssn else ""


class Described(models.Model):
    """Mixed into `Client`."""

    class Meta:
        abstract = True

    @property
    def display_name(self) -> str:
        """The name in the order it is spoken."""
        parts = [self.first_name, self.middle_name, self.last_name, self.name_suffix]
        return " ".join(filter(None, parts)) or "Name not given"

    @property
    def sorted_name(self) -> str:
        """The name in the order of a list: last name first."""
        rest = " ".join(filter(None, [self.first_name, self.middle_name, self.name_suffix]))
        return ", ".join(filter(None, [self.last_name, rest])) or "Name not given"

    @property
    def initials(self) -> str:
        return "".join(name[0] for name in (self.first_name, self.last_name) if name).upper()

    @property
    def masked_ssn(self) -> str:
        return masked(self.ssn)

    @property
    def full_ssn(self) -> str:
        return f"{self.ssn[:3]}-{self.ssn[3:5]}-{self.ssn[5:]}" if self.ssn else ""

    @property
    def races(self) -> list[str]:
        """The names of the race columns that are ticked."""
        return [name for name, _ in RACES if getattr(self, name)]

    @property
    def races_display(self) -> str:
        """The races and ethnicities in words, or the reason that there is none."""
        labels = ", ".join(label for name, label in RACES if getattr(self, name))
        return labels or ("" if self.race_none is None else str(RaceNone(self.race_none).label))
