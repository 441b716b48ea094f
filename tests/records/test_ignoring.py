"""What every trigger asks for every row is answered quickly, and as pgtrigger answers it."""

import pgtrigger
import pytest
from django.db import connection

from clients.models import Alert
from records.ignoring import QUICK, WRITTEN_BY_PGTRIGGER
from tests.factories import AlertFactory

EVENTS = Alert.pgh_event_model.objects
IS_IGNORED = "SELECT public._pgtrigger_should_ignore('pgtrigger_one')"


@pytest.fixture
def alert(db):
    return AlertFactory(text="Allergic to dogs")


def test_migrate_has_replaced_the_function(db):
    """A later migration with a trigger writes pgtrigger's own again: `migrate` runs to the end."""
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN_BY_PGTRIGGER)
        assert cursor.rowcount == 0
        cursor.execute(f"EXPLAIN VERBOSE {IS_IGNORED}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "current_setting" in plan  # put into the caller
    assert "_pgtrigger_should_ignore" not in plan


@pytest.mark.parametrize(
    ("setting", "is_ignored"),
    [
        ("", False),
        ("{}", False),
        ("{pgtrigger_two}", False),
        ("{x:pgtrigger_one}", False),
        ("{pgtrigger_one}", True),
        ("{pgtrigger_two,pgtrigger_one}", True),
        ("{pgtrigger_one,x:pgtrigger_one}", True),
        ("{pgtrigger_two,pgtrigger_one,x:pgtrigger_one}", True),
        ("{pgtrigger_one_more}", False),
    ],
)
def test_answers_as_pgtrigger(db, setting, is_ignored):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [setting])
        cursor.execute(IS_IGNORED)
        assert cursor.fetchone() == (is_ignored,)


def test_ignored_trigger_does_nothing_and_works_again_afterwards(alert):
    with pgtrigger.ignore("clients.Alert:update_update"):
        Alert.objects.update(text="Allergic to cats")
    assert EVENTS.filter(pgh_label="update").count() == 0
    Alert.objects.update(text="Allergic to dust")
    assert list(EVENTS.filter(pgh_label="update").values_list("text")) == [("Allergic to dust",)]


def test_other_triggers_go_on_while_one_is_ignored(alert):
    with pgtrigger.ignore("clients.Alert:insert_insert"):
        Alert.objects.update(text="Allergic to cats")
    assert EVENTS.filter(pgh_label="update").count() == 1


def test_function_of_pgtrigger_is_found(db):
    """Where a migration has just made a trigger, `migrate` has something to replace."""
    trigger = next(one for one in Alert._meta.triggers if one.name == "update_update")
    with connection.cursor() as cursor:
        cursor.execute(trigger.compile(Alert).install_sql)
        cursor.execute(WRITTEN_BY_PGTRIGGER)
        assert cursor.rowcount == 1
        cursor.execute(QUICK)
        cursor.execute(WRITTEN_BY_PGTRIGGER)
        assert cursor.rowcount == 0
