"""The constraints of a row are checked once, as a whole, by the form that writes it."""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.forms import ModelForm, modelform_factory
from django.http import QueryDict
from django.urls import get_resolver

from agencies.models import Organization, ProjectCoC
from casenotes.models import CaseNote, ServiceType
from clients.models import Client
from enrollments.models import CaseAssignment
from records.checks import SelfChecked
from records.forms import CheckedForm
from tests.agencies.factories import ProjectCoCFactory
from tests.casenotes.factories import ServiceTypeFactory
from tests.enrollments.factories import CaseAssignmentFactory
from tests.factories import ClientFactory


def forms_below(kind: type[ModelForm]) -> Iterator[type[ModelForm]]:
    for one in kind.__subclasses__():
        yield one
        yield from forms_below(one)


def written_by_forms() -> Iterator[tuple[type, type[ModelForm]]]:
    assert get_resolver().url_patterns  # every page, and with it every form
    for form in forms_below(ModelForm):
        if model := getattr(getattr(form, "_meta", None), "model", None):
            yield model, form
    for site in admin.sites.all_sites:
        for model, page in site._registry.items():
            yield model, page.form


def test_every_form_of_a_self_checked_row_checks_its_constraints():
    pairs = {pair for pair in written_by_forms() if issubclass(pair[0], SelfChecked)}
    assert {Client, CaseNote, ServiceType, Organization} <= {model for model, _ in pairs}
    assert not {str(form) for _, form in pairs if not issubclass(form, CheckedForm)}


def refused(row, *fields: str, **typed: str) -> dict[str, list[str]]:
    """What a form of these fields says of a row."""
    data = QueryDict(mutable=True)
    data.update(typed)
    form = modelform_factory(type(row), form=CheckedForm, fields=fields)(data, instance=row)
    return {name: list(found) for name, found in form.errors.items()}


@pytest.mark.django_db
def test_rule_about_columns_that_are_on_no_form_is_checked():
    row = ClientFactory()
    row.ssn_data_quality = 1
    message = "An SSN is full or partial; without one, say why it is missing."
    assert refused(row) == {"__all__": [message]}
    assert refused(row, "email", email="no address") == {"email": ["Enter a valid email address."]}


@pytest.mark.django_db
def test_rule_that_an_import_marked_holds_again_once_its_column_is_edited():
    row = ClientFactory(ssn="", ssn_data_quality=1, breaks=["client_ssn_quality_fits"])
    assert not refused(row, "phone", phone="555-0100")
    row.ssn_data_quality = 2
    message = "An SSN is full or partial; without one, say why it is missing."
    assert refused(row, "phone", phone="555-0100") == {"__all__": [message]}


@pytest.mark.django_db
def test_what_stands_once_among_rows_that_are_not_deleted_is_asked_once(
    alice, django_assert_num_queries
):
    first = ProjectCoCFactory(coc_code="CA-501")
    again = ProjectCoC(project=first.project)
    typed = {"coc_code": "CA-501", "geocode": "061234", "geography_type": "1"}
    with django_assert_num_queries(3):  # a savepoint, the question, the end of the savepoint
        found = refused(again, *typed, **typed)
    assert found == {"__all__": ["The project has this Continuum of Care already."]}
    first.mark_deleted(by=alice)
    assert not refused(again, *typed, **typed)
    row = CaseAssignmentFactory(ends_on=None)
    again = CaseAssignment(enrollment=row.enrollment, case_manager=row.case_manager)
    again.client, again.organization = row.client, row.organization
    again.stamp(by=alice)
    assert refused(again, "begins_on", begins_on="11/28/2026") == {
        "__all__": ["This case manager is assigned to this enrollment already on these dates."]
    }


@pytest.mark.django_db
def test_row_that_was_chosen_is_not_looked_for_again(harbor, django_assert_num_queries):
    row = ServiceTypeFactory.build(organization=harbor, name="Bus pass")
    with django_assert_num_queries(2):  # the choice among organizations, and whether it is unique
        found = refused(row, "organization", "name", organization=str(harbor.pk), name="Ride")
    assert not found
