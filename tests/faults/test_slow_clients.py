"""Clients that send or read slowly cost no thread: another user's page comes at once (ADR 0021)."""

import contextlib
import http.client
import socket
import time
from statistics import median

import pytest

from hmis.server import buffered_socket, worker
from hmis.server.buffered_socket import BufferedSocket, RefusedError
from tests.server_process import ServerProcess

SLOW_BODIES, IDLE = 40, 200
BEGIN_OF_A_POST = (
    b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\n"
)


@pytest.fixture(scope="module")
def server(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        server = ServerProcess()
        server.start()
        yield server
        server.kill()


@pytest.fixture
def connections(server):
    with contextlib.ExitStack() as stack:

        def connect(begin=b""):
            link = stack.enter_context(socket.create_connection(("localhost", server.port), 10))
            link.sendall(begin)
            return link

        yield connect


def seconds_of_a_page(server) -> float:
    begin = time.monotonic()
    link = http.client.HTTPConnection("localhost", server.port, timeout=30)
    link.request("GET", "/accounts/login/")
    answer = link.getresponse()
    assert answer.status == 200
    assert b"password" in answer.read()
    link.close()
    return time.monotonic() - begin


@pytest.mark.django_db(transaction=True)
def test_slow_bodies_and_idle_connections_delay_nobody(server, connections):
    seconds_of_a_page(server)
    slow = [connections(BEGIN_OF_A_POST) for _ in range(SLOW_BODIES)]
    for _ in range(IDLE):
        connections()
    took = []
    for _ in range(4):  # a byte a second
        for link in slow:
            link.sendall(b"a")
        took += [seconds_of_a_page(server) for _ in range(3)]
        time.sleep(1)
    assert median(took) < 1, took  # one may have met a moment in which the machine stood still


@pytest.mark.django_db(transaction=True)
def test_requests_in_one_go_and_halves_are_answered_in_order(connections):
    page = b"GET /health/ HTTP/1.1\r\nHost: localhost\r\n"
    link = connections(page + b"\r\n" + page + b"\r\n" + page[:20])
    link.sendall(page[20:] + b"Connection: close\r\n\r\n")
    said = b"".join(iter(lambda: link.recv(65536), b""))
    assert said.count(b"HTTP/1.1 200 OK") == 3


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"Transfer-Encoding: chunked", b"411"),
        (b"Content-Length: 1\r\nContent-Length: 2", b"400"),
        (b"Content-Length: -1", b"400"),
        (b"Content-Length: 99999999999", b"413"),
        (b"X: " + b"x" * 70_000, b"431"),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_request_that_cannot_be_buffered_is_refused(connections, head, status):
    link = connections(b"POST / HTTP/1.1\r\nHost: localhost\r\n" + head + b"\r\n\r\n")
    said = b"".join(iter(lambda: link.recv(65536), b""))
    assert said.startswith(b"HTTP/1.1 " + status)
    assert said.count(b"HTTP/1.1") == 1


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    buffered = BufferedSocket(ours)
    with theirs, contextlib.closing(buffered):
        yield buffered, theirs


def test_answer_to_a_slow_reader_waits_in_the_buffer_and_not_in_a_thread(pair):
    buffered, theirs = pair
    answer = bytes(range(256)) * 8192
    buffered.sendall(answer[:1000])
    buffered.sendall(answer[1000:])  # nobody reads: it would wait for ever
    read = b""
    while not buffered.flush():
        read += theirs.recv(100_000)
    theirs.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        while True:
            read += theirs.recv(100_000)
    assert read == answer


def test_reader_who_takes_nothing_at_all_is_given_up(pair, monkeypatch):
    monkeypatch.setattr(buffered_socket, "UNSENT_LIMIT", 10_000)
    monkeypatch.setattr(buffered_socket, "SECONDS_PER_WRITE", 0)
    with pytest.raises(ConnectionResetError):
        pair[0].sendall(bytes(1_000_000))


def test_request_is_whole_with_its_last_byte_and_takes_no_byte_of_the_next(pair):
    buffered, theirs = pair
    for byte in b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab":
        theirs.sendall(bytes([byte]))
        assert buffered.receive()
        assert not buffered.is_whole
    theirs.sendall(b"cGET / HTTP")
    assert buffered.receive()
    assert buffered.is_whole
    assert buffered.recv(1000).endswith(b"\r\n\r\nabc")
    assert buffered.recv(1000) == b""
    buffered.end_request()
    assert buffered.head == b"GET / HTTP"
    theirs.close()
    assert not buffered.receive()


def test_head_without_end_is_refused(pair):
    with pytest.raises(RefusedError):
        pair[0].take(b"x" * (buffered_socket.HEAD_LIMIT + 1))


@pytest.mark.parametrize(
    ("sent", "after", "is_too_slow"),
    [
        (b"", 70, False),  # idle, as between two pages
        (b"", 80, True),
        (b"GET / HT", 10, False),
        (b"GET / HT", 30, True),
        (BEGIN_OF_A_POST + b"a" * 50, 50, False),
        (BEGIN_OF_A_POST + b"a" * 70, 70, True),  # a byte a second
        (BEGIN_OF_A_POST + b"a" * 4000, 61, False),
    ],
)
def test_how_long_a_client_may_take(monkeypatch, sent, after, is_too_slow):
    class Config:
        keepalive = 75

    class Alive:
        cfg, alive = Config, True

    ours, theirs = socket.socketpair()
    now = 1000.0
    monkeypatch.setattr(worker.time, "monotonic", lambda: now)
    with ours, theirs:
        conn = worker.Connection(Config, ours, None, None)
        if sent:
            before = conn.sock.arrived
            conn.sock.take(sent)
            conn.moved = conn.sock.arrived - before
        now += after
        assert worker.BufferingWorker._is_too_slow(Alive, conn) is is_too_slow
