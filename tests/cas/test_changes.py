"""Runs after the first of a day look only at clients of whom something was written meanwhile."""

from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.models import Membership
from cas import changes, pending
from cas.actions.scheduled import notify_scheduled
from cas.changes import Look
from cas.models import ScheduledRun
from records import changes as kit
from tests.cas.conftest import TODAY
from tests.cas.factories import AssessmentFactory, EventFactory
from tests.cas.mail.process import database_url
from tests.cas.test_scheduled import check_of
from tests.casenotes.factories import CaseNoteFactory, ServiceFactory
from tests.enrollments.factories import CaseAssignmentFactory
from tests.files.factories import file_of

CLIENT = "clients.Client"


@pytest.fixture(autouse=True)
def no_margin(monkeypatch):
    monkeypatch.setattr(kit, "MARGIN", timedelta(0))


@contextmanager
def quiet(monkeypatch):
    """Nothing that was written until now is new to the next look."""
    with monkeypatch.context() as patch:
        patch.setattr(changes, "versions_since", lambda model, _: none(model))
        yield


def none(model):
    return model.pgh_event_model.objects.filter(pgh_id=None)


def statements(run) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        run()
    return [query["sql"] for query in captured]


def test_run_with_nothing_written_meanwhile_asks_no_table_of_records(assigned, monkeypatch):
    notify_scheduled(on=TODAY)
    with quiet(monkeypatch):
        sql = statements(lambda: notify_scheduled(on=TODAY))
    assert len(sql) == 6
    assert not [one for one in sql if 'FROM "cas_event"' in one or 'FROM "clients_client"' in one]


def test_first_run_of_a_day_looks_at_all_clients(assigned, monkeypatch):
    assert Look(TODAY).among is None
    notify_scheduled(on=TODAY)
    with quiet(monkeypatch):
        assert Look(TODAY).among == []
        assert Look(TODAY + timedelta(days=1)).among is None


def test_run_that_breaks_off_leaves_its_work_to_the_next(assigned, monkeypatch):
    notify_scheduled(on=TODAY)
    before = ScheduledRun.objects.get()
    monkeypatch.setattr(pending, "expiring_files", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        notify_scheduled(on=TODAY)
    assert ScheduledRun.objects.values().get() == ScheduledRun.objects.values().get(pk=before.pk)
    assert ScheduledRun.objects.get().changes_from == before.changes_from


def test_every_table_that_decides_what_is_due_is_asked_what_changed(
    assigned, cass, john, monkeypatch
):
    """A table that `pending` begins to read, and nobody asks what changed in it, fails here."""
    EventFactory(enrollment=assigned.enrollment)
    read = " ".join(statements(lambda: notify_scheduled(on=TODAY)))
    asked = set()
    monkeypatch.setattr(changes, "versions_since", lambda model, _: asked.add(model) or none(model))
    notify_scheduled(on=TODAY)
    read_models = {
        model
        for model in apps.get_models()
        if f'"{model._meta.db_table}"' in read and hasattr(model, "pgh_event_model")
    }
    assert {model.__name__ for model in read_models} >= {"Client", "Event", "CaseNote", "Service"}
    assert read_models <= asked | {apps.get_model("enrollments", "Household")}
    for model in asked:
        names = {index.name for index in model.pgh_event_model._meta.indexes}
        assert f"{model._meta.model_name}_written_at" in names


@pytest.mark.django_db(transaction=True)
def test_what_is_written_of_a_client_or_a_case_manager_is_looked_at(
    assigned, alice, cass, cas_organization, john, harbor
):
    event = EventFactory(enrollment=assigned.enrollment)
    file = file_of(john, expires_on=TODAY + timedelta(days=90))
    for write in [
        lambda: type(event).objects.update(event_date=TODAY - timedelta(days=80)),  # a correction
        lambda: type(file).objects.update(expires_on=TODAY),
        lambda: file.mark_deleted(by=alice),
        lambda: AssessmentFactory(enrollment=assigned.enrollment),
        lambda: CaseNoteFactory(client=john).mark_deleted(by=alice),
        lambda: ServiceFactory(enrollment=assigned.enrollment).delete(),
        lambda: check_of(john, cass, cas_organization),
        lambda: type(assigned).objects.update(ends_on=TODAY),
        lambda: type(assigned.enrollment).objects.update(visibility="own"),
        lambda: type(john).objects.update(visibility="own"),
        lambda: Membership.objects.filter(user=alice, organization=harbor).delete(),
        lambda: type(alice).objects.filter(pk=alice.pk).update(is_active=False),
    ]:
        Look(TODAY).done()
        assert Look(TODAY).among == []
        write()
        assert Look(TODAY).among == [john.pk]


@pytest.mark.django_db(transaction=True)
def test_all_clients_are_looked_at_when_somebody_new_decides_for_all(
    assigned, cass, cas_organization
):
    for write in [
        lambda: type(cass).objects.filter(pk=cass.pk).update(first_name="Cassandra"),
        lambda: type(cas_organization).objects.update(organization_common_name="CAS"),
    ]:
        Look(TODAY).done()
        assert Look(TODAY).among == []
        write()
        assert Look(TODAY).among is None


@pytest.mark.django_db(transaction=True)
def test_what_commits_late_is_not_missed(assigned, john):
    """It began before a run and ends after it: the run has not seen it, and the next one does."""
    event = EventFactory(enrollment=assigned.enrollment)
    with psycopg.connect(database_url()) as other:
        other.execute("UPDATE cas_event SET event_date = event_date - 1 WHERE id = %s", [event.pk])
        Look(TODAY).done()
        Look(TODAY).done()
        other.commit()
    assert Look(TODAY).among == [john.pk]
    CaseAssignmentFactory(enrollment=assigned.enrollment)
    Look(TODAY).done()
    assert Look(TODAY).among == []
