"""The pages of the intake; no personal data in any address."""

from datetime import date

from django.urls import path, register_converter

from enrollments.intake import begin, closing, views
from enrollments.models import IntakeDraft

Kind = IntakeDraft.Kind


class Day:
    """A date in an address, such as 2026-03-02: that of an assessment, never of a person."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return str(value)


register_converter(Day, "day")

intake_pages = [
    path("", begin.intakes, name="intakes"),
    path("find/", begin.find, name="find_for_intake"),
    path("start/<int:client_id>/", begin.begin, name="begin_intake"),
    path("<uuid:draft_id>/discard/", begin.discard, name="discard_intake"),
    path("<uuid:draft_id>/restore/", begin.restore, name="restore_intake"),
    path("<uuid:draft_id>/finish/", views.finished, name="finish_intake"),
    path("<uuid:draft_id>/finished/", closing.finished, name="intake_finished"),
    path("<uuid:draft_id>/<slug:slug>/", views.step, name="intake_step"),
    path("<uuid:draft_id>/<slug:slug>/autosave/", views.autosave, name="autosave_intake"),
]

# Beneath clients/<id>/enrollments/: links of the enrollment's page, and of data quality.
from_enrollment = [
    path(f"<int:enrollment_id>/{place}/", begin.begin_again, {"kind": kind}, name=name)
    for place, kind, name in (
        ("reopen", Kind.REOPEN, "reopen"),
        ("add-member", Kind.MEMBER, "add_member"),
        ("update", Kind.UPDATE, "update"),
        ("annual", Kind.ANNUAL, "annual"),
        ("exit-answers", Kind.EXIT, "exit_answers"),
    )
]
for place in ("<slug:kind>/<slug:slug>", "<slug:kind>/of/<day:corrects>/<slug:slug>"):
    step = f"<int:enrollment_id>/begin/{place}/"
    from_enrollment += [
        path(step, begin.begin_step, name="begin_step"),
        path(f"{step}autosave/", begin.autosave_first, name="autosave_first"),
    ]
