"""No page of another agency says a word of what an agency keeps to itself (R16.2, docs/adr/0031).

Bridge House has a restricted row of every relation to a client and to an enrollment, with a canary
word in each text, dates and keys like no other row. The relations are found by walking them: a new
one fails here until `rows.MAKERS` has it. Alice and Dana work for Harbor, whose clients these are.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection, models
from django.urls import reverse

from clients.admin.deleted_records import DeletedRecordAdmin
from clients.merge.relations import relations
from clients.models import Client, ClientMerge
from data_quality.rules.catalog import RULES
from enrollments.models import Enrollment
from records.model_fields import KeyField
from tests.addresses import urls
from tests.casenotes.factories import CaseNoteFactory
from tests.clients.merge.rows import MAKERS
from tests.clients.merge.test_every_relation import EVERY, key
from tests.enrollments.factories import CaseAssignmentFactory, EnrollmentFactory
from tests.factories import MembershipFactory, ProjectFactory, UserFactory
from tests.pages import filled, opened, without_tokens

WORD, DAY, FIRST_KEY = "quokka", date(2025, 11, 23), 8_765_000
CANARIES = re.compile(
    rf"{WORD}|11/23/2025|2025-11-23|Nov\.? 23|November 23|\b8765\d\d\d\b", re.IGNORECASE
)
# Rows that are part of the client, or of the queue of duplicates, whoever wrote them: no agency has
# them to itself.
OF_THE_CLIENT = {
    ("clients.client", "merged_into"),
    ("clients.clientaccess", "client"),
    ("clients.emergencyaccess", "client"),  # a log, for whoever filed the client
    ("clients.ssnreveal", "client"),  # a log, as the one above
    ("clients.identitychange", "client"),  # of the client's own data, which all share
    ("clients.release", "client"),  # whoever sees the client sees what was agreed to
    ("clients.nameform", "client"),
    ("clients.duplicatekey", "client"),
    ("clients.clientalias", "client"),
    ("clients.clientmerge", "survivor"),
    ("clients.clientmerge", "merged"),
    ("clients.possibleduplicate", "client_1"),
    ("clients.possibleduplicate", "client_2"),
    ("privacy.erasure", "client"),  # of a client who is deleted, without any words
    ("files.clientphoto", "client"),  # photo_is_everybodys
}
KEPT_WORDS = {"page", "key", "token", "enrollment_id", "subject", "answers", "other_destination"}
OWNERS = ("organization", "user", "recipient")
MODELS = {key(field)[0]: field.model for field in EVERY}
# A report that two are one person is resolved by merging them, whoever made it.
RESOLVED = {"clients.DuplicateReport"}


def canary(model: type[models.Model], **own: Any) -> dict[str, Any]:
    """The columns that make a row Bridge House's, and tell it from all others."""
    columns: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        name = field.name
        if name in own:
            columns[name] = own[name]
        elif field.choices or name in KEPT_WORDS or field.unique or isinstance(field, KeyField):
            continue
        elif isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
            if not field.null:
                columns[name] = DAY
        elif name.endswith("_json"):
            columns[name] = f'{{"text": ["{WORD}"]}}'
        elif isinstance(field, models.CharField | models.TextField):
            columns[name] = WORD.title()[: field.max_length or 20]
    return columns


@pytest.fixture
def refuge(bridge):
    return ProjectFactory(organization=bridge, project_name="Quokka Refuge", pk=FIRST_KEY)


@pytest.fixture
def theirs(bridge, charlie, refuge, john, jon):
    """Bridge House's rows by model, of both clients; of Jon one more of each that is deleted."""
    own = {
        "organization": bridge,
        "created_by": charlie,
        "updated_by": charlie,
        "user": charlie,
        "recipient": charlie,
        "case_manager": charlie,
        "visibility": "own",
        "project": refuge,
    }
    makers = {one: MAKERS[one] for one in MAKERS if one not in OF_THE_CLIENT}
    for client in (john, jon):  # the makers file rows as the client was filed; none of it is saved
        client.organization, client.created_by = bridge, charlie
    found: dict[type[models.Model], list[Any]] = {}
    with far_keys([MODELS[label] for label, _ in makers]):
        for client, is_deleted in ((john, False), (jon, True), (jon, False)):
            for (label, _), make in makers.items():
                is_enrollment = label == "enrollments.enrollment"
                if is_enrollment and client.enrollments.filter(organization=bridge).exists():
                    continue
                row = make(client)
                table = type(row)._base_manager.filter(pk=row.pk)
                table.update(**canary(type(row), **own))
                if is_deleted and not is_enrollment and hasattr(row, "date_deleted"):
                    table.update(date_deleted=row.date_created, deleted_by=charlie)
                found.setdefault(type(row), []).append(row.pk)
    for client in (john, jon):
        client.refresh_from_db()
    return found


