"""Pages of a client's enrollments and case assignments, and the intake."""

from django.urls import URLPattern, URLResolver, include, path

from enrollments.assignments import caseload_views as caseload
from enrollments.assignments import views as assignments
from enrollments.family import views as family
from enrollments.intake.urls import from_enrollment, intake_pages
from enrollments.views import (
    assessments,
    current_living,
    deletion,
    enrollments,
    exits,
)

app_name = "enrollments"

enrollment_pages: list[URLPattern] = [
    path("", enrollments.enrollments, name="enrollments"),
    path("csv/", enrollments.enrollments_csv, name="enrollments_csv"),
    path("<int:enrollment_id>/", enrollments.enrollment, name="enrollment"),
    path("<int:enrollment_id>/exit/", exits.exit_enrollment, name="exit"),
    path("<int:enrollment_id>/exit/undo/", exits.undo, name="undo_exit"),
    path("<int:enrollment_id>/change-head/", family.change_head, name="change_head"),
    path("<int:enrollment_id>/split/", family.split, name="split_household"),
    path("<int:enrollment_id>/delete/", deletion.delete, name="delete_enrollment"),
    path("<int:enrollment_id>/restore/", deletion.restore, name="restore_enrollment"),
]
assessment_pages: list[URLPattern] = [
    path("delete/", assessments.delete, name="delete_assessment"),
    path("restore/", assessments.restore, name="restore_assessment"),
]
family_pages: list[URLPattern] = [
    path("", family.members, name="family_members"),
    path("history/", family.history, name="family_history"),
    path("changes/<int:change_id>/undo/", family.undo_change, name="undo_household_change"),
]
case_manager_pages: list[URLPattern] = [
    path("", assignments.case_managers, name="case_managers"),
    path("add/", assignments.add, name="add_case_assignment"),
    path("<int:assignment_id>/edit/", assignments.edit, name="edit_case_assignment"),
    path("<int:assignment_id>/end/", assignments.end, name="end_case_assignment"),
    path("<int:assignment_id>/hand-over/", assignments.hand_over, name="hand_over"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("caseload/", caseload.my_caseload, name="caseload"),
    path("caseload/print/", caseload.print_caseload, name="print_caseload"),
    path("caseload/csv/", caseload.caseload_csv, name="caseload_csv"),
    path("caseload/hand-over/", assignments.hand_over_several, name="hand_over_several"),
    path("intake/", include(intake_pages)),
    path("clients/<int:client_id>/enrollments/", include(from_enrollment)),
    path("clients/<int:client_id>/enrollments/", include(enrollment_pages)),
    path(
        "clients/<int:client_id>/enrollments/<int:enrollment_id>/living-situation/",
        include(current_living.pages.urls),
    ),
    path(
        "clients/<int:client_id>/enrollments/<int:enrollment_id>"
        "/assessments/<int:stage>/<day:day>/",
        include(assessment_pages),
    ),
    path("clients/<int:client_id>/case-managers/", include(case_manager_pages)),
    path("clients/<int:client_id>/family/", include(family_pages)),
]
