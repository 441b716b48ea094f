"""Compare, preview, merge, undo in the Data Quality workspace, and the old ID afterwards."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse, reverse_lazy

from agencies.use_limits import UseLimit
from clients.merge.undo import why_not
from clients.models import Client, ClientAccess, ClientMerge
from tests.casenotes.factories import CaseNoteFactory
from tests.clients.merge.rows import MAKERS
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.factories import (
    AlertFactory,
    ClientFactory,
    DuplicateReportFactory,
    MembershipFactory,
    PossibleDuplicateFactory,
    ProjectFactory,
    UserFactory,
)
from tests.files.factories import file_of
from tests.pages import filled, messages, opened
from tests.privacy.factories import LegalHoldFactory


def pair_page(one, other):
    return reverse("admin:clients_merge", args=[one.pk, other.pk])


@pytest.fixture
def boss(harbor):
    return UserFactory(email="admin@coc.example", is_superuser=True, is_staff=True)


@pytest.fixture
def officer(portal, dana):
    return portal(dana)


@pytest.fixture
def press(officer, john, jon):
    """Open the preview and press Merge as Dana; what she gets."""

    def merge(*, follow=False, page=None, **typed):
        page = page or pair_page(john, jon)
        data = filled(opened(officer.get(page)), **typed)
        return officer.post(page, data, follow=follow)

    return merge


def test_preview_shows_both_with_the_fuller_value_chosen(officer, john, jon):
    page = officer.get(pair_page(jon, john))
    assert (page.context["survivor"], page.context["gone"]) == (john, jon)  # the older ID stays
    rows = {row["label"]: row for row in page.context["form"].rows}
    assert [cell["shown"] for cell in rows["Name"]["cells"]] == ["John Smith", "Jon Smyth"]
    assert [cell["is_chosen"] for cell in rows["Date of Birth"]["cells"]] == [True, False]
    assert [cell["is_chosen"] for cell in rows["Veteran Status"]["cells"]] == [False, True]
    assert rows["Name"]["contradicts"]
    assert not rows["Date of Birth"]["contradicts"]  # one of them tells none
    assert "123121234" not in page.content.decode()
    assert "123-12-1234" not in page.content.decode()


def test_each_client_of_a_comparison_counts_as_opened(officer, bridge, john, settings):
    settings.USE_LIMITS = {"clients": UseLimit.parse("hour 3 3")}
    settings.USE_LIMITS_OFFICERS = 1
    theirs = ClientFactory.create_batch(3, organization=bridge)
    pages = [pair_page(john, one) for one in (theirs[0], theirs[0], *theirs)]
    assert [officer.get(one).status_code for one in pages] == [200, 200, 200, 200, 429]


def test_pair_that_is_compared_again_and_again_counts_as_searches(officer, john, jon, settings):
    """Whoever changes the SSN of one reads there whether it is the other's."""
    settings.USE_LIMITS = {"searches": UseLimit.parse("hour 2 3")}
    settings.USE_LIMITS_OFFICERS = 1
    answers = [officer.get(pair_page(john, jon)).status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]


def test_client_ids_that_are_not_there_count_in_a_comparison(officer, john, settings):
    settings.USE_LIMITS = {"clients": UseLimit.parse("hour 1 1")}
    settings.USE_LIMITS_OFFICERS = 1
    nobody = [reverse("admin:clients_merge", args=[john.pk, 10**9 + n]) for n in range(2)]
    assert [officer.get(one).status_code for one in nobody] == [404, 429]


def test_what_was_deleted_counts_where_it_moves_and_not_where_it_is_already(
    officer, dana, john, jon
):
    """A legal hold that was lifted is deleted; the one who stays has none any more."""
    for client in (john, john, jon):
        LegalHoldFactory(client=client).mark_deleted(by=dana)
    AlertFactory(client=john).mark_deleted(by=dana)
    LegalHoldFactory(client=john)
    page = officer.get(pair_page(john, jon))
    parts = page.context["preview"].parts
    counts = {part.label: (part.moving, part.deleted, part.present) for part in parts}
    assert counts["Legal holds"] == (1, 1, 1)
    assert "1 lifted" in page.text
    assert "1 deleted" not in page.text
    assert "Alerts" not in counts


