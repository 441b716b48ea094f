"""A store that takes connections and never answers: it says nothing, or a byte at a time."""

import contextlib
import socket
import threading
import time


class HangingServer:
    """Listens on a port of this machine until it is stopped.

    Args:
        drips: begins an answer and goes on with it by one byte each tenth of a second.
    """

    def __init__(self, *, drips: bool = False) -> None:
        self.drips = drips
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.connections: list[socket.socket] = []
        self.stopped = False
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while not self.stopped:
                connection, _ = self.listener.accept()
                self.connections.append(connection)
                threading.Thread(target=self._hang, args=[connection], daemon=True).start()

    def _hang(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if self.drips:
                connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not self.stopped:
                time.sleep(0.1)
                if self.drips:
                    connection.sendall(b"x")

    def stop(self) -> None:
        self.stopped = True
        for one in (self.listener, *self.connections):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
