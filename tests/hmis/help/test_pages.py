"""The question mark: every page has the steps of its topic, or a reason why it has none."""

import html
import re

import pytest
from django.urls import reverse

from enrollments.models import IntakeDraft
from hmis.help.topics import WITHOUT, is_named, topics, topics_of
from tests.addresses import urls
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ClientFactory

BY_STEP = ("enrollments:intake_step", "enrollments:begin_step")
QUESTION_MARK = re.compile(
    r'<a class="bar-button"\s+href="(/help/[^"]*)"\s+title="(Help[^"]*)"\s*([^>]*)>'
)


def pages() -> list[str]:
    names = {name for name, _ in urls()}
    steps = {f"{name}/{step}" for name in BY_STEP for step in IntakeDraft.Step.values}
    return sorted(names | steps)


@pytest.fixture
def person(harbor, alice):
    client = ClientFactory(organization=harbor, created_by=alice)
    EnrollmentFactory(client=client, created_by=alice)
    return client


def question_mark(answer) -> tuple[str, str, str]:
    found = QUESTION_MARK.findall(answer.content.decode())
    assert len(found) == 1
    address, title, attributes = found[0]
    return address, html.unescape(title), attributes


def reasons_of(page: str) -> list[str]:
    return [reason for reason, names in WITHOUT.items() if is_named(page, names)]


def test_every_page_has_one_topic_or_one_reason():
    found = {page: [*(one.key for one in topics_of(page)), *reasons_of(page)] for page in pages()}
    assert {page: why for page, why in found.items() if len(why) != 1} == {}


def test_every_step_of_the_intake_has_a_topic_of_its_own():
    for step in IntakeDraft.Step.values:
        (topic,) = topics_of(f"enrollments:intake_step/{step}")
        assert topics_of(f"enrollments:begin_step/{step}") == (topic,)
        assert topic.key.startswith(("intake-", "exit-"))


def test_no_topic_and_no_reason_names_a_page_that_is_gone():
    patterns = [one for topic in topics().values() for one in topic.pages]
    patterns += [one for named in WITHOUT.values() for one in named]
    assert [one for one in patterns if not any(is_named(page, [one]) for page in pages())] == []
    assert len(patterns) == len(set(patterns))


def test_every_topic_is_the_help_of_a_page():
    assert [key for key, topic in topics().items() if not topic.pages] == []


@pytest.mark.parametrize(
    ("name", "topic"),
    [
        ("home", "find-your-way"),
        ("settings", "choose-your-organization"),
        ("clients:find", "find-a-client"),
        ("clients:dashboard", "client-dashboard"),
        ("clients:edit", "edit-a-client"),
        ("enrollments:enrollments", "enrollments"),
        ("enrollments:case_managers", "case-managers"),
        ("casenotes:notes", "find-and-read-case-notes"),
        ("casenotes:add", "write-a-case-note"),
        ("files:client_files", "client-files"),
        ("files:client_photo", "client-photo"),
        ("cas:events", "coordinated-access-events"),
    ],
)
def test_question_mark_opens_the_steps_of_the_page(portal, alice, person, name, topic):
    given = dict(urls())[name]
    browser = portal(alice)
    address, title, attributes = question_mark(
        browser.get(reverse(name, args=[person.pk] if given else []))
    )
    assert address == reverse("help_topic", args=[topic])
    assert title == f"Help: {topics()[topic].title}"
    assert "data-help " in attributes
    assert f'hx-get="{address}"' in attributes
    assert str(person.pk) not in address
    assert browser.get(address).status_code == 200


def test_question_mark_of_a_step_opens_the_help_of_that_step(portal, alice, harbor, person):
    draft = IntakeDraft.objects.create(
        created_by=alice, organization=harbor, client=person, step="basic"
    )
    page = portal(alice).get(reverse("enrollments:intake_step", args=[draft.pk, "basic"]))
    assert question_mark(page)[0] == "/help/intake-basic/"


@pytest.mark.parametrize(
    ("name", "topic"),
    [
        ("admin:index", "data-quality-workspace"),
        ("admin:agencies_user_changelist", "users-and-access"),
        ("admin:clients_clientmerge_changelist", "merge-duplicates"),
        ("admin:files_clientfile_changelist", "restore-deleted-records"),
        ("admin:quality", "data-quality-rules"),
    ],
)
def test_question_mark_is_in_the_workspace_of_officers_too(portal, dana, name, topic):
    assert question_mark(portal(dana).get(reverse(name)))[0] == f"/help/{topic}/"


def test_question_mark_of_a_page_that_is_not_there_leads_to_the_index(portal, alice):
    page = portal(alice).get("/no/such/page/")
    assert page.status_code == 404
    assert question_mark(page)[:2] == ("/help/", "Help")


def test_help_opens_no_panel_beside_itself(portal, alice):
    browser = portal(alice)
    for address in ("/help/", "/help/find-a-client/", "/help/questions/"):
        found, _, attributes = question_mark(browser.get(address))
        assert found == "/help/"
        assert "data-help" not in attributes


def test_log_in_page_has_help_before_anybody_logs_in(client, db):
    page = client.get(reverse("account_login")).content.decode()
    assert 'href="/help/log-in/"' in page
    assert client.get("/help/log-in/").status_code == 200
