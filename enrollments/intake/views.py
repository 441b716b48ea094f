"""A step of an intake: shown, saved as it is typed, and left when it is in order."""

import uuid
from collections.abc import Iterable

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from agencies.requests import UserRequest
from agencies.user_lookup import lookup_url
from enrollments.intake.draft.access import get_draft, get_people
from enrollments.intake.draft.added_steps import added_step
from enrollments.intake.draft.concurrent_changes import ConcurrentChanges
from enrollments.intake.draft.sections import SECTIONS, Step
from enrollments.intake.draft.start import seal
from enrollments.intake.draft.steps import before, next_label, next_of, steps_for, steps_of
from enrollments.intake.finish import GONE, Refused, finish
from enrollments.intake.steps.basic import BasicPage
from enrollments.intake.steps.exit import ExitPage, exit_saved
from enrollments.intake.steps.family import FamilyPage
from enrollments.intake.steps.page import AssessmentPage, StepPage
from enrollments.intake.steps.program import ProgramPage
from enrollments.intake.steps.review import ReviewPage
from enrollments.models import IntakeDraft
from enrollments.models.draft_page import seen_by, tab_of

PAGES: dict[str, type[StepPage]] = {
    Step.BASIC: BasicPage,
    Step.FAMILY: FamilyPage,
    Step.PROGRAM: ProgramPage,
    Step.REVIEW: ReviewPage,
    Step.EXIT: ExitPage,
}
FIRST = "Choose the project and who enters it first."
NOT_ASKED = "That step is not asked any more. Nothing was saved of it."
JOINS_FIRST = "Choose who joins the household first."


@require_http_methods(["GET", "POST"])
def step(request: UserRequest, draft_id: uuid.UUID, slug: str) -> HttpResponse:
    if request.method == "POST":
        return save(request, draft_id, slug)
    draft = get_draft(request, draft_id)
    if not draft.is_open:
        return _is_finished(request, draft)
    return show(request, draft, slug)


def show(request: UserRequest, draft: IntakeDraft, slug: str) -> HttpResponse:
    """Show a step, of a draft that is not saved yet too."""
    return _show(request, _page(request, draft, slug, draft.answers.typed(slug)))


@require_POST
@transaction.atomic
def autosave(request: UserRequest, draft_id: uuid.UUID, slug: str) -> HttpResponse:
    """Keep what is typed so far; it is no use of the session, for nobody need be there."""
    draft = get_draft(request, draft_id, lock=True)
    step = _step_of(draft, slug)
    answers = draft.answers
    posted = _posted(request, draft, slug)
    is_stale = answers.is_stale(slug, posted)
    if draft.is_open and not is_stale and answers.differing(slug, posted):
        answers.put(slug, posted)
        draft.keep()
    page = {
        "seen": seen_by(request.POST) if is_stale else answers.times_saved(slug),
        "is_stale": is_stale or not draft.is_open,
        "now": timezone.localtime(),
        "autosave_url": draft.autosave_url_of(slug),
        "next_label": next_label(step),
    }
    return render(request, "enrollments/intake/autosaved.html", page)


autosave.is_no_use = True  # type: ignore[attr-defined]


