"""A draft is its owner's alone, keeps what was typed, and loses nothing to a second page (4.7)."""

import uuid
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from agencies.use_limits import UseLimit
from clients.models import ClientAccess, ClientSearch
from enrollments.intake.draft.sections import Step
from enrollments.intake.draft.start import start
from enrollments.models import IntakeDraft
from privacy.erasure.plan import drafts_naming
from records.models import Visibility
from tests.enrollments.intake.conftest import Walk
from tests.factories import ClientFactory

pytestmark = pytest.mark.django_db
LONG = "9" * 5000  # more than Python reads as a number


def typed(draft, step):
    return IntakeDraft.objects.get(pk=draft.pk).answers.typed(step)


def test_begins_for_the_organization_that_the_page_was_opened_for(portal, alice, ann, harbor):
    browser = portal(alice)
    page = browser.get(f"/intake/?client={ann.pk}")
    assert "Start intake" in page.content.decode()
    answer = browser.post(f"/intake/start/{ann.pk}/", {"organization": harbor.pk})
    draft = IntakeDraft.objects.get()
    assert answer["Location"] == f"/intake/{draft.pk}/basic/"
    assert (draft.created_by, draft.organization, draft.client) == (alice, harbor, ann)


def test_does_not_begin_for_an_organization_without_access(portal, alice, ann, bridge):
    portal(alice).post(f"/intake/start/{ann.pk}/", {"organization": bridge.pk})
    assert not IntakeDraft.objects.exists()


@pytest.mark.parametrize(
    ("step", "answers"),
    [
        (Step.FAMILY, {"member": LONG}),
        (Step.PROGRAM, {"c{}-case_manager": LONG}),
        (Step.PROGRAM, {"copy": f"{LONG}:entry_date"}),
    ],
)
def test_id_of_thousands_of_digits_is_nobodys(walk, ann, step, answers):
    """Nor does it keep others from erasing a client: that looks through all drafts."""
    answers = {name.format(ann.pk): value for name, value in answers.items()}
    assert walk.save(step, answers).status_code in (200, 302)
    assert walk.see(step).status_code == 200
    assert drafts_naming([ann.pk]) == [walk.draft]


def test_beginning_again_leads_to_the_paused_one(alice, harbor, ann, draft):
    assert start(by=alice, organization=harbor, client=ann) == draft


@pytest.mark.parametrize("who", ["bob", "charlie", "dana"])
def test_is_nobody_elses(request, portal, draft, who):
    browser = portal(request.getfixturevalue(who))
    address = f"/intake/{draft.pk}/"
    assert browser.get(f"{address}basic/").status_code == 404
    for tail in ("basic/", "basic/autosave/", "discard/", "restore/", "finish/"):
        assert browser.post(address + tail).status_code == 404, tail


def test_is_not_its_owners_any_more_without_access_to_the_organization(walk, alice, bridge):
    alice.memberships.create(organization=bridge)
    alice.memberships.exclude(organization=bridge).delete()
    assert walk.see(Step.BASIC).status_code == 404


def test_client_who_is_restricted_since_hides_it(walk, ann, bridge):
    type(ann).objects.filter(pk=ann.pk).update(
        visibility=Visibility.OWN_ORGANIZATION, organization=bridge
    )
    assert walk.see(Step.BASIC).status_code == 404


@pytest.mark.parametrize("page", ["/", "/intake/"])
def test_list_does_not_name_a_client_whom_its_owner_may_not_see(portal, alice, draft, ann, page):
    browser = portal(alice)
    assert "Lee, Ann" in browser.get(page).text
    assert ClientAccess.objects.get(kind="list").listed == [ann.pk]
    type(ann).objects.filter(pk=ann.pk).update(date_deleted=timezone.now(), deleted_by=alice)
    text = browser.get(page).text
    assert draft.get_absolute_url() in text
    assert "A client you no longer have access to" in text
    assert "Lee" not in text
    assert ClientAccess.objects.filter(kind="list").count() == 1, "nobody else was listed"


def test_list_costs_one_query_and_reads_the_names_alone(draft, alice, django_assert_num_queries):
    with django_assert_num_queries(1) as queries:
        [listed] = IntakeDraft.objects.owned_by(alice).paused().listed_for(alice)
        assert listed.label == "Lee, Ann"
        assert listed.get_absolute_url() == draft.get_absolute_url()
        assert (listed.answers.title, listed.step_label) == ("Intake", "Basic Client Information")
        assert str(listed.organization)
        assert timezone.now() - listed.updated_at < timedelta(hours=1)
    [sql] = [query["sql"] for query in queries.captured_queries]
    assert '"clients_client"."first_name"' in sql
    assert '"clients_client"."address1"' not in sql


