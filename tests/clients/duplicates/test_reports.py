"""Report Duplicate (2.7): two IDs, a comment, a mail without persons, and both side by side."""

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from clients.duplicates.mail import DuplicateReportMails
from clients.models import DuplicateReport
from outbox.models import Delivery
from records.models import Visibility
from tests.factories import ClientFactory, DuplicateReportFactory
from tests.pages import errors, filled, messages, opened, send

REPORT = "/duplicates/report/"
COMMENT = "Both answer to Johnny; the SSN was mistyped"


@pytest.fixture
def jon(harbor, alice):
    return ClientFactory(organization=harbor, created_by=alice, first_name="Jon", last_name="Smyth")


@pytest.fixture
def report(portal, alice, john, jon, django_capture_on_commit_callbacks):
    """A function that reports John and Jon, or others, as Alice."""

    def press(first=john.pk, second=jon.pk, comment=COMMENT):
        browser = portal(alice)
        with django_capture_on_commit_callbacks(execute=True):
            answer = send(
                browser, REPORT, client_1=str(first), client_2=str(second), comment=comment
            )
            if answer.context and "posted" in answer.context:
                return browser.post(REPORT, dict(answer.context["posted"]) | {"confirm": "1"})
            return answer

    return press


def test_report_is_kept_for_the_own_organization_and_shown(
    *, report, portal, alice, bob, harbor, john, jon
):
    answer = report()
    kept = DuplicateReport.objects.get()
    assert answer["Location"] == kept.get_absolute_url()
    assert (kept.client_1, kept.client_2, kept.comment) == (john, jon, COMMENT)
    assert (kept.organization, kept.created_by) == (harbor, alice)
    assert kept.visibility == Visibility.OWN_ORGANIZATION
    page = portal(bob).get(answer["Location"])
    assert COMMENT in page.content.decode()


def test_mail_tells_the_help_desk_both_ids_and_nothing_else_of_the_persons(
    report, john, jon, settings, deliver
):
    settings.HELP_DESK_EMAIL = "desk@coc.example"
    report()
    deliver()
    (letter,) = mail.outbox
    kept = DuplicateReport.objects.get()
    assert letter.to == ["desk@coc.example"]
    assert letter.subject == "Duplicate client report"
    assert letter.body == (
        f"Clients {john.pk} and {jon.pk} were reported as the same person.\n"
        f"Compare them: http://testserver/duplicates/{kept.pk}/\n"
    )
    whole = str(letter.message())
    personal = ["John", "Jon", "Smith", "Smyth", "05/17/1980", COMMENT, "Saltmarsh", "Harbor"]
    assert not [word for word in personal if word in whole]
    assert kept.mailed_at


def test_mail_is_queued_with_the_report_and_not_sent_within_the_request(report, settings):
    settings.EMAIL_BACKEND = "no.such.backend"  # a request that opened it would fail
    assert report().status_code == 302
    assert Delivery.objects.get().about == DuplicateReport.objects.get().pk


def test_report_is_kept_when_the_mail_server_is_down_and_mailed_later(report, settings, deliver):
    locmem = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    report()
    deliver()
    assert DuplicateReport.objects.get().mailed_at is None
    settings.EMAIL_BACKEND = locmem
    # The cron line of earlier releases.
    call_command("mail_duplicate_reports", "https://hmis.example/")
    assert DuplicateReport.objects.get().mailed_at
    call_command("send_mail")
    assert len(mail.outbox) == 1


def test_report_that_was_deleted_before_its_mail_left_is_not_mailed(report, alice, deliver):
    report()
    DuplicateReport.objects.get().mark_deleted(by=alice)
    deliver()
    assert mail.outbox == []
    assert not Delivery.objects.exists()


