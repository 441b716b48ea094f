"""What two people may do to one client at the same moment.

Each action is prepared as a person prepares it, by opening its page, and gives a function that
sends the form. What it returns says whether it was taken, or refused with a sentence.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.urls import reverse

from agencies.models import Membership
from cas.imports.run import import_events
from cas.imports.table import Row
from cas.models import Event
from casenotes.models import CaseNote, Service
from casenotes.views.change import IS_DELETED
from clients.merge.execute import Refused
from clients.merge.undo import undo
from clients.models import Client, ClientMerge
from enrollments.forms.exit_fields import OF_MEMBER, name_of
from enrollments.intake.draft.start import start_again
from enrollments.models import CaseAssignment, Enrollment, IntakeDraft
from tests.at_once.records import Case
from tests.pages import filled, opened

TAKEN, REFUSED, GONE = "taken", "refused", "gone"
Send = Callable[[], str]


@dataclass(frozen=True)
class Action:
    """
    prepare: opens the page for one of the two sides, and gives what sends it.
    is_done: whether what it wrote is on file.
    """

    name: str
    prepare: Callable[[Case, int], Send]
    is_done: Callable[[Case, int], bool]

    def __str__(self) -> str:
        return self.name


def page_of(case: Case, name: str, *ids: int) -> str:
    return reverse(name, args=[case.john.pk, *ids])


def outcome(answer: HttpResponse) -> str:
    """302 leads away from what was saved; 200 is the form again, with what is in the way."""
    texts = [str(one) for one in get_messages(answer.wsgi_request)]
    if answer.status_code == 404 or IS_DELETED in texts:
        return GONE
    assert answer.status_code in {200, 204, 302}, answer.status_code
    return REFUSED if answer.status_code == 200 else TAKEN


def by_form(
    case: Case, side: int, url: str, typed: Callable[[Any], dict[str, Any]] | None = None
) -> Send:
    browser = case.population.browsers[side]
    form = opened(browser.get(url))
    data = filled(form, **(typed(form) if typed else {}))
    return lambda: outcome(browser.post(url, data))


def by_post(case: Case, side: int, url: str, **data: str) -> Send:
    return lambda: outcome(case.population.browsers[side].post(url, data))


def every(model, row):
    return model._base_manager.get(pk=row.pk)


# the actions


def edit(case: Case, side: int) -> Send:
    url = page_of(case, "clients:edit")
    return by_form(case, side, url, lambda form: {"phone": f"617-555-010{side}"})


def is_edited(case: Case, side: int) -> bool:
    kept = Client.with_deleted.filter(phone=f"617-555-010{side}", pk__in=case.people)
    return kept.exists()


def delete(case: Case, side: int) -> Send:
    url = page_of(case, "enrollments:delete_enrollment", case.enrollment.pk)
    members = [case.enrollment.pk, case.partner.pk]
    return by_form(case, side, url, lambda form: {"members": members})


def is_deleted(case: Case, side: int) -> bool:
    return all(every(Enrollment, row).date_deleted for row in (case.enrollment, case.partner))


def restore(case: Case, side: int) -> Send:
    return by_post(case, side, page_of(case, "enrollments:restore_enrollment", case.deleted.pk))


def is_restored(case: Case, side: int) -> bool:
    return not every(Enrollment, case.deleted).date_deleted


def lock(case: Case, side: int) -> Send:
    url = page_of(case, "casenotes:change", case.note.pk)
    return by_post(case, side, url, action="lock")


def is_locked(case: Case, side: int) -> bool:
    return every(CaseNote, case.note).read_only


def delete_note(case: Case, side: int) -> Send:
    url = page_of(case, "casenotes:change", case.note.pk)
    return by_post(case, side, url, action="delete")


def is_note_deleted(case: Case, side: int) -> bool:
    return bool(every(CaseNote, case.note).date_deleted)


def merge(case: Case, side: int) -> Send:
    choices = case.choices(case.twin, case.john)
    return refusable(lambda: case.do_merge(case.twin, case.john, choices))


def is_merged(case: Case, side: int) -> bool:
    return every(Client, case.john).merged_into_id == case.twin.pk


def undo_merge(case: Case, side: int) -> Send:
    merged = case.merged
    return refusable(lambda: undo(merge_id=merged.pk, by=case.population.dana))


def is_unmerged(case: Case, side: int) -> bool:
    return not ClientMerge.objects.get(pk=case.merged.pk).is_in_force


def refusable(action: Callable[[], Any]) -> Send:
    def send() -> str:
        try:
            action()
        except Refused:
            return REFUSED
        return TAKEN

    return send


def leave(case: Case, side: int) -> Send:
    def typed(form: Any) -> dict[str, Any]:
        day = case.today - timedelta(days=1 + side)
        values = {"exit_date": f"{day:%m/%d/%Y}"}
        for one in form.candidates:
            values |= {name_of(one, "leaves"): "on", name_of(one, OF_MEMBER[0]): "410"}
        return values

    url = page_of(case, "enrollments:exit", case.enrollment.pk)
    return by_form(case, side, url, typed)


def has_left(case: Case, side: int) -> bool:
    day = case.today - timedelta(days=1 + side)
    return all(every(Enrollment, row).exit_date == day for row in (case.enrollment, case.partner))


def undo_exit(case: Case, side: int) -> Send:
    url = page_of(case, "enrollments:undo_exit", case.exited.pk)
    return by_form(case, side, url)


def is_back(case: Case, side: int) -> bool:
    return every(Enrollment, case.exited).exit_date is None


def finish(case: Case, side: int) -> Send:
    draft = case.intake
    send = by_post(case, side, reverse("enrollments:finish_intake", args=[draft.pk]))

    def finished() -> str:
        taken = send()
        return taken if IntakeDraft.objects.get(pk=draft.pk).finished_at else REFUSED

    return finished


def is_finished(case: Case, side: int) -> bool:
    draft = IntakeDraft.objects.get(pk=case.intake.pk)
    return Enrollment.with_deleted.filter(household=draft.household_id).count() == 1


def reopen(case: Case, side: int) -> Send:
    """As the first thing typed begins the draft."""

    def send() -> str:
        enrollment = every(Enrollment, case.enrollment)
        if enrollment.date_deleted:
            return GONE
        start_again(kind=IntakeDraft.Kind.REOPEN, enrollment=enrollment, by=case.population.alice)
        return TAKEN

    return send


def is_reopened(case: Case, side: int) -> bool:
    return IntakeDraft.objects.filter(household=case.enrollment.household_id).exists()


def hand_over(case: Case, side: int) -> Send:
    url = page_of(case, "enrollments:hand_over", case.assignment.pk)
    bob = case.population.bob
    return by_form(case, side, url, lambda form: {"case_manager": bob.pk})


def is_handed_over(case: Case, side: int) -> bool:
    rows = CaseAssignment.with_deleted.filter(enrollment=case.enrollment)
    return rows.filter(case_manager=case.population.bob).count() == 1


def hand_over_several(case: Case, side: int) -> Send:
    url = reverse("enrollments:hand_over_several") + f"?assignment={case.assignment.pk}"
    typed = {"case_manager": case.population.bob.pk, "assignment": case.assignment.pk}
    return by_form(case, side, url, lambda form: typed)


def end(case: Case, side: int) -> Send:
    return by_form(case, side, page_of(case, "enrollments:end_case_assignment", case.assignment.pk))


def is_ended(case: Case, side: int) -> bool:
    return every(CaseAssignment, case.assignment).ends_on is not None


def event(case: Case, side: int) -> Send:
    typed = {"what": "hud-10", "enrollment": case.enrollment.pk}
    return by_form(case, side, page_of(case, "cas:add_event"), lambda form: typed)


def is_event(case: Case, side: int) -> bool:
    return Event.objects.filter(enrollment=case.enrollment, event_id__regex=r"^\w{32}$").exists()


def imported(case: Case, side: int) -> Send:
    cells = {
        "EventID": f"E{case.john.pk}",
        "EnrollmentID": case.enrollment.enrollment_id,
        "PersonalID": case.john.personal_id,
        "EventDate": f"{case.today - timedelta(days=3):%Y-%m-%d}",
        "Event": "10",
    }
    import_user = Membership(user=case.population.dana, organization=case.population.harbor)

    def send() -> str:
        counts = import_events(
            [Row(2, cells)], import_user=import_user, report=lambda problem: None
        )
        return REFUSED if counts.refused else TAKEN

    return send


def is_imported(case: Case, side: int) -> bool:
    return Event.objects.filter(event_id=f"E{case.john.pk}").count() == 1


# what else is filed on an enrollment


def add_note(case: Case, side: int) -> Send:
    def typed(form: Any) -> dict[str, Any]:
        return {
            "title": "Met",
            "text": "Met at the shelter.",
            "enrollment": case.enrollment.pk,
            "services-TOTAL_FORMS": "1",
            "services-INITIAL_FORMS": "0",
            "services-0-service_type": case.population.service_type.pk,
            "services-0-units": "1",
        }

    return by_form(case, side, page_of(case, "casenotes:add"), typed)


def is_note(case: Case, side: int) -> bool:
    return (
        Service.objects.filter(enrollment=case.enrollment, note__enrollment=case.enrollment).count()
        == 1
    )


def add_service(case: Case, side: int) -> Send:
    typed = {
        "service_type": case.population.service_type.pk,
        "units": "1",
        "enrollment": case.enrollment.pk,
    }
    return by_form(case, side, page_of(case, "casenotes:add_service"), lambda form: typed)


def is_service(case: Case, side: int) -> bool:
    return Service.objects.filter(enrollment=case.enrollment, note=None).exists()


def assign(case: Case, side: int) -> Send:
    typed = {"case_manager": case.population.bob.pk, "enrollment": case.enrollment.pk}
    return by_form(case, side, page_of(case, "enrollments:add_case_assignment"), lambda f: typed)


ACTIONS = [
    Action("edit", edit, is_edited),
    Action("delete", delete, is_deleted),
    Action("restore", restore, is_restored),
    Action("lock", lock, is_locked),
    Action("merge", merge, is_merged),
    Action("undo merge", undo_merge, is_unmerged),
    Action("exit", leave, has_left),
    Action("undo exit", undo_exit, is_back),
    Action("Finish", finish, is_finished),
    Action("re-open", reopen, is_reopened),
    Action("hand over", hand_over, is_handed_over),
    Action("end assignment", end, is_ended),
    Action("event", event, is_event),
    Action("import", imported, is_imported),
]
EDIT, DELETE, MERGE = ACTIONS[0], ACTIONS[1], ACTIONS[4]
LOCK, DELETE_NOTE = ACTIONS[3], Action("delete note", delete_note, is_note_deleted)
HAND_OVER_SEVERAL = Action("hand over several", hand_over_several, is_handed_over)
FILED = [
    HAND_OVER_SEVERAL,
    Action("add note", add_note, is_note),
    Action("add service", add_service, is_service),
    Action("assign", assign, is_handed_over),
]
