"""Telling a WebSub hub that feeds have changed, and remembering what it was told.

The form that hubs take is that of PubSubHubbub 0.4 (§7): WebSub leaves it to them (§6).
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from http.client import responses
from pathlib import Path
from urllib.parse import urlencode

from msgspec import Struct

from feedwright import disk
from feedwright.problems import MachineError
from feedwright.publication.exchange import Response, exchange

Send = Callable[[str, bytes], Response]
"""Posts a form to an address and returns the answer; raises `MachineError` where there is none."""

_NAME = "pinged.json"
_PAUSES = (2.0, 10.0)
_LONGEST_PAUSE = 60.0
_SECONDS = 30.0
_LARGEST = 1024 * 1024
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_UNREACHED = ("NET002", "NET003", "NET008")


class Ping(Struct, frozen=True, kw_only=True):
    """The answer of a hub to the news about one topic; `status` is 0 where there was none."""

    topic: str
    status: int
    reason: str

    @property
    def is_taken(self) -> bool:
        """Whether the hub will look at the topic."""
        return 200 <= self.status < 300


def post(hub: str, form: bytes) -> Response:
    """Post a form to a hub."""
    return exchange(hub, method="POST", headers=_FORM, body=form, limit=_LARGEST, timeout=_SECONDS)


def announce(
    hub: str, topics: Iterable[str], *, send: Send, sleep: Callable[[float], None] = time.sleep
) -> Iterator[Ping]:
    """Tell a hub about each topic, and yield its answers.

    A busy or failing hub is asked three times, with pauses; one that cannot be reached then is left alone:
    the rest is yielded unasked.
    """
    unreached = ""
    for topic in topics:
        ping = Ping(topic=topic, status=0, reason=unreached) if unreached else _ask(hub, topic, send, sleep)
        unreached = "" if ping.status else ping.reason
        yield ping


def _ask(hub: str, topic: str, send: Send, sleep: Callable[[float], None]) -> Ping:
    form = urlencode({"hub.mode": "publish", "hub.url": topic, "hub.topic": topic}).encode()
    for pause in (*_PAUSES, None):
        try:
            response = send(hub, form)
        except MachineError as error:
            ping, again = Ping(topic=topic, status=0, reason=error.message), error.code in _UNREACHED
        else:
            reason = f"{response.status} {responses.get(response.status, '')}".rstrip()
            ping = Ping(topic=topic, status=response.status, reason=reason)
            again = response.status == 429 or response.status >= 500
            pause = pause and _pause(response.headers.get("retry-after", ""), pause)
        if not again or pause is None:
            break
        sleep(pause)
    return ping


def _pause(asked: str, usual: float) -> float:
    """The pause that the hub asks for in seconds (RFC 9110 §10.2.3), within reason; else the usual one."""
    return min(float(asked), _LONGEST_PAUSE) if asked.isascii() and asked.isdigit() else usual


def load(folder: Path, hub: str) -> dict[str, str]:
    """Return the hashes of the documents that this hub was told of, by path; none if that is not known."""
    with suppress(OSError, ValueError):
        told = json.loads(disk.read_bytes(folder / _NAME, follow=False))
        documents = told["documents"] if isinstance(told, dict) and told.get("hub") == hub else None
        if isinstance(documents, dict):
            return {path: digest for path, digest in documents.items() if isinstance(digest, str)}
    return {}


def save(folder: Path, hub: str, documents: Mapping[str, str]) -> None:
    """Remember what a hub was told of, in the cache; where it cannot be written, it is told again."""
    text = json.dumps({"hub": hub, "documents": documents}, ensure_ascii=False, indent=1, sort_keys=True)
    with suppress(OSError):
        disk.make_private(folder)
        temporary = folder / f"{_NAME}.{os.getpid()}"
        temporary.write_bytes(text.encode("utf-8", "backslashreplace"))
        temporary.replace(folder / _NAME)