def test_unknown_step_and_draft_are_not_found(walk):
    assert walk.browser.get(f"/intake/{walk.draft.pk}/nonsense/").status_code == 404
    assert walk.browser.get(f"/intake/{uuid.uuid4()}/basic/").status_code == 404


def test_steps_after_the_enrollment_need_it_first(walk):
    assert walk.see(Step.INCOME)["Location"] == walk.url(Step.PROGRAM)
    assert walk.save(Step.INCOME)["Location"] == walk.url(Step.PROGRAM)


def test_every_view_of_a_member_is_logged(walk, project, ann, ben, alice):
    walk.enroll(project, ann, ben)
    before = ClientAccess.objects.filter(client=ben).count()
    walk.see(Step.BARRIERS)
    row = ClientAccess.objects.filter(client=ben).first()
    assert ClientAccess.objects.filter(client=ben).count() == before + 1
    assert (row.user, row.page) == (alice, "enrollments:intake_step")


def test_answers_are_encrypted(walk, project, ann):
    walk.save(Step.BASIC, walk.basic() | {"last_name": "Sesame", "ssn": "12"})
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT answers_json FROM enrollments_intakedraft")
        assert "Sesame" not in cursor.fetchone()[0]


def test_keeps_what_was_typed_even_with_errors(walk, project, ann):
    walk.enroll(project, ann)
    answer = walk.save(
        Step.UNIVERSAL,
        {f"c{ann.pk}-living_situation": "116", f"c{ann.pk}-date_to_street_essh": "31/31/31"},
    )
    assert answer.context["errors"]
    assert typed(walk.draft, Step.UNIVERSAL)[f"c{ann.pk}-date_to_street_essh"] == "31/31/31"
    assert 'value="31/31/31"' in walk.see(Step.UNIVERSAL).content.decode()


def test_back_keeps_what_was_typed_and_asks_nothing(walk, project, ann):
    walk.enroll(project, ann)
    data = {f"c{ann.pk}-income_from_any_source": "1"}
    answer = walk.save(Step.INCOME, data, button="back")
    assert answer["Location"] == walk.url(Step.VIOLENCE)
    assert typed(walk.draft, Step.INCOME)[f"c{ann.pk}-income_from_any_source"] == "1"


def test_save_and_close_leads_to_the_list_and_back_to_the_step(walk, project, ann):
    walk.enroll(project, ann)
    answer = walk.save(Step.BARRIERS, {f"c{ann.pk}-response_5": "0"}, button="close")
    assert answer["Location"] == "/intake/"
    page = walk.browser.get("/intake/").content.decode()
    assert "Lee, Ann" in page
    assert f'href="{walk.url(Step.BARRIERS)}"' in page
    assert f'href="{walk.url(Step.BARRIERS)}"' in walk.browser.get("/").content.decode()


def test_another_log_in_finds_everything_that_was_saved(walk, portal, alice, project, ann):
    walk.enroll(project, ann)
    walk.save(Step.BARRIERS, {f"c{ann.pk}-response_5": "8"})
    walk.browser.logout()
    again = Walk(portal(alice), walk.draft)
    row = again.see(Step.BARRIERS).context["page"].forms[0].rows[0]
    assert row.bound.value() == "8"
    again.finish()
    assert ann.disability_rows.get(disability_type=5).disability_response == 8


