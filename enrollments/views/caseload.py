from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from agencies.requests import UserRequest
from clients.access_log.recorder import record_list
from enrollments.caseload import caseload

PAGE = 50


@require_GET
def my_caseload(request: UserRequest) -> HttpResponse:
    """Everybody whom the user is a case manager of, what is due first on top."""
    cases = Paginator(caseload(request.user, timezone.localdate()), PAGE)
    page = cases.get_page(request.GET.get("page"))
    record_list(request, [one.assignment.client_id for one in page])
    return render(request, "enrollments/caseload.html", {"page": page})
