"""A server on this machine that answers what a test lays out for each path, in order or not."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers what the test laid out for the path, and keeps what was asked."""

    server: Server

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        self.server.answers[self.path](self)

    def do_CONNECT(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has there
        pass

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        """Send a status line, headers and a body; with its length unless a header says another."""
        self.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            if value:
                self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.bodies: list[bytes] = []
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are what some tests are about."""


@contextmanager
def running() -> Iterator[Server]:
    """Run a server until the end of the block."""
    with Server() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.over.set()
        server.shutdown()


def says(status: int, body: bytes = b"", **headers: str) -> Answer:
    """Return the answer of a status, a body, and headers written with `_`."""
    return lambda handler: handler.answer(status, body, **headers)


def sends(data: bytes) -> Answer:
    """Return the answer of raw bytes."""

    def answer(handler: Handler) -> None:
        handler.wfile.write(data)

    return answer


def repeats(first: bytes, again: bytes, pause: float = 0) -> Answer:
    """Return the answer of raw bytes and, every so many seconds, more of them without end."""

    def answer(handler: Handler) -> None:
        handler.wfile.write(first)
        while not handler.server.over.wait(pause):
            handler.wfile.write(again)

    return answer
