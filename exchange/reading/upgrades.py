"""What an older standard's files become in this one, by HUD's mapping."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from exchange.violations import Say
from hud.columns import CSVFile


@dataclass(frozen=True)
class Upgrade:
    """The mapping of one file.

    Args:
        renamed: old names of columns, in lower case, with the new ones.
        codes: by column, what a code has become; "" where it has no successor.
        default: by column, what is written where the column is blank.
    """

    renamed: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    default: Mapping[str, str] = field(default_factory=dict)

    def new_name(self, name: str) -> str:
        return self.renamed.get(name.lower(), name)

    def of_rows(self, file: CSVFile) -> Callable[[int, list[str], Say], None] | None:
        """What upgrades a row in place, its cells in the file's order; None if nothing does."""
        return None


NOTHING = Upgrade()
