import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from files.models import ClientFile
from tests.factories import ClientFactory
from tests.files.samples import jpeg
from tests.pages import send


@pytest.fixture
def john(alice, harbor):
    return ClientFactory(organization=harbor, created_by=alice)


@pytest.fixture
def restricted(alice, harbor):
    return ClientFactory(organization=harbor, created_by=alice, visibility="own")


@pytest.fixture
def upload(portal, alice, john):
    """A function that adds a file to John's record, as Alice, and gives the answer."""

    def add(content=None, name="id.jpg", *, by=alice, to=john, **typed):
        file = SimpleUploadedFile(name, jpeg() if content is None else content)
        address = reverse("files:add_client_file", args=[to.pk])
        return send(portal(by), address, file=file, **typed)

    return add


@pytest.fixture
def filed(upload):
    """A function that adds a file and gives its record."""

    def add(*args, **options):
        answer = upload(*args, **options)
        assert answer.status_code == 302, answer.context["form"].errors
        return ClientFile.objects.latest("pk")

    return add
