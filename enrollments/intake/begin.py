"""An enrollment is re-opened or assessed: a draft begins with the first thing typed (4.7, 4.9).

A link leads here. Opening it writes nothing but the access log: the step is shown filled in from
what is on file, and its form comes back here, where the draft begins and is saved. From then on the
link leads to that draft.
"""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.models import User
from clients.access_log.recorder import Kind as Access
from clients.loading import get_client
from enrollments.intake import views
from enrollments.intake.draft.order import Step, steps_of
from enrollments.intake.draft.prefill import assessed_of
from enrollments.intake.draft.start import prepare_again, start_again
from enrollments.models import Enrollment, IntakeDraft

Kind = IntakeDraft.Kind
BEGUN = (Kind.REOPEN, Kind.UPDATE, Kind.ANNUAL, Kind.EXIT)


@require_GET
def begin_again(
    request: HttpRequest, client_id: int, enrollment_id: int, kind: str
) -> HttpResponse:
    """Lead to the first step, or to where the user left off."""
    enrollment = _own_enrollment(request, client_id, enrollment_id)
    return _refused(request, enrollment, Kind(kind)) or redirect(
        prepare_again(kind=Kind(kind), enrollment=enrollment, by=request.user)
    )


@require_http_methods(["GET", "POST"])
def begin_step(  # noqa: PLR0913, PLR0917 - the parts of the address
    request: HttpRequest,
    client_id: int,
    enrollment_id: int,
    kind: str,
    slug: str,
    corrects: date | None = None,
) -> HttpResponse:
    """Show a step of a draft that does not exist yet; saving it begins the draft.

    Args:
        corrects: the date of the filed update or annual assessment that is to be corrected.
    """
    if request.method == "POST":
        return _began(request, client_id, enrollment_id, kind, corrects, views.save, slug)
    enrollment = _own_enrollment(request, client_id, enrollment_id)
    refusal = _refused(request, enrollment, _kind(kind), corrects)
    if refusal:
        return refusal
    draft = prepare_again(
        kind=_kind(kind), enrollment=enrollment, by=request.user, corrects=corrects
    )
    first = steps_of(draft.kind)[0]
    if draft.is_begun or slug == Step.REVIEW:
        query = request.GET.urlencode()
        url = draft.url_of(slug if draft.is_begun else first)
        return redirect(f"{url}?{query}" if query else url)
    return views.show(request, draft, slug)


@require_POST
def autosave_first(  # noqa: PLR0913, PLR0917 - the parts of the address
    request: HttpRequest,
    client_id: int,
    enrollment_id: int,
    kind: str,
    slug: str,
    corrects: date | None = None,
) -> HttpResponse:
    """Begin the draft with what is typed so far."""
    return _began(request, client_id, enrollment_id, kind, corrects, views.autosave, slug)


autosave_first.is_no_use = True


@transaction.atomic
def _began(  # noqa: PLR0913, PLR0917
    request: HttpRequest, client_id: int, enrollment_id: int, kind: str, corrects, save, slug: str
) -> HttpResponse:
    """Begin the draft, or take the one that another page has begun, and save the step into it."""
    # Two pages of one user take turns, so that they begin one draft and not two.
    User.objects.select_for_update(no_key=True).get(pk=request.user.pk)
    enrollment = _own_enrollment(request, client_id, enrollment_id)
    refusal = _refused(request, enrollment, _kind(kind), corrects)
    if refusal:
        return refusal
    draft = start_again(
        kind=_kind(kind),
        enrollment=enrollment,
        by=request.user,
        corrects=corrects,
        opened_with=request.POST.get("opened_with", ""),
    )
    return save(request, draft.pk, slug)


def _kind(kind: str) -> Kind:
    if kind not in BEGUN:
        raise Http404
    return Kind(kind)


def _refused(
    request: HttpRequest, enrollment: Enrollment, kind: Kind, corrects: date | None = None
) -> HttpResponse | None:
    """Why there is nothing to assess, on the enrollment's page."""
    if corrects is not None:
        scope = {"data_collection_stage": kind.stage, "information_date": corrects}
        if kind in {Kind.UPDATE, Kind.ANNUAL} and assessed_of([enrollment], scope):
            return None
        messages.error(request, "That assessment is not there any more. Look at those below.")
        return redirect(enrollment)
    return None


def _own_enrollment(request: HttpRequest, client_id: int, enrollment_id: int) -> Enrollment:
    access = Access.VIEW if request.method == "GET" else Access.CHANGE
    client = get_client(request, client_id, kind=access, lock=False)
    rows = client.enrollments.visible_to(request.user)
    enrollment = get_object_or_404(rows.select_related("household"), pk=enrollment_id)
    if not request.user.may_change(enrollment):
        raise PermissionDenied("Only the organization that created this record can change it.")
    return enrollment