class TestTwoPages:
    def test_stale_page_overwrites_nothing_and_shows_what_differs(self, walk, project, ann):
        walk.enroll(project, ann)
        name = f"c{ann.pk}-response_5"
        walk.browser.post(walk.url(Step.BARRIERS), {"tab": "a", "seen": "0", name: "1"})
        answer = walk.browser.post(walk.url(Step.BARRIERS), {"tab": "b", "seen": "0", name: "0"})
        assert answer.status_code == 200
        assert answer.context["differing"] == ["Physical disability of Ann Lee"]
        assert typed(walk.draft, Step.BARRIERS)[name] == "1"
        # What was typed on the stale page is on it still; saved once more, it counts.
        assert answer.context["page"].forms[0].rows[0].bound.value() == "0"
        seen = Walk.hidden(answer, "seen")
        data = {"tab": "b", "seen": seen, "next": "1", name: "0"}
        assert walk.browser.post(walk.url(Step.BARRIERS), data).status_code == 302
        assert typed(walk.draft, Step.BARRIERS)[name] == "0"

    def test_different_steps_do_not_disturb_each_other(self, walk, project, ann):
        walk.enroll(project, ann)
        first = {"tab": "a", "seen": "0", "next": "1", f"c{ann.pk}-response_5": "0"}
        second = {"tab": "b", "seen": "0", "next": "1", f"c{ann.pk}-income_from_any_source": "0"}
        assert walk.browser.post(walk.url(Step.BARRIERS), first).status_code == 302
        assert walk.browser.post(walk.url(Step.INCOME), second).status_code == 302
        assert typed(walk.draft, Step.BARRIERS)[f"c{ann.pk}-response_5"] == "0"
        assert typed(walk.draft, Step.INCOME)[f"c{ann.pk}-income_from_any_source"] == "0"

    def test_the_same_answers_on_both_are_no_conflict(self, walk, project, ann):
        walk.enroll(project, ann)
        data = {"next": "1", f"c{ann.pk}-response_5": "0"}
        for tab in "ab":
            answer = walk.browser.post(walk.url(Step.BARRIERS), data | {"tab": tab, "seen": "0"})
            assert answer.status_code == 302


class TestAutosave:
    def save(self, walk, step, **data):
        return walk.browser.post(walk.url(step, "autosave/"), {"tab": "a", "seen": "0", **data})

    def test_keeps_what_is_typed_so_far(self, walk, project, ann):
        walk.enroll(project, ann)
        answer = self.save(walk, Step.BARRIERS, **{f"c{ann.pk}-response_5": "1"})
        assert "Saved" in answer.content.decode()
        assert Walk.hidden(answer, "seen") == "1"
        assert typed(walk.draft, Step.BARRIERS)[f"c{ann.pk}-response_5"] == "1"

    def test_of_a_page_that_is_being_saved_is_no_conflict(self, walk, project, ann):
        """The answer to an autosave may be lost when its page is left by Save & Next."""
        walk.enroll(project, ann)
        name = f"c{ann.pk}-response_5"
        self.save(walk, Step.BARRIERS, **{name: "8"})
        data = {"tab": "a", "seen": "0", "next": "1", name: "0"}
        assert walk.browser.post(walk.url(Step.BARRIERS), data).status_code == 302

    def test_that_arrives_after_save_and_next_of_its_page_overwrites_nothing(
        self, walk, project, ann
    ):
        walk.enroll(project, ann)
        name = f"c{ann.pk}-response_5"
        data = {"tab": "a", "seen": "0", "turn": "2", "next": "1", name: "0"}
        assert walk.browser.post(walk.url(Step.BARRIERS), data).status_code == 302
        self.save(walk, Step.BARRIERS, turn="1", **{name: "8"})
        assert typed(walk.draft, Step.BARRIERS)[name] == "0"

    def test_of_a_stale_page_saves_nothing(self, walk, project, ann):
        walk.enroll(project, ann)
        name = f"c{ann.pk}-response_5"
        walk.save(Step.BARRIERS, {name: "0"})
        answer = walk.browser.post(
            walk.url(Step.BARRIERS, "autosave/"), {"tab": "other", "seen": "0", name: "1"}
        )
        assert "saved on another page" in answer.content.decode()
        assert typed(walk.draft, Step.BARRIERS)[name] == "0"

    def test_does_not_prolong_the_session(self, walk):
        session = walk.browser.session
        session["seen"] = long_ago = int(timezone.now().timestamp()) - 900
        session.save()
        self.save(walk, Step.FAMILY)
        assert walk.browser.session["seen"] == long_ago

    def test_of_a_finished_draft_saves_nothing(self, walk, project, ann):
        walk.enroll(project, ann)
        walk.finish()
        self.save(walk, Step.BARRIERS, **{f"c{ann.pk}-response_5": "1"})
        assert walk.fresh().answers_json == ""


