"""A preview: in this process, told what changes; or the command in a process of its own, asked over HTTP."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import time
from base64 import b64decode
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import TYPE_CHECKING, Any

from feedwright.commands.context import Context, Options
from feedwright.commands.preview.build import Preview
from sites import NOW, command, environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

PICTURE_BYTES = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAAAAACRn/EaAAAAEElEQVR4nGNwaDjwnwFOAAA0fQd+GYn3OAAAAABJRU5ErkJggg=="
)
"""A PNG file of 4 × 3 pixels."""

_PATIENCE = 60
"""Seconds after which something is taken for not coming."""


def preview(root: Path, *, now: datetime = NOW, **options: Any) -> Preview:
    """Begin a preview of a site in this process, at a fixed moment."""
    start = os.fspath(root)
    context = Context(
        Options(jobs=1, **options), {}, start, now=now, began=time.time_ns(), notify=lambda line: None
    )
    shown = Preview(context)
    shown.begin()
    return shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the server said; the names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Serving:
    """A running command: its process, its address, what it said so far."""

    process: subprocess.Popen[bytes]
    port: int = 0
    said: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def ask(self, path: str, method: str = "GET", **headers: str) -> Reply:
        """Ask for a path; headers are written with `_`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, headers=named)
            response = connection.getresponse()
            body = response.read()
            return Reply(
                status=response.status,
                headers={name.lower(): value for name, value in response.getheaders()},
                body=body,
            )
        finally:
            connection.close()

    def wait(self, condition: Callable[[], bool]) -> None:
        """Wait until a condition holds; it is asked again at every build that the server tells of."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        began = time.monotonic()
        try:
            connection.request("GET", "/-/events")
            with connection.getresponse() as response:
                for row in response:  # the present build, the next ones, and what keeps the connection alive
                    if row.startswith((b"data: ", b":")) and condition():
                        return
                    assert time.monotonic() - began < _PATIENCE, self.said
        finally:
            connection.close()

    def shows(self, words: str, path: str = "/feeds/rss.xml") -> Callable[[], bool]:
        """Return the condition that a document or a page has these words."""
        return lambda: words.encode() in self.ask(path).body

    def wait_for(self, words: str, path: str = "/feeds/rss.xml") -> None:
        """Wait until a document or a page has these words."""
        self.wait(self.shows(words, path))

    def end(self, number: int) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(_PATIENCE)


@contextmanager
def serving(root: Path, *arguments: str) -> Iterator[Serving]:
    """Run `feedwright serve` in a folder, until the end of the block."""
    process = subprocess.Popen(
        command("serve", "--port", "0", "--jobs", "1", *arguments),
        cwd=root,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert process.stderr
    running = Serving(process)
    try:
        for row in process.stderr:
            running.said.append(row.decode().rstrip("\n"))
            if found := re.match(r"→ http://[^/]*:(\d+)/", running.said[-1]):
                running.port = int(found[1])
                break
        assert running.port, "\n".join(running.said)
        rest = process.stderr
        reader = Thread(target=lambda: running.said.extend(row.decode().rstrip("\n") for row in rest))
        reader.start()
        yield running
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(_PATIENCE)
        if running.port:
            reader.join()
        process.stderr.close()
