"""Opening a link into the workflow begins no draft: a draft begins with the first thing typed."""

from datetime import timedelta

import pytest

from enrollments.intake.draft.sections import Step
from enrollments.intake.draft.steps import steps_for
from enrollments.models import Enrollment, IntakeDraft
from hud.anniversaries import anniversary
from tests.enrollments.factories import EnrollmentFactory
from tests.enrollments.intake.conftest import Walk
from tests.html_forms import form_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrollment(alice, ann, project, today):
    return EnrollmentFactory(
        client=ann,
        project=project,
        created_by=alice,
        entry_date=today - timedelta(days=10),
        enrollment_coc="MA-500",
        living_situation=116,
    )


def place(enrollment, tail: str) -> str:
    return f"/clients/{enrollment.client_id}/enrollments/{enrollment.pk}/{tail}"


UNIVERSAL = "begin/reopen/universal/"


@pytest.mark.parametrize("tail", ["reopen/", "update/", "annual/", UNIVERSAL])
def test_opening_a_link_begins_no_draft(portal, alice, enrollment, tail):
    browser = portal(alice)
    page = browser.get(place(enrollment, tail), follow=True)
    assert (page.status_code, IntakeDraft.objects.count()) == (200, 0)
    assert "Review" in page.text
    assert "Continue where you left off" not in browser.get("/").text
    for step in steps_for("reopen"):
        browser.get(place(enrollment, f"begin/reopen/{step}/"))
    assert not IntakeDraft.objects.exists()


def test_first_save_begins_it_and_the_link_leads_there_afterwards(portal, alice, enrollment):
    browser = portal(alice)
    page = browser.get(place(enrollment, UNIVERSAL))
    name = f"c{enrollment.client_id}-living_situation"
    form = form_with(page.text, name)
    answer = browser.post(form.action, form.filled(**{name: "118"}) | {"next": "1"})
    if answer.status_code == 200:  # more questions apply: they are shown first
        again = form_with(answer.text, name)
        answer = browser.post(again.action, again.filled() | {"next": "1"})
    draft = IntakeDraft.objects.get()
    assert answer["Location"] == draft.url_of("barriers")
    assert browser.get(place(enrollment, "reopen/"))["Location"] == draft.url_of("barriers")
    again = browser.get(f"{place(enrollment, UNIVERSAL)}?lookup=1")
    assert again["Location"] == f"{draft.url_of('universal')}?lookup=1"
    assert draft.url_of("barriers") in browser.get("/intake/").text


def test_autosave_begins_it_and_goes_on_in_it(portal, alice, enrollment):
    browser = portal(alice)
    page = browser.get(place(enrollment, UNIVERSAL))
    name = f"c{enrollment.client_id}-enrollment_coc"
    form = form_with(page.text, name)
    url = page.context["autosave_url"]
    first = browser.post(url, form.filled(**{name: "MA-501"}))
    draft = IntakeDraft.objects.get()
    assert draft.answers.content["typed"]["universal"][name] == ["MA-501"]
    assert f'hx-post="{draft.autosave_url_of("universal")}"' in first.text
    sent = form.filled(**{name: "MA-502"}) | {"seen": [str(first.context["seen"])]}
    browser.post(draft.autosave_url_of("universal"), sent)
    browser.post(form.action, form.filled(**{name: "MA-503"}) | {"next": "1"})
    assert IntakeDraft.objects.get().answers.content["typed"]["universal"][name] == ["MA-503"]


def test_two_pages_begin_one_draft_and_the_second_sees_what_the_first_saved(
    portal, alice, enrollment
):
    browser = portal(alice)
    name = f"c{enrollment.client_id}-enrollment_coc"
    pages = [form_with(browser.get(place(enrollment, UNIVERSAL)).text, name) for _ in range(2)]
    browser.post(pages[0].action, pages[0].filled(**{name: "MA-501"}) | {"next": "1"})
    answer = browser.post(pages[1].action, pages[1].filled(**{name: "MA-502"}) | {"next": "1"})
    assert "saved on another page in the meantime" in answer.text
    assert IntakeDraft.objects.count() == 1


def test_what_a_colleague_saved_between_opening_and_typing_is_chosen_about(
    portal, alice, enrollment, ann
):
    browser = portal(alice)
    name = f"c{ann.pk}-enrollment_coc"
    form = form_with(browser.get(place(enrollment, UNIVERSAL)).text, name)
    Enrollment.objects.update(enrollment_coc="MA-509", disabling_condition=1)
    browser.post(form.action, form.filled(**{name: "MA-501"}) | {"next": "1"})
    walk = Walk(browser, IntakeDraft.objects.get())
    changed = walk.see(Step.REVIEW).context["concurrent"]
    assert [(one.before, one.now, one.typed) for one in changed.conflicts] == [
        ("MA-500", "MA-509", "MA-501")
    ]
    assert any("Disabling Condition" in one.label for one in changed.changes)
    walk.finish()
    assert Enrollment.objects.get().enrollment_coc == "MA-509"


def test_seal_of_another_household_counts_for_nothing(portal, alice, enrollment, ben, project):
    browser = portal(alice)
    other = EnrollmentFactory(client=ben, project=project, created_by=alice)
    name = f"c{enrollment.client_id}-enrollment_coc"
    sealed = browser.get(place(other, UNIVERSAL)).context["opened_with"]
    form = form_with(browser.get(place(enrollment, UNIVERSAL)).text, name)
    for wrong in (sealed, "x", ""):
        data = form.filled(**{name: "MA-501", "opened_with": wrong}) | {"next": "1"}
        browser.post(form.action, data)
        draft = IntakeDraft.objects.get()
        assert draft.answers.content["stored"]["universal"][name] == ["MA-500"]
        draft.delete()


def test_unknown_kind_step_and_day_are_not_found(portal, alice, enrollment):
    browser = portal(alice)
    for tail in ("begin/intake/basic/", "begin/x/basic/", "begin/update/basic/"):
        assert browser.get(place(enrollment, tail)).status_code == 404, tail
        assert browser.post(place(enrollment, tail)).status_code == 404, tail
    assert browser.get(place(enrollment, "begin/update/of/2026-13-45/barriers/")).status_code == 404
    assert not IntakeDraft.objects.exists()


def test_who_turned_18_during_the_enrollment_is_asked_what_adults_are(
    portal, alice, enrollment, cal, project, today
):
    cal.dob = anniversary(today, today.year - 18) - timedelta(days=3)
    cal.save()
    EnrollmentFactory(
        client=cal,
        household=enrollment.household,
        project=project,
        created_by=alice,
        entry_date=enrollment.entry_date,
        relationship_to_hoh=2,
    )
    browser = portal(alice)
    living, veteran = f"c{cal.pk}-living_situation", f"c{cal.pk}-veteran_status"
    form = form_with(browser.get(place(enrollment, UNIVERSAL)).text, living)
    assert veteran in form.names
    typed = {living: "302", veteran: "0", f"c{cal.pk}-shown": ["length_of_stay"]}
    browser.post(form.action, form.filled(**typed) | {"next": "1"})
    walk = Walk(browser, IntakeDraft.objects.get())
    income = walk.see(Step.INCOME).context["page"]
    assert cal not in [one.member.client for one in income.forms]  # a child at the start
    review = walk.see(Step.REVIEW).context
    keys = [one.key for name in ("warnings", "removals") for one in review[name]]
    walk.finish(confirm="1", asked=keys)
    cal.refresh_from_db()
    assert (Enrollment.objects.get(client=cal).living_situation, cal.veteran_status) == (302, 0)