@contextmanager
def far_keys(tables: list[type[models.Model]]) -> Iterator[None]:
    """New rows of these tables get keys that no other row has."""
    names = [
        one._meta.db_table for one in set(tables) if one._meta.pk.get_internal_type() != "UUIDField"
    ]
    with connection.cursor() as cursor:
        before = {}
        for name in names:
            cursor.execute(f"SELECT nextval('{name}_id_seq')")
            (value,) = cursor.fetchone()
            # Far again, where a test that failed in here left it there.
            before[name] = value if value < FIRST_KEY else value + 100_000
            cursor.execute(f"SELECT setval('{name}_id_seq', {FIRST_KEY})")
        try:
            yield
        finally:  # a sequence is not rolled back
            for name, value in before.items():
                cursor.execute(f"SELECT setval('{name}_id_seq', {value})")


def rows_of(found):
    """Whole rows, but whose client they are of and whether they are exempt."""
    kept = {}
    for model, keys in found.items():
        names = {"client", "client_1", "client_2"}
        columns = [f.attname for f in model._meta.concrete_fields if f.name not in names]
        columns = [name for name in columns if name != "is_exempt"]
        kept[model] = list(
            model._base_manager.filter(pk__in=keys).order_by("pk").values_list(*columns)
        )
    return kept


@pytest.fixture
def own(harbor, alice, john, jon):
    """What Harbor itself has of both."""
    for client in (john, jon):
        project = ProjectFactory(organization=harbor)
        enrollment = EnrollmentFactory(client=client, project=project, entry_date=date(2025, 10, 6))
        begins = {"begins_on": date(2025, 10, 6)}
        CaseAssignmentFactory(enrollment=enrollment, case_manager=alice, **begins)
        CaseNoteFactory(client=client, created_by=alice)


LEFT_OUT = ("admin:", "account", "mfa", "socialaccount", "session", "health")


def portal_pages(client: Client, enrollment: Enrollment) -> list[str]:
    known = {"client_id": client.pk, "enrollment_id": enrollment.pk}
    return [
        reverse(name, kwargs={one: known[one] for one in wanted})
        for name, wanted in urls()
        if known.keys() >= set(wanted) and not name.startswith(LEFT_OUT)
    ]


def officers_pages(*clients: Client) -> list[str]:
    lists = [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
        if model._meta.app_label != "auth"
    ]
    trail = reverse("admin:clients_clientaccess_trail")
    trails = [f"{trail}?client={one.pk}&show={show}" for one in clients for show in ("", "views")]
    quality = [reverse("admin:quality_list", args=[rule.key]) for rule in RULES]
    files = [reverse("admin:quality_csv", args=[rule.key]) for rule in RULES]
    rules = f"{reverse('admin:quality')}?all=1"
    deleted = reverse("admin:deleted_records")
    return [reverse("admin:index"), deleted, rules, *lists, *trails, *quality, *files]


def read(browser, url):
    answer = browser.get(url, follow=True)
    body = b"".join(answer) if answer.streaming else answer.content
    # The projects of all agencies, to which a client can be referred, are no secret.
    return answer.status_code, re.sub(
        r"(?s)<datalist.*?</datalist>", "", body.decode(errors="replace")
    )


def assert_silent(browser, pages):
    read_well = 0
    for url in pages:
        status, body = read(browser, url)
        found = CANARIES.search(body)
        assert not found, (url, body[max(found.start() - 300, 0) : found.end() + 100])
        read_well += status == 200
    return read_well


def test_every_relation_is_an_agencys_own_or_of_the_client(theirs):
    of_an_agency = {key(field) for field in EVERY} - OF_THE_CLIENT
    assert {MODELS[label] for label, _ in of_an_agency} == theirs.keys()
    for model in theirs:
        assert set(OWNERS) & {field.name for field in model._meta.fields}, model


def test_every_relation_to_an_enrollment_is_a_relation_to_its_client_too():
    """So that the walk over the client's relations is one over the enrollment's."""
    of_clients = {field.model for field in EVERY}
    events = {model.pgh_event_model for model in of_clients if hasattr(model, "pgh_event_model")}
    assert {one.related_model for one in Enrollment._meta.related_objects} <= of_clients | events


