"""Bytes at an http or https address, and never too many; the only module that opens the network.

Redirects are followed here rather than by urllib3, so that each is checked and all share one time limit.
Whatever goes wrong is a `MachineError`, since no file was touched. Door to urllib3.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException, responses
from typing import TYPE_CHECKING, Any

from feedwright import text, urls
from feedwright._version import __version__
from feedwright.problems import MachineError

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

_LIMIT = 64 * 1024 * 1024  # bytes
_HOPS = 10
_CHUNK = 64 * 1024
_GZIP = 16 + zlib.MAX_WBITS
_HEADERS = {"User-Agent": f"feedwright/{__version__}", "Accept-Encoding": "gzip"}
_BARE: dict[str, Any] = dict.fromkeys(["retries", "redirect", "preload_content", "decode_content"], False)
_CHECK = "Open the address in a browser; if that works, check the proxy settings of this machine."
_TARGET = "Give the address that it should end at."
_LATER = "Try again; if it stays so, look at the server."


def fetch(url: str, *, limit: int = _LIMIT, timeout: float = 30.0) -> bytes:
    """Return what a server has at an http(s) address, unpacked, after at most 10 redirects to such addresses.

    `limit` is in bytes, packed and unpacked; `timeout` in seconds, for all of it. Proxies are those of the
    environment, as urllib has them. Raises `MachineError` NET001 (no such address), NET002 (not reached),
    NET003 (too slow), NET004 (nothing there: 404, 410), NET005 (another status), NET006 (redirects that
    lead nowhere), NET007 (too large), NET008 (cut off or damaged).
    """
    address = urls.web(url, url)
    if address is None:
        message = f"{text.visible(url)!r} is not an address on the web."
        raise MachineError(message, code="NET001", hint="Include https:// and leave out the user name.")
    deadline = time.monotonic() + timeout
    for _ in range(_HOPS + 1):
        with _reporting(address), _open(address, deadline) as response:
            target = _target(response, address)
            if target is None:
                _check_status(response.status, address)
                return _body(response, address, limit, deadline)
        address = target
    raise MachineError(f"{url} is redirected without end.", code="NET006", hint=_TARGET)


def find(url: str) -> bytes | None:
    """Return what `fetch` does, None where the server says that there is nothing; raises its other errors."""
    try:
        return fetch(url)
    except MachineError as error:
        if error.code != "NET004":
            raise
        return None


def _open(address: str, deadline: float) -> BaseHTTPResponse:
    """The response, whatever its status, by the proxy that the environment names."""
    from urllib.parse import unquote
    from urllib.request import getproxies, proxy_bypass

    import urllib3

    parts = urllib3.util.parse_url(address)
    proxy = None if proxy_bypass(parts.netloc or "") else getproxies().get(parts.scheme or "")
    pool = urllib3.PoolManager()
    if proxy:
        proxy = proxy if "://" in proxy else f"http://{proxy}"
        user = urllib3.util.parse_url(proxy).auth
        headers = urllib3.make_headers(proxy_basic_auth=unquote(user)) if user else None
        pool = urllib3.ProxyManager(proxy, proxy_headers=headers)
    timeout = urllib3.Timeout(total=_left(deadline))
    return pool.request("GET", address.partition("#")[0], headers=_HEADERS, timeout=timeout, **_BARE)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _target(response: BaseHTTPResponse, address: str) -> str | None:
    """The address that a redirect leads to, None for another response (RFC 9110 §15.4)."""
    location = response.get_redirect_location()
    if not location:
        return None
    # Headers come as Latin-1; servers that do not encode an address send UTF-8.
    location = location.encode("latin-1", "replace").decode("utf-8", "replace")
    target = urls.web(location, address)
    if target is None:
        message = f"{address} is redirected to {text.visible(location)!r}, not to an address on the web."
        raise MachineError(message, code="NET006", hint=_TARGET)
    return target


def _check_status(status: int, address: str) -> None:
    if status == 200:
        return
    phrase = f"{status} {responses.get(status, '')}".rstrip()
    if status in (404, 410):
        raise MachineError(f"Nothing is at {address} ({phrase}).", code="NET004", hint="Check the address.")
    hint = "Try again later." if status == 429 or status >= 500 else _CHECK
    raise MachineError(f"{address} was refused ({phrase}).", code="NET005", hint=hint)


def _body(response: BaseHTTPResponse, address: str, limit: int, deadline: float) -> bytes:
    """All that the server sends, unpacked here: urllib3 would take what is cut off for complete."""
    coding = response.headers.get("Content-Encoding", "").strip().lower()
    if coding not in ("", "identity", "gzip", "x-gzip"):
        message = f"{address} was sent in an encoding that was not requested: {text.visible(coding)!r}."
        raise MachineError(message, code="NET008", hint="Let the server send it plain, or with gzip.")
    inflater = zlib.decompressobj(_GZIP) if "gzip" in coding else None
    data, packed = bytearray(), 0
    while max(len(data), packed, response.length_remaining or 0) <= limit:
        _left(deadline)  # piece by piece, since a server may trickle
        piece = response.read1(_CHUNK)
        if not piece:
            if inflater and not inflater.eof:
                raise zlib.error
            return bytes(data)
        packed += len(piece)
        if inflater is None:
            data += piece
        elif not inflater.eof:
            data += inflater.decompress(piece, limit + 1 - len(data))
    message = f"{address} is larger than {limit} bytes."
    raise MachineError(message, code="NET007", hint="Check the address: no feed is so large.")


@contextmanager
def _reporting(address: str) -> Iterator[None]:
    """Turn what urllib3 and zlib raise into a `MachineError` about the address."""
    from urllib3.exceptions import HTTPError, ProxyError

    try:
        yield
    except (HTTPError, TimeoutError, zlib.error) as error:
        first = error.original_error if isinstance(error, ProxyError) else error
        causes = [first, first.__cause__, *first.args]
        if any(isinstance(cause, TimeoutError) for cause in causes):
            raise MachineError(f"{address} took too long to answer.", code="NET003", hint=_LATER) from error
        if any(isinstance(cause, (HTTPException, zlib.error)) for cause in causes):
            raise MachineError(f"{address} came cut off or damaged.", code="NET008", hint=_LATER) from error
        reason = next((cause.strerror for cause in causes if isinstance(cause, OSError)), None) or first
        message = f"{address} cannot be reached: {text.visible(str(reason)).rstrip('.')}."
        raise MachineError(message, code="NET002", hint=_CHECK) from error