def test_preview_promises_an_alias_whichever_name_is_chosen(officer, john, jon):
    preview = officer.get(pair_page(john, jon)).content.decode()
    assert "The name that is not chosen is kept as an alias" in preview
    Client.objects.filter(pk=jon.pk).update(first_name="John", last_name="Smith")
    assert "kept as an alias" not in officer.get(pair_page(john, jon)).content.decode()


def test_other_one_can_be_kept_instead(officer, john, jon):
    page = officer.get(pair_page(john, jon) + f"?keep={jon.pk}")
    assert (page.context["survivor"], page.context["gone"]) == (jon, john)
    data = filled(page.context["form"])
    officer.post(pair_page(john, jon) + f"?keep={jon.pk}", data)
    assert Client.objects.get(pk=john.pk).merged_into == jon


def test_merge_with_what_was_chosen(press, officer, john, jon):
    answer = press(follow=True, value_name=str(jon.pk), value_phone=str(jon.pk))
    assert messages(answer) == [f"Client ID {jon.pk} was merged into Client ID {john.pk}."]
    client = Client.objects.get(pk=john.pk)
    assert (client.first_name, client.phone, client.dob) == ("Jon", "617-555-0199", john.dob)
    html = answer.content.decode()
    assert "Name, Veteran Status, Phone" in html
    assert "Undo this merge" in html


def test_double_click_merges_once(officer, john, jon):
    page = pair_page(john, jon)
    data = filled(opened(officer.get(page)))
    first, second = officer.post(page, data), officer.post(page, data)
    assert first["Location"] == second["Location"] == ClientMerge.objects.get().get_absolute_url()


def test_merged_pair_leads_to_its_merge(press, officer, john, jon):
    press()
    answer = officer.get(pair_page(john, jon))
    assert answer["Location"] == ClientMerge.objects.get().get_absolute_url()
    third = ClientFactory(organization=john.organization)
    page = officer.get(pair_page(jon, third))  # the one who remains stands for the old ID
    assert {page.context["survivor"], page.context["gone"]} == {john, third}


def test_change_since_the_preview_shows_the_new_one(officer, john, jon):
    page = pair_page(john, jon)
    data = filled(opened(officer.get(page)), value_phone=str(jon.pk))
    AlertFactory(client=jon)
    answer = officer.post(page, data)
    form = opened(answer)
    assert "These records have changed" in answer.content.decode()
    assert form["value_phone"].value() == str(jon.pk)  # what was chosen is still chosen
    assert any(part.label == "Alerts" for part in answer.context["preview"].parts)
    assert officer.post(page, filled(form)).status_code == 302
    assert Client.objects.get(pk=john.pk).phone == "617-555-0199"


def test_enrollment_that_is_not_chosen_is_asked_for(press, officer, harbor, john, jon):
    project = ProjectFactory(organization=harbor, project_name="Harbor Shelter")
    first, _ = (EnrollmentFactory(client=one, project=project) for one in (john, jon))
    answer = press()
    assert "Choose one of the two." in answer.content.decode()
    assert not ClientMerge.objects.exists()
    assert press(**{f"keep_enrollment_{first.pk}": str(jon.pk)}).status_code == 302
    assert john.enrollments.get().pk != first.pk


@pytest.mark.parametrize("typed", ["", "0", "x", "9" * 30])
def test_forged_choice_is_refused(press, john, jon, typed):
    assert press(value_name=typed).status_code == 200
    assert not ClientMerge.objects.exists()


@pytest.mark.parametrize("seen", ["", "x", "0" * 32])
def test_forged_digest_shows_the_preview_again(press, john, jon, seen):
    assert "These records have changed" in press(seen=seen).content.decode()
    assert not ClientMerge.objects.exists()


def test_restricted_pair_is_told_what_to_do(officer, john, jon):
    Client.objects.filter(pk=jon.pk).update(visibility="own")
    page = officer.get(pair_page(john, jon))
    assert "Change who may see it in Edit Client first" in page.content.decode()
    assert b">Merge</button>" not in page.content


