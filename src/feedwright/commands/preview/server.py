"""The server of a preview, on one machine for one author; door to werkzeug.

It only reads: GET and HEAD, by names of this machine alone, so that no page elsewhere can read through the
author's browser (DNS rebinding), and nothing that is no document, page or medium.
"""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from ipaddress import ip_address
from threading import Condition, Lock, Thread
from typing import TYPE_CHECKING, Any, BinaryIO

from feedwright import media_types
from feedwright.commands.preview import pages
from feedwright.commands.preview.addresses import Addresses
from feedwright.commands.preview.build import Build
from feedwright.commands.preview.comparison import Comparison, compare
from feedwright.disk import sha256
from feedwright.formats import page, table
from feedwright.problems import UsageError
from feedwright.text import visible

if TYPE_CHECKING:
    from werkzeug import Request, Response

PORT = 8400
"""The port that is tried first, and as many after it as there are `_TRIES`, unless one is asked for."""

_TRIES = 20
_PING = 15.0
"""Seconds after which a browser that waits for news is asked whether it still does."""

_HEADERS = {
    "Cache-Control": "no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_MEDIUM_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""What an SVG file may do where it is opened by itself: show."""


def listen(host: str, port: int | None) -> socket.socket:
    """Return a socket that listens; without a `port`, on the first that is free from `PORT` on.

    Raises `UsageError` USE010 where the port is taken, USE011 where this machine has no such address.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    wanted = [port] if port is not None else range(PORT, PORT + _TRIES)
    for number in wanted:
        try:
            return socket.create_server((host, number), family=family)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                message = (
                    f"this machine has no address {visible(host)} to serve at: {error.strerror or error}"
                )
                hint = "leave --host out to serve this machine alone; 0.0.0.0 serves the whole network"
                raise UsageError(message, code="USE011", hint=hint) from None
            reason = error.strerror
    ports = str(port) if port is not None else f"{PORT} to {PORT + _TRIES - 1}"
    hint = "end the program that uses it, or choose another: --port 0 takes any that is free"
    raise UsageError(f"port {ports} cannot be used: {reason}", code="USE010", hint=hint)


class Server:
    """Answers requests with the newest build, in threads of its own, until it is closed."""

    def __init__(self, listener: socket.socket, *, host: str, start: str, run: int) -> None:
        """`host` is the name that was asked for; files in problems are named from the folder `start`.

        `run` tells this server from one before at the same address.
        """
        from werkzeug.serving import WSGIRequestHandler, make_server
        from werkzeug.wrappers import Request

        class Handler(WSGIRequestHandler):
            def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - its name there
                """Say nothing: the terminal is for what the author did."""

            def version_string(self) -> str:
                return "feedwright"

        self._host = host.lower()
        self._start, self._run = start, run
        self._news = Condition()
        self._build: Build | None = None
        self._addresses: Addresses
        self._times: dict[str, datetime] = {}
        self._comparing = Lock()
        self._comparison: tuple[Build | None, Comparison] = (None, Comparison())
        self._is_over = False
        address, self.port = listener.getsockname()[:2]
        self._server = make_server(
            address,
            self.port,
            Request.application(self._answer),
            threaded=True,
            request_handler=Handler,
            fd=listener.fileno(),
        )
        self._server.log = lambda *_: None  # type: ignore[method-assign]
        self._thread = Thread(target=partial(self._server.serve_forever, 0.05), daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def close(self) -> None:
        """End the threads, and let go of the address."""
        with self._news:
            self._is_over = True
            self._news.notify_all()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        """The address for the author."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self._host, self._host)  # noqa: S104 - not bound here
        return f"http://{f'[{host}]' if ':' in host and host[0] != '[' else host}:{self.port}/"

    def show(self, build: Build) -> None:
        """Answer with this build from now on, and tell the browsers."""
        addresses = Addresses(build)
        with self._news:
            self._build, self._addresses = build, addresses
            self._times |= dict.fromkeys(build.changed, build.at)
            self._news.notify_all()

    def _number(self, build: Build) -> str:
        return f"{self._run:x}-{build.number}"

    def _answer(self, request: Request) -> Response:
        from werkzeug.wrappers import Response

        build = self._build
        if not self._is_trusted(request.headers.get("Host", "")):
            return _plain(403, "This preview answers to the names of this machine alone.")
        if request.method not in ("GET", "HEAD"):
            return _plain(405, "This preview can only be read.", Allow="GET, HEAD")
        if build is None:
            return _plain(503, "The first build is not done yet.", Retry_After="1")
        path, addresses = request.path, self._addresses
        if path == pages.EVENTS:
            return Response(self._events(), mimetype="text/event-stream", headers=_HEADERS)
        if path.startswith(pages.HOME):
            return self._page(request, build, addresses)
        if path == "/":
            return _elsewhere(pages.HOME)
        if (document := addresses.document(path)) is not None:
            return self._document(request, build, addresses, document)
        if (document := addresses.document(f"{path.rstrip('/')}/{page.FILE}")) is not None:
            if not path.endswith("/"):
                return _elsewhere(f"{addresses.of(document).removesuffix(page.FILE)}")
            return self._document(request, build, addresses, document)
        if file := addresses.open_medium(path):
            return _medium(request, file, path)
        return _plain(404, "This preview has no such document.")

    def _is_trusted(self, host: str) -> bool:
        """Tell whether a host is this machine by any name: one of a domain may be anybody's."""
        name = host.lower().rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host.lower()
        name = name.removeprefix("[").removesuffix("]")
        if name == self._host or name == "localhost" or name.endswith(".localhost"):
            return True
        try:
            return bool(ip_address(name))
        except ValueError:
            return False

    def _page(self, request: Request, build: Build, addresses: Addresses) -> Response:
        if request.path == pages.HOME:
            feed = request.args.get("feed", "")
            number = self._number(build)
            text = pages.overview(
                build, self._compared(build), addresses, feed, number=number, start=self._start
            )
            return _html(request, text.encode(), pages.policy())
        shown = request.path.startswith(pages.READER)
        reader = pages.reader(build, request.path.removeprefix(pages.READER)) if shown else None
        if reader is None:
            return _plain(404, "This preview has no such page.")
        return _html(request, addresses.localized(reader.encode(), _origin(request)), pages.reader_policy())

    def _document(self, request: Request, build: Build, addresses: Addresses, path: str) -> Response:
        data = addresses.localized(build.documents[path], _origin(request))
        format_ = next((table.FORMATS[t.format] for t in build.plan.targets if t.path == path), None)
        format_ = format_ or table.of(path, data)
        media_type = format_.media_type if format_ else "application/octet-stream"
        if media_type == page.MEDIA_TYPE:
            data = pages.with_reload(data, self._number(build))
        return _conditional(request, data, media_type, self._times.get(path))

    def _compared(self, build: Build) -> Comparison:
        with self._comparing:
            if self._comparison[0] is not build:
                self._comparison = build, compare(build)
            return self._comparison[1]

    def _events(self) -> Iterator[bytes]:
        """Yield the number of the build, and again whenever there is another (server-sent events)."""
        told: Build | None = None
        yield b"retry: 500\n\n"
        while not self._is_over:
            with self._news:
                if self._build is told:
                    self._news.wait(_PING)
                build, is_over = self._build, self._is_over
            if is_over or build is None:
                return
            yield b": still there?\n\n" if build is told else f"data: {self._number(build)}\n\n".encode()
            told = build


def _origin(request: Request) -> str:
    return request.host_url.rstrip("/")


def _plain(status: int, text: str, **headers: str) -> Response:
    from werkzeug.wrappers import Response

    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(f"{text}\n", status, {**_HEADERS, **named}, mimetype="text/plain")


def _elsewhere(path: str) -> Response:
    from werkzeug.utils import redirect

    response: Response = redirect(path, 302)
    response.headers.extend(_HEADERS)
    return response


def _html(request: Request, data: bytes, policy: str) -> Response:
    response = _conditional(request, data, page.MEDIA_TYPE, None)
    response.headers["Content-Security-Policy"] = policy
    return response


def _conditional(request: Request, data: bytes, media_type: str, modified: datetime | None) -> Response:
    """The answer with these bytes, or that they are what the client has (RFC 9110 §13)."""
    from werkzeug.wrappers import Response

    headers = {**_HEADERS, "Cross-Origin-Resource-Policy": "same-origin"}
    response = Response(data, headers=headers, mimetype=media_type)
    if modified is not None:
        response.last_modified = modified
    response.set_etag(sha256(data)[:32])
    return response.make_conditional(request)


def _medium(request: Request, file: BinaryIO, path: str) -> Response:
    """The answer with a file, a part of it or its headers, as the client wants."""
    from werkzeug.exceptions import RequestedRangeNotSatisfiable
    from werkzeug.wrappers import Response
    from werkzeug.wsgi import wrap_file

    status = os.fstat(file.fileno())
    response = Response(
        wrap_file(request.environ, file),
        headers={**_HEADERS, "Content-Security-Policy": _MEDIUM_POLICY},
        mimetype=media_types.type_of(path),
        direct_passthrough=True,
    )
    response.content_length = status.st_size
    response.last_modified = datetime.fromtimestamp(status.st_mtime, UTC)
    response.set_etag(f"{status.st_mtime_ns:x}-{status.st_size:x}")
    try:
        return response.make_conditional(request, accept_ranges=True, complete_length=status.st_size)
    except RequestedRangeNotSatisfiable as error:
        file.close()
        answer: Any = error.get_response(request.environ)
        return answer  # type: ignore[no-any-return]
