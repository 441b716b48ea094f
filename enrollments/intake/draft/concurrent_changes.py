"""What somebody else saved of an enrollment after a draft about it was filled in (4.7, 4.9).

A draft that corrects what is on file keeps that as it was. What changed on file since is taken over
where its owner left the answer alone; where both changed it, the owner chooses before Finish.
"""

from collections.abc import Iterator
from copy import deepcopy

from enrollments.intake.draft.order import Step, steps_of
from enrollments.intake.draft.prefill import OnFile, read_on_file, writes_over
from enrollments.intake.draft.sections import SHEETS
from enrollments.intake.steps.program_form import part_of
from enrollments.models import Enrollment, IntakeDraft
from enrollments.models.draft_answers import BASE, Answers
from hud.choices import RelationshipToHoH
from records.conflicts import MINE, THEIRS, Change
from records.models import Record

OF_THE_ENROLLMENT = {"entry_date": "Project Start Date", "relationship_to_hoh": "Relationship"}
Values = dict[str, dict[str, list[str]]]  # as Answers keeps them


def remember(draft: IntakeDraft) -> None:
    """Keep what is on file of a new draft's enrollment, if the draft corrects it."""
    if not writes_over(draft):
        return
    is_filled_in_alike = draft.kind_of.enrolls or Answers(draft).corrects is not None
    typed = draft.content.get("typed", {})
    values = deepcopy(typed) if is_filled_in_alike else read_on_file(draft).values
    draft.content[BASE] = values


class Meanwhile:
    """What changed on file since; what its owner left alone is taken over into the draft."""

    def __init__(self, draft: IntakeDraft):
        self.draft, self.answers = draft, Answers(draft)
        self.changes: list[Change] = []
        self.latest: Record | None = None  # what was written last
        self.on_file: Values = {}  # what the draft corrects, as it is now
        asked = set(self.answers.enrollments)
        self.is_gone = bool(asked) and asked.isdisjoint(row.pk for row in draft.enrollments)
        base = draft.content.get(BASE)
        if base is None:
            return
        on_file = read_on_file(draft)
        self.on_file = on_file.values
        self.is_gone = on_file.is_gone or self._lost_somebody(base, on_file)
        self.changes = list(self._compared(base, on_file))
        if self.changes:
            self.latest = on_file.latest
            self._take([one for one in self.changes if not one.is_conflict], on_file)
        self._on_file = on_file

    @property
    def conflicts(self) -> list[Change]:
        return [one for one in self.changes if one.is_conflict]

    def settle(self, choice: str) -> bool:
        """Let the owner's answers count, or those on file; whether there was anything to settle."""
        if choice not in {MINE, THEIRS} or not self.changes:
            return False
        if choice == THEIRS:
            self._take(self.conflicts, self._on_file)
        self.draft.content[BASE] = self._on_file.values
        return True

    def _lost_somebody(self, base: Values, on_file: OnFile) -> bool:
        """Whether the enrollment of somebody in a re-opened household was deleted."""
        was = base.get(Step.PROGRAM, {})
        present = {row.client_id for row in on_file.enrollments}
        return any(part_of(pk, "known") in was for pk in set(self.answers.people) - present)

    def _compared(self, base: Values, on_file: OnFile) -> Iterator[Change]:
        typed = self.answers.content.get("typed", {})
        for row in on_file.enrollments:
            for slug, name in self._names(row):
                field = part_of(row.client_id, name)
                was, is_now, mine = (
                    _in_words(slug, name, _text(values, slug, field))
                    for values in (base, on_file.values, typed)
                )
                if was == is_now:
                    continue
                yield Change(
                    name=f"{slug}:{field}",
                    label=f"{_label(slug, name)} of {row.client.display_name}",
                    before=was,
                    now=is_now,
                    typed=mine,
                    is_conflict=mine not in (was, is_now),
                )

    def _names(self, row: Enrollment) -> Iterator[tuple[str, str]]:
        if row.client_id not in self.answers.people:
            return
        for step in steps_of(self.draft.kind):
            if step == Step.PROGRAM:
                yield from ((step, name) for name in OF_THE_ENROLLMENT)
            elif step in SHEETS:
                names = [one.name for one in SHEETS[step].questions]
                if row.client_id == self.draft.client_id and "veteran_status" in names:
                    names.remove("veteran_status")  # asked by Basic Client Information
                yield from ((step, name) for name in names)

    def _take(self, changes: list[Change], on_file: OnFile) -> None:
        for change in changes:
            slug, _, field = change.name.partition(":")
            self.answers.fill_in(slug, {field: _text(on_file.values, slug, field)})


def _text(values: Values, slug: str, field: str) -> str:
    kept = values.get(slug, {}).get(field, [])
    return kept[-1] if kept else ""


def _label(slug: str, name: str) -> str:
    return (
        OF_THE_ENROLLMENT[name] if name in OF_THE_ENROLLMENT else SHEETS[slug].question(name).label
    )


def _in_words(slug: str, name: str, text: str) -> str:
    """As it is read; what was not answered is what it is stored as."""
    if name == "entry_date":
        return text
    if name == "relationship_to_hoh":
        return str(RelationshipToHoH(int(text)).label) if text.isdecimal() else text
    question = SHEETS[slug].question(name)
    return question.in_words(text or question.blank) or "—"
