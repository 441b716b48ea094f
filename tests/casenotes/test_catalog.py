"""Rows of Services.csv come under entries of the service catalog, which says what was provided."""

from datetime import date

import pytest
from django.urls import reverse

from casenotes.catalog import entries_of
from casenotes.models import ServiceType
from hud.choices import RecordType
from hud.rules.services import LISTS, types_provided
from tests.agencies.factories import FunderFactory
from tests.casenotes.factories import ServiceTypeFactory
from tests.factories import OrganizationFactory, ProjectFactory
from tests.pages import filled

pytestmark = pytest.mark.django_db


def test_every_code_of_hud_gets_an_entry_in_hud_words(harbor):
    every = {
        (harbor.pk, record_type, code)
        for record_type in LISTS
        for code, _ in types_provided(record_type).choices
    }
    entries = entries_of(every)
    assert entries.keys() == every
    for (organization, record_type, code), entry in entries.items():
        assert (entry.organization_id, entry.record_type, entry.type_provided) == (
            organization,
            record_type,
            code,
        )
        assert entry.name.startswith(types_provided(record_type).label(code))
        assert entry.unit == "count"
    names = ServiceType.objects.values_list("name", flat=True)
    assert len(set(names)) == len(every)
    assert {"Bed Night", "Case management", "Case management (HOPWA Service)"} <= set(names)


def test_second_import_finds_the_entries_of_the_first(harbor):
    wanted = {(harbor.pk, 200, 200), (harbor.pk, 144, 3)}
    assert entries_of(wanted) == entries_of(wanted)
    assert ServiceType.objects.count() == 2


def test_entry_that_the_organization_has_is_taken_whatever_it_is_called(harbor):
    own = ServiceTypeFactory(organization=harbor, name="Night", record_type=200, type_provided=200)
    ServiceTypeFactory(
        organization=harbor, name="Old", record_type=200, type_provided=200, is_active=False
    )
    assert entries_of([(harbor.pk, 200, 200)])[harbor.pk, 200, 200] == own


def test_entry_in_minutes_or_dollars_takes_no_row_of_a_file(harbor):
    own = ServiceTypeFactory(
        organization=harbor,
        name="Rental assistance",
        record_type=152,
        type_provided=1,
        unit="dollars",
    )
    entry = entries_of([(harbor.pk, 152, 1)])[harbor.pk, 152, 1]
    assert entry != own
    assert entry.name == "Rental assistance (SSVF Financial Assistance)"


def test_each_organization_has_its_own_entries(harbor):
    other = OrganizationFactory()
    entries = entries_of([(harbor.pk, 200, 200), (other.pk, 200, 200)])
    assert {entry.organization_id for entry in entries.values()} == {harbor.pk, other.pk}


def test_code_that_the_list_no_longer_has_keeps_its_number(harbor):
    entry = entries_of([(harbor.pk, 141, 99)])[harbor.pk, 141, 99]
    assert entry.hud_label == "PATH Service: 99"


def test_unknown_record_type_is_refused(harbor):
    with pytest.raises(ValueError, match="12"):
        entries_of([(harbor.pk, 12, 1)])


def add_form(portal, dana):
    url = reverse("admin:casenotes_servicetype_add")
    return portal(dana).get(url).context["adminform"].form


def test_officer_is_offered_first_what_the_funders_ask_for(portal, dana, harbor, bridge):
    groups = [str(group) for group, _ in add_form(portal, dana).fields["hud_service"].choices[1:]]
    assert groups == [RecordType(kind).label for kind in LISTS]
    FunderFactory(project=ProjectFactory(organization=harbor), funder=33)
    FunderFactory(
        project=ProjectFactory(organization=harbor),
        funder=21,
        start_date=date(2020, 1, 1),
        end_date=date(2020, 12, 31),
    )
    FunderFactory(project=ProjectFactory(organization=bridge), funder=22)
    groups = [str(group) for group, _ in add_form(portal, dana).fields["hud_service"].choices[1:]]
    assert groups[:3] == ["SSVF Service", "SSVF Financial Assistance", "PATH Service"]
    assert len(groups) == len(LISTS)


def test_entry_with_a_code_of_another_year_keeps_it(portal, dana, harbor):
    row = entries_of([(harbor.pk, 141, 99)])[harbor.pk, 141, 99]
    browser, url = portal(dana), reverse("admin:casenotes_servicetype_change", args=[row.pk])
    form = browser.get(url).context["adminform"].form
    assert browser.post(url, filled(form, name="Renamed")).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.record_type, row.type_provided) == ("Renamed", 141, 99)
