"""Bytes at an http or https address, and never too many.

Redirects are followed here rather than by urllib3, so that each is checked and all share one time limit.
Whatever goes wrong is a `MachineError`, since no file was touched.
"""

from __future__ import annotations

import time
from http.client import responses

from feedwright import text, urls
from feedwright.problems import MachineError
from feedwright.publication.exchange import CHECK, LARGEST, SECONDS, Response, exchange

_HOPS = 10
_REDIRECTS = (301, 302, 303, 307, 308)
_TARGET = "Give the address that it should end at."
_TOGETHER, _ALL_SECONDS = 1024 * 1024 * 1024, 1800.0


def fetch(url: str, *, limit: int = LARGEST, timeout: float = SECONDS) -> bytes:
    """Return what a server has at an http(s) address, unpacked, after at most 10 redirects to such addresses.

    `limit` is in bytes, packed and unpacked; `timeout` in seconds, for all of it. What is asked for by https
    never comes by http. Raises what `exchange` raises, and `MachineError` NET004 (nothing there: 404, 410),
    NET005 (another status), NET006 (redirects that lead nowhere).
    """
    deadline = time.monotonic() + timeout
    address = urls.web(url, url) or url
    for _ in range(_HOPS + 1):
        response = exchange(address, limit=limit, timeout=max(deadline - time.monotonic(), 0))
        target = _target(response, address)
        if target is None:
            _check_status(response.status, address)
            return response.body
        address = target
    raise MachineError(f"{url} is redirected without end.", code="NET006", hint=_TARGET)


def find(url: str, *, limit: int = LARGEST, timeout: float = SECONDS) -> bytes | None:
    """Return what `fetch` does, None where the server says that there is nothing; raises its other errors."""
    try:
        return fetch(url, limit=limit, timeout=timeout)
    except MachineError as error:
        if error.code != "NET004":
            raise
        return None


class Download:
    """Fetches that share one time and one number of bytes."""

    def __init__(self, *, limit: int = _TOGETHER, timeout: float = _ALL_SECONDS) -> None:
        """Begin now; `limit` is in bytes, unpacked, `timeout` in seconds, both for all fetches together."""
        self._limit = self._left = limit
        self._deadline = time.monotonic() + timeout

    def find(self, url: str, limit: int = LARGEST) -> bytes | None:
        """Return what `find` does, of at most `limit` bytes; raises its errors, also for all together."""
        seconds = max(self._deadline - time.monotonic(), 0)
        try:
            data = find(url, limit=min(limit, self._left), timeout=min(seconds, SECONDS))
        except MachineError as error:
            if error.code == "NET007" and self._left < limit:
                error.message = f"{error.message} All documents may have {self._limit} together."
            if error.code == "NET007":
                self._left -= min(limit, self._left)
            raise
        self._left -= len(data or b"")
        return data


def _target(response: Response, address: str) -> str | None:
    """The address that a redirect leads to, None for another response (RFC 9110 §15.4)."""
    location = response.headers.get("location")
    if response.status not in _REDIRECTS or not location:
        return None
    # Headers come as Latin-1; servers that do not encode an address send UTF-8.
    location = location.encode("latin-1", "replace").decode("utf-8", "replace")
    target = urls.web(location, address)
    if target is None:
        message = f"{address} is redirected to {text.visible(location)!r}, not to an address on the web."
        raise MachineError(message, code="NET006", hint=_TARGET)
    if address.startswith("https:") and target.startswith("http:"):
        message = f"{address} is redirected to {target}, which anybody on the way could change."
        raise MachineError(message, code="NET006", hint="Let the server redirect to an https address.")
    return target


def _check_status(status: int, address: str) -> None:
    if status == 200:
        return
    phrase = f"{status} {responses.get(status, '')}".rstrip()
    if status in (404, 410):
        raise MachineError(f"Nothing is at {address} ({phrase}).", code="NET004", hint="Check the address.")
    hint = "Try again later." if status == 429 or status >= 500 else CHECK
    raise MachineError(f"{address} was refused ({phrase}).", code="NET005", hint=hint)
