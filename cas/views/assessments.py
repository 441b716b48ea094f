"""Coordinated Access, Assessments: what heads of household were asked (4.19)."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from agencies.models import User
from agencies.requests import UserRequest
from cas.actions.assessments import save_assessment
from cas.forms.assessment import AssessmentForm, EditAssessmentForm
from cas.models import Assessment
from cas.views.events import recordable_enrollments
from clients.loading import get_client
from clients.record_pages import RecordPages, change_actions
from enrollments.panels import intake_url
from records.pages import RowAction, row_action


class AssessmentPages(RecordPages):
    model = Assessment
    kind = "assessment"
    key = "assessment_id"
    list_page = Assessment.list_page
    form, edit_form = AssessmentForm, EditAssessmentForm
    template = "cas/edit_assessment.html"

    def rows(self, parent):
        return super().rows(parent).listed()

    def form_options(self, request, row):
        enrollments = recordable_enrollments(row.client, request.user)
        return {"enrollments": [one for one in enrollments if one.is_head]}

    def context(self, request, parent):
        return {"intake_url": lambda: intake_url(parent)}

    def save(self, request, form):
        save_assessment(
            assessment=form.save(by=request.user, commit=False),
            questions=form.rows("questions"),
            results=form.rows("results"),
            by=request.user,
        )
        return form.saved("Assessment")


pages = AssessmentPages()


@require_GET
def assessments(request: UserRequest, client_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    rows = client.cas_assessments.visible_to(request.user).listed()
    page = {
        "client": client,
        "rows": [(row, _actions(row, request.user)) for row in rows],
        "deleted": pages.recently_deleted(client, request.user),
    }
    return render(request, "cas/assessments.html", page)


@require_GET
def assessment(request: UserRequest, client_id: int, assessment_id: int) -> HttpResponse:
    client = get_client(request, client_id)
    rows = client.cas_assessments.visible_to(request.user).listed()
    row = get_object_or_404(rows, pk=assessment_id)
    page = {"client": client, "assessment": row, "may_change": request.user.may_change(row)}
    return render(request, "cas/assessment.html", page)


def _actions(row: Assessment, user: User) -> list[RowAction]:
    look = row_action("Open", "eye", "cas:assessment", *row.place)
    return [look, *(change_actions(row) if user.may_change(row) else [])]
