"""The pages of the intake; no personal data in any address."""

from django.urls import path

from enrollments.models import IntakeDraft
from enrollments.views.intake import start, step

Kind = IntakeDraft.Kind

intake_pages = [
    path("", start.intakes, name="intakes"),
    path("find/", start.find, name="find_for_intake"),
    path("start/<int:client_id>/", start.begin, name="begin_intake"),
    path("<uuid:draft_id>/discard/", start.discard, name="discard_intake"),
    path("<uuid:draft_id>/restore/", start.restore, name="restore_intake"),
    path("<uuid:draft_id>/finish/", step.finished, name="finish_intake"),
    path("<uuid:draft_id>/<slug:slug>/", step.step, name="intake_step"),
    path("<uuid:draft_id>/<slug:slug>/autosave/", step.autosave, name="autosave_intake"),
]

# Beneath clients/<id>/enrollments/: buttons of the enrollment's page.
from_enrollment = [
    path("<int:enrollment_id>/reopen/", start.begin_again, {"kind": Kind.REOPEN}, name="reopen"),
    path("<int:enrollment_id>/update/", start.begin_again, {"kind": Kind.UPDATE}, name="update"),
    path("<int:enrollment_id>/annual/", start.begin_again, {"kind": Kind.ANNUAL}, name="annual"),
    path(
        "<int:enrollment_id>/exit-answers/",
        start.begin_again,
        {"kind": Kind.EXIT},
        name="exit_answers",
    ),
    path("<int:enrollment_id>/correct/", start.correct, name="correct_assessment"),
]
