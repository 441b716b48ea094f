"""What the bench copies is what the product would have written, and its pages open."""

import pytest
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from agencies.models import User
from clients.models import Client, NameForm, Release
from enrollments.models import CaseAssignment, Enrollment
from files.models import StoredFile
from files.store import number_of
from tests.bench import releases, sharing
from tests.bench.copying import write_history
from tests.bench.desk import pages
from tests.bench.fill import set_up, write
from tests.bench.state import ALICE, CASELOAD, DANA, State

pytestmark = pytest.mark.django_db

SIZE = 50


@pytest.fixture
def filled(db):
    """With every constraint, foreign key and trigger in force."""
    assert list(write(State(SIZE, *set_up(SIZE), timezone.localdate()))) == [SIZE]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_few_clients_are_as_the_product_has_them(filled):
    assert Client.objects.count() == SIZE
    alice = User.objects.get(email=ALICE)
    active = CaseAssignment.objects.active_on(timezone.localdate()).filter(case_manager=alice)
    assert active.count() == CASELOAD
    assert NameForm.objects.exists()  # by the trigger, from the keys that were copied
    for client in Client.objects.all():
        copied = (client.first_key, client.last_key, client.name_forms, client.ssn_hash, client.ssn)
        client.save()
        again = Client.objects.get(pk=client.pk)
        assert copied == (
            *(again.first_key, again.last_key, again.name_forms, again.ssn_hash, again.ssn),
        )


def test_files_have_keys_of_the_store(filled):
    for file in StoredFile.objects.all():
        assert number_of(file.key) == number_of(file.thumbnail_key) == file.pk
        assert file.key.startswith("files/")


@pytest.mark.parametrize("model", [Client, Enrollment])
def test_history_is_written_as_the_trigger_writes_it(filled, model):
    events = model.pgh_event_models["insert"].objects.order_by("pgh_id")
    by_trigger = {row["pgh_obj_id"]: own(row) for row in events.values()}
    last = events.last().pgh_id
    write_history(model)
    written = events.filter(pgh_id__gt=last)
    assert {row["pgh_obj_id"]: own(row) for row in written.values()} == by_trigger
    row = model.objects.first()
    event = written.get(pgh_obj_id=row.pk)
    assert event.pgh_created_at == row.date_created
    assert event.pgh_context == {"user": row.created_by_id, "organization": row.organization_id}


def test_releases_are_as_the_product_has_them(filled):
    """With the trigger in force that derives what counts: nothing of it differs."""
    releases.write(timezone.localdate())
    in_force = Release.objects.in_force_on(timezone.localdate())
    assert in_force.values("client").distinct().count() == 0.6 * SIZE
    for_all = set(in_force.filter(covers=None).values_list("client", flat=True))
    clients = Client.objects.values_list("pk", flat=True)
    assert for_all == {pk for pk in clients if pk % 10 < sharing.FOR_ONE}
    for row in Release.objects.all():
        row.full_clean(exclude=["client"])


def own(row: dict) -> dict:
    """The columns of an event that are the row's."""
    return {name: value for name, value in row.items() if not name.startswith("pgh_")}


@override_settings(ROOT_URLCONF="tests.bench.urls")
def test_the_pages_that_are_measured_open(filled, portal):
    users = {"alice": User.objects.get(email=ALICE), "dana": User.objects.get(email=DANA)}
    browsers = {name: portal(user) for name, user in users.items()}
    found = list(pages(users["alice"]))
    assert len(found) > 25
    for page in found:
        answer = browsers[page.whose].get(page.addresses[-1])
        assert answer.status_code == 200, page.name
