import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from files.models import ClientFile
from hmis import file_stores
from tests.factories import ClientFactory
from tests.files.s3_server import KEY, SECRET, S3Server
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


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory):
    server = S3Server(tmp_path_factory.mktemp("s3"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def s3(s3_server, settings):
    """Clients' files are in the S3 server."""
    s3_server.bucket = s3_server.new_bucket()
    store = file_stores.s3(
        s3_server.bucket,
        endpoint_url=s3_server.url,
        region_name="us-east-1",
        access_key=KEY,
        secret_key=SECRET,
        addressing_style="path",
    )
    settings.STORAGES = settings.STORAGES | {"default": store}
    yield s3_server
    if s3_server.process is None:
        s3_server.start()


@pytest.fixture
def file_system(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.fixture(params=["file_system", "s3"])
def each_store(request):
    """The test runs on the file system and on a real S3 server."""
    request.getfixturevalue(request.param)
    return request.param
