"""An optional ClamAV daemon looks at a file before anybody can open it."""

import io
import socketserver
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from files import clamav, store
from files.models import ClientFile, Status, StoredFile
from files.uploads import VIRUS
from tests.files.hanging_server import HangingServer
from tests.files.samples import EICAR, jpeg
from tests.pages import errors, messages


class Clamd(socketserver.StreamRequestHandler):
    """Speaks INSTREAM and PING as clamd does, and knows one virus."""

    def handle(self):
        command = self.read(6)
        if command == b"zPING\0":
            self.wfile.write(b"PONG\0")
            return
        assert command + self.read(4) == b"zINSTREAM\0"
        content = bytearray()
        while size := struct.unpack("!L", self.read(4))[0]:
            content += self.read(size)
            if len(content) > self.server.most:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        time.sleep(self.server.delay)
        self.server.scanned.append(len(content))
        found = b"Eicar-Test-Signature FOUND" if EICAR in content else b"OK"
        if len(content) > self.server.most_scanned:
            found = b"Heuristics.Limits.Exceeded.MaxFileSize FOUND"
        self.wfile.write(b"stream: " + found + b"\0")

    def read(self, size):
        return self.rfile.read(size)


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    allow_reuse_address = daemon_threads = True
    most = most_scanned = 30_000_000
    delay = 0

    def handle_error(self, request, client_address):
        pass


@pytest.fixture(autouse=True)
def _scanner_may_take_long(monkeypatch):
    """On a busy machine a file takes longer than a user waits for it."""
    monkeypatch.setattr(clamav.is_clean, "__kwdefaults__", {"seconds": 60})


@contextmanager
def answering(server: socketserver.BaseServer) -> Iterator[None]:
    """Let a server answer, and stop it where the test fails, too: its thread keeps pytest alive."""
    with server:
        threading.Thread(target=server.serve_forever, args=[0.02]).start()
        try:
            yield
        finally:
            server.shutdown()


@pytest.fixture
def clamd(settings):
    server = Server(("127.0.0.1", 0), Clamd)
    server.scanned = []
    settings.CLAMAV_ADDRESS = f"127.0.0.1:{server.server_address[1]}"
    with answering(server):
        yield server


@pytest.fixture
def down(settings):
    settings.CLAMAV_ADDRESS = "127.0.0.1:1"


def download(browser, row):
    return browser.get(reverse("files:download_client_file", args=[row.client_id, row.pk]))


def test_clean_file_can_be_opened_at_once(clamd, filed, portal, alice):
    row = filed(b"a letter", "letter.txt")
    assert clamd.scanned == [8]
    assert download(portal(alice), row).status_code == 200


def test_infected_file_is_refused_and_not_stored(clamd, upload):
    answer = upload(b"Dear sir\n" + EICAR, "letter.txt")
    assert errors(answer)["file"] == [VIRUS]
    assert not StoredFile.objects.exists()


def test_large_file_is_sent_whole(clamd, filed):
    filed(b"x" * 20_000_000, "letter.txt")
    assert clamd.scanned == [20_000_000]


def test_file_of_which_the_scanner_left_a_part_out_waits_and_is_not_deleted(
    clamd, filed, caplog, django_capture_on_commit_callbacks
):
    clamd.most_scanned = 5
    row = filed(b"a letter", "letter.txt")
    assert row.stored.status == Status.PENDING
    assert "Heuristics.Limits.Exceeded.MaxFileSize" in caplog.text
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(CommandError):
        call_command("scan_files")
    assert store.has(row.stored.key)


def test_file_waits_while_the_scanner_is_down(down, upload, portal, alice, caplog):
    listed = upload(jpeg(), follow=True)
    assert "waits for the virus scanner: ConnectionRefusedError" in caplog.text
    row = ClientFile.objects.get()
    assert row.stored.status == Status.PENDING
    browser = portal(alice)
    assert "It can be opened once the virus scan is done." in messages(listed)
    assert "Waiting for the virus scan" in listed.content.decode()
    place = [row.client_id, row.pk]
    for address in (
        reverse("files:download_client_file", args=place),
        reverse("files:client_file_thumbnail", args=place),
        reverse("files:client_file_page", args=[*place, 1]),
    ):
        assert browser.get(address).status_code == 404
    page = browser.get(row.get_absolute_url())
    assert "Waiting for the virus scan" in page.content.decode()
    assert "pages/1" not in page.content.decode()


