"""Dates are written one way, in the portal and in Django's admin."""

from datetime import UTC, date, datetime

from django.template import Context, Template


def test_dates_and_times_are_written_as_on_the_forms():
    page = Template("{{ day }}, {{ moment }}, {{ moment|time }}")
    moment = datetime(2026, 11, 24, 18, 5, tzinfo=UTC)
    written = page.render(Context({"day": date(2026, 11, 4), "moment": moment}))
    assert written == "11/04/2026, 11/24/2026 1:05 PM, 1:05 PM"