@require_POST
def finished(request: UserRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Finish, on the page Review."""
    draft = (_confirmed if "confirm" in request.POST else get_draft)(request, draft_id)
    was_open, title, count = draft.is_open, draft.answers.title, _count(draft)
    try:
        household = finish(draft=draft, by=request.user)
    except Refused as refusal:
        for text in refusal.texts:
            messages.error(request, text)
        return redirect("enrollments:intake_step", draft.pk, Step.REVIEW)
    if was_open:
        messages.success(request, _done(draft, title, household, count))
    else:
        messages.info(request, "This was already finished.")
    if draft.kind_of is IntakeDraft.Kind.DEPARTURE:
        return redirect("enrollments:enrollments", draft.client.pk)
    if draft.kind_of is IntakeDraft.Kind.MEMBER:
        return redirect("enrollments:family_members", draft.client.pk)
    if draft.kind_of.enrolls:
        return redirect("enrollments:intake_finished", draft.pk)
    return redirect(draft.client)


def _count(draft: IntakeDraft) -> int:
    """How many people Finish is about."""
    answers = draft.answers
    joins = draft.kind_of is IntakeDraft.Kind.MEMBER
    return len((answers.household or {"members": []})["members"] if joins else answers.enrollments)


@transaction.atomic
def _confirmed(request: UserRequest, draft_id: uuid.UUID) -> IntakeDraft:
    """The draft with the warnings that its owner confirms, which stay confirmed."""
    draft = get_draft(request, draft_id, lock=True)
    if draft.is_open:
        draft.answers.confirm(request.POST.getlist("asked"))
        draft.keep()
    return draft


def _done(draft: IntakeDraft, title: str, household, count: int) -> str:
    if draft.kind_of is IntakeDraft.Kind.DEPARTURE:
        return exit_saved(count)
    rows = list(household.enrollments.select_related("project"))
    project = rows[0].project
    if draft.kind_of is IntakeDraft.Kind.INTAKE:
        count = len(rows)
        return f"Enrolled {count} {'person' if count == 1 else 'people'} in {project}."
    if draft.kind_of is IntakeDraft.Kind.MEMBER:
        added = "1 member" if count == 1 else f"{count} members"
        return f"Added {added} to the household in {project}."
    if draft.kind_of is IntakeDraft.Kind.REOPEN:
        return f"The enrollment in {project} is saved."
    return f"{title} for {project} saved."


@transaction.atomic
def save(request: UserRequest, draft_id: uuid.UUID, slug: str) -> HttpResponse:
    """Keep a step, and go where the button that was pressed leads."""
    draft = get_draft(request, draft_id, lock=True)
    if not draft.is_open:
        return _is_finished(request, draft)
    if slug == Step.REVIEW:
        return _leave_review(request, draft)
    if elsewhere := _not_asked(request, draft, slug):
        return elsewhere
    answers = draft.answers
    posted = _posted(request, draft, slug)
    differing = answers.differing(slug, posted)
    if differing and answers.is_stale(slug, posted):
        return _show(request, _page(request, draft, slug, posted), differing=differing)
    answers.put(slug, _page_of(slug).adjusted(posted))
    if "confirm" in posted:
        answers.confirm(posted.getlist("asked"))
    page = _page(request, draft, slug, answers.typed(slug)).with_rest(posted)
    return _go(request, page, posted)


def _go(request: UserRequest, page: StepPage, posted: QueryDict) -> HttpResponse:
    draft, in_order, unseen = page.draft, False, False
    draft.step = page.step
    elsewhere = _elsewhere(request, page, posted)
    if elsewhere is None:
        unseen = page.left_unseen(posted)
        in_order = not (page.errors or page.unconfirmed or unseen)
        page.answers.mark(page.step, done=in_order)
        if in_order:
            page.accept()
            draft.step = next_of(draft, page.step)
    draft.keep()
    if in_order:
        return redirect(draft)
    return elsewhere or _show(request, page, unseen=unseen and not page.errors)


def _elsewhere(request: UserRequest, page: StepPage, posted: QueryDict) -> HttpResponse | None:
    """Where another button than Save & Next leads, in order or not."""
    previous = before(page.draft, page.step)
    if "back" in posted and previous:
        page.draft.step = previous
        return redirect(page.draft)
    if "close" in posted:
        messages.success(
            request, "Saved. You can continue at any time: it is listed here and on Home."
        )
        return redirect("enrollments:intakes")
    if posted.get("lookup"):
        return redirect(lookup_url(f"id_{posted['lookup'][:60]}", request.path))
    if place := page.use_shortcut(posted):
        return redirect(f"{page.draft.get_absolute_url()}#{place}")
    if "copy" in posted:
        return redirect(page.draft)
    return page.search() or (_detour(request, page) if page.detour else None)


def _detour(request: UserRequest, page: StepPage) -> HttpResponse:
    """Where there is nobody yet to ask about, or nobody any more."""
    if not page.draft.kind_of.enrolls:
        messages.error(request, GONE)
        return redirect("enrollments:intakes")
    joins = page.draft.kind_of is IntakeDraft.Kind.MEMBER
    messages.info(request, JOINS_FIRST if joins else FIRST)
    return redirect(page.draft.url_of(page.detour or page.step))


def _leave_review(request: UserRequest, draft: IntakeDraft) -> HttpResponse:
    """Back, Save and close, or a choice between the owner's answers and the stored ones."""
    if "resolve" in request.POST:
        if ConcurrentChanges(draft).resolve(request.POST["resolve"]):
            draft.keep()
            messages.success(request, "Resolved. Look through the answers below, then finish.")
        return redirect("enrollments:intake_step", draft.pk, Step.REVIEW)
    previous = before(draft, Step.REVIEW)
    draft.step = previous if "back" in request.POST and previous else Step.REVIEW
    draft.keep()
    return redirect(draft) if "back" in request.POST else redirect("enrollments:intakes")


def _not_asked(request: UserRequest, draft: IntakeDraft, slug: str) -> HttpResponse | None:
    """Where the draft goes on, if an upper floor does not ask this step of it any more."""
    if added_step(slug) is None or slug in steps_of(draft):
        return None
    messages.info(request, NOT_ASKED)
    return redirect(draft)


def _step_of(draft: IntakeDraft, slug: str) -> Step:
    is_there = slug in steps_of(draft)
    if not is_there and (draft.answers.left_out or slug not in steps_for(draft.kind)):
        raise Http404
    return Step(slug)


def _page(request: UserRequest, draft: IntakeDraft, slug: str, typed: QueryDict | None) -> StepPage:
    found, people = _step_of(draft, slug), get_people(request, draft)
    return _page_of(slug)(request, draft, found, people, typed)


def _page_of(slug: str) -> type[StepPage]:
    """The class of a step's page, an upper floor's among them."""
    added = added_step(slug)
    return added.page if added else PAGES.get(slug, AssessmentPage)


def _show(
    request: UserRequest, page: StepPage, *, unseen: bool = False, differing: Iterable[str] = ()
) -> HttpResponse:
    """Show a step, with what is `differing` on another page; or where its people are chosen."""
    if page.detour:
        return _detour(request, page)
    draft, answers = page.draft, page.answers
    frame = {
        "draft": draft,
        "draft_title": answers.title,
        "client": page.people[0],
        "step": page.step,
        "opened_with": "" if draft.is_begun else seal(draft),
        "form_url": draft.url_of(page.step),
        "autosave_url": draft.autosave_url_of(page.step),
        "steps": page.bar,
        "next_label": next_label(page.step),
        "previous": before(draft, page.step),
        "errors": page.errors,
        "warnings": [one for one in page.unconfirmed if not one.is_removal],
        "removals": [one for one in page.unconfirmed if one.is_removal],
        "seen": answers.times_saved(page.step),
        "tab": tab_of(request.POST),
        "turn": answers.last_turn(page.step),
        "unseen": unseen,
        "differing": [page.label_of(name) for name in differing],
    }
    return render(request, page.template, frame | page.context)


def _is_finished(request: UserRequest, draft: IntakeDraft) -> HttpResponse:
    messages.info(request, "This was already finished.")
    return redirect(draft.client)


def _posted(request: UserRequest, draft: IntakeDraft, slug: str) -> QueryDict:
    depends_on = SECTIONS[Step(slug)].depends_on if slug in SECTIONS else None
    return draft.answers.sent(slug, request.POST, depends_on)
