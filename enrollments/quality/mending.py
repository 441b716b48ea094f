"""Where a record is mended: the page of the portal that asks for what is wrong."""

from dataclasses import dataclass

from django.urls import reverse

from agencies.models import User
from enrollments.intake import steps
from enrollments.intake.start import start_again
from enrollments.intake.steps import Step
from enrollments.models import Enrollment, IntakeDraft
from hud.choices import DataCollectionStage

Kind = IntakeDraft.Kind


@dataclass(frozen=True)
class Mend:
    """
    Args:
        label: what the button says.
        page: the name of a page of the client or of the enrollment; empty where a draft is begun.
        kind: which draft of the intake workflow is begun.
        step: where in it the user arrives.
    """

    label: str
    page: str = ""
    kind: IntakeDraft.Kind | None = None
    step: Step | None = None

    def begin(self, stay: Enrollment, *, by: User, stage: int | None = None) -> str:
        """Return the address where the stay or its client is mended, beginning a draft for it.

        Args:
            stage: of the answers that are wrong, for a rule about answers of any stage.
        """
        mend = self.of_stage(stage) if stage is not None else self
        if mend.kind is not None:
            draft = start_again(kind=mend.kind, enrollment=stay, by=by)
            return draft.url_of(mend.step.slug) if mend.step else draft.get_absolute_url()
        if mend.page in OF_CLIENT:
            return reverse(mend.page, args=[stay.client_id])
        return reverse(mend.page, args=[stay.client_id, stay.pk])

    def of_stage(self, stage: int) -> "Mend":
        """Answers at start and exit are opened again, others from the page that lists them."""
        kinds = {DataCollectionStage.ENTRY: Kind.REOPEN, DataCollectionStage.EXIT: Kind.EXIT}
        kind = kinds.get(DataCollectionStage(stage))
        return OPEN_STAY if kind is None else Mend(self.label, kind=kind, step=self.step)


def reopened_at(step: Step) -> Mend:
    return Mend(f"Re-open {step.label}", kind=Kind.REOPEN, step=step)


def exit_answers_at(step: Step) -> Mend:
    return Mend(f"Exit assessment: {step.label}", kind=Kind.EXIT, step=step)


def answers_at(step: Step) -> Mend:
    """Of answers of any stage."""
    return Mend(f"Re-open {step.label}", kind=Kind.REOPEN, step=step)


OF_CLIENT = {"clients:edit", "enrollments:add_case_assignment"}
EDIT_CLIENT = Mend("Edit Client", "clients:edit")
OPEN_STAY = Mend("Open enrollment", "enrollments:enrollment")
EXIT = Mend("Exit", "enrollments:exit")
ADD_CASE_ASSIGNMENT = Mend("Add Case Assignment", "enrollments:add_case_assignment")
ANNUAL = Mend("Annual assessment", kind=Kind.ANNUAL)
UPDATE = Mend("Update assessment", kind=Kind.UPDATE)
PROGRAM = reopened_at(steps.PROGRAM)
UNIVERSAL = reopened_at(steps.UNIVERSAL)
BARRIERS = reopened_at(steps.BARRIERS)
VIOLENCE = reopened_at(steps.VIOLENCE)