@pytest.mark.usefixtures("down")
def test_command_publishes_a_clean_file_that_waited(filed, request, portal, alice, capsys):
    row = filed(jpeg())
    with pytest.raises(CommandError, match=r"gave no verdict: .*Connection refused"):
        call_command("scan_files")
    request.getfixturevalue("clamd")
    call_command("scan_files")
    assert "1 clean, 0 refused, 0 still waiting" in capsys.readouterr().out
    assert download(portal(alice), row).status_code == 200
    call_command("scan_files")
    assert "0 clean" in capsys.readouterr().out


@pytest.mark.usefixtures("down")
def test_command_refuses_an_infected_file_and_deletes_it(
    filed, request, portal, alice, django_capture_on_commit_callbacks
):
    row = filed(b"Dear sir\n" + EICAR, "letter.txt")
    request.getfixturevalue("clamd")
    with django_capture_on_commit_callbacks(execute=True):
        call_command("scan_files")
    row.stored.refresh_from_db()
    assert row.stored.status == Status.REFUSED
    assert not store.has(row.stored.key)
    browser = portal(alice)
    assert download(browser, row).status_code == 404
    assert "The virus scan found something" in browser.get(row.get_absolute_url()).content.decode()


@pytest.fixture
def three_wait(filed, request):
    request.getfixturevalue("down")
    return [filed(text, "letter.txt") for text in (b"a long letter", b"short", b"note")]


@pytest.fixture
def hanging(settings):
    server = HangingServer()
    settings.CLAMAV_ADDRESS = server.url.removeprefix("http://")
    yield server
    server.stop()


def test_command_stops_at_the_first_file_while_the_scanner_hangs(
    three_wait, hanging, monkeypatch, capsys
):
    monkeypatch.setattr(clamav, "SECONDS", 0.2)
    monkeypatch.setattr(clamav, "SECONDS_UNHURRIED", 0.2)
    with pytest.raises(CommandError, match=r"gave no verdict: TimeoutError"):
        call_command("scan_files")
    assert "3 still waiting" in capsys.readouterr().out
    assert len(hanging.connections) == 2  # for one file, and to ask whether it is there at all


def test_file_without_a_verdict_keeps_no_other_waiting(three_wait, clamd, capsys):
    clamd.most = 10
    with pytest.raises(CommandError, match="INSTREAM size limit exceeded"):
        call_command("scan_files")
    assert "2 clean, 0 refused, 1 still waiting" in capsys.readouterr().out


def test_file_that_the_store_lost_keeps_no_other_waiting(three_wait, clamd, capsys):
    store.delete(three_wait[0].stored.key)
    with pytest.raises(CommandError, match="is not in the file store"):
        call_command("scan_files")
    assert "2 clean, 0 refused, 1 still waiting" in capsys.readouterr().out


def test_command_stops_at_the_first_file_while_the_store_hangs(
    three_wait, clamd, monkeypatch, capsys
):
    asked = []

    def hangs(key):
        asked.append(key)
        raise store.StoreError

    monkeypatch.setattr(store, "fetch", hangs)
    with pytest.raises(CommandError, match="The file store does not answer"):
        call_command("scan_files")
    assert "3 still waiting" in capsys.readouterr().out
    assert len(asked) == 1


@pytest.mark.parametrize(("most", "delay"), [(3, 0), (30_000_000, 60)], ids=["size", "slow"])
def test_scanner_without_a_verdict_lets_the_file_wait(clamd, filed, monkeypatch, most, delay):
    clamd.most, clamd.delay = most, delay
    monkeypatch.setattr(clamav.is_clean, "__kwdefaults__", {"seconds": 0.5})
    start = time.monotonic()
    assert filed(b"a letter", "letter.txt").stored.status == Status.PENDING
    assert time.monotonic() - start < 30


def test_without_an_address_nothing_is_asked(filed):
    assert not clamav.is_used()
    assert filed().stored.is_ready


def test_unix_socket_works_too(settings, tmp_path, filed):
    path = str(tmp_path / "c")

    class UnixServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
        daemon_threads, delay, scanned = True, 0, []
        most = most_scanned = 10_000

    settings.CLAMAV_ADDRESS = f"unix:{path}"
    with answering(UnixServer(path, Clamd)):
        assert filed(b"a letter", "letter.txt").stored.is_ready
        # It hangs up while the rest is still being sent.
        with pytest.raises(clamav.NoAnswerError, match="INSTREAM size limit exceeded"):
            clamav.is_clean(io.BytesIO(b"x" * 5_000_000))
    assert UnixServer.scanned == [8]
