"""What somebody else saved of an enrollment after a draft about it was filled in (4.7, 4.9).

A draft that corrects stored answers keeps them as they were. What changed since is taken over where
its owner left the answer alone; where both changed it, the owner chooses before Finish.
"""

from collections.abc import Iterator
from copy import deepcopy

from enrollments.intake.draft.prefill import StoredRows, corrects_stored, read_stored
from enrollments.intake.draft.questions import in_words
from enrollments.intake.draft.sections import SECTIONS, Step
from enrollments.intake.draft.steps import steps_of
from enrollments.models import Enrollment, IntakeDraft
from enrollments.models.draft_answers import name_of
from hud.choices import RelationshipToHoH
from records.conflicts import MINE, THEIRS, Change
from records.models import Record

OF_THE_ENROLLMENT = {"entry_date": "Project Start Date", "relationship_to_hoh": "Relationship"}
RELATIONSHIPS = {str(code): str(label) for code, label in RelationshipToHoH.choices}
Values = dict[str, dict[str, list[str]]]  # as Answers keeps them


def remember(draft: IntakeDraft) -> None:
    """Keep the stored answers that a new draft corrects, if it does."""
    if not corrects_stored(draft):
        return
    is_filled_in_alike = draft.kind_of.enrolls or draft.answers.corrects is not None
    typed = draft.answers.content.get("typed", {})
    values = deepcopy(typed) if is_filled_in_alike else read_stored(draft).values
    draft.answers.stored = values


class ConcurrentChanges:
    """Stored answers that changed since; what its owner left alone is taken over into the draft."""

    def __init__(self, draft: IntakeDraft):
        self.draft, self.answers = draft, draft.answers
        self.changes: list[Change] = []
        self.latest: Record | None = None  # what was written last
        self.stored: Values = {}  # what the draft corrects, as it is now
        asked = set(self.answers.enrollments)
        self.is_gone = bool(asked) and asked.isdisjoint(row.pk for row in draft.enrollments)
        base = draft.answers.stored
        if base is None:
            return
        rows = read_stored(draft)
        self.stored = rows.values
        self.is_gone = rows.is_gone or self._lost_somebody(base, rows)
        self.changes = list(self._compared(base, rows))
        if self.changes:
            self.latest = rows.latest
            self._take([one for one in self.changes if not one.is_conflict])

    @property
    def conflicts(self) -> list[Change]:
        return [one for one in self.changes if one.is_conflict]

    def resolve(self, choice: str) -> bool:
        """Let the owner's answers count, or the stored ones; say whether any differed."""
        if choice not in {MINE, THEIRS} or not self.changes:
            return False
        if choice == THEIRS:
            self._take(self.conflicts)
        self.draft.answers.stored = self.stored
        return True

    def _lost_somebody(self, base: Values, rows: StoredRows) -> bool:
        """Whether the enrollment of somebody in a re-opened household was deleted."""
        was = base.get(Step.PROGRAM, {})
        present = {row.client_id for row in rows.enrollments}
        return any(name_of(pk, "known") in was for pk in set(self.answers.people) - present)

    def _compared(self, base: Values, rows: StoredRows) -> Iterator[Change]:
        typed = self.answers.steps
        for row in rows.enrollments:
            for slug, name in self._names(row):
                field = name_of(row.client_id, name)
                was, is_now, mine = (
                    _in_words(slug, name, _text(values, slug, field))
                    for values in (base, self.stored, typed)
                )
                if was == is_now:
                    continue
                label = OF_THE_ENROLLMENT.get(name) or SECTIONS[Step(slug)].question(name).label
                yield Change(
                    name=f"{slug}:{field}",
                    label=f"{label} of {row.client.display_name}",
                    before=was,
                    now=is_now,
                    typed=mine,
                    is_conflict=mine not in (was, is_now),
                )

    def _names(self, row: Enrollment) -> Iterator[tuple[str, str]]:
        if row.client_id not in self.answers.people:
            return
        for step in steps_of(self.draft):
            if step == Step.PROGRAM:
                yield from ((step, name) for name in OF_THE_ENROLLMENT)
            elif step in SECTIONS:
                names = [one.name for one in SECTIONS[step].questions]
                if row.client_id == self.draft.client_id and "veteran_status" in names:
                    names.remove("veteran_status")  # asked by Basic Client Information
                yield from ((step, name) for name in names)

    def _take(self, changes: list[Change]) -> None:
        for change in changes:
            slug, _, field = change.name.partition(":")
            self.answers.fill_in(slug, {field: _text(self.stored, slug, field)})


def _text(values: Values, slug: str, field: str) -> str:
    kept = values.get(slug, {}).get(field, [])
    return kept[-1] if kept else ""


def _in_words(slug: str, name: str, text: str) -> str:
    """As it is read; what was not answered is what it is stored as."""
    if name == "entry_date":
        return text
    if name == "relationship_to_hoh":
        return RELATIONSHIPS.get(text, text)
    question = SECTIONS[Step(slug)].question(name)
    return in_words(question, text or question.blank) or "—"
