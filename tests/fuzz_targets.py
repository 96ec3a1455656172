"""What has to hold for any bytes, as functions that a fuzzer calls: they raise where it does not."""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from allowed import faults
from feedwright.articles import reader
from feedwright.bodies import entry, sanitize
from feedwright.problems import HeldError
from paths import CASES
from payloads import families
from sites import reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from feedwright.bodies.sanitize import Engine

ENGINES: tuple[Engine, ...] = ("bleach", "nh3")
PAGE = "https://example.org/a/"


@functools.cache
def _making() -> entry.BodyOptions:
    """How articles are read: below a folder of one's own, which goes with the process."""
    root = tempfile.mkdtemp(prefix="feedwright-fuzz-")
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    return entry.BodyOptions(content=Path(root), reading=reading())


def article(data: bytes) -> None:
    """Read bytes as an article, as HTML or, if the first is odd, as Markdown: problems, but no bug."""
    making = _making()
    name = "a.md" if data[:1] > b"\x80" or data[-1:] in (b"1", b"3", b"5", b"7", b"9") else "a.html"
    (making.content / name).write_bytes(data)
    head = reader.read_head(name, content=making.content, options=making.reading)
    problems = list(head.problems)
    if head.article is not None:
        cleaned, content = entry.clean(name, making=making)
        problems += cleaned.problems
        assert (content is None) == (cleaned.article is None)
        if content is not None:
            assert sorted(faults(content)) == []
    lines = data.count(b"\n") + data.count(b"\r") + data.count(b"\x0c") + 2
    for problem in problems:
        assert problem.code != "BUG001", problem.message
        assert 0 <= problem.line <= lines, problem
        assert problem.column >= 0, problem


def body(data: bytes) -> None:
    """Sanitize bytes as HTML with both engines: what comes out is allowed, and stays as it is."""
    try:
        html = data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        html = data.decode("utf-8", "replace")
    for engine in ENGINES:
        try:
            content = sanitize.clean(html, base=PAGE, file="a.html", engine=engine).content
        except HeldError:
            continue
        assert sorted(faults(content)) == []
        again = sanitize.clean(content, base=PAGE, file="a.html", engine=engine)
        assert again.content == content


TARGETS: dict[str, Callable[[bytes], None]] = {"article": article, "body": body}


def seeds(target: str) -> list[bytes]:
    """Return what a fuzzer begins with: the articles of the cases, or the hostile payloads."""
    if target == "article":
        found = sorted(path for path in CASES.rglob("content/**/*") if path.suffix in (".md", ".html"))
        return [path.read_bytes() for path in found if path.is_file() and path.stat().st_size < 20_000]
    rows = [payload for name, family in families().items() for payload in family if name != "handlers"]
    return [payload.encode("utf-8", "surrogatepass") for payload in rows]
