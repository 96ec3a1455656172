"""The only room that opens the network: the bytes at an http or https address, and never too many.

Redirects are followed here rather than by urllib, which would read the body of each to its end and go on to
ftp. Whatever goes wrong is a `MachineError`, since no file was touched.
"""

from __future__ import annotations

import time
import zlib
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.error import URLError

from feedwright import text, urls
from feedwright._version import __version__
from feedwright.problems import MachineError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from http.client import HTTPResponse

LIMIT = 64 * 1024 * 1024
"""How many bytes are taken where nothing else is said."""

MISSING = "NET004"
"""The code of the error that says: the server answers, but there is nothing at this address."""

_HOPS = 10
_CHUNK = 64 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_GONE = frozenset({404, 410})
_GZIP = 16 + zlib.MAX_WBITS
_CHECK = "Open the address in a browser; if that works, check the proxy settings of this machine."


def fetch(url: str, *, limit: int = LIMIT, timeout: float = 30.0) -> bytes:
    """Return what a server has at an http(s) address, unpacked, after at most 10 redirects to such addresses.

    `limit` is in bytes, packed and unpacked; `timeout` in seconds, for all of it. Proxies are those of the
    environment, as urllib has them. Raises `MachineError` NET001 (no such address), NET002 (not reached),
    NET003 (too slow), NET004 (nothing there: 404, 410), NET005 (another status), NET006 (redirects that
    lead nowhere), NET007 (too large), NET008 (cut off or damaged).
    """
    place = urls.web(url, url)
    if place is None:
        message = f"{text.visible(url)!r} is not an address on the web."
        raise _error("NET001", message, "Write it whole, with https:// and without a user name.")
    deadline = time.monotonic() + timeout
    for _ in range(_HOPS + 1):
        with _telling(place), _open(place, deadline) as response:
            target = _target(response, place)
            if target is None:
                _check_status(response.status, place)
                return _unpacked(response, _body(response, place, limit, deadline), place, limit)
        place = target
    raise _error("NET006", f"{url} is redirected without end.", "Give the address that it should end at.")


def _open(place: str, deadline: float) -> HTTPResponse:
    """The answer, whatever its status; no handler but these, so nothing but http(s) can be opened."""
    from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request

    opener = OpenerDirector()
    for handler in (ProxyHandler, HTTPHandler, HTTPSHandler):
        opener.add_handler(handler())
    headers = {"User-Agent": f"feedwright/{__version__}", "Accept-Encoding": "gzip"}
    request = Request(place, headers=headers)  # noqa: S310 - `urls.web` made it, so it is http(s)
    response: HTTPResponse = opener.open(request, timeout=_left(deadline))
    return response


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _target(response: HTTPResponse, place: str) -> str | None:
    """Where a redirect leads, None if it is none (RFC 9110 §15.4)."""
    location = response.headers.get("Location")
    if response.status not in _REDIRECTS or location is None:
        return None
    # Headers come as Latin-1; servers that do not encode an address send UTF-8.
    location = location.encode("latin-1", "replace").decode("utf-8", "replace")
    target = urls.web(location, place)
    if target is None:
        message = f"{place} is redirected to {text.visible(location)!r}, which is not an address on the web."
        raise _error("NET006", message, "Give the address that it should end at.")
    return target


def _check_status(status: int, place: str) -> None:
    if status == HTTPStatus.OK:
        return
    try:
        told = f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        told = str(status)
    if status in _GONE:
        raise _error(MISSING, f"There is nothing at {place} ({told}).", "Check the address.")
    hint = "Try again later." if status == HTTPStatus.TOO_MANY_REQUESTS or status >= 500 else _CHECK
    raise _error("NET005", f"{place} was refused ({told}).", hint)


def _body(response: HTTPResponse, place: str, limit: int, deadline: float) -> bytes:
    """All that the server sends, still packed; piece by piece, since a server may trickle."""
    expected = response.length
    data = bytearray()
    while expected is None or len(data) < expected:
        if max(len(data), expected or 0) > limit:
            raise _too_large(place, limit)
        _left(deadline)
        piece = response.read1(_CHUNK)
        if not piece:
            break
        data += piece
    if expected is not None and len(data) < expected:
        raise _cut_off(place)
    return bytes(data[:expected])


def _unpacked(response: HTTPResponse, data: bytes, place: str, limit: int) -> bytes:
    coding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if coding in ("identity", ""):
        return data
    if coding not in ("gzip", "x-gzip"):
        message = f"{place} comes in an encoding that was not asked for: {text.visible(coding)!r}."
        raise _error("NET008", message, "Let the server send it plain, or with gzip.")
    inflater = zlib.decompressobj(_GZIP)
    try:
        plain = inflater.decompress(data, limit + 1)
    except zlib.error as error:
        raise _cut_off(place) from error
    if len(plain) > limit:
        raise _too_large(place, limit)
    if not inflater.eof:
        raise _cut_off(place)
    return plain


@contextmanager
def _telling(place: str) -> Iterator[None]:
    """Turn what urllib and the sockets raise into a `MachineError` about the address."""
    try:
        yield
    except HTTPException as error:
        raise _cut_off(place) from error
    except OSError as error:
        reason = error.reason if isinstance(error, URLError) else error
        if isinstance(reason, TimeoutError):
            message = f"{place} took too long to answer."
            raise _error("NET003", message, "Try again; if it stays so, look at the server.") from error
        told = text.visible(str(getattr(reason, "strerror", None) or reason)).rstrip(".")
        raise _error("NET002", f"{place} cannot be reached: {told}.", _CHECK) from error


def _too_large(place: str, limit: int) -> MachineError:
    return _error(
        "NET007", f"{place} is larger than {limit} bytes.", "Check the address: no feed is so large."
    )


def _cut_off(place: str) -> MachineError:
    return _error(
        "NET008", f"{place} came cut off or damaged.", "Try again; if it stays so, look at the server."
    )


def _error(code: str, message: str, hint: str) -> MachineError:
    return MachineError(message, code=code, hint=hint)
