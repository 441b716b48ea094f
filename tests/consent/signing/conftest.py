"""A text that is in force, and a family of which somebody signs it."""

import json

import pytest

from tests.consent.factories import published
from tests.factories import UserFactory

NAME = [[200, 700, 600, 300, 900, 700], [1100, 500, 1700, 450]]  # somebody's hand
DRAWN = json.dumps(NAME)
TEXTS = {
    "en": ("Release for {client}", "{client} lets {organization} share.\n\nUntil {end}."),
    "es": ("Permiso de {client}", "{client} permite a {organization} compartir.\n\nHasta {end}."),
}


@pytest.fixture(autouse=True)
def always(today, seal):
    pass


@pytest.fixture
def publish(db):
    """A function that publishes a text, of the CoC unless an organization is named."""
    administrator = UserFactory(is_superuser=True, is_staff=True)

    def publish_it(texts=None, **columns):
        columns = {"is_sample": False} | columns
        return published(by=administrator, texts=texts or TEXTS, **columns)

    return publish_it


@pytest.fixture
def version(publish):
    return publish()
