"""A copy of my record: everything that the client may have, as one PDF or as one ZIP."""

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agencies import limits
from agencies.models import LimitedUse, SecurityEvent
from agencies.requests import UserRequest
from agencies.security_events import record_event
from clients.access_log.recorder import Kind, record_views
from clients.models import Client, SSNReveal
from clients.ssn import Why, keep_reveal, may_reveal_ssn
from privacy.access import get_client_for_officer
from privacy.copy import archive, pdfs
from privacy.copy.sections import Contents, own_notes
from privacy.forms import CopyForm

FOR_THE_CLIENT = Why(SSNReveal.Reason.OTHER, "A copy of the record for the client")
NAME = "record-{client_id}-{at:%Y%m%d}.{kind}"


@require_http_methods(["GET", "POST"])
def copy(request: UserRequest, client_id: int) -> HttpResponseBase:
    """GET asks what goes in; POST makes it, and logs that it was made."""
    kind = Kind.COPY if request.method == "POST" else Kind.VIEW
    client = get_client_for_officer(request, client_id, kind=kind)
    notes = own_notes(client, request.user)
    form = CopyForm(
        request.POST or None,
        notes=list(notes.values_list("pk", flat=True)),
        may_reveal_ssn=may_reveal_ssn(request.user, request.organization, client),
    )
    if form.is_valid():
        return _made(request, client, form)
    page = {
        "client": client,
        "form": form,
        "notes": notes.defer("text"),
        "withheld": form.withheld if form.is_bound else frozenset(),
        "is_large": len(form.notes) > pdfs.NOTES_IN_A_PART,
    }
    return render(request, "privacy/copy.html", page)


def _made(request: UserRequest, client: Client, form: CopyForm) -> HttpResponseBase:
    contents = Contents(
        client=client,
        officer=request.user,
        at=timezone.now(),
        withheld=form.withheld,
        has_full_ssn=form.cleaned_data.get("has_full_ssn", False),
    )
    kind = form.cleaned_data["kind"]
    if contents.has_full_ssn:
        limits.require(request.user, LimitedUse.REVEALS)
        record_views(request, [client], Kind.REVEAL_SSN)
        keep_reveal(
            client=client, by=request.user, organization=request.organization, why=FOR_THE_CLIENT
        )
    record_event(
        SecurityEvent.Kind.RECORD_COPIED,
        request=request,
        client_id=client.pk,
        detail={
            "kind": kind,
            "notes": len(form.notes) - len(contents.withheld),
            "notes_withheld": len(contents.withheld),
            "full_ssn": contents.has_full_ssn,
        },
    )
    name = NAME.format(client_id=client.pk, at=timezone.localtime(contents.at), kind=kind)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    if kind == "pdf":
        pdf = b"".join(pdfs.parts(contents))
        return HttpResponse(pdf, content_type="application/pdf", headers=headers)
    pieces = archive.stream(contents)
    return StreamingHttpResponse(pieces, content_type="application/zip", headers=headers)