def test_view_of_both_is_in_the_access_log(officer, dana, harbor, john, jon):
    officer.get(pair_page(john, jon))
    views = ClientAccess.objects.values_list("client", "user", "organization", "page", "kind")
    assert set(views) == {
        (client.pk, dana.pk, harbor.pk, "admin:clients_merge", "view") for client in (john, jon)
    }


def test_cost_of_the_page_does_not_grow(officer, john, jon, django_assert_max_num_queries):
    for make in MAKERS.values():
        make(john)
        make(jon)
    for _ in range(20):
        CaseNoteFactory(client=jon)
    with django_assert_max_num_queries(25):
        officer.get(pair_page(john, jon))


# who


@pytest.mark.parametrize(
    ("who", "own", "shared", "theirs"),
    [
        ("alice", 403, 403, 403),
        ("charlie", 403, 403, 403),
        ("cass", 404, 404, 404),
        ("dana", "merges", "compares", 404),
        ("officer of both", "merges", "merges", "merges"),
        ("officer of the other", 404, "compares", "merges"),
        ("boss", "merges", "merges", "merges"),
    ],
)
def test_who_compares_and_who_merges(
    request, portal, who, own, shared, theirs, harbor, bridge, john, jon
):
    people = {
        "officer of both": lambda: UserFactory(dqo_at=[harbor, bridge]),
        "officer of the other": lambda: UserFactory(dqo_at=[bridge]),
    }
    browser = portal(people[who]() if who in people else request.getfixturevalue(who))
    strangers = ClientFactory.create_batch(2, organization=bridge)
    pairs = {own: (john, jon)}, {shared: (jon, strangers[0])}, {theirs: tuple(strangers)}
    for one in pairs:
        ((expected, pair),) = one.items()
        page = browser.get(pair_page(*pair), follow=True)
        sent = browser.post(pair_page(*pair), {"seen": "x"}, follow=True)
        if isinstance(expected, int):
            assert (page.status_code, sent.status_code) == (expected, expected), pair
            continue
        assert page.status_code == 200
        assert (b">Merge</button>" in page.content) is (expected == "merges")
        assert sent.status_code == (200 if expected == "merges" else 403)
        if expected == "compares":
            assert "an administrator merges them" in page.content.decode()
            assert b'type="radio"' not in page.content
    assert not ClientMerge.objects.exists()


def test_restricted_client_of_another_agency_is_not_there(officer, dana, harbor, bridge, john):
    hidden = ClientFactory(organization=bridge, visibility="own")
    assert officer.get(pair_page(john, hidden)).status_code == 404
    assert officer.get(pair_page(hidden, john)).status_code == 404
    assert officer.get(pair_page(john, Client(pk=10**15))).status_code == 404
    MembershipFactory(user=dana, organization=bridge)  # to see is not to manage
    page = officer.get(pair_page(john, hidden))
    assert b">Merge</button>" not in page.content


def test_client_is_not_compared_with_itself(officer, john):
    assert officer.get(pair_page(john, john)).status_code == 404


def test_merge_of_another_agency_is_neither_seen_nor_undone(portal, boss, bridge, officer):
    clients = ClientFactory.create_batch(2, organization=bridge)
    browser = portal(boss)
    browser.post(pair_page(*clients), filled(opened(browser.get(pair_page(*clients)))))
    page = ClientMerge.objects.get().get_absolute_url()
    for verb in (officer.get, officer.post):
        assert verb(page).status_code in (302, 404)
    assert ClientMerge.objects.in_force().exists()
    assert str(clients[0].pk) not in officer.get(
        reverse("admin:clients_clientmerge_changelist")
    ).context["cl"].queryset.values_list("pk", flat=True)
    assert browser.post(page).status_code == 302
    assert not ClientMerge.objects.in_force().exists()


def test_wrong_verb_is_refused(officer, john, jon, press):
    press()
    page = ClientMerge.objects.get().get_absolute_url()
    assert officer.delete(page).status_code == 405
    assert officer.put(pair_page(john, jon)).status_code == 405


# undo


