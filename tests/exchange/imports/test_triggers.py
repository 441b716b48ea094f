"""What an import does at once for all rows, which triggers do for each: the same, in its words."""

import pgtrigger
import pytest
from django.db import connection

from clients.models import Client, NameForm
from clients.models.names import LONGEST_KEY
from enrollments.models import Disability, Enrollment, Household
from exchange.imports import at_once
from exchange.reading.refusals import RefusedError
from tests.exchange.sets import row
from tests.factories import ClientFactory

FORMS = ("client_id", "alias_id", "first_key", "last_key")


def disability(key: str, **cells: str) -> dict[str, str]:
    return row("Disabilities", DisabilitiesID=key, DisabilityType="5", **cells)


def test_name_forms_are_those_of_the_trigger(imported):
    imported.files.only()
    imported.row("Client")["LastName"] = "Garcia Lopez"
    imported.row("Client")["MiddleName"] = "Maria Jose"
    imported()
    written = set(NameForm.objects.values_list(*FORMS))
    assert len(written) > 2
    assert all(len(first) <= LONGEST_KEY for _, _, first, _ in written)
    forms = dict(Client.objects.values_list("pk", "name_forms"))
    NameForm.objects.all().delete()
    Client.objects.update(name_forms="")
    for pk, kept in forms.items():
        Client.objects.filter(pk=pk).update(name_forms=kept)  # the trigger writes them again
    assert set(NameForm.objects.values_list(*FORMS)) == written


def test_client_who_was_merged_in_the_meantime_is_followed(imported, monkeypatch):
    """Between the resolving of keys and the rows that are written."""
    imported.files.only("Disabilities")
    imported()
    gone = Client.objects.get(first_name="Ana")
    survivor = ClientFactory(organization=gone.organization)
    imported.files.rows["Disabilities"].append(
        disability("DI9", EnrollmentID="N1", PersonalID="C1", DataCollectionStage="2")
        | {"InformationDate": "2026-02-02"}
    )

    def merged(work, table):
        if table == "n_disabilities":
            Client.objects.filter(pk=gone.pk).update(merged_into=survivor)
        return follow(work, table)

    follow = at_once._follow_merges
    monkeypatch.setattr(at_once, "_follow_merges", merged)
    imported()
    assert Disability.objects.get(key="DI9").client == survivor


def test_row_on_a_deleted_enrollment_is_refused_in_the_words_of_the_trigger(imported, monkeypatch):
    imported.files.only("Disabilities")
    imported()
    enrollment = Enrollment.objects.get(enrollment_id="N1")
    imported.files.rows["Disabilities"].append(
        disability("DI9", EnrollmentID="N1", PersonalID="C1", DataCollectionStage="2")
        | {"InformationDate": "2026-02-02"}
    )

    def deleted(work, table):
        if table == "n_disabilities":
            enrollment.mark_deleted(by=imported.by)
        return check(work, table)

    check = at_once._are_filed_on_present
    monkeypatch.setattr(at_once, "_are_filed_on_present", deleted)
    with pytest.raises(RefusedError, match="The enrollment was deleted"):
        imported()
    assert not Disability.with_deleted.filter(key="DI9").exists()


def test_triggers_are_ignored_for_new_rows_alone(imported):
    imported.files.only()
    imported()
    assert Household.pgh_event_model.objects.count() == Household.objects.count() == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('pgtrigger.ignore', true)")
        assert not cursor.fetchone()[0]
    assert not pgtrigger.runtime.is_ignored("clients.Client:keeps_name_forms")
