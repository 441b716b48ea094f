"""A text that is in force, and a family of which somebody signs it."""

import json

import pytest

from consent.models import ReleaseTemplate, TemplateText
from consent.texts import actions as templates_actions
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

    def published(texts=None, *, organization=None, **columns):
        template, _ = ReleaseTemplate.objects.get_or_create(
            organization=organization, defaults={"created_by": administrator}
        )
        draft = templates_actions.start_draft(template=template, by=administrator)
        for name, value in ({"is_sample": False, "months": 12} | columns).items():
            setattr(draft, name, value)
        draft.save()
        draft.texts.all().delete()
        for language, (title, text) in (texts or TEXTS).items():
            TemplateText.objects.create(version=draft, language=language, title=title, text=text)
        seen = templates_actions.seen(type(draft).objects.get(pk=draft.pk))
        return templates_actions.publish(version=draft, seen_as=seen, by=administrator)

    return published


@pytest.fixture
def version(publish):
    return publish()