def test_undo_leads_to_no_button_that_merges_them_again(press, officer, john, jon):
    press(follow=True)
    place = ClientMerge.objects.get().get_absolute_url()
    answer = officer.post(place, follow=True)
    assert messages(answer) == [
        f"Client ID {jon.pk} and Client ID {john.pk} are two clients again."
    ]
    assert answer.request["PATH_INFO"] == place
    for address in (john.get_absolute_url(), jon.get_absolute_url(), pair_page(john, jon)):
        assert f'href="{address}"' in answer.text
    assert "Undo this merge" not in answer.text
    again = officer.post(place, follow=True)
    assert "was undone already" in messages(again)[0]


def test_undo_in_the_evening_is_dated_by_the_agencys_clock(press, officer, dana):
    press()
    done = ClientMerge.objects.get()
    done.undone_at, done.undone_by = datetime(2026, 3, 3, 2, 30, tzinfo=UTC), dana
    done.save()
    page = officer.get(reverse("admin:clients_clientmerge_changelist")).content.decode()
    assert "Undone on 03/02/2026" in page
    assert "03/02/2026" in why_not(done)


def test_undo_that_has_to_wait_says_for_what(press, officer, harbor, john, jon):
    press()
    first = ClientMerge.objects.get()
    third = ClientFactory(organization=harbor)
    page = pair_page(john, third)
    officer.post(page, filled(opened(officer.get(page))))
    shown = officer.get(first.get_absolute_url())
    assert f"Client ID {third.pk} was merged into Client ID {john.pk}" in shown.content.decode()
    assert b"Undo this merge" not in shown.content
    answer = officer.post(first.get_absolute_url(), follow=True)
    assert "Undo that merge first." in messages(answer)[0]
    assert ClientMerge.objects.in_force().count() == 2


# reports


def test_report_leads_to_the_merge_and_tells_of_it(press, officer, harbor, john, jon):
    report = DuplicateReportFactory(organization=harbor, client_1=jon, client_2=john)
    change = reverse("admin:clients_duplicatereport_change", args=[report.pk])
    assert pair_page(jon, john) in officer.get(change).content.decode()
    assert report.comment in officer.get(pair_page(john, jon)).content.decode()
    press()
    html = officer.get(report.get_absolute_url()).content.decode()
    assert f"Client IDs {jon.pk} and {john.pk} were merged on" in html
    assert "Merged" in officer.get(change).content.decode()


def test_different_people_resolves_a_report_and_opens_it_again(officer, dana, harbor, john, jon):
    report = DuplicateReportFactory(organization=harbor, client_1=jon, client_2=john)
    resolve = reverse("admin:clients_duplicatereport_different", args=[report.pk])
    assert officer.get(resolve).status_code == 405
    officer.post(resolve)
    report.refresh_from_db()
    assert (report.resolution, report.resolved_by) == ("different", dana)
    html = officer.get(report.get_absolute_url()).content.decode()
    assert f"{dana} found on" in html
    officer.post(resolve, {"again": "1"})
    report.refresh_from_db()
    assert (report.resolution, report.resolved_by) == ("", None)


@pytest.mark.parametrize("resolution", ["different", "withdrawn"])
def test_different_people_opens_no_report_that_a_colleague_resolved(
    officer, alice, harbor, john, jon, resolution
):
    """Nor does the second half of a double click."""
    report = DuplicateReportFactory(organization=harbor, client_1=jon, client_2=john)
    report.resolve(resolution, by=alice)
    resolve = reverse("admin:clients_duplicatereport_different", args=[report.pk])
    assert "decided before" in messages(officer.post(resolve, follow=True))[0]
    report.refresh_from_db()
    assert (report.resolution, report.resolved_by) == (resolution, alice)


def test_withdrawn_report_has_no_button_that_does_nothing(officer, alice, harbor, john, jon):
    report = DuplicateReportFactory(organization=harbor, client_1=jon, client_2=john)
    page = reverse("admin:clients_duplicatereport_change", args=[report.pk])
    assert "Different people</button>" in officer.get(page).text
    report.resolve("withdrawn", by=alice)
    assert "Open again" not in officer.get(page).text