@pytest.mark.usefixtures("theirs")
def test_canaries_are_seen_by_their_own_agency(portal, charlie, bridge, john):
    """Without this the others could not fail."""
    browser = portal(charlie)
    for name in ("dashboard", "alerts", "interested_others"):
        _, body = read(browser, reverse(f"clients:{name}", args=[john.pk]))
        assert CANARIES.search(body), name
    for name in ("enrollments:enrollments", "casenotes:notes", "casenotes:services"):
        _, body = read(browser, reverse(name, args=[john.pk]))
        assert CANARIES.search(body), name
    bea = UserFactory(dqo_at=[bridge])
    browser = portal(bea)
    lists = [
        one for one, kind in admin.site._registry.items() if isinstance(kind, DeletedRecordAdmin)
    ]
    answering = [
        model
        for model in lists
        if CANARIES.search(
            read(
                browser,
                reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"),
            )[1]
        )
    ]
    assert len(answering) >= 5


def test_case_manager_of_another_agency_reads_no_canary(theirs, own, portal, alice, john, jon):
    browser = portal(alice)
    for client in (john, jon):
        enrollment = client.enrollments.visible_to(alice).first()
        assert assert_silent(browser, portal_pages(client, enrollment)) > 20
    answer = browser.post(reverse("search"), {"q": "John Smith"}, follow=True)
    assert john.get_absolute_url() in answer.content.decode()
    assert not CANARIES.search(answer.content.decode())


def test_officer_of_another_agency_reads_no_canary(theirs, own, portal, dana, john, jon):
    pages = officers_pages(john, jon)
    assert assert_silent(portal(dana), pages) > len(pages) / 2


def merge_page(john, jon):
    return reverse("admin:clients_merge", args=[john.pk, jon.pk])


def test_preview_is_the_same_to_the_letter_whatever_another_agency_has(
    own, portal, dana, john, jon, request
):
    browser = portal(dana)
    before = without_tokens(read(browser, merge_page(john, jon))[1])
    request.getfixturevalue("theirs")
    after = without_tokens(read(browser, merge_page(john, jon))[1])
    assert after == before
    assert "Case notes" in after


def test_merge_and_undo_say_no_word_and_leave_every_row_as_it_was(
    theirs, own, portal, dana, alice, charlie, bridge, cas_organization, john, jon
):
    before = rows_of(theirs)
    browser = portal(dana)
    page = merge_page(john, jon)
    answer = browser.post(page, filled(opened(browser.get(page))), follow=True)
    done = ClientMerge.objects.in_force().get()
    assert not CANARIES.search(answer.content.decode())
    enrollment = Enrollment.objects.visible_to(alice).filter(client=john).first()
    assert_silent(portal(alice), portal_pages(john, enrollment))
    assert_silent(browser, [done.get_absolute_url(), reverse("admin:index")])
    assert {model: rows for model, rows in rows_of(theirs).items() if not is_resolved(model)} == {
        model: rows for model, rows in before.items() if not is_resolved(model)
    }
    bea = UserFactory(dqo_at=[bridge])
    MembershipFactory(user=bea, organization=cas_organization)
    for relation in relations():
        if relation.model in theirs and not is_resolved(relation.model):
            keys = set(theirs[relation.model])
            seen = {
                pk
                for user in (bea, charlie)
                for pk in relation.rows_seen_by(user, john.pk).values_list("pk", flat=True)
            }
            assert keys <= seen, relation.model
    answer = browser.post(done.get_absolute_url(), follow=True)
    assert not CANARIES.search(answer.content.decode())
    assert "are two clients again" in answer.content.decode()
    assert rows_of(theirs) == before
    for model, keys in theirs.items():
        if not is_resolved(model):
            assert model._base_manager.filter(pk__in=keys, client=jon).exists(), model


def is_resolved(model: type[models.Model]) -> bool:
    return model._meta.label in RESOLVED


def test_shared_row_on_a_restricted_enrollment_is_not_seen(theirs, alice, charlie):
    """Nor would it be where somebody restricts the enrollment later."""
    on_enrollments = [
        model
        for model in theirs
        if any(f.name == "enrollment" and not f.null for f in model._meta.fields)
    ]
    assert len(on_enrollments) >= 7
    for model in on_enrollments:
        rows = model._base_manager.filter(pk__in=theirs[model])
        rows.update(visibility="all")
        assert not model.with_deleted.visible_to(alice).filter(pk__in=rows).exists(), model
        assert model.with_deleted.visible_to(charlie).filter(pk__in=rows).count() == rows.count()


def test_shared_note_does_not_name_a_restricted_enrollment(
    portal, alice, charlie, bridge, refuge, john
):
    own = {"client": john, "organization": bridge, "created_by": charlie}
    enrollment = EnrollmentFactory(project=refuge, visibility="own", **own)
    note = CaseNoteFactory(enrollment=enrollment, visibility="all", **own)
    page = reverse("casenotes:note", args=[john.pk, note.pk])
    assert "Quokka Refuge" in read(portal(charlie), page)[1]
    status, body = read(portal(alice), page)
    assert (status, WORD in body.lower()) == (200, False)
