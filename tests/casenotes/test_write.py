"""Add New Case Note, Edit Case Note, and the services beside them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from casenotes.models import CaseNote, NoteDraft, Service
from casenotes.models.note import LONGEST
from enrollments.models import Enrollment
from records.models import Visibility
from tests.casenotes.factories import CaseNoteFactory, ServiceFactory, ServiceTypeFactory
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.factories import ClientFactory
from tests.pages import filled, opened

NASTY = [
    "  two spaces in front\n\n\tand a tab\n",
    "\n\nfirst lines are empty",
    "<script>alert(1)</script><b onclick=x>bold</b> & &amp; {{ csrf }} {% now %}",
    "</textarea><script>alert(2)</script>",
    "العربية עברית हिन्दी 中文 한국어 ไทย አማርኛ 𓀀 🏠👩‍👧 e\u0301 \u202eabc\u202c \ufeff",
    "x" * 100_000,
    "🏠" * 100_000,
]


def rows(*services):
    """The rows of services as a browser sends them."""
    data = {"services-TOTAL_FORMS": str(max(3, len(services))), "services-INITIAL_FORMS": "0"}
    for number, service in enumerate(services):
        data |= {f"services-{number}-{name}": str(value) for name, value in service.items()}
    return data


def old_rows(*services):
    data = rows()
    data |= {"services-TOTAL_FORMS": str(len(services)), "services-INITIAL_FORMS": len(services)}
    for number, service in enumerate(services):
        values = {
            "id": service.pk,
            "service_type": service.service_type_id,
            "date": f"{service.date:%m/%d/%Y}",
            "units": service.units,
            "enrollment": service.enrollment_id,
            "version": service.version,
        }
        data |= {f"services-{number}-{name}": value for name, value in values.items()}
    return data


@pytest.fixture
def writing(portal, john, today):
    """Return a function that sends the form of a new note, and the answer to it."""

    def write(user, *services, **typed):
        browser, url = portal(user), reverse("casenotes:add", args=[john.pk])
        form = opened(browser.get(url))
        typed = {"title": "Visit", "text": "Met John."} | typed
        return browser.post(url, filled(form, **typed) | rows(*services))

    return write


def test_note_belongs_to_the_organization_and_is_by_its_author_today(writing, alice, harbor, today):
    assert writing(alice).status_code == 302
    note = CaseNote.objects.get()
    assert (note.organization, note.created_by, note.date) == (harbor, alice, today)
    assert note.visibility == Visibility.OWN_ORGANIZATION
    assert not note.read_only


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_text_is_kept_as_typed_and_shown_as_text(writing, portal, alice, text):
    assert writing(alice, text=text.replace("\n", "\r\n")).status_code == 302
    note = CaseNote.objects.get()
    assert note.text == text
    page = portal(alice).get(note.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "<b onclick" not in page
    edit = portal(alice).get(reverse("casenotes:edit", args=[note.client_id, note.pk]))
    assert opened(edit)["text"].value() == text
    assert "<script>alert" not in edit.content.decode()


def test_longest_text_can_be_saved_and_found_whatever_its_words(writing, alice):
    words = " ".join(chr(0x10000 + number % 60_000) * 2 for number in range(LONGEST // 3))
    assert writing(alice, text=words).status_code == 302


def test_longer_text_is_refused_and_still_there(writing, alice):
    answer = writing(alice, text="y" * (LONGEST + 1))
    assert "Split it in two" in str(opened(answer).errors["text"])
    assert len(opened(answer)["text"].value()) == LONGEST + 1


@pytest.mark.parametrize(
    ("name", "value"), [("title", "  "), ("text", " \n "), ("date", "03/03/2026"), ("date", "")]
)
def test_note_that_is_not_whole_is_refused(writing, alice, name, value):
    answer = writing(alice, **{name: value})
    assert list(opened(answer).errors) == [name]
    assert not CaseNote.objects.exists()


def test_note_and_services_are_saved_together(writing, alice, enrollment, bus_pass, counseling):
    first = {
        "service_type": bus_pass.pk,
        "date": "02/27/2026",
        "units": "2",
        "enrollment": enrollment.pk,
    }
    second = {"service_type": counseling.pk, "units": "45.5"}
    assert writing(alice, first, second, enrollment=str(enrollment.pk)).status_code == 302
    note = CaseNote.objects.get()
    saved = note.services.order_by("pk")
    assert [(one.service_type, one.units, one.enrollment) for one in saved] == [
        (bus_pass, 2, enrollment),
        (counseling, Decimal("45.5"), enrollment),
    ]
    assert [f"{one.date:%m/%d}" for one in saved] == ["02/27", f"{note.date:%m/%d}"]
    assert {one.organization for one in saved} == {note.organization}


def test_nothing_is_saved_where_one_service_is_wrong(writing, alice, enrollment, counseling):
    answer = writing(alice, {"service_type": counseling.pk}, enrollment=str(enrollment.pk))
    assert "Enter the minutes." in str(answer.context["rows"].errors)
    assert not CaseNote.objects.exists()
    assert not Service.objects.exists()


def test_counted_service_is_one_where_nothing_is_typed(writing, alice, enrollment, bus_pass):
    writing(alice, {"service_type": bus_pass.pk}, enrollment=str(enrollment.pk))
    assert Service.objects.get().units == 1


@pytest.mark.parametrize("units", ["0", "-1", "x", "12345678.9"])
def test_units_are_a_number_above_zero(writing, alice, enrollment, bus_pass, units):
    answer = writing(
        alice, {"service_type": bus_pass.pk, "units": units}, enrollment=str(enrollment.pk)
    )
    assert answer.status_code == 200
    assert not CaseNote.objects.exists()


def test_default_enrollment_fills_empty_rows_and_leaves_the_others_alone(
    writing, alice, enrollment, bus_pass, harbor
):
    other = EnrollmentFactory(client=enrollment.client, created_by=alice, organization=harbor)
    chosen = {"service_type": bus_pass.pk, "enrollment": other.pk}
    writing(alice, chosen, {"service_type": bus_pass.pk}, enrollment=str(enrollment.pk))
    assert [one.enrollment for one in Service.objects.order_by("pk")] == [other, enrollment]


def test_only_open_enrollment_is_the_default(portal, alice, enrollment):
    form = opened(portal(alice).get(reverse("casenotes:add", args=[enrollment.client_id])))
    assert form["enrollment"].value() == str(enrollment.pk)


@pytest.mark.parametrize("day", ["01/04/2026", "03/03/2026"])
def test_service_lies_within_its_enrollment_and_not_in_the_future(
    writing, alice, enrollment, bus_pass, day
):
    row = {"service_type": bus_pass.pk, "date": day, "enrollment": enrollment.pk}
    assert writing(alice, row).context["rows"].errors[0]["date"]


def test_row_without_a_service_but_with_units_asks_for_the_service(writing, alice, enrollment):
    answer = writing(alice, {"units": "3"}, enrollment=str(enrollment.pk))
    assert "Choose the service" in str(answer.context["rows"].errors)


def test_other_organizations_services_and_enrollments_cannot_be_chosen(
    writing, alice, john, bridge, enrollment
):
    theirs = ServiceTypeFactory(organization=bridge)
    foreign = EnrollmentFactory(client=john, organization=bridge)
    answer = writing(alice, {"service_type": theirs.pk, "units": 1}, enrollment=str(enrollment.pk))
    assert answer.context["rows"].errors
    assert opened(writing(alice, enrollment=str(foreign.pk))).errors["enrollment"]
    CaseAssignmentFactory(enrollment=foreign, case_manager=alice)
    assert writing(alice, enrollment=str(foreign.pk)).status_code == 302


def test_inactive_service_is_not_offered_for_new_rows(portal, alice, enrollment, harbor):
    ServiceTypeFactory(organization=harbor, name="Bus pass of old", is_active=False)
    page = portal(alice).get(reverse("casenotes:add", args=[enrollment.client_id]))
    assert "Bus pass of old" not in page.content.decode()


def edit_url(note):
    return reverse("casenotes:edit", args=[note.client_id, note.pk])


def test_colleague_edits_and_the_author_stays(portal, note, bob, alice):
    browser = portal(bob)
    form = opened(browser.get(edit_url(note)))
    assert "visibility" not in form.fields
    browser.post(edit_url(note), filled(form, text="Changed.") | rows())
    note.refresh_from_db()
    assert (note.text, note.created_by, note.updated_by) == ("Changed.", alice, bob)
    assert note.version == 2


def test_colleague_cannot_share_by_a_forged_post(portal, note, bob):
    browser = portal(bob)
    data = filled(opened(browser.get(edit_url(note))), visibility="all") | rows()
    browser.post(edit_url(note), data)
    note.refresh_from_db()
    assert note.visibility == Visibility.OWN_ORGANIZATION


def test_second_to_save_sees_both_texts_and_chooses(portal, note, bob, alice):
    first, second = portal(alice), portal(bob)
    mine = filled(opened(second.get(edit_url(note))), text="Bob's text") | rows()
    theirs = filled(opened(first.get(edit_url(note))), text="Alice's text") | rows()
    first.post(edit_url(note), theirs)
    answer = second.post(edit_url(note), mine)
    page = answer.content.decode()
    assert "Alice&#x27;s text" in page
    assert "Bob&#x27;s text" in page
    form = opened(answer)
    assert str(form["form_token"].value()) == str(mine["form_token"])
    assert second.post(edit_url(note), filled(form) | rows()).status_code == 200  # choose first
    second.post(edit_url(note), filled(form, choose_text="mine") | rows())
    note.refresh_from_db()
    assert note.text == "Bob's text"


def test_other_ones_change_of_the_default_enrollment_is_taken_over(
    portal, note, bob, alice, enrollment
):
    first, second = portal(alice), portal(bob)
    mine = filled(opened(second.get(edit_url(note))), text="Bob's text") | rows()
    first.post(
        edit_url(note), filled(opened(first.get(edit_url(note))), enrollment=enrollment.pk) | rows()
    )
    answer = second.post(edit_url(note), mine)
    second.post(edit_url(note), filled(opened(answer)) | rows())
    note.refresh_from_db()
    assert (note.text, note.enrollment) == ("Bob's text", enrollment)


def test_snapshot_of_a_long_text_stays_small(portal, note, alice):
    CaseNote.objects.filter(pk=note.pk).update(text="z" * 100_000)
    form = opened(portal(alice).get(edit_url(note)))
    assert len(form["opened"].value()) < 1000


@pytest.mark.parametrize("meanwhile", ["locked", "deleted"])
def test_typed_text_is_kept_where_the_note_was_closed_meanwhile(
    portal, note, bob, alice, meanwhile
):
    browser = portal(bob)
    data = filled(opened(browser.get(edit_url(note))), text="Bob's long text") | rows()
    note.set_read_only(True, by=alice) if meanwhile == "locked" else note.mark_deleted(by=alice)
    answer = browser.post(edit_url(note), data, follow=True)
    assert "What you typed is kept below" in answer.content.decode()
    (draft,) = answer.context["drafts"]
    again = opened(browser.get(draft.continue_url))
    assert again["text"].value() == "Bob's long text"
    assert again.instance._state.adding


def test_services_of_a_note_are_changed_added_and_deleted(
    portal, note, alice, enrollment, bus_pass
):
    kept, gone = (
        ServiceFactory(note=note, enrollment=enrollment, service_type=bus_pass, created_by=alice)
        for _ in range(2)
    )
    browser = portal(alice)
    data = filled(opened(browser.get(edit_url(note)))) | old_rows(kept, gone)
    data |= {"services-0-units": "4", "services-1-DELETE": "on"}
    assert browser.post(edit_url(note), data).status_code == 302
    assert [one.units for one in note.services.all()] == [4]
    gone.refresh_from_db()
    assert gone.deleted_by == alice


def test_service_that_changed_meanwhile_is_asked_about(
    portal, note, alice, bob, enrollment, bus_pass
):
    service = ServiceFactory(
        note=note, enrollment=enrollment, service_type=bus_pass, created_by=alice
    )
    browser = portal(bob)
    data = filled(opened(browser.get(edit_url(note)))) | old_rows(service)
    service.units, service.version = 7, 2
    service.save()
    data["services-0-units"] = "4"
    answer = browser.post(edit_url(note), data)
    assert "has changed this service to" in answer.content.decode()
    data["services-0-version"] = answer.context["rows"].forms[0]["version"].value()
    assert browser.post(edit_url(note), data).status_code == 302
    service.refresh_from_db()
    assert service.units == 4


def test_deleting_takes_the_services_along_and_restoring_brings_them_back(
    portal, note, alice, dana, enrollment
):
    earlier = ServiceFactory(note=note, enrollment=enrollment, created_by=alice)
    earlier.mark_deleted(by=alice, at=earlier.date_created - timedelta(days=1))
    service = ServiceFactory(note=note, enrollment=enrollment, created_by=alice)
    url = reverse("casenotes:change", args=[note.client_id, note.pk])
    portal(alice).post(url, {"action": "delete", "services": "on"})
    assert not Service.objects.exists()
    portal(dana).post(reverse("casenotes:restore", args=[note.client_id, note.pk]))
    assert list(Service.objects.all()) == [service]
    assert CaseNote.objects.get() == note


def test_saving_twice_saves_one_note(portal, john, alice, today):
    browser, url = portal(alice), reverse("casenotes:add", args=[john.pk])
    data = filled(opened(browser.get(url)), title="Visit", text="Met John.") | rows()
    browser.post(url, data)
    browser.post(url, data)
    assert CaseNote.objects.count() == 1


def test_restricted_enrollment_restricts_its_services(writing, alice, enrollment, bus_pass):
    Enrollment.objects.filter(pk=enrollment.pk).update(visibility=Visibility.OWN_ORGANIZATION)
    writing(alice, {"service_type": bus_pass.pk}, enrollment=str(enrollment.pk))
    assert Service.objects.get().visibility == Visibility.OWN_ORGANIZATION


def test_draft_of_a_saved_note_is_gone(portal, john, alice, today):
    browser, url = portal(alice), reverse("casenotes:add", args=[john.pk])
    data = filled(opened(browser.get(url)), title="Visit", text="Met John.") | rows()
    keep = reverse("casenotes:draft", args=[john.pk])
    state = data | {"typed_at": "1", "user": alice.pk}
    assert browser.post(keep, state).json() == {"state": "kept"}
    assert NoteDraft.objects.count() == 1
    browser.post(url, data)
    assert not NoteDraft.objects.exists()
    assert browser.post(keep, state).json() == {"state": "saved"}
    assert not NoteDraft.objects.exists()


def test_note_of_tomorrow_is_refused_even_in_another_time_zone(writing, alice, today):
    answer = writing(alice, date=f"{today + timedelta(days=1):%m/%d/%Y}")
    assert "not in the future" in str(opened(answer).errors["date"])


def test_deleting_needs_an_open_note_in_the_database(note, alice):
    other = CaseNoteFactory(client=ClientFactory(), read_only=True)
    with pytest.raises(Exception, match="note_read_only_is_not_deleted"):
        other.mark_deleted(by=alice)


# the summary of errors


def test_summary_names_each_error_of_the_services_with_a_link_to_its_field(writing, alice):
    page = writing(alice, {"units": "2"}, {}, {"units": "x"})
    summary = page.text.partition("data-error-summary")[2].partition("</div>")[0]
    assert "Service 1, Service: Choose the service, or empty this row." in summary
    for name in ("services-0-service_type", "services-2-service_type", "services-2-units"):
        assert f'href="#id_{name}"' in summary
        assert f'id="id_{name}"' in page.text
    assert "Service 2" not in summary


def test_summary_stands_beside_that_of_the_note(writing, alice):
    page = writing(alice, {"units": "2"}, title="")
    summary = page.text.partition("data-error-summary")[2].partition("</div>")[0]
    assert "Title: Enter a title." in summary
    assert "Service 1" in summary
    assert page.text.count("data-error-summary") == 1


def test_too_many_services_are_said_in_the_summary(writing, alice):
    page = writing(alice, *[{"units": "1"}] * 51)
    summary = page.text.partition("data-error-summary")[2].partition("</div>")[0]
    assert "at most 50" in summary


def test_services_that_a_save_took_out_are_restored_by_its_undo(
    portal, note, enrollment, bob, alice
):
    services = [ServiceFactory(note=note, enrollment=enrollment, created_by=alice) for _ in "12"]
    browser, url = portal(alice), reverse("casenotes:edit", args=[note.client_id, note.pk])
    data = filled(opened(browser.get(url))) | old_rows(*services)
    data |= {"services-0-DELETE": "on", "services-1-DELETE": "on"}
    page = browser.post(url, data, follow=True)
    (message,) = page.context["messages"]
    assert str(message) == "Case note saved. 2 services deleted."
    assert not Service.objects.exists()
    assert portal(bob).post(message.extra_tags).status_code == 302
    assert not Service.objects.exists(), "a colleague's click restores nothing"
    page = browser.post(message.extra_tags, follow=True)
    assert [str(one) for one in page.context["messages"]] == ["2 services restored."]
    assert Service.objects.count() == 2


def test_undo_of_a_save_restores_what_that_save_took_out(
    portal, note, enrollment, alice, time_machine
):
    services = [ServiceFactory(note=note, enrollment=enrollment, created_by=alice) for _ in "12"]
    browser, url = portal(alice), reverse("casenotes:edit", args=[note.client_id, note.pk])
    undo = []
    for left in (services, services[1:]):
        data = filled(opened(browser.get(url))) | old_rows(*left) | {"services-0-DELETE": "on"}
        (message,) = browser.post(url, data, follow=True).context["messages"]
        undo.append(message.extra_tags)
        time_machine.shift(timedelta(seconds=1))
    browser.post(undo[0])
    assert list(Service.objects.all()) == services[:1]
