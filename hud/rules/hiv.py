"""W4 T-Cell (CD4) and Viral Load: a count, and how it was obtained."""

from collections.abc import Iterator, Mapping
from typing import Any

from hud.rules.issues import Issue, collected, error

RULE = "W4"
SOURCES = {"t_cell_count": "t_cell_source", "viral_load": "viral_load_source"}


@collected
def issues(values: Mapping[str, Any]) -> Iterator[Issue]:
    """A source without a count; what a count can be is in the data dictionary."""
    for count, source in SOURCES.items():
        if values.get(count) is None and values.get(source) is not None:
            yield error(RULE, count, "Enter the count, or take out how it was obtained.")
