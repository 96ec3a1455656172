"""Faults in the processes of a command: they inherit no monkeypatch, but run `sitecustomize` at start."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING, Any
from unittest import mock

from feedwright.articles import reader
from feedwright.commands import stages
from paths import TESTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def sabotaged(folder: Path, fault: Callable[[], None]) -> dict[str, str]:
    """Return an environment that gives this fault to every Python process; `folder` holds the module."""
    (folder / "sitecustomize.py").write_text(f"import sabotage\nsabotage.{fault.__name__}()\n", "utf-8")
    return {"PYTHONPATH": os.pathsep.join([str(folder), str(TESTS)])}


def die_in_body() -> None:
    """Kill the process that makes the content of `5.html`."""
    make_content = stages.make_content

    def make_or_die(path: str, *options: Any, **more: Any) -> Any:
        if path == "5.html":
            os.kill(os.getpid(), signal.SIGKILL)
        return make_content(path, *options, **more)

    mock.patch.object(stages, "make_content", make_or_die).start()


def die_in_front_matter() -> None:
    """Kill the process that reads the front matter of `6.html`."""
    read_head = reader.read_head

    def read_or_die(path: str, **options: Any) -> Any:
        if path == "6.html":
            os.kill(os.getpid(), signal.SIGKILL)
        return read_head(path, **options)

    mock.patch.object(reader, "read_head", read_or_die).start()


def sleep_in_body() -> None:
    """Print "begun" at every body, and take five minutes for it."""

    def make_slowly(path: str, *options: Any, **more: Any) -> None:
        os.write(1, b"begun\n")
        time.sleep(300)
        os.write(1, b"done\n")

    mock.patch.object(stages, "make_content", make_slowly).start()
