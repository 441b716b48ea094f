"""Exit: who leaves, when, and each where to (4.9)."""

from collections.abc import Sequence
from typing import Any

from django import forms

from agencies.models import User
from enrollments.forms.confirmed_warnings import ConfirmedWarnings
from enrollments.forms.exit_fields import FOLLOW_UPS, LEAVES, ExitFields, name_of
from enrollments.forms.members import MembersForm
from enrollments.models import Enrollment
from hud.elements import ancestors
from records.conflicts import ConflictDetection


class ExitForm(ConflictDetection, ConfirmedWarnings, ExitFields):
    """An exit, or its correction, that two people may enter at once.

    Errors block; `warnings` have to be confirmed.

    Args:
        enrollment: the one whose page it is.
    """

    shows_organization = False
    record_name = "exit"

    def __init__(
        self, *args: Any, enrollment: Enrollment, candidates: Sequence[Enrollment], **kwargs: Any
    ):
        self.enrollment = enrollment
        self.record: Any = StoredExits(candidates)
        ticks = [name_of(one, LEAVES) for one in candidates]
        self.not_compared = ("end_assignments", "confirmed", *ticks)
        self.follows = {
            name_of(one, field): (name_of(one, "destination"),)
            for one in candidates
            for field in FOLLOW_UPS
        }
        super().__init__(*args, candidates=candidates, **kwargs)
        for one in candidates:
            for asked in self.program_questions[one.pk]:
                if parents := ancestors(asked.name):
                    self.follows[name_of(one, asked.name)] = tuple(
                        name_of(one, parent) for parent in parents
                    )

    def prepare(self) -> None:
        if self.enrollment.exit_date:
            self.fields["exit_date"].initial = self.enrollment.exit_date

    def _initial(self, name: str) -> Any:
        return self.enrollment.exit_date if name == "exit_date" else self.fields[name].initial

    def label_of(self, name: str) -> str:
        label = super().label_of(name)
        for one in self.candidates if len(self.candidates) > 1 else []:
            if name.startswith(name_of(one, "")):
                return f"{label} of {one.client.display_name}"
        return label

    def reload(self) -> "ExitForm":
        return type(self)(
            initial=dict(self.initial),
            candidates=self.candidates,
            enrollment=self.enrollment,
            household=self.household,
            viewer=self.viewer,
            leaving=self.leaving,
            request=self.request,
        )

    @property
    def warned(self) -> list[tuple[int | str, str]]:
        who = self.names if len(self.candidates) > 1 else {}
        return [
            (pk or self.everybody, f"{who[pk]}: {issue.message}" if pk in who else issue.message)
            for pk, issue in self.warnings
        ]


class StoredExits:
    """The exits of several members as one record: a change of one is a new version."""

    def __init__(self, rows: Sequence[Enrollment]):
        self.latest = max(rows, key=lambda row: row.date_updated)
        self.date_updated, self._state = self.latest.date_updated, self.latest._state
        self.version = " ".join(f"{row.pk}:{row.date_updated.isoformat()}" for row in rows)

    @property
    def updated_by(self) -> User:
        """Read only where it is said."""
        return self.latest.updated_by


class UndoExitForm(MembersForm):
    continue_assignments = forms.BooleanField(
        label="Go on with the case assignments that ended on the exit date",
        required=False,
        initial=True,
    )
