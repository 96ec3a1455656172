"""One HTTP exchange with a server that nobody vouches for: it ends in time and takes no more than it may.

A timeout of a socket only limits each wait, and a server that sends a byte now and then never meets it. So an
exchange runs in a thread of its own, whose sockets are shut when the time is over. Whatever goes wrong is a
`MachineError`, since no file was touched. Door to urllib3.
"""

from __future__ import annotations

import io
import socket
import time
import zlib
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from http.client import HTTPException, HTTPResponse
from threading import Thread
from types import MappingProxyType
from typing import Any

import urllib3
from msgspec import Struct
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, InvalidHeader, ProxyError

from feedwright import text, urls
from feedwright._version import __version__
from feedwright.problems import MachineError

LARGEST = 64 * 1024 * 1024
"""Most bytes of a body, packed and unpacked."""

SECONDS = 60.0
"""The usual time for an exchange."""

CHECK = "Open the address in a browser; if that works, check the proxy settings of this machine."

_HEAD = 256 * 1024  # bytes of statuses and headers, or of what frames a piece of a body
_CHUNK = 64 * 1024
_LEAST = 256  # bytes that a piece of a body counts for: millions of tiny ones take minutes
_RATIO, _FREE = 100, 64 * 1024  # feeds shrink to a fifth; a body of zeros shrinks to a thousandth
_GZIP = 16 + zlib.MAX_WBITS
_HEADERS = {"User-Agent": f"feedwright/{__version__}", "Accept-Encoding": "gzip"}
_BARE: dict[str, Any] = dict.fromkeys(["retries", "redirect", "preload_content", "decode_content"], False)
_SMALLER = "Check the address: no feed is so large."
_LATER = "Try again; if it stays so, look at the server."


class Response(Struct, frozen=True, kw_only=True):
    """What a server answered; names of headers are in lower case.

    `body` is unpacked; of a response other than 2xx none is read.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


def exchange(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] = MappingProxyType({}),
    body: bytes | None = None,
    limit: int = LARGEST,
    timeout: float = SECONDS,
) -> Response:
    """Send one request to an http(s) address and return the response; no redirect is followed.

    `limit` is the most bytes of the response's body, packed and unpacked; `timeout` is in seconds, from the
    look-up of the name to the last byte. Proxies are those of the environment, as urllib has them. Raises
    `MachineError` NET001 (no such address), NET002 (not reached), NET003 (too slow), NET007 (too large),
    NET008 (cut off or damaged).
    """
    address = urls.web(url, url)
    if address is None:
        message = f"{text.visible(url)!r} is not an address on the web."
        raise MachineError(message, code="NET001", hint="Include https:// and leave out the user name.")
    line = _Line(address, time.monotonic() + timeout)
    call: Future[Response] = Future()
    send = partial(_exchange, line, method, {**_HEADERS, **headers}, body, limit)
    Thread(target=_settle, args=(call, send), daemon=True).start()
    try:
        return call.result(timeout)
    except TimeoutError as error:
        raise _too_slow(address) from error
    finally:
        line.shut()


class _Line:
    """The sockets of one exchange, and the bytes that may come through them before more are allowed."""

    def __init__(self, address: str, deadline: float) -> None:
        self.address = address
        self._deadline = deadline
        self._allowed = 0
        self._sockets: list[socket.socket] = []
        self._open = ExitStack()

    def left(self) -> float:
        """Return the seconds that are left; raise TimeoutError if there are none."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def watch(self, sock: socket.socket) -> None:
        self._sockets.append(sock)
        self._open.callback(sock.close)

    def begin(self, response: HTTPResponse) -> None:
        """Allow as much as a status and headers have, interim responses included (RFC 9110 §15.2)."""
        self._open.callback(response.close)  # urllib3 leaves it open if it dislikes a header
        self.allow(_HEAD)

    def allow(self, size: int) -> None:
        self._allowed = size

    def took(self, size: int) -> None:
        """Count bytes that came; raises `MachineError` for too many, TimeoutError if the time is over."""
        self._allowed -= size
        if self._allowed < 0:
            message = f"{self.address} sends headers or chunks without end."
            raise MachineError(message, code="NET008", hint=_LATER)
        self.left()

    def shut(self) -> None:
        """Wake whoever waits at a socket."""
        for sock in self._sockets:
            with suppress(OSError):  # it is closed
                sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close everything, from the thread that uses it."""
        self._open.close()


class _Source(io.RawIOBase):
    """The bytes of a response as they come, counted."""

    def __init__(self, source: io.BufferedReader, line: _Line) -> None:
        self._source, self._line = source, line

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size = self._source.raw.readinto(buffer) or 0
        self._line.took(size)
        return size

    def close(self) -> None:
        super().close()
        self._source.close()


class _CountedResponse(HTTPResponse):
    def __init__(self, line: _Line, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        line.begin(self)
        self.fp: Any = io.BufferedReader(_Source(self.fp, line))

    def begin(self) -> None:
        """Read status and headers."""
        super().begin()
        self.msg.defects.clear()  # urllib3 prints them, with a traceback
        self.msg.set_payload("")


class _Watched:
    """What makes a connection of urllib3's a part of an exchange."""

    line: _Line

    def connect(self) -> None:
        self.response_class = partial(_CountedResponse, self.line)  # a proxy's response comes first
        super().connect()  # type: ignore[misc]
        self.line.watch(self.sock)  # type: ignore[attr-defined]


