"""A form that was being filled in when the session ended is offered again (docs/adr/0029)."""

import re

from playwright.sync_api import expect

from agencies.models import UserSession
from clients.models import Alert, FormDraft
from tests.stories.conftest import log_in


def test_edit_client_survives_a_new_log_in(page, at_desk, alice, john, settings, look, watch):
    settings.NOTE_AUTOSAVE_SECONDS = 0.2
    watch.expects(401, 403)
    page.on("dialog", lambda dialog: dialog.accept())  # yes, leave the page
    with page.expect_response("**/drafts/?page=*"):  # with the keys of the copies
        at_desk(alice).goto(f"/clients/{john.pk}/edit/")
    page.get_by_label("Middle Name").fill("Quincy")
    page.get_by_label("Alias 1 first name").fill("Jack")
    page.get_by_label("Alias 2 last name").fill("Smythe")
    page.get_by_label("White").check()
    expect(page.get_by_text(re.compile("Draft kept at"))).to_be_visible()
    UserSession.objects.all().delete()
    page.get_by_label("City", exact=True).fill("Springfield")
    page.goto(f"/clients/{john.pk}/edit/")
    expect(page.get_by_text("your text is offered again")).to_be_visible()
    look("log-in")
    log_in(page, alice)
    expect(page.get_by_label("Middle Name")).to_have_value("")
    offer = page.get_by_role("region", name="Draft")
    expect(offer).to_contain_text("did not save it")
    look("offer")
    offer.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Middle Name")).to_have_value("Quincy")
    expect(page.get_by_label("Alias 1 first name")).to_have_value("Jack")
    expect(page.get_by_label("Alias 2 last name")).to_have_value("Smythe")
    expect(page.get_by_label("White")).to_be_checked()
    expect(page.get_by_label("City", exact=True)).to_have_value("Springfield")
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_text("Client saved.")).to_be_visible()
    john.refresh_from_db()
    assert (john.middle_name, john.city) == ("Quincy", "Springfield")
    page.goto(f"/clients/{john.pk}/edit/")
    page.wait_for_load_state("networkidle")
    expect(offer).to_have_count(0)
    watch.complaints.clear()  # of drafts that were sent to the log-in before the page was left


SLOW = """
const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
crypto.subtle.encrypt = async (...what) => {
  await new Promise((resume) => setTimeout(resume, 400));
  return encrypt(...what);
};
"""


def test_what_is_typed_last_before_a_save_that_comes_too_late_is_offered_again(
    page, at_desk, alice, john, settings, watch
):
    settings.NOTE_AUTOSAVE_SECONDS = 60
    watch.expects(401, 403)
    page.add_init_script(SLOW)
    at_desk(alice).goto(f"/clients/{john.pk}/edit/")
    page.wait_for_load_state("networkidle")
    UserSession.objects.all().delete()
    page.get_by_label("City", exact=True).fill("Springfield")
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_text("your text is offered again")).to_be_visible()
    log_in(page, alice)
    offer = page.get_by_role("region", name="Draft")
    offer.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("City", exact=True)).to_have_value("Springfield")
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_text("Client saved.")).to_be_visible()
    john.refresh_from_db()
    assert john.city == "Springfield"


SECOND = """
const again = document.createElement("button");
Object.assign(again, { name: "save_again", value: "1", textContent: "Save again" });
document.querySelector(".form-actions").append(again);
"""


def test_button_that_was_pressed_while_no_draft_could_be_kept_is_the_one_that_is_sent(
    page, at_desk, alice, john, settings, watch
):
    settings.NOTE_AUTOSAVE_SECONDS = 0.2
    at_desk(alice).goto(f"/clients/{john.pk}/alerts/add/")
    page.evaluate(SECOND)
    page.route("**/drafts/", lambda route: route.abort())
    page.get_by_role("textbox", name="Alert").fill("Dog in the yard")
    expect(page.locator("[data-note-said]")).to_contain_text("Not saved yet: no connection")
    page.context.set_offline(True)
    again = page.get_by_role("button", name="Save again")
    with page.expect_event("requestfailed", lambda one: "/drafts/" not in one.url):
        again.click()
    expect(page.locator("[data-note-told]")).to_contain_text("Your text is kept here")
    page.context.set_offline(False)
    with page.expect_request(lambda one: one.method == "POST" and "/alerts/" in one.url) as sent:
        again.click()
    assert "save_again=1" in sent.value.post_data
    expect(page.get_by_text("Alert saved.")).to_be_visible()
    watch.complaints.clear()  # of the requests that were lost


