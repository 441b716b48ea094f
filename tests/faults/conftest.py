import http.client
import shutil
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from tests.casenotes.factories import ServiceTypeFactory
from tests.enrollments.factories import EnrollmentFactory
from tests.factories import ClientFactory, OrganizationFactory, UserFactory
from tests.faults.processes import Postgres
from tests.server_process import ServerProcess

SERVICES = 2  # of each note, written in one transaction with it


@dataclass
class Answer:
    status: int
    body: str
    seconds: float


@dataclass
class Desk:
    """Somebody at work: a log-in of one user, and forms about one client.

    `acknowledged` are the titles of the notes that the server said it had saved.
    """

    port: int
    cookies: str
    token: str
    client_id: int
    service_type: int
    organization: int
    enrollment: int
    acknowledged: list[str] = field(default_factory=list)
    failed: int = 0

    def ask(self, path: str, form: dict[str, str] | None = None, timeout: float = 60) -> Answer:
        """Send one request. Raises OSError or HTTPException where no answer comes."""
        begin = time.monotonic()
        link = http.client.HTTPConnection("localhost", self.port, timeout=timeout)
        headers = {"Cookie": self.cookies}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            body = None if form is None else urlencode(form)
            link.request("GET" if form is None else "POST", path, body, headers)
            answer = link.getresponse()
            text = answer.read().decode()
        finally:
            link.close()
        return Answer(answer.status, text, time.monotonic() - begin)

    @property
    def client_page(self) -> str:
        return reverse("clients:dashboard", args=[self.client_id])

    def note(self, title: str) -> dict[str, str]:
        form = {
            "csrfmiddlewaretoken": self.token,
            "form_token": str(uuid.uuid4()),
            "date": f"{timezone.localdate():%m/%d/%Y}",
            "title": title,
            "text": "Met at the shelter",
            "visibility": "own",
            "organization": str(self.organization),
            "enrollment": str(self.enrollment),
            "services-TOTAL_FORMS": str(SERVICES),
            "services-INITIAL_FORMS": "0",
        }
        for number in range(SERVICES):
            form |= {
                f"services-{number}-service_type": str(self.service_type),
                f"services-{number}-date": form["date"],
                f"services-{number}-units": "1",
            }
        return form

    def write(self, title: str) -> None:
        """Send a note until the server has said that it is saved, as a patient person would."""
        form, deadline = self.note(title), time.monotonic() + 60
        while True:
            assert time.monotonic() < deadline, title
            try:
                answer = self.ask(reverse("casenotes:add", args=[self.client_id]), form)
            except (OSError, http.client.HTTPException):
                answer = None
            if answer and answer.status == 302:
                self.acknowledged.append(title)
                return
            assert answer is None or answer.status >= 500, answer
            self.failed += 1
            time.sleep(0.1)


@pytest.fixture(scope="module")
def postgres(django_db_setup, django_db_blocker) -> Iterator[Postgres]:
    """A database of this module, to be killed, in which the `desks` are known."""
    folder = Path(tempfile.mkdtemp(prefix="hmis-faults-"))
    folder.chmod(0o755)  # as root PostgreSQL runs under another account
    with django_db_blocker.unblock():
        try:
            desks = logged_in()
            postgres = Postgres(folder / "data")
        finally:  # the tests' own database is left as it was
            call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=False)
    postgres.desks = desks
    yield postgres
    postgres.stop()
    shutil.rmtree(folder, ignore_errors=True)


def logged_in() -> list[dict]:
    """Write case managers with a log-in and a client each."""
    harbor = OrganizationFactory()
    bus_pass = ServiceTypeFactory(organization=harbor, name="Bus pass")
    desks = []
    for _ in range(4):
        user = UserFactory(at=[harbor])
        client = ClientFactory(organization=harbor, created_by=user)
        enrollment = EnrollmentFactory(client=client, organization=harbor, created_by=user)
        browser = Browser()
        browser.force_login(user)
        browser.get(reverse("casenotes:add", args=[client.pk]))
        cookies = {name: one.value for name, one in browser.cookies.items()}
        desks.append(
            {
                "cookies": "; ".join(f"{name}={value}" for name, value in cookies.items()),
                "token": cookies[settings.CSRF_COOKIE_NAME],
                "client_id": client.pk,
                "service_type": bus_pass.pk,
                "organization": harbor.pk,
                "enrollment": enrollment.pk,
            }
        )
    return desks


@pytest.fixture(scope="module")
def people(postgres) -> Callable[[int], list[Desk]]:
    """A function that gives the desks at the server of a port."""
    return lambda port: [Desk(port=port, **desk) for desk in postgres.desks]


@pytest.fixture(scope="module")
def log(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("log") / "server.log"


@pytest.fixture(scope="module")
def server(postgres, log) -> Iterator[ServerProcess]:
    """Two workers over the database that is killed, with short time-outs."""
    server = ServerProcess(
        workers=2, log=log, DATABASE_URL=postgres.server_url, DATABASE_LOCK_SECONDS="2"
    )
    server.start()
    yield server
    server.kill()


@pytest.fixture
def desks(server, people) -> list[Desk]:
    return people(server.port)