def test_both_persons_are_shown_before_anything_is_kept_or_mailed(portal, alice, john, jon):
    browser = portal(alice)
    asked = send(browser, REPORT, client_1=str(john.pk), client_2=str(jon.pk), comment=COMMENT)
    html = asked.content.decode()
    assert "Nothing is reported yet." in html
    assert john.display_name in html
    assert jon.display_name in html
    assert not DuplicateReport.objects.exists()
    assert not Delivery.objects.exists()
    back = browser.post(REPORT, dict(asked.context["posted"]) | {"back": "1"})
    form = opened(back)
    assert [form[name].value() for name in ("client_2", "comment")] == [str(jon.pk), COMMENT]
    assert not DuplicateReport.objects.exists()


def test_reporter_withdraws_before_the_mail_left_and_nobody_is_notified(
    report, portal, alice, deliver
):
    page = report()["Location"]
    answer = portal(alice).post(f"{page}withdraw/", follow=True)
    assert messages(answer) == ["The report is withdrawn."]
    assert "withdrew this report" in answer.content.decode()
    assert "Withdraw this report" not in answer.content.decode()
    deliver()
    assert mail.outbox == []
    kept = DuplicateReport.objects.get()
    assert (kept.resolution, kept.resolved_by, kept.mailed_at) == ("withdrawn", alice, None)


def test_help_desk_that_was_notified_is_notified_of_the_withdrawal(
    report, portal, alice, john, jon, deliver
):
    page = report()["Location"]
    deliver()
    portal(alice).post(f"{page}withdraw/")
    portal(alice).post(f"{page}withdraw/")
    deliver()
    _, letter = mail.outbox
    assert letter.subject == "Duplicate client report withdrawn"
    assert f"clients {john.pk} and {jon.pk}" in letter.body
    assert "John" not in letter.body


def test_withdrawal_that_crossed_the_mail_is_notified_afterwards(report, alice, deliver):
    report()
    kept = DuplicateReport.objects.get()
    delivery = Delivery.objects.get()
    kept.resolve(DuplicateReport.Resolution.WITHDRAWN, by=alice)  # the letter is on its way
    DuplicateReportMails().sent(delivery, timezone.now())
    Delivery.objects.filter(pk=delivery.pk).delete()
    deliver()
    (letter,) = mail.outbox
    assert letter.subject == "Duplicate client report withdrawn"


def test_only_the_reporter_withdraws_and_only_while_it_is_open(report, portal, alice, bob, charlie):
    page = report()["Location"]
    assert portal(bob).post(f"{page}withdraw/").status_code == 403
    assert portal(charlie).post(f"{page}withdraw/").status_code == 404
    assert "Withdraw this report" not in portal(bob).get(page).content.decode()
    DuplicateReport.objects.get().resolve(DuplicateReport.Resolution.DIFFERENT, by=bob)
    answer = portal(alice).post(f"{page}withdraw/", follow=True)
    assert messages(answer) == ["This report has already been resolved. Nothing was changed."]
    assert DuplicateReport.objects.get().resolution == "different"


def test_same_id_twice_is_refused(report, john):
    page = report(john.pk, john.pk)
    assert errors(page) == {"__all__": ["Enter two different client IDs."]}
    assert COMMENT in page.content.decode()


def test_merged_away_id_finds_the_one_that_remains(report, harbor, alice, john, jon):
    gone = ClientFactory(organization=harbor, created_by=alice, merged_into=jon)
    report(john.pk, gone.pk)
    assert DuplicateReport.objects.get().client_2 == jon


def test_two_ids_of_one_merged_client_are_refused(report, harbor, alice, john):
    gone = ClientFactory(organization=harbor, created_by=alice, merged_into=john)
    assert errors(report(gone.pk, john.pk)) == {"__all__": ["Enter two different client IDs."]}


def test_client_that_may_not_be_seen_does_not_exist(report, bridge, charlie):
    hidden = ClientFactory(organization=bridge, created_by=charlie, visibility="own")
    deleted = ClientFactory(organization=bridge, created_by=charlie)
    deleted.mark_deleted(by=charlie)
    for pk in (hidden.pk, deleted.pk, 10**17):
        assert errors(report(second=pk))["client_2"] == [f"There is no client {pk}. Check the ID."]
    assert not DuplicateReport.objects.exists()