class TestBasicInformation:
    def test_is_saved_with_the_client_and_kept_no_longer(self, walk, ann):
        assert walk.save(Step.BASIC, walk.basic() | {"first_name": "Anna"}).status_code == 302
        ann.refresh_from_db()
        assert (ann.first_name, ann.version) == ("Anna", 2)
        assert typed(walk.draft, Step.BASIC) is None

    def test_client_changed_by_somebody_else_is_not_lost(self, walk, ann):
        mine = walk.basic() | {"first_name": "Anna"}
        type(ann).objects.filter(pk=ann.pk).update(first_name="Hanna", version=7)
        answer = walk.save(Step.BASIC, mine)
        assert answer.status_code == 200
        page = answer.content.decode()
        assert "Which First Name is right?" in page
        ann.refresh_from_db()
        assert ann.first_name == "Hanna"

    def test_unsaved_changes_keep_the_intake_from_being_finished(self, walk, project, ann):
        walk.enroll(project, ann)
        data = {"tab": "z", "seen": "1", "first_name": "Nanna"}
        walk.browser.post(walk.url(Step.BASIC, "autosave/"), data)
        assert walk.finish()["Location"] == walk.url(Step.REVIEW)
        assert "not saved yet" in walk.see(Step.REVIEW).content.decode()


class TestFamily:
    def test_people_of_earlier_households_are_listed(
        self, walk, portal, alice, harbor, project, ann, ben
    ):
        walk.enroll(project, ann, ben)
        walk.finish()
        ann.enrollments.update(exit_date=timezone.localdate())
        again = Walk(portal(alice), start(by=alice, organization=harbor, client=ann))
        page = again.see(Step.FAMILY)
        rows = page.context["candidates"]
        assert [(row.client, row.ticked) for row in rows] == [(ben, False)]
        assert rows[0].known_as.startswith("Spouse or partner in Harbor Transitional Housing")

    def test_relationship_of_the_earlier_household_is_offered(
        self, walk, portal, alice, harbor, project, ann, ben
    ):
        walk.enroll(project, ann, ben)
        walk.finish()
        again = Walk(portal(alice), start(by=alice, organization=harbor, client=ann))
        again.save(Step.FAMILY, {"member": [ben.pk]})
        form = again.see(Step.PROGRAM).context["form"]
        assert form[f"c{ben.pk}-relationship_to_hoh"].value() == "3"

    def test_search_leads_to_find_client_and_back_with_the_one_chosen(self, walk, ben, cal):
        answer = walk.save(
            Step.FAMILY, {"member": [cal.pk], "find-first_name": "Be"}, button="find"
        )
        search = ClientSearch.objects.get()
        assert answer["Location"] == f"/clients/find/{search.pk}/"
        results = walk.browser.get(answer["Location"]).content.decode()
        back = f"{walk.url(Step.FAMILY)}?client={ben.pk}"
        assert f'href="{back}"' in results
        page = walk.browser.get(back)
        assert {row.client for row in page.context["candidates"] if row.ticked} == {ben, cal}
        assert walk.save(Step.FAMILY, {"member": [ben.pk, cal.pk]}).status_code == 302
        assert set(walk.fresh().answers.people) == {walk.draft.client_id, ben.pk, cal.pk}

    def test_enter_in_a_box_searches(self, walk):
        answer = walk.save(Step.FAMILY, {"find-last_name": "Le"}, button="enter")
        assert answer["Location"].startswith("/clients/find/")

    def test_a_new_client_comes_back_too(self, walk):
        answer = walk.save(Step.FAMILY, {"find-last_name": "Zo"}, button="find")
        search = ClientSearch.objects.get()
        walk.browser.get(answer["Location"])
        data = {
            "organization": walk.draft.organization_id,
            "first_name": "Zoe",
            "last_name": "Zorn",
            "sex": "0",
        }
        answer = walk.browser.post(f"/clients/add/?search={search.pk}", data)
        assert answer["Location"].startswith(f"{walk.url(Step.FAMILY)}?client=")
        assert "Zoe Zorn" in walk.browser.get(answer["Location"]).content.decode()

    def test_searching_again_keeps_the_way_back(self, walk):
        walk.save(Step.FAMILY, {"find-last_name": "Le"}, button="find")
        first = ClientSearch.objects.get()
        answer = walk.browser.post("/clients/", {"last_name": "Li", "search": first.pk})
        again = ClientSearch.objects.exclude(pk=first.pk).get()
        assert answer["Location"] == again.get_absolute_url()
        assert again.return_to == walk.url(Step.FAMILY)

    def test_way_back_is_never_taken_from_the_browser(self, portal, alice, bob, walk):
        walk.save(Step.FAMILY, {"find-last_name": "Le"}, button="find")
        first = ClientSearch.objects.get()
        for search in (first.pk, "https://evil.example/", "x"):
            portal(bob).post(
                "/clients/", {"last_name": "Li", "search": search, "return_to": "//x/"}
            )
        assert {one.return_to for one in ClientSearch.objects.exclude(pk=first.pk)} == {""}

    def test_client_whom_the_user_may_not_see_is_not_added(self, walk, ben, bridge):
        type(ben).objects.filter(pk=ben.pk).update(
            visibility=Visibility.OWN_ORGANIZATION, organization=bridge
        )
        page = walk.see(Step.FAMILY, f"?client={ben.pk}")
        assert "Ben Lee" not in page.content.decode()
        assert walk.save(Step.FAMILY, {"member": [ben.pk]}).status_code == 302
        assert walk.fresh().answers.people == [walk.draft.client_id]

    def test_strangers_who_are_sent_as_ticked_count_as_opened(self, walk, harbor, settings):
        settings.USE_LIMITS = {"clients": UseLimit.parse("hour 3 3")}
        rows = ClientFactory.create_batch(6, organization=harbor, last_name="Quenby")
        first, others = [one.pk for one in rows[:3]], [one.pk for one in rows[3:]]
        assert "Quenby" in walk.save(Step.FAMILY, {"member": first, "find": ""}).text
        assert walk.save(Step.FAMILY, {"member": first}).status_code == 302
        assert "Quenby" in walk.see(Step.FAMILY).text, "counted before"
        answer = walk.save(Step.FAMILY, {"member": [*first, *others]})
        assert answer.status_code == 429
        assert "Quenby" not in answer.text
        kept = {"tab": "a", "seen": "", "member": others}
        walk.browser.post(walk.url(Step.FAMILY, "autosave/"), kept)
        assert walk.see(Step.FAMILY).status_code == 429

    def test_who_was_listed_by_a_search_and_is_ticked_does_not_count(self, walk, harbor, settings):
        settings.USE_LIMITS = {"clients": UseLimit.parse("hour 1 1")}
        rows = ClientFactory.create_batch(3, organization=harbor, last_name="Quenby")
        found = walk.save(Step.FAMILY, {"find-last_name": "Quenby"}, button="find")
        assert "Quenby" in walk.browser.get(found["Location"]).text
        answer = walk.save(Step.FAMILY, {"member": [one.pk for one in rows]})
        assert answer.status_code == 302


