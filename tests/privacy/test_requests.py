"""A request is kept, answered by one officer, and seen while it waits."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from enrollments.models import Enrollment
from privacy.actions import HELD, TOO_LATE, answer_request
from privacy.admin import requests_card, retention_card
from privacy.models import ClientRequest, LegalHold, RetentionList
from records.visibility import Visibility
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ClientFactory, UserFactory
from tests.pages import errors, filled, opened, send
from tests.privacy.factories import ClientRequestFactory, LegalHoldFactory


@pytest.fixture
def john(harbor, alice):
    return ClientFactory(organization=harbor, created_by=alice)


@pytest.fixture
def asked(john):
    return ClientRequestFactory(client=john)


def add(portal, user, client, **typed):
    typed = {"kind": "copy", "asked_by": "client", "identified_by": "id"} | typed
    return send(portal(user), reverse("privacy:add_request", args=[client.pk]), **typed)


def answer(portal, user, asked, **typed):
    return send(portal(user), asked.get_absolute_url(), **typed)


def test_request_is_taken_and_due_in_thirty_days(portal, dana, john, harbor):
    assert add(portal, dana, john).status_code == 302
    row = ClientRequest.objects.get()
    assert (row.client, row.organization, row.state) == (john, harbor, "open")
    assert row.due_on == timezone.localdate() + timedelta(days=30)
    assert row.due_in_words == "Due in 30 days"


def test_days_to_answer_are_a_setting(portal, dana, john, settings):
    settings.CLIENT_REQUEST_DAYS = 10
    add(portal, dana, john)
    assert ClientRequest.objects.get().days_left == 10


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ({"kind": ""}, "kind"),
        ({"asked_by": ""}, "asked_by"),
        ({"identified_by": ""}, "identified_by"),
        ({"asked_on": "01/01/2099", "due_on": "02/01/2099"}, "asked_on"),
        ({"asked_on": "01/02/2026", "due_on": "01/01/2026"}, "__all__"),
        ({"kind": "correction", "text": ""}, "text"),
    ],
)
def test_request_that_says_too_little_is_refused(portal, dana, john, typed, where):
    page = add(portal, dana, john, **typed)
    assert where in errors(page)
    assert not ClientRequest.objects.exists()


def test_request_belongs_to_an_organization_of_the_officer(portal, dana, john, bridge):
    page = add(portal, dana, john, organization=str(bridge.pk))
    assert "organization" in errors(page)


def test_form_that_is_sent_twice_is_one_request(portal, dana, john):
    browser = portal(dana)
    url = reverse("privacy:add_request", args=[john.pk])
    token = "7b1b3a8e-98f5-4a37-8a9e-6b0f3a1c5d11"
    typed = {"kind": "copy", "asked_by": "client", "identified_by": "id", "form_token": token}
    first, second = send(browser, url, **typed), send(browser, url, **typed)
    assert first["Location"] == second["Location"]
    assert ClientRequest.objects.count() == 1


def test_granted_and_carried_out(portal, dana, asked):
    answer(portal, dana, asked, answer="granted")
    asked.refresh_from_db()
    assert (asked.state, asked.answered_by) == ("granted", dana)
    answer(portal, dana, asked, answer="done")
    asked.refresh_from_db()
    assert asked.state == "done"
    assert asked.done_at


def test_refusal_needs_a_reason_and_the_letter_gives_it(portal, dana, asked):
    page = answer(portal, dana, asked, answer="refused")
    assert "reason" in errors(page)
    answer(portal, dana, asked, answer="refused", reason="A court has sealed it.")
    letter = portal(dana).get(reverse("privacy:letter", args=[asked.client_id, asked.pk]))
    assert "A court has sealed it." in letter.content.decode()


@pytest.mark.parametrize(
    ("kind", "name"),
    [("copy", "privacy:copy"), ("correction", "clients:edit"), ("accounting", "accounting")],
)
def test_request_leads_to_the_page_where_it_is_carried_out(portal, dana, john, kind, name):
    row = ClientRequestFactory(client=john, kind=kind, text="Of the shelter")
    link = f'href="{reverse(name, args=[john.pk])}"'
    main = portal(dana).get(row.get_absolute_url()).content.decode().partition("<main")[2]
    assert link in main
    answer(portal, dana, row, answer="withdrawn")
    main = portal(dana).get(row.get_absolute_url()).content.decode().partition("<main")[2]
    assert link not in main


def test_erasure_is_carried_out_by_the_command_alone(portal, dana, john):
    row = ClientRequestFactory(client=john, kind="erasure")
    answer(portal, dana, row, answer="granted")
    page = portal(dana).get(row.get_absolute_url())
    assert f"erase_client {john.pk}" in page.content.decode()
    assert "Print the letter first" in page.text
    page = answer(portal, dana, row, answer="done")
    assert "answer" in errors(page)


def test_of_two_answers_the_second_sees_the_first(portal, dana, asked):
    browser = portal(dana)
    typed = {"organization": str(asked.organization_id), "seen": "open", "reason": "x"}
    browser.post(asked.get_absolute_url(), typed | {"answer": "refused"})
    second = typed | {"answer": "granted", "reason": "Nothing stands in the way."}
    page = browser.post(asked.get_absolute_url(), second)
    asked.refresh_from_db()
    assert asked.state == "refused"
    assert "Your answer was not saved." in page.content.decode()
    assert TOO_LATE in page.content.decode()
    assert "Nothing stands in the way.</textarea>" in page.content.decode()


def test_card_counts_what_is_due_within_a_week(rf, dana, asked):
    request = rf.get("/")
    request.user = dana
    assert requests_card(request).count == 0
    ClientRequest.objects.update(due_on=timezone.localdate() + timedelta(days=7))
    assert requests_card(request).count == 1
    ClientRequest.objects.update(state="withdrawn", answered_by=dana, answered_at=timezone.now())
    assert requests_card(request).count == 0


def test_retention_is_on_the_card_of_administrators(rf, dana):
    RetentionList.objects.create(unchanged_since=timezone.localdate(), clients=3)
    request = rf.get("/")
    request.user = dana
    assert retention_card(request) is None
    request.user = UserFactory(is_superuser=True)
    assert retention_card(request).count == 3


def test_list_of_requests_leads_to_each_and_says_when_it_is_due(portal, dana, asked):
    """On a phone the first three columns alone are shown until the card is opened."""
    page = portal(dana).get(reverse("admin:privacy_clientrequest_changelist"))
    first, request, due, *_ = page.context["cl"].list_display
    assert (first, due) == ("client_number", "due")
    shown = getattr(page.context["cl"].model_admin, request)(asked)
    said = f'<span class="visually-hidden"> of client {asked.client_id}</span>'
    assert shown == f'<a href="{asked.get_absolute_url()}">{asked.get_kind_display()}{said}</a>'
    assert shown in page.content.decode()


def test_list_of_requests_shows_what_waits(portal, dana, asked):
    page = portal(dana).get(reverse("admin:privacy_clientrequest_changelist"))
    assert asked.get_absolute_url() in page.content.decode()
    assert "Due in 30 days" in page.content.decode()


def test_request_follows_the_client_through_a_merge(portal, dana, harbor, alice, asked):
    other = ClientFactory(organization=harbor, created_by=alice)
    ClientRequest.objects.update(client=other)
    asked.client.merged_into = other
    asked.client.save()
    address = reverse("privacy:request", args=[asked.client_id, asked.pk])
    assert portal(dana).get(address).status_code == 200


def test_queries_of_the_page_do_not_grow_with_requests(
    portal, dana, john, django_assert_max_num_queries
):
    for _ in range(5):
        ClientRequestFactory(client=john)
        LegalHoldFactory(client=john)
    browser, url = portal(dana), reverse("privacy:requests", args=[john.pk])
    browser.get(url)
    with django_assert_max_num_queries(14):
        browser.get(url)


def test_hold_is_set_and_lifted(portal, dana, john):
    browser = portal(dana)
    send(browser, reverse("privacy:hold", args=[john.pk]), reason="Subpoena")
    hold = LegalHold.objects.get()
    assert "Subpoena" in browser.get(reverse("privacy:requests", args=[john.pk])).content.decode()
    browser.post(reverse("privacy:lift_hold", args=[john.pk, hold.pk]))
    assert not LegalHold.objects.exists()
    assert LegalHold.with_deleted.get().deleted_by == dana


def test_erasure_is_granted_where_the_record_is_kept(portal, john, bridge):
    """An officer of another organization takes the request, and does not decide about it."""
    officer = UserFactory(dqo_at=[bridge])
    row = ClientRequestFactory(client=john, organization=bridge, kind="erasure")
    page = portal(officer).get(row.get_absolute_url())
    assert "granted" not in dict(page.context["form"].fields["answer"].choices)
    assert "created this record" in page.content.decode()
    typed = {"organization": str(bridge.pk), "seen": "open", "answer": "granted"}
    portal(officer).post(row.get_absolute_url(), typed)
    row.refresh_from_db()
    assert row.state == "open"


def test_erasure_is_not_granted_while_a_hold_is_in_force(portal, dana, harbor, john):
    row = ClientRequestFactory(client=john, organization=harbor, kind="erasure")
    hold = LegalHoldFactory(client=john)
    browser = portal(dana)
    page = browser.get(row.get_absolute_url())
    assert "A legal hold keeps this record." in page.text
    assert "granted" not in dict(page.context["form"].fields["answer"].choices)
    hold.mark_deleted(by=dana)
    page = browser.get(row.get_absolute_url())
    assert "granted" in dict(page.context["form"].fields["answer"].choices)


def test_open_enrollments_are_counted_before_an_erasure_is_granted(portal, dana, bridge, john):
    """Those that the officer sees; an exit in the future is none yet."""
    EnrollmentFactory(client=john)
    leaves = EnrollmentFactory(client=john, exit_date=timezone.localdate() + timedelta(days=1))
    EnrollmentFactory(client=john, organization=bridge, visibility=Visibility.OWN_ORGANIZATION)
    row, other = (ClientRequestFactory(client=john, kind=kind) for kind in ("erasure", "copy"))
    browser = portal(dana)
    page = browser.get(row.get_absolute_url())
    assert "The client has 2 open enrollments." in page.text
    assert "granted" in dict(page.context["form"].fields["answer"].choices)
    assert "open enrollment" not in browser.get(other.get_absolute_url()).text
    Enrollment.objects.filter(pk=leaves.pk).update(exit_date=timezone.localdate())
    answer(portal, dana, row, answer="granted")
    assert "The client has 1 open enrollment." in browser.get(row.get_absolute_url()).text
    Enrollment.objects.update(exit_date=timezone.localdate())
    assert "open enrollment" not in browser.get(row.get_absolute_url()).text


def test_grant_that_a_hold_overtook_says_so_and_what_to_do(portal, dana, john):
    """Whether the hold was set before the answer arrived or while it waited for its lock."""
    row = ClientRequestFactory(client=john, kind="erasure")
    browser = portal(dana)
    typed = filled(opened(browser.get(row.get_absolute_url())), answer="granted")
    LegalHoldFactory(client=john)
    page = browser.post(row.get_absolute_url(), typed)
    assert errors(page)["answer"] == [HELD]
    assert "Grant the erasure once the hold is lifted, or refuse it." in page.text
    with pytest.raises(ValidationError, match="set a legal hold in the meantime"):
        answer_request(
            request_id=row.pk, seen=row.State.OPEN, answer=row.State.GRANTED, reason="", by=dana
        )
    row.refresh_from_db()
    assert row.state == "open"


def test_answer_that_a_colleague_gave_before_says_so(portal, dana, asked):
    browser = portal(dana)
    typed = filled(opened(browser.get(asked.get_absolute_url())), answer="granted")
    answer(portal, dana, asked, answer="granted")
    assert errors(browser.post(asked.get_absolute_url(), typed))["answer"] == [TOO_LATE]
