"""What readers get of one article: its safe body, its summary and its thumbnail.

This is the second phase: only articles that some feed shows come here, each once, however many feeds
show it.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from feedwright import disk
from feedwright.articles import article, files
from feedwright.articles.decode import decode
from feedwright.articles.field_reader import FieldReader
from feedwright.articles.front_matter import parse
from feedwright.bodies import deadline
from feedwright.problems import HeldError, Problem, failure

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Literal

    from feedwright.articles.field_reader import ReadOptions
    from feedwright.articles.front_matter.parse import ParsedFields
    from feedwright.bodies.sanitize import Body
    from feedwright.model import Article, Picture, SafeHtml, Thumbnail

LIGHT = 32 * 1024
"""Bytes of a file that no parser takes more than a few seconds for, whatever is in it."""

_WORDS = bytes(byte for byte in range(256) if byte >= 0x80 or chr(byte).isalnum())
"""Bytes that open, close or part nothing, in HTML or in Markdown."""

_MOST_BYTES = 10_000_000
"""Bytes of one text that many readers' XML parser accepts (libxml2: XML_MAX_TEXT_LENGTH)."""

LARGEST = 32 * 1024 * 1024
"""Bytes of a file that are read; more cannot be a body that `sanitize` accepts, in any encoding."""

_LOOKS_LIKE_MARKDOWN = re.compile(r"^#{1,6} \S|\]\(\S+\)|^```", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyOptions:
    """What the settings say about how entries are made; `reading` is how their front matter is read.

    `longest` is how many characters a body may have, `seconds` what making one entry may take.
    """

    content: Path
    reading: ReadOptions
    engine: Literal["bleach", "nh3"] = "bleach"
    longest: int = 5 * 2**20
    seconds: int = 10
    thumbnail_type: str = "image/jpeg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What one file's bytes decide of an entry, but for its content; `article` is None where it is held.

    `seal` is the SHA-256 of those bytes, "" where they were not read. `fingerprint` tells the body as it is
    written from others, `content_hash` the content as it is published.
    """

    path: str
    article: Article | None
    summary: str = ""
    picture: Picture | None = None
    problems: tuple[Problem, ...] = ()
    seal: str = ""
    fingerprint: str = ""
    content_hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """All that a file and its pictures decide of an entry, but for its content; as in `Content`."""

    path: str
    article: Article | None
    summary: str = ""
    thumbnail: Thumbnail | None = None
    problems: tuple[Problem, ...] = ()
    fingerprint: str = ""
    content_hash: str = ""


def is_light(path: str, *, content: Path) -> bool:
    """Tell whether no parser takes more than a few seconds for a file, by its size and its marks.

    What costs more than a pass over the file costs it for pairs of a mark and a byte; `LIGHT` bytes have no
    more than a quarter of their square. What cannot be read is light: reading it tells why.
    """
    try:
        size = os.stat(os.path.join(content, path)).st_size
        if size <= LIGHT:
            return True
        if size > 8 * LIGHT:
            return False
        data, _ = files.read(content, path)
    except (OSError, files.FileError):
        return True
    return len(data) * len(data.translate(None, _WORDS)) <= LIGHT * LIGHT // 4


def clean(path: str, *, making: BodyOptions) -> tuple[Content, SafeHtml | None]:
    """Read, render and sanitize one article; whatever is wrong with its body is among the problems.

    What is wrong with its front matter is told only where there is no article for it: all else was told when
    the head was read.
    """
    try:
        with deadline.within(making.seconds):
            return _clean(path, making)
    except deadline.Late:
        return lost(path, "time", making), None
    except files.FileError as error:
        return Content(path=path, article=None, problems=(error.problem,)), None
    except HeldError as error:
        return Content(path=path, article=None, problems=error.problems), None
    except (MemoryError, ImportError):
        raise  # the first is told apart where the process is watched; the second is no fault of the article
    except Exception as error:  # one article never takes the others with it, whatever parsers make of it
        return Content(path=path, article=None, problems=(failure(path, error),)), None


def fingerprint(path: str, *, making: BodyOptions) -> str:
    """Return what tells a file's body, as it is written, from others; "" where it cannot be read."""
    try:
        data, _ = files.read(making.content, path, limit=LARGEST)
        text, _ = decode(data, path=path, encoding=making.reading.encoding)
    except files.FileError:
        return ""
    matter = parse.read(text, file=path, dialect=making.reading.dialect)
    return _fingerprint(text[matter.body_offset :]) if matter else ""


def _fingerprint(body: str) -> str:
    return disk.sha256(" ".join(body.split()).encode("utf-8", "surrogatepass"))[:16]


def _clean(path: str, making: BodyOptions) -> tuple[Content, SafeHtml]:
    from feedwright.bodies import loss, sanitize

    data, whole = files.read(making.content, path, limit=LARGEST)
    if not whole:
        raise HeldError((_too_large(path),))
    text, removed = decode(data, path=path, encoding=making.reading.encoding)
    found, matter = _article(text, path, making.reading)
    html, line = text[matter.body_offset :], matter.body_line
    own = _fingerprint(html)
    if len(html) > making.longest:
        raise HeldError((_too_long(html, path, line, making),))
    source, (html, odd) = html, _as_html(html, path, line)
    body = sanitize.clean(
        html, base=found.link, file=path, line=line, engine=making.engine, longest=making.longest
    )
    if len(body.content) * 4 >= _MOST_BYTES and len(body.content.encode()) >= _MOST_BYTES:
        raise HeldError((_too_many_bytes(path, line),))
    lost = loss.loss(source, body.content, body.text, file=path, line=line)
    if lost and lost.severity == "error":
        raise HeldError((*odd, *body.problems, lost))
    cleaned = Content(
        path=path,
        article=found,
        summary=_summary(found, body, making),
        picture=found.picture or next(iter(body.pictures), None),
        problems=(
            *(removed if len(data) > files.HEAD_SIZE else ()),
            *odd,
            *body.problems,
            *filter(None, [lost]),
        ),
        seal=disk.sha256(data),
        fingerprint=own,
        content_hash=disk.sha256(body.content.encode("utf-8", "surrogatepass")),
    )
    return cleaned, body.content


def _article(text: str, path: str, reading: ReadOptions) -> tuple[Article, ParsedFields]:
    """The article again, whose head was read before; raises `HeldError` where the file has changed since."""
    matter = parse.read(text, file=path, dialect=reading.dialect)
    found = article.read(FieldReader(path=path, parsed=matter, options=reading)) if matter else None
    if matter is None or found is None:
        message, hint = "the file changed while it was read", "build again"
        raise HeldError((Problem(severity="error", code="FS006", message=message, file=path, hint=hint),))
    return found, matter


def illustrated(cleaned: Content, *, making: BodyOptions) -> Made:
    """Add the thumbnail, which may be another file in the content folder."""
    picture, found = _thumbnail(cleaned, making)
    return Made(
        path=cleaned.path,
        article=cleaned.article,
        summary=cleaned.summary,
        thumbnail=picture,
        problems=(*cleaned.problems, *found),
        fingerprint=cleaned.fingerprint,
        content_hash=cleaned.content_hash,
    )


def _as_html(text: str, path: str, line: int) -> tuple[str, tuple[Problem, ...]]:
    """The body as HTML, and a warning where it seems to be something else."""
    from feedwright.bodies import markdown

    if path.lower().endswith(files.MARKDOWN):
        return (_rendered(text, path, line) if markdown.is_markdown(text) else text), ()
    if "<" not in text and _LOOKS_LIKE_MARKDOWN.search(text):
        return text, (_markdown_in_html(path, line),)
    return text, ()


def _rendered(text: str, path: str, line: int) -> str:
    from feedwright.bodies import markdown

    try:
        return markdown.render(text)
    except RecursionError:
        message = "the Markdown is nested too deep"
        problem = Problem(severity="error", code="HTML002", message=message, file=path, line=line)
        raise HeldError((problem,)) from None


def lost(path: str, by: Literal["time", "memory", "death"], making: BodyOptions) -> Content:
    """Return what is left of an article whose process was stopped, or died: the problem."""
    message, code = {
        "time": (f"the body took more than {making.seconds} s and was given up", "LIM001"),
        "memory": ("the body took too much memory and was given up", "LIM001"),
        "death": ("the process that read the body died", "LIM002"),
    }[by]
    hint = "simplify the markup; `time_limit` allows more" if by == "time" else "simplify the markup"
    problem = Problem(severity="error", code=code, message=message, file=path, hint=hint)
    return Content(path=path, article=None, problems=(problem,))


def _too_long(html: str, path: str, line: int, making: BodyOptions) -> Problem:
    message = f"the body has {len(html):,} characters; the limit is {making.longest:,}"
    hint = "make several articles of it; `body_limit` allows more"
    return Problem(severity="error", code="HTML004", message=message, file=path, line=line, hint=hint)


def _too_many_bytes(path: str, line: int) -> Problem:
    message = f"the body has {_MOST_BYTES:,} bytes or more: parsers of readers refuse the whole feed"
    hint = "make several articles of it"
    return Problem(severity="error", code="HTML004", message=message, file=path, line=line, hint=hint)


def _too_large(path: str) -> Problem:
    message = f"the file has more than {LARGEST // 2**20} MiB"
    hint = "make several articles of it, or link to what is long"
    return Problem(severity="error", code="HTML004", message=message, file=path, hint=hint)


def _markdown_in_html(path: str, line: int) -> Problem:
    return Problem(
        severity="warning",
        code="HTML008",
        message="the body looks like Markdown, but this file's body is read as HTML",
        file=path,
        line=line,
        column=1,
        hint="rename the file to .md",
    )


def _summary(found: Article, body: Body, making: BodyOptions) -> str:
    """What the front matter says, without the markup it may have; else the body's beginning."""
    from feedwright.bodies import sanitize, summary

    own = found.summary
    if own and ("<" in own or "&" in own):
        own = sanitize.clean(own, base=found.link, file=found.path, engine=making.engine).text
    return own or body.excerpt or summary.cut(body.text)


def _thumbnail(cleaned: Content, making: BodyOptions) -> tuple[Thumbnail | None, tuple[Problem, ...]]:
    from feedwright.bodies.thumbnail import thumbnail

    found, picture = cleaned.article, cleaned.picture
    if found is None or picture is None:
        return None, ()
    return thumbnail(
        picture,
        base=found.link,
        site_url=making.reading.url,
        content=making.content,
        article_path=cleaned.path,
        default_type=making.thumbnail_type,
        file=cleaned.path,
        line=picture.line,
        column=picture.column,
        field=picture.field or "img",
    )