class TestDiscarding:
    def test_can_be_undone(self, walk):
        walk.browser.post(f"/intake/{walk.draft.pk}/discard/")
        page = walk.browser.get("/intake/").content.decode()
        assert "Restore" in page
        assert "Continue where you left off" not in page
        assert walk.see(Step.BASIC).status_code == 404
        answer = walk.browser.post(f"/intake/{walk.draft.pk}/restore/")
        assert answer["Location"] == walk.url(Step.BASIC)
        assert walk.see(Step.BASIC).status_code == 200

    def test_wipes_the_answers_after_an_hour(self, walk, capsys):
        walk.browser.post(f"/intake/{walk.draft.pk}/discard/")
        call_command("clear_expired")
        assert walk.fresh().answers_json
        long_ago = timezone.now() - timedelta(hours=2)
        IntakeDraft.objects.update(discarded_at=long_ago)
        call_command("clear_expired")
        assert walk.fresh().answers_json == ""
        assert walk.browser.post(f"/intake/{walk.draft.pk}/restore/").status_code == 404


def test_find_on_the_intake_page_leads_back_with_the_client(portal, alice, ann):
    browser = portal(alice)
    answer = browser.post("/intake/find/", {"last_name": "Le", "first_name": "An"})
    page = browser.get(answer["Location"]).content.decode()
    assert f'href="/intake/?client={ann.pk}"' in page
    assert "Start intake" in browser.get(f"/intake/?client={ann.pk}").content.decode()


def test_find_without_anything_typed_says_so(portal, alice):
    assert "Fill at least one box" in portal(alice).post("/intake/find/").content.decode()


def test_intake_stands_third_in_the_menu_with_the_open_client(portal, alice, ann):
    menu = portal(alice).get(ann.get_absolute_url()).context["menu"]["entries"]
    assert [one["label"] for one in menu[:3]] == ["Find Client", "Client Dashboard", "Intake"]
    assert menu[2]["url"] == f"/intake/?client={ann.pk}"
    menu = portal(alice).get("/clients/").context["menu"]["entries"]
    assert [one["url"] for one in menu if one["label"] == "Intake"] == ["/intake/"]
