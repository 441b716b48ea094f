"""The database refuses bad rows by named constraints that have words for people.

Each constraint of each package stands in its `tests/<package>/constraints.py` with rows that it
accepts and rows that it refuses; a new one fails here until it does. Where a form can reach it,
the form says the same sentence.
"""

from itertools import chain
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, models, transaction

from clients.forms.client import ClientForm
from clients.forms.records import AlertForm
from clients.models import Alert
from records.constraints import constraint_message, constraint_name
from tests.agencies import constraints as of_agencies
from tests.cas import constraints as of_cas
from tests.casenotes import constraints as of_casenotes
from tests.clients import constraints as of_clients
from tests.consent import constraints as of_consent
from tests.data_quality import constraints as of_data_quality
from tests.enrollments import constraints as of_enrollments
from tests.exchange import constraints as of_exchange
from tests.factories import ClientFactory
from tests.files import constraints as of_files
from tests.pages import errors, form_of
from tests.privacy import constraints as of_privacy
from tests.tasks import constraints as of_tasks

PACKAGES = (
    *(of_agencies, of_cas, of_casenotes, of_clients, of_consent, of_data_quality),
    *(of_enrollments, of_exchange, of_files, of_privacy, of_tasks),
)
# constraint: (what it accepts, what it refuses), each a call that writes rows
ROWS = dict(chain.from_iterable(package.ROWS.items() for package in PACKAGES))
ELSEWHERE = {
    "affiliation_once",  # tests/agencies/test_set_up.py
    "organization_name_once",
    "project_coc_once",
    "known_browser_once",  # tests/agencies/test_security_alerts.py
    "security_alert_once_a_day",
    "security_alert_once_a_day_and_organization",
    "organization_sharing_in_force",  # a trigger keeps it: tests/agencies/test_sharing.py
    "form_draft_once_a_form",  # tests/clients/test_form_drafts.py
    "draft_once_a_form",  # tests/casenotes/test_drafts.py
}
OF_EVERY_RECORD = ("_visibility_is_known", "_deleted_by_somebody")
# No form writes a spelling or the draft of a note.
WITHOUT_WORDS = {"spelling_once", "draft_once_a_form"}


def constraints() -> dict[str, models.BaseConstraint]:
    return {
        constraint.name: constraint
        for app in apps.get_app_configs()
        if Path(app.path).parent == settings.BASE_DIR
        for model in app.get_models()
        for constraint in model._meta.constraints
    }


def cases(half: int) -> list:
    return [
        pytest.param(name, write, id=f"{name}-{number}")
        for name, halves in ROWS.items()
        for number, write in enumerate(halves[half])
    ]


def test_every_constraint_has_rows_that_it_accepts_and_refuses():
    assert sum(len(package.ROWS) for package in PACKAGES) == len(ROWS)
    assert all(accepted and refused for accepted, refused in ROWS.values())
    known = constraints().keys()
    assert {one for one in known - ROWS.keys() if not one.endswith(OF_EVERY_RECORD)} == ELSEWHERE
    assert ROWS.keys() <= known


def test_every_constraint_has_words_for_people():
    for name, constraint in constraints().items():
        if name not in WITHOUT_WORDS:
            words = str(constraint.violation_error_message)
            assert words != constraint.default_violation_error_message, name
            assert words[0].isupper(), name
            assert words.endswith("."), name


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "write"), cases(0))
def test_database_accepts(name, write):
    write()
    connection.check_constraints()


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "write"), cases(1))
def test_database_refuses(name, write):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        write()
    assert constraint_name(refused.value) == name
    assert constraint_message(refused.value)


# The same sentences through the forms


def test_form_says_that_an_alert_cannot_end_before_it_begins(alice, harbor):
    alert = Alert(client=ClientFactory(organization=harbor, created_by=alice))
    form = form_of(
        AlertForm,
        alice,
        instance=alert,
        text="x",
        begins_on="01/02/2026",
        ends_on="01/01/2026",
    )
    assert errors(form) == {"__all__": ["The alert cannot end before it begins."]}


def test_form_checks_a_constraint_whose_field_is_not_on_it(alice, harbor):
    client = ClientFactory(organization=harbor, created_by=alice)
    alert = Alert(client=client, visibility="foe")
    form = form_of(AlertForm, alice, instance=alert, text="x", begins_on="01/02/2026")
    assert errors(form) == {"__all__": ["Choose who may see this record."]}


def test_form_says_what_a_client_without_a_name_needs(alice):
    form = form_of(ClientForm, alice, name_data_quality="1")
    assert errors(form)["first_name"] == ["Enter a first name or a last name."]
