"""Steps of upper floors in the intake, before Review (settings.INTAKE_STEPS, docs/adr/0005)."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cache
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from agencies.models import User
from enrollments.intake.draft.household import Member
from enrollments.intake.draft.validation_issues import ValidationIssue
from enrollments.models import IntakeDraft
from enrollments.models.intake_draft import IntakeDraftQuerySet

Members = Callable[[], list[Member]]
Summary = list[tuple[str, list[tuple[str, str]]]]  # who, and what is answered as label and text


class AddedStep(Protocol):
    """A step of an upper floor as Review and Finish see it.

    Attributes:
        page: the `StepPage` that shows and saves it.
        errors: what keeps Finish from writing it.
        summary: what Review shows.
    """

    step: IntakeDraft.Step
    page: Any
    errors: list[ValidationIssue]
    summary: Summary

    def __init__(self, draft: IntakeDraft, members: list[Member]): ...

    @staticmethod
    def marked(drafts: IntakeDraftQuerySet) -> IntakeDraftQuerySet:
        """These drafts with what `is_asked` would have to look up for each page."""
        ...

    @staticmethod
    def is_asked(draft: IntakeDraft) -> bool:
        """Whether a draft has the step; of one that is not saved yet too."""
        ...

    @staticmethod
    def preparing(draft: IntakeDraft, members: Members) -> AbstractContextManager[Any]:
        """What takes its time and must hold no lock, before Finish; unused, it is taken back.

        Args:
            members: reads them, as they are before the locks.

        Raises:
            ValidationError: for what keeps it from being made.
        """
        ...

    def write(self, prepared: Any, *, by: User) -> None:
        """Write what it asked, in the transaction of Finish and behind its locks.

        Args:
            prepared: what `preparing` gave.

        Raises:
            ValidationError: for what keeps everything from being written.
        """
        ...


def added_step(step: str) -> type[AddedStep] | None:
    """The class of a step that an upper floor added; None for one of the intake's own."""
    path = settings.INTAKE_STEPS.get(step)
    return _found(path) if path else None


def with_added_steps(drafts: IntakeDraftQuerySet) -> IntakeDraftQuerySet:
    """Drafts that are read with what tells their added steps."""
    for path in settings.INTAKE_STEPS.values():
        drafts = _found(path).marked(drafts)
    return drafts


def added_to(draft: IntakeDraft) -> list[IntakeDraft.Step]:
    """The added steps of a draft; one that it has come to stays, whatever is decided meanwhile."""
    for name in settings.INTAKE_STEPS:
        if name not in draft.added:  # asked for several times by a page
            is_there = name == draft.step or name in draft.answers.steps
            draft.added[name] = is_there or _found(settings.INTAKE_STEPS[name]).is_asked(draft)
    return [IntakeDraft.Step(name) for name, is_asked in draft.added.items() if is_asked]


@contextmanager
def preparing(draft: IntakeDraft, members: Members) -> Iterator[dict[IntakeDraft.Step, Any]]:
    """What the added steps of a draft have prepared for Finish, by step."""
    with ExitStack() as stack:
        prepared = {}
        for step in added_to(draft):
            kind = _found(settings.INTAKE_STEPS[step])
            prepared[step] = stack.enter_context(kind.preparing(draft, members))
        yield prepared


_found = cache(import_string)
