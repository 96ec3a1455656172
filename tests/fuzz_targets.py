"""Properties of any bytes, as functions for a fuzzer: they raise if a property does not hold."""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from allowed import faults
from feedwright.articles import reader
from feedwright.bodies import sanitize
from feedwright.bodies.options import BodyOptions
from feedwright.bodies.templates.references import UnansweredError
from feedwright.commands.rows import make_content
from feedwright.generators.table import GENERATORS
from feedwright.generators.template_syntax import Answer
from feedwright.problems import HeldError
from paths import CASES
from payloads import families
from sites import URL, reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from feedwright.bodies.sanitize import Engine
    from feedwright.model import Content, SafeHtml

ENGINES: tuple[Engine, ...] = ("bleach", "nh3")
PAGE = "https://example.org/a/"


@functools.cache
def _folder() -> Path:
    """A folder of one's own, which goes with the process."""
    root = tempfile.mkdtemp(prefix="feedwright-fuzz-")
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    return Path(root)


def _content(name: str, options: BodyOptions) -> tuple[Content, SafeHtml | None]:
    """The content of an article for which whatever it refers to is there."""
    answers: dict[str, Answer] = {}
    while True:
        try:
            return make_content(name, reading(), options, answers)
        except UnansweredError as error:
            answers |= dict.fromkeys(error.questions, Answer(f"{URL}b/", "B"))


def article(data: bytes) -> None:
    """Read bytes as an article, as HTML or, if the first is odd, as Markdown: problems, but no bug."""
    folder = _folder()
    name = "a.md" if data[:1] > b"\x80" or data[-1:] in (b"1", b"3", b"5", b"7", b"9") else "a.html"
    (folder / name).write_bytes(data)
    head = reader.read_head(name, content=folder, options=reading())
    problems = list(head.problems)
    if head.article is not None:
        dialect = sorted(GENERATORS)[len(data) % len(GENERATORS)]
        made, content = _content(name, BodyOptions(content=folder, site_url=URL, dialect=dialect))
        problems += made.problems
        assert (content is None) == (made.article is None)
        if content is not None:
            assert sorted(faults(content)) == []
    lines = data.count(b"\n") + data.count(b"\r") + data.count(b"\x0c") + 2
    for problem in problems:
        assert problem.code != "BUG001", problem.message
        assert 0 <= problem.line <= lines, problem
        assert problem.column >= 0, problem


def body(data: bytes) -> None:
    """Sanitize bytes as HTML with both engines: the result is allowed, and a fixed point."""
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
    """Return the first inputs of a fuzzer: the articles of the cases, or the hostile payloads."""
    if target == "article":
        found = sorted(path for path in CASES.rglob("content/**/*") if path.suffix in (".md", ".html"))
        return [path.read_bytes() for path in found if path.is_file() and path.stat().st_size < 20_000]
    rows = [payload for name, family in families().items() for payload in family if name != "handlers"]
    return [payload.encode("utf-8", "surrogatepass") for payload in rows]
