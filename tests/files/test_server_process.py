"""A real server process: its memory does not grow with a file, and it may be killed anywhere."""

import http.client
import os
import random
import re
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings as django_settings
from django.urls import reverse

from files import store
from files.models import ClientFile, StoredFile
from tests.factories import ClientFactory, OrganizationFactory, UserFactory
from tests.pages import filled, opened
from tests.server_process import environment, free_port

MEBI = 1024 * 1024
BOUNDARY = "boundary-of-a-test"
MAY_GROW = 12 * 1024  # KiB, whatever the file; the limit of an upload is 25 MiB

pytestmark = pytest.mark.django_db(transaction=True)


class Portal:
    """One gunicorn worker over the database and the file store of the tests."""

    def __init__(self, media, temporary, port):
        self.port, self.temporary = port, temporary
        keys = {
            "HMIS_DEMO": "1",
            "SECRET_KEY": django_settings.SECRET_KEY,
            "MEDIA_ROOT": str(media),
            "UPLOAD_TEMP_DIR": str(temporary),
        }
        command = [sys.executable, "-m", "gunicorn", "hmis.wsgi", "--workers", "1"]
        command += ["--config", "python:hmis.server.config"]
        self.process = subprocess.Popen(
            [*command, "--bind", f"127.0.0.1:{port}"],
            env=environment() | keys,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait()

    def _wait(self):
        for _ in range(300):
            try:
                self.get("/health/")
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise TimeoutError

    def get(self, path, cookies=""):
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        link.request("GET", path, headers={"Cookie": cookies})
        answer = link.getresponse()
        size = 0
        while block := answer.read(MEBI // 4):
            size += len(block)
        link.close()
        return answer.status, size

    @property
    def worker(self):
        children = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        with open(children) as listed:  # noqa: PTH123
            return int(listed.read().split()[0])

    def peak(self):
        """The worker's highest memory since `forget_peak`, in KiB."""
        with open(f"/proc/{self.worker}/status") as status:  # noqa: PTH123
            return int(re.search(r"VmHWM:\s+(\d+)", status.read())[1])

    def forget_peak(self):
        with open(f"/proc/{self.worker}/clear_refs", "w") as refs:  # noqa: PTH123
            refs.write("5")

    def stop(self, how=signal.SIGTERM):
        worker = self.worker
        if how == signal.SIGKILL:
            os.kill(worker, how)
        self.process.send_signal(how)
        self.process.wait(30)


@pytest.fixture
def server(tmp_path, settings):
    media, temporary = tmp_path / "media", tmp_path / "uploads"
    temporary.mkdir()
    settings.MEDIA_ROOT = str(media)
    portal = Portal(media, temporary, free_port())
    yield portal
    if portal.process.poll() is None:
        portal.stop()


@pytest.fixture
def sending(server, client):
    """A function that begins to send a file of so many MiB, up to a part of it."""
    harbor = OrganizationFactory()
    alice = UserFactory(at=[harbor])
    person = ClientFactory(organization=harbor, created_by=alice)
    client.force_login(alice)
    path = reverse("files:add_client_file", args=[person.pk])
    line = random.Random(7).randbytes(32 * 1024).hex().encode()

    def send(mebibytes, part=1.0):
        data = filled(opened(client.get(path)))
        token = client.cookies[django_settings.CSRF_COOKIE_NAME].value
        data["csrfmiddlewaretoken"] = token
        fields = "".join(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in data.items()
        )
        begin = (
            f'{fields}--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; '
            'filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n'
        ).encode()
        end = f"\r\n--{BOUNDARY}--\r\n".encode()
        blocks = mebibytes * MEBI // len(line)
        link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        link.putrequest("POST", path)
        link.putheader("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
        link.putheader("Content-Length", str(len(begin) + blocks * len(line) + len(end)))
        link.putheader("Cookie", cookies(client))
        link.endheaders()
        link.send(begin)
        for _ in range(int(blocks * part)):
            link.send(line)
        if part == 1:
            link.send(end)
        return link

    send.client = client
    return send


def cookies(client):
    return "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())


def test_memory_does_not_grow_with_the_file(server, sending, record_property):
    assert sending(1).getresponse().status == 302  # what is imported once is imported now
    peaks = {}
    for mebibytes in (1, 10, 24):
        server.forget_peak()
        before = server.peak()
        assert sending(mebibytes).getresponse().status == 302
        row = ClientFile.objects.select_related("stored").latest("pk")
        assert row.stored.size == mebibytes * MEBI
        place = reverse("files:download_client_file", args=[row.client_id, row.pk])
        assert server.get(place, cookies(sending.client)) == (200, mebibytes * MEBI)
        peaks[mebibytes] = server.peak() - before
    record_property("growth in KiB by MiB", str(peaks))
    assert max(peaks.values()) < MAY_GROW, peaks


def test_file_over_the_limit_costs_no_memory_either(server, sending):
    sending(1).getresponse()
    server.forget_peak()
    before = server.peak()
    answer = sending(60).getresponse()
    assert answer.status == 200
    assert "the most that is kept is" in answer.read().decode()
    assert server.peak() - before < MAY_GROW
    assert ClientFile.objects.count() == 1


def test_killed_in_the_middle_of_an_upload_nothing_is_left(server, sending):
    sending(20, part=0.5)
    time.sleep(0.5)
    server.stop(signal.SIGKILL)
    assert not StoredFile.objects.exists()
    assert not list(server.temporary.iterdir())
    assert not [key for folder in store.folders() for key in store.keys_in(folder)]


def test_browser_that_goes_away_leaves_nothing(server, sending):
    link = sending(20, part=0.5)
    link.close()
    time.sleep(0.5)
    assert server.get("/health/")[0] == 200
    assert not StoredFile.objects.exists()
    assert not list(server.temporary.iterdir())
