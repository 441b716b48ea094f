"""A merge that was done, as an officer reads it later."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clients.merging.facts import FACTS
from clients.merging.relations import moving
from clients.merging.steps import Step
from clients.models import Client, ClientMerge

if TYPE_CHECKING:
    from agencies.models import User


@dataclass(frozen=True)
class Part:
    """Rows of one kind: how many moved, and how many were kept as deleted beside others."""

    label: str
    moved: int
    put_aside: int


@dataclass(frozen=True)
class Merged:
    merge: ClientMerge
    user: "User"

    @property
    def taken(self) -> list[str]:
        """The facts that the client who stays has from the other."""
        values = self.merge.snapshot.get("values", {})
        return [one.label for one in FACTS if values.get(one.key) == self.merge.merged_id]

    @property
    def parts(self) -> list[Part]:
        """What became of the rows of each kind, of those that the user may know of."""
        moved: Counter[str] = Counter()
        aside: Counter[str] = Counter()
        for label, step in self._steps():
            counted = aside if "date_deleted" in step.after else moved
            counted[label] += len(step.ids)
        labels = dict.fromkeys([*moved, *aside])
        return [Part(label, moved[label], aside[label]) for label in labels]

    def _steps(self) -> Iterator[tuple[str, Step]]:
        """What was done with the rows of both, without what was done with the two themselves."""
        shown = {one.model: one.label for one in moving() if one.policy.shown_to(self.user)}
        both = {self.merge.survivor_id, self.merge.merged_id}
        for step in map(Step.from_json, self.merge.part("steps")):
            if step.model in shown and not (step.model is Client and both & set(step.ids)):
                yield shown[step.model], step