def test_what_is_not_wanted_is_discarded(page, at_desk, alice, john, settings, look):
    settings.NOTE_AUTOSAVE_SECONDS = 0.2
    at_desk(alice).goto(f"/clients/{john.pk}/alerts/add/")
    page.get_by_role("textbox").last.fill("Dog in the yard")
    expect(page.get_by_text(re.compile("Draft kept at"))).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"/clients/{john.pk}/alerts/add/")
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_role("region", name="Draft")).to_have_count(0)
    assert not FormDraft.objects.exists()


def test_who_goes_back_after_save_reads_that_the_form_was_sent(page, at_desk, alice, john, look):
    sent = page.get_by_text("You have sent this form already.")
    at_desk(alice).goto(f"/clients/{john.pk}/alerts/add/")
    page.goto(f"/clients/{john.pk}/alerts/")
    page.go_back()
    expect(page.get_by_role("heading", name="Add New Alert")).to_be_visible()
    expect(sent).to_have_count(0)
    page.get_by_role("textbox", name="Alert").fill("Dog in the yard")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Alert saved.")).to_be_visible()
    page.go_back()
    expect(sent).to_be_visible()
    look("sent already")
    page.goto(f"/clients/{john.pk}/alerts/add/")
    expect(page.get_by_role("heading", name="Add New Alert")).to_be_visible()
    expect(sent).to_have_count(0)


def test_who_goes_back_after_a_refusal_reads_only_that_it_was_not_saved(page, at_desk, alice, john):
    at_desk(alice).goto(f"/clients/{john.pk}/tasks/add/")
    page.get_by_role("textbox", name="Task").fill("Call about the lease")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Please check these answers")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("region", name="Draft")).to_contain_text("did not save it")
    expect(page.get_by_text("You have sent this form already.")).to_have_count(0)


def test_who_goes_back_to_a_form_of_the_list_is_asked_before_it_is_saved_again(
    page, at_desk, alice, john, look
):
    sent = page.get_by_text("You have sent this form already.")
    at_desk(alice).goto(f"/clients/{john.pk}/alerts/")
    page.get_by_role("link", name="Add New Alert").click()
    page.get_by_role("textbox", name="Alert").fill("Dog in the yard")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Alert saved.")).to_be_visible()
    page.go_back()
    expect(sent).to_have_count(1)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Save again")).to_be_visible()
    look("save it again")
    page.get_by_role("link", name="Do not save").click()
    expect(page.get_by_role("link", name="Add New Alert")).to_be_visible()
    assert Alert.objects.count() == 1


def test_who_goes_back_without_script_is_asked_before_a_second_record_is_made(
    elsewhere, alice, john
):
    page = elsewhere(alice, java_script_enabled=False)
    sent = page.get_by_text("You have sent this form already.")
    page.goto(f"/clients/{john.pk}/alerts/")
    for count in (1, 2):  # two alike ones from two forms
        page.get_by_role("link", name="Add New Alert").click()
        expect(sent).to_have_count(0)
        page.get_by_role("textbox", name="Alert").fill("Dog in the yard")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Alert saved.")).to_be_visible()
        assert Alert.objects.count() == count
    page.go_back()
    expect(sent).to_be_visible()
    expect(page.get_by_role("textbox", name="Alert")).to_have_value("Dog in the yard")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(re.compile("You saved this form at .* Save it again?"))).to_be_visible()
    assert Alert.objects.count() == 2
    expect(page.get_by_role("link", name="Do not save")).to_have_attribute(
        "href", f"/clients/{john.pk}/alerts/"
    )
    page.get_by_role("button", name="Save again").click()
    expect(page.get_by_text("Alert saved.")).to_be_visible()
    assert set(Alert.objects.values_list("text")) == {("Dog in the yard",)}
    assert Alert.objects.count() == 3
