"""Faults in the processes of a command: they inherit no monkeypatch, but run `sitecustomize` at start."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING, Any
from unittest import mock

from feedwright.articles import reader
from feedwright.bodies import content
from feedwright.bodies.options import BodyOptions
from paths import TESTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from feedwright.model import ArticleSource


def sabotaged(folder: Path, fault: Callable[[], None]) -> dict[str, str]:
    """Return an environment that gives this fault to every Python process; `folder` holds the module."""
    (folder / "sitecustomize.py").write_text(f"import sabotage\nsabotage.{fault.__name__}()\n", "utf-8")
    return {"PYTHONPATH": os.pathsep.join([str(folder), str(TESTS)])}


def die_in_body() -> None:
    """Kill the process that makes the content of `5.html`."""
    make = content.make

    def make_or_die(source: ArticleSource, options: BodyOptions, *more: Any, **further: Any) -> Any:
        if source.article.path == "5.html":
            os.kill(os.getpid(), signal.SIGKILL)
        return make(source, options, *more, **further)

    mock.patch.object(content, "make", make_or_die).start()


def die_in_front_matter() -> None:
    """Kill the process that reads the front matter of `6.html`."""
    read_heads = reader.read_heads

    def read_or_die(paths: Sequence[str], **options: Any) -> Any:
        if "6.html" in paths:
            os.kill(os.getpid(), signal.SIGKILL)
        return read_heads(paths, **options)

    mock.patch.object(reader, "read_heads", read_or_die).start()


def sleep_in_body() -> None:
    """Print "begun" at every body, and take five minutes for it."""

    def make_slowly(*_: Any, **__: Any) -> None:
        os.write(1, b"begun\n")
        time.sleep(300)
        os.write(1, b"done\n")

    mock.patch.object(content, "make", make_slowly).start()