def test_report_of_another_agency_is_not_resolved(officer, bridge):
    clients = ClientFactory.create_batch(2, organization=bridge)
    report = DuplicateReportFactory(
        organization=bridge, client_1=clients[0], client_2=clients[1], visibility="all"
    )
    resolve = reverse("admin:clients_duplicatereport_different", args=[report.pk])
    assert officer.post(resolve).status_code == 404
    report.refresh_from_db()
    assert report.resolution == ""


def test_report_about_anothers_client_is_compared_and_says_who_merges(
    officer, portal, alice, harbor, bridge, john
):
    theirs = ClientFactory(organization=bridge)
    report = DuplicateReportFactory(organization=harbor, client_1=john, client_2=theirs)
    html = portal(alice).get(report.get_absolute_url()).content.decode()
    assert "They were filed by Harbor Services and Bridge House: an administrator merges" in html
    assert "Compare and merge" not in html
    assert "Compare and merge" in officer.get(report.get_absolute_url()).content.decode()


def test_report_of_merged_clients_leads_to_the_merge(press, officer, harbor, john, jon):
    report = DuplicateReportFactory(organization=harbor, client_1=john, client_2=jon)
    press()
    of_officers = reverse("admin:clients_duplicatereport_change", args=[report.pk])
    for page in (report.get_absolute_url(), of_officers):
        html = officer.get(page).content.decode()
        assert "Open the merge</a>" in html
        assert "Compare and merge" not in html


REPORTS = reverse_lazy("admin:clients_duplicatereport_changelist")


@pytest.mark.parametrize("is_deleted", [False, True])
def test_report_of_a_client_who_is_no_longer_shared_leads_nowhere_and_says_why(
    officer, charlie, harbor, bridge, john, is_deleted
):
    theirs = ClientFactory(organization=bridge)
    report = DuplicateReportFactory(organization=harbor, client_1=theirs, client_2=john)
    change = reverse("admin:clients_duplicatereport_change", args=[report.pk])
    assert report.get_absolute_url() in officer.get(REPORTS).text
    assert pair_page(theirs, john) in officer.get(change).text
    if is_deleted:
        theirs.mark_deleted(by=charlie)
    else:
        Client.objects.filter(pk=theirs.pk).update(visibility="own")
    for url in (REPORTS, change):
        html = officer.get(url).text
        assert "One of them is deleted or not shared with you." in html
        assert report.get_absolute_url() not in html
        assert pair_page(theirs, john) not in html


def test_report_of_two_clients_of_others_does_not_lead_to_a_merge(officer, harbor, bridge):
    one, other = ClientFactory.create_batch(2, organization=bridge)
    report = DuplicateReportFactory(organization=harbor, client_1=one, client_2=other)
    change = reverse("admin:clients_duplicatereport_change", args=[report.pk])
    html = officer.get(change).text
    assert "You cannot merge these two" in html
    assert pair_page(one, other) not in html
    assert report.get_absolute_url() in officer.get(REPORTS).text


def test_report_of_two_who_were_merged_leads_to_whom_they_became(press, officer, harbor, john, jon):
    report = DuplicateReportFactory(organization=harbor, client_1=jon, client_2=john)
    press()
    assert report.get_absolute_url() in officer.get(REPORTS).text
    assert officer.get(report.get_absolute_url()).status_code == 200


def test_report_of_two_whom_an_officer_of_both_merged_leads_the_officer_of_one_to_no_merge(
    officer, portal, harbor, bridge, john
):
    both = portal(UserFactory(dqo_at=[harbor, bridge]))
    theirs = ClientFactory(organization=bridge)
    report = DuplicateReportFactory(organization=harbor, client_1=john, client_2=theirs)
    page = pair_page(john, theirs)
    both.post(page, filled(opened(both.get(page))))
    change = reverse("admin:clients_duplicatereport_change", args=[report.pk])
    assert page in both.get(change).text
    for url in (change, report.get_absolute_url()):
        answer = officer.get(url)
        assert answer.status_code == 200
        assert page not in answer.text


def test_queries_of_the_reports_do_not_grow_with_them(officer, harbor, bridge, john, dana):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            officer.get(REPORTS)
        return len(captured)

    officer.get(REPORTS)
    DuplicateReportFactory(organization=harbor, created_by=dana, client_2=john)
    before = queries()
    for visibility in ("all", "own", "all"):
        theirs = ClientFactory(organization=bridge, visibility=visibility)
        DuplicateReportFactory(organization=harbor, created_by=dana, client_1=theirs, client_2=john)
    assert queries() == before


