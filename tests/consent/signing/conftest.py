"""A text that is in force, and a family of which somebody signs it."""

import json
from datetime import date

import pytest

from consent.models import ReleaseTemplate, TemplateText
from consent.texts import actions as templates_actions
from tests.consent.sealing import keys
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ClientFactory, ProjectFactory, UserFactory

TODAY = date(2026, 3, 2)
NAME = [[200, 700, 600, 300, 900, 700], [1100, 500, 1700, 450]]  # somebody's hand
DRAWN = json.dumps(NAME)
TEXTS = {
    "en": ("Release for {client}", "{client} lets {organization} share.\n\nUntil {end}."),
    "es": ("Permiso de {client}", "{client} permite a {organization} compartir.\n\nHasta {end}."),
}


@pytest.fixture(autouse=True)
def today(time_machine):
    """Noon in New York on a fixed day."""
    time_machine.move_to("2026-03-02T17:00:00Z", tick=False)
    return TODAY


@pytest.fixture(scope="session")
def pair():
    return keys.pair()


@pytest.fixture(autouse=True)
def seal(settings, pair):
    keys.use(settings, pair)
    settings.RELEASE_TIMESTAMP_URL = settings.RELEASE_TIMESTAMP_CERTIFICATES = ""


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


@pytest.fixture
def family(harbor, alice):
    """John, who heads the household, Jane, his wife, and Jimmy, who turns 18 on May 6, 2028."""
    shelter = ProjectFactory(organization=harbor, project_name="Harbor Family Shelter")
    own = {"organization": harbor, "created_by": alice}
    people = [
        ClientFactory(first_name="John", dob=date(1980, 5, 17), **own),
        ClientFactory(first_name="Jane", dob=date(1983, 2, 3), **own),
        ClientFactory(first_name="Jimmy", dob=date(2010, 5, 6), **own),
    ]
    head = EnrollmentFactory(client=people[0], project=shelter, created_by=alice)
    for client, relationship in zip(people[1:], (3, 2), strict=True):
        EnrollmentFactory(
            client=client,
            project=shelter,
            household=head.household,
            relationship_to_hoh=relationship,
            created_by=alice,
        )
    return people


@pytest.fixture
def john(family):
    return family[0]


@pytest.fixture
def jane(family):
    return family[1]


@pytest.fixture
def jimmy(family):
    return family[2]