@pytest.mark.parametrize("typed", ["x", "-1", "1.5", "1 2", "²", "1\x00", "9" * 30, "", "'; --"])
def test_id_that_is_no_number_gets_a_sentence(report, typed):
    page = report(second=typed)
    assert errors(page)["client_2"]
    assert not DuplicateReport.objects.exists()


@pytest.mark.parametrize("typed", ["#{}", " {} "])
def test_id_may_be_written_as_it_is_shown(report, jon, typed):
    assert report(second=typed.format(jon.pk)).status_code == 302


def test_comment_is_needed(report):
    assert errors(report(comment="  "))["comment"]


def test_open_client_is_filled_in(portal, alice, john):
    page = portal(alice).get(f"{REPORT}?client={john.pk}")
    assert opened(page)["client_1"].value() == str(john.pk)


def test_comparison_marks_what_differs(portal, alice, harbor, john, jon):
    made = DuplicateReportFactory(
        organization=harbor, created_by=alice, client_1=john, client_2=jon
    )
    rows = {
        row.label: row.differs for row in portal(alice).get(made.get_absolute_url()).context["rows"]
    }
    assert rows["Name"]
    assert not rows["Date of Birth"]
    assert not rows["SSN"]  # one of them has none: nothing contradicts
    jon.ssn, jon.ssn_data_quality, jon.dob = "810221234", 1, None
    jon.dob_data_quality = 99
    jon.save()
    page = portal(alice).get(made.get_absolute_url())
    rows = {row.label: row.differs for row in page.context["rows"]}
    assert rows["SSN"]  # though the last four are the same
    assert "differs" in page.content.decode()


def test_comparison_of_equal_records_differs_nowhere(portal, alice, harbor, john):
    twin = ClientFactory(
        organization=harbor,
        created_by=alice,
        first_name="JOHN",
        ssn=john.ssn,
        ssn_data_quality=1,
        sex=1,
        phone=john.phone,
        email=john.email,
        city=john.city,
    )
    made = DuplicateReportFactory(organization=harbor, client_1=john, client_2=twin)
    rows = portal(alice).get(made.get_absolute_url()).context["rows"]
    assert not [row.label for row in rows if row.differs]


def test_only_the_reporting_organization_sees_a_report(portal, charlie, cass, harbor, john, jon):
    made = DuplicateReportFactory(organization=harbor, client_1=john, client_2=jon)
    for stranger in (charlie, cass):
        assert portal(stranger).get(made.get_absolute_url()).status_code == 404


def test_report_of_a_client_that_was_restricted_since_is_not_shown(portal, alice, harbor, bridge):
    theirs = ClientFactory(organization=bridge)
    mine = ClientFactory(organization=harbor)
    made = DuplicateReportFactory(organization=harbor, client_1=mine, client_2=theirs)
    assert portal(alice).get(made.get_absolute_url()).status_code == 200
    theirs.visibility = "own"
    theirs.save()
    assert portal(alice).get(made.get_absolute_url()).status_code == 404


def test_double_click_reports_once(report, portal, alice, john, jon):
    browser = portal(alice)
    data = filled(opened(browser.get(REPORT)), client_1=john.pk, client_2=jon.pk, comment=COMMENT)
    data |= {"confirm": "1"}
    first, second = browser.post(REPORT, data), browser.post(REPORT, data)
    assert first["Location"] == second["Location"]
    assert DuplicateReport.objects.count() == 1
    assert "This has already been saved." in messages(browser.get(second["Location"]))


def test_dashboard_leads_to_the_report(portal, alice, john):
    html = portal(alice).get(john.get_absolute_url()).content.decode()
    assert f'href="{reverse("duplicates:report")}?client={john.pk}"' in html