def _settle(call: Future[Response], send: partial[Response]) -> None:
    """Do what a thread is for; what it raises is raised where the result is awaited."""
    try:
        call.set_result(send())
    except BaseException as error:
        call.set_exception(error)


def _exchange(
    line: _Line, method: str, headers: Mapping[str, str], body: bytes | None, limit: int
) -> Response:
    with _reporting(line.address), closing(line):
        address, timeout = line.address.partition("#")[0], urllib3.Timeout(total=line.left())
        pool = _pool(line)
        with pool.request(method, address, headers=headers, body=body, timeout=timeout, **_BARE) as response:
            named = {name.lower(): value for name, value in response.headers.items()}
            is_wanted = 200 <= response.status < 300
            data = _body(response, line, limit) if is_wanted else b""
            return Response(status=response.status, headers=named, body=data)


def _pool(line: _Line) -> urllib3.PoolManager:
    """Connections that belong to the exchange, by the proxy that the environment names."""
    from urllib.parse import unquote
    from urllib.request import getproxies, proxy_bypass

    parts = urllib3.util.parse_url(line.address)
    proxy = None if proxy_bypass(parts.netloc or "") else getproxies().get(parts.scheme or "")
    pool = urllib3.PoolManager()
    if proxy:
        proxy = proxy if "://" in proxy else f"http://{proxy}"
        user = urllib3.util.parse_url(proxy).auth
        headers = urllib3.make_headers(proxy_basic_auth=unquote(user)) if user else None
        pool = urllib3.ProxyManager(proxy, proxy_headers=headers)
    pool.pool_classes_by_scheme = {
        "http": _watched(urllib3.HTTPConnectionPool, HTTPConnection, line),
        "https": _watched(urllib3.HTTPSConnectionPool, HTTPSConnection, line),
    }
    return pool


def _watched(pool: type, connection: type, line: _Line) -> Any:
    watched = type(connection.__name__, (_Watched, connection), {"line": line})
    return type(pool.__name__, (pool,), {"ConnectionCls": watched})


def _body(response: urllib3.BaseHTTPResponse, line: _Line, limit: int) -> bytes:
    """All that the server sends, unpacked here: urllib3 would take what is cut off for complete."""
    coding = response.headers.get("Content-Encoding", "").strip().lower()
    if coding not in ("", "identity", "gzip", "x-gzip"):
        message = f"{line.address} was sent in an encoding that was not requested: {text.visible(coding)!r}."
        raise MachineError(message, code="NET008", hint="Let the server send it plain, or with gzip.")
    inflater = zlib.decompressobj(_GZIP) if "gzip" in coding else None
    data, packed, counted, most = bytearray(), 0, 0, limit
    while max(counted, response.length_remaining or 0) <= limit and len(data) <= most:
        line.allow(_HEAD + _CHUNK)
        piece = response.read1(_CHUNK)
        if not piece:
            if inflater and not inflater.eof:
                raise zlib.error
            return bytes(data)
        packed += len(piece)
        counted += max(len(piece), _LEAST)
        if inflater is None:
            data += piece
        elif not inflater.eof:
            most = min(limit, _FREE + _RATIO * packed)
            data += inflater.decompress(piece, most + 1 - len(data))
    if most < limit:
        message = f"{line.address} unpacks to more than {_RATIO} times its size."
        raise MachineError(message, code="NET007", hint="Let the server send it plain.")
    raise MachineError(f"{line.address} is larger than {limit} bytes.", code="NET007", hint=_SMALLER)


@contextmanager
def _reporting(address: str) -> Iterator[None]:
    """Turn what urllib3 and zlib raise into a `MachineError` about the address."""
    try:
        yield
    except (HTTPError, HTTPException, OSError, zlib.error) as error:
        first = error.original_error if isinstance(error, ProxyError) else error
        causes = [first, first.__cause__, *first.args]
        if any(isinstance(cause, TimeoutError) for cause in causes):
            raise _too_slow(address) from error
        if any(isinstance(cause, (HTTPException, InvalidHeader, zlib.error)) for cause in causes):
            raise MachineError(f"{address} came cut off or damaged.", code="NET008", hint=_LATER) from error
        reason = next((cause.strerror for cause in causes if isinstance(cause, OSError)), None) or first
        message = f"{address} cannot be reached: {text.visible(str(reason)).rstrip('.')}."
        raise MachineError(message, code="NET002", hint=CHECK) from error


def _too_slow(address: str) -> MachineError:
    return MachineError(f"{address} took too long to answer.", code="NET003", hint=_LATER)
