"""Contacts of the demonstration: where those were met who live outside or wait for housing."""

from collections.abc import Iterator
from datetime import timedelta

from enrollments.models import CurrentLivingSituation, Enrollment
from hmis.demo.context import Context, filed_like
from hud.choices import CurrentLivingSituation as Situation
from hud.choices import NoYesReasons, ProjectType
from hud.rules import current_living

PAUSE = (20, 80)  # days from one contact to the next, at least and at most
PLACES = {
    Situation.PLACE_NOT_FOR_HABITATION: (
        "Behind the ferry terminal, before 7 a.m.",
        "In the van, at the end of Quarry Road.",
        "Under the bridge by the bus depot.",
        "",
    ),
    Situation.EMERGENCY_SHELTER: ("Winter shelter.", ""),
    Situation.FRIENDS: ("On a sofa, for some days.", ""),
    Situation.WORKER_UNABLE_TO_DETERMINE: ("",),
}


def contacts(context: Context) -> Iterator[CurrentLivingSituation]:
    """4.12, of the heads of the projects that record it, the first on the day of entry."""
    enrollments = Enrollment.objects.heads().select_related("project")
    enrollments = enrollments.order_by("created_by", "organization", "pk")
    for enrollment in enrollments:
        if not ProjectType(enrollment.project.project_type).has_contacts:
            continue
        day, last = enrollment.entry_date, enrollment.exit_date or context.day(1)
        while day <= last:
            yield _contact(context, enrollment, (context.today - day).days)
            day += timedelta(days=context.rng.between(*PAUSE))


def _contact(context: Context, enrollment: Enrollment, ago: int) -> CurrentLivingSituation:
    situation = context.rng.early(list(PLACES))
    written = max(context.moment(ago), enrollment.date_created)
    is_asked = current_living.LEAVES in current_living.questions(situation, None)
    return CurrentLivingSituation(
        client_id=enrollment.client_id,
        enrollment=enrollment,
        information_date=context.day(ago),
        current_living_situation=situation,
        leave_situation_14_days=NoYesReasons.NO if is_asked else None,
        location_details=context.rng.pick(PLACES[situation]),
        **filed_like(enrollment, at=written),
    )
