"""The orders of the results of Find Client, each one that a column's head offers."""

from collections.abc import Collection
from enum import StrEnum

from django.db.models import F, OrderBy

from clients.models import Client


class Order(StrEnum):
    """How results are sorted; the best one is that of the search itself."""

    BEST = ""
    NAME = "name"
    NAME_DOWN = "-name"
    NUMBER = "id"
    NUMBER_DOWN = "-id"
    BIRTH = "dob"
    BIRTH_DOWN = "-dob"

    @classmethod
    def of(cls, text: str | None) -> "Order":
        """The order of an address; the best one for anything else."""
        return cls(text) if text in set(cls) else cls.BEST

    def sorted(self, ids: Collection[int]) -> list[int]:
        """Bring IDs, which are in the best order, into this one."""
        if self is Order.BEST:
            return list(ids)
        rows = Client.objects.filter(pk__in=list(ids)).order_by(*self._columns())
        return list(rows.values_list("pk", flat=True))

    def _columns(self) -> list[OrderBy]:
        is_down = self.startswith("-")
        first, *rest = COLUMNS[self.removeprefix("-")]
        others = [F(name).desc() if is_down else F(name).asc() for name in rest]
        # Whose date of birth is not known stands last, whichever way one reads.
        head = F(first).desc(nulls_last=True) if is_down else F(first).asc(nulls_last=True)
        return [head, *others]

    @property
    def query(self) -> str:
        """What stands in the addresses of the other pages."""
        return f"sort={self}" if self else ""

    @property
    def heads(self) -> list[dict[str, str]]:
        """The heads of the table: each with how it is sorted by now, and what sorts by it."""
        return [
            {"label": label, "sorted": self._way(key), "sort": key and self._next(key)}
            for key, label in HEADS
        ]

    def _next(self, key: str) -> str:
        return f"-{key}" if self == key else key

    def _way(self, key: str) -> str:
        return {key: "ascending", f"-{key}": "descending"}.get(self, "") if key else ""


COLUMNS = {
    "name": ("last_key", "first_key", "pk"),
    "id": ("pk",),
    "dob": ("dob", "last_key", "first_key", "pk"),
}
HEADS = (
    ("name", "Name"),
    ("id", "Client ID"),
    ("dob", "Date of Birth"),
    ("", "Age"),
    ("", "SSN"),
    ("", "Sex"),
)