# the old ID


@pytest.fixture
def merged(press, john, jon):
    press()
    return ClientMerge.objects.get()


def test_old_id_finds_the_person_everywhere(merged, portal, alice, john, jon):
    browser = portal(alice)
    page = browser.get(jon.get_absolute_url(), follow=True)
    note = f"Client ID {jon.pk} was merged into {john.pk} on "
    assert page.context["client"] == john
    assert note in messages(page)[0]
    edit = browser.get(reverse("clients:edit", args=[jon.pk]))
    assert edit.context["client"] == john
    assert note in edit.content.decode()
    assert note not in browser.get(reverse("clients:edit", args=[john.pk])).content.decode()
    search = browser.post(reverse("search"), {"q": str(jon.pk)}, follow=True)
    assert search.context["client"] == john


def test_old_name_finds_the_person_and_nobody_twice(merged, portal, alice, john):
    browser = portal(alice)
    found = browser.post(reverse("search"), {"q": "Jon Smyth"}, follow=True)
    assert "Jon Smyth" in found.content.decode()
    assert john.get_absolute_url() in found.content.decode()


def test_old_links_to_notes_and_files_work(officer, portal, alice, press, john, jon):
    note, document = CaseNoteFactory(client=jon, created_by=alice), file_of(jon)
    pages = [
        reverse("casenotes:note", args=[jon.pk, note.pk]),
        reverse("files:client_file", args=[jon.pk, document.pk]),
        reverse("files:download_client_file", args=[jon.pk, document.pk]),
    ]
    press()
    for page in pages:
        assert portal(alice).get(page, follow=True).status_code == 200, page


def test_merged_away_client_is_in_no_list(press, officer, portal, alice, john, jon):
    enrollment = EnrollmentFactory(client=jon, created_by=alice)
    CaseAssignmentFactory(enrollment=enrollment, case_manager=alice)
    third = ClientFactory(organization=john.organization)
    pair = PossibleDuplicateFactory(client_1=john, client_2=third)
    PossibleDuplicateFactory(client_1=jon, client_2=third)
    browser = portal(alice)
    browser.get(jon.get_absolute_url())
    press()
    home = browser.get(reverse("home")).content.decode()
    assert john.get_absolute_url() in home
    assert jon.get_absolute_url() not in home
    caseload = browser.get(reverse("enrollments:caseload")).content.decode()
    assert f"/clients/{john.pk}/" in caseload
    assert f"/clients/{jon.pk}/" not in caseload
    assert list(type(pair).objects.current()) == [pair]


def test_access_log_tells_of_views_under_either_id(merged, portal, alice, john, jon):
    before = ClientAccess.objects.filter(client=jon).count()
    portal(alice).get(john.get_absolute_url())
    assert before
    assert ClientAccess.objects.about(john).count() > before
    assert set(ClientAccess.objects.about(john).values_list("client", flat=True)) == {
        john.pk,
        jon.pk,
    }


def test_recent_client_that_was_merged_is_the_one_who_remains(press, alice, portal, john, jon):
    portal(alice).get(jon.get_absolute_url())
    press()
    assert ClientAccess.objects.recent_clients(alice, most=5) == [john]


def test_officer_reads_log_and_history_of_both_ids_at_the_one_who_remains(
    officer, portal, alice, press, john, jon
):
    portal(alice).get(jon.get_absolute_url())
    page = reverse("admin:clients_clientaccess_trail")
    before = len(officer.get(page, {"client": john.pk}).context["entries"])
    alone = len(officer.get(page, {"client": jon.pk}).context["entries"])
    press()
    views = officer.get(page, {"client": john.pk, "show": "views"}).context["entries"]
    assert {view.client_id for view in views} == {john.pk, jon.pk}
    changes = officer.get(page, {"client": john.pk}).context["entries"]
    # The merge itself changes both, and adds an alias.
    assert len(changes) == before + alone + 3
