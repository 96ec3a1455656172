"""An article's content in a feed, beside its fields: safe HTML, a summary, a thumbnail.

This is the second phase: only articles that some feed shows come here, each once, however many feeds show it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from feedwright import disk, media_types
from feedwright.bodies.options import BodyOptions
from feedwright.model import Article, Content, replace
from feedwright.patterns import lazy_pattern
from feedwright.problems import HeldError, Problem

if TYPE_CHECKING:
    from pathlib import Path

    from feedwright.bodies.sanitize import Body
    from feedwright.bodies.templates.templates import Templates
    from feedwright.generators.markdown_dialect import MarkdownDialect
    from feedwright.generators.template_syntax import Answer
    from feedwright.model import ArticleSource, Page, SafeHtml

LARGEST = 32 * 1024 * 1024
"""Bytes of a file that are read; more cannot be a body that `sanitize` accepts, in any encoding."""

LARGEST_PAGE = 4 * 2**20
"""Bytes of a page that are read."""

LIGHT = 32 * 1024
"""The size in bytes up to which no parser takes more than a few seconds, whatever the content."""

_MEMORY, _MEMORY_PER_BYTE = 400 * 2**20, 400
"""Bytes that a process may have to make the content of a file of 1 MiB, and for each byte more."""

_TOTAL, _TOTAL_PER_MIB = 12, 2
"""How many times the time of one content all heavy ones have together, and for each MiB of theirs more."""

_WORDS = bytes(byte for byte in range(256) if byte >= 0x80 or chr(byte).isalnum())
"""Bytes that neither open, close nor separate anything, in HTML or in Markdown."""

_MOST_BYTES = 10_000_000
"""Bytes of one text that many readers' XML parser accepts (libxml2: XML_MAX_TEXT_LENGTH)."""

_OF_THEMES = frozenset({"HTML006", "HTML009", "XML001"})
"""Codes of repairs of what a theme does, and nobody can do in an article."""

_MORE = lazy_pattern(r"<!-- *(?:more|excerpt|pelican_end_summary) *-->", re.IGNORECASE)
_LOOKS_LIKE_MARKDOWN = lazy_pattern(r"^#{1,6} \S|\]\([^\s()\]]+\)|^```", re.MULTILINE)


def is_light(path: str, *, content: Path) -> bool:
    """Tell whether no parser takes more than a few seconds for a file, by its size and its marks.

    Whatever costs more than one pass over the file costs it for pairs of a mark and a byte; a light file has
    no more of them than a quarter of the square of its limit. A file that cannot be read is light: reading it
    says why.
    """
    file = os.path.join(content, path)
    try:
        size = os.stat(file).st_size
        if size <= LIGHT or size > 8 * LIGHT:
            return size <= LIGHT
        data = disk.read_bytes(file)
    except OSError:
        return True
    return _has_few_marks(data)


def _has_few_marks(data: bytes) -> bool:
    return len(data) * len(data.translate(None, _WORDS)) <= LIGHT * LIGHT // 4


def _check_light(text: str) -> None:
    """Raise `HeavyError` for what may take a parser long."""
    if len(text) > LIGHT and not _has_few_marks(text.encode("utf-8", "replace")):
        raise HeavyError


def memory(size: int) -> int:
    """Return how many bytes a process may have to make a content of a file and a page of this size."""
    return _MEMORY + _MEMORY_PER_BYTE * max(0, size - 2**20)


def base_budget(options: BodyOptions) -> float:
    """Return the seconds that all heavy contents of a build may take together, whatever their size."""
    return options.seconds * _TOTAL


def budget(size: int, options: BodyOptions) -> float:
    """Return the seconds that files may take for their size together, beside the base budget."""
    return options.seconds * _TOTAL_PER_MIB * size / 2**20


def size_of(path: str, *, content: Path) -> int:
    """Return the size of an article's file, 0 if it cannot be read."""
    with suppress(OSError):
        return os.stat(os.path.join(content, path)).st_size
    return 0


def fingerprint(body: str) -> str:
    """Return a fingerprint of a body as it is written: 16 hex digits, independent of white space."""
    return disk.sha256(" ".join(body.split()).encode("utf-8", "surrogatepass"))[:16]


def hash_of(html: str) -> str:
    """Return the hash of a content's HTML."""
    return disk.sha256(html.encode("utf-8", "surrogatepass"))


class HeavyError(Exception):
    """A page, or what template tags give, may take a parser long, though the file does not."""


def make(
    source: ArticleSource,
    options: BodyOptions,
    answers: Mapping[str, Answer] = MappingProxyType({}),
    page: Page | None = None,
    *,
    light: bool = False,
) -> tuple[Content, SafeHtml]:
    """Render, sanitize and summarize an article's body. Raises `HeldError` for what must not be shown.

    `answers` are those that it needs; raises `UnansweredError` where some are missing. Where bodies are taken
    from pages, `page` is the article's, None if it has none; with `light` it raises `HeavyError` rather than
    read what may take long, in a page or after template tags became what they give.
    """
    from feedwright.bodies import body_pictures, limits, titles
    from feedwright.bodies.templates.templates import Templates

    article, path = source.article, source.article.path
    with limits.holding(path, source.line):
        limits.check_length(source.body, options.longest)
        templates = Templates(source, options, answers)
        text = templates.uncovered(source.body)
        written, picture = templates.plain(article.summary or ""), templates.picture()
    body: Body | None = None
    told: tuple[Problem, ...] = ()
    if options.pages:
        templates.check_answers()
        body, told = _of_page(page, text, templates, source, options, light=light)
    is_of_page = body is not None
    if body is None:
        body, problems = _of_source(text, templates, source, options, light=light)
        told += problems
    content = Content(
        path=path,
        article=titles.titled(article, body) if article.is_untitled else article,
        summary=_summary(written, article, body, options),
        picture=picture or (next(iter(body.pictures), None) if article.picture is None else None),
        pictures=tuple(body_pictures.of_site(body.pictures, source, options)),
        problems=(*source.problems, *templates.problems(), *told),
        digest=source.digest,
        fingerprint=fingerprint(source.body),
        content_hash=hash_of(body.content),
        asked=tuple(templates.asked()),
        page=page.file if page and is_of_page else "",
        page_digest=page.digest if page else "",
    )
    return content, body.content


def _of_source(
    text: str, templates: Templates, source: ArticleSource, options: BodyOptions, *, light: bool
) -> tuple[Body, tuple[Problem, ...]]:
    """The body as we read it in the file, `text` without comments; and what is wrong with it."""
    from feedwright.bodies import limits, loss, sanitize

    article, line = source.article, source.line
    path = article.path
    with limits.holding(path, line):
        expansion = templates.expand(text)
        if light and expansion.text is not text:
            _check_light("".join([expansion.text, *expansion.html]))
        html, repairs = _as_html(expansion.text, path, line, _dialect(source, expansion.text, options))
        html = templates.with_links(expansion.fill(html))
        templates.check_answers()
        if expansion.says_nothing:
            raise templates.nothing_left(expansion)
        body = sanitize.clean(
            html, base=article.link, file=path, line=line, engine=options.engine, longest=options.longest
        )
        _check_size(body)
    lost = loss.check(expansion.text, body, file=path, line=line)
    problems = (*repairs, *body.problems, *filter(None, [lost]))
    if lost and lost.severity == "error":
        raise HeldError((*templates.problems(), *problems))
    return body, problems


def _check_size(body: Body) -> None:
    from feedwright.bodies import limits

    if len(body.content) * 4 >= _MOST_BYTES and len(body.content.encode()) >= _MOST_BYTES:
        message = f"the body has {_MOST_BYTES:,} bytes or more: parsers of readers refuse the whole feed"
        raise limits.RefusedError("HTML004", message, "make several articles of it")


def _of_page(
    page: Page | None,
    text: str,
    templates: Templates,
    source: ArticleSource,
    options: BodyOptions,
    *,
    light: bool,
) -> tuple[Body | None, tuple[Problem, ...]]:
    """The body as it stands in the page, None where it cannot be taken from there; and what is to be told.

    Raises `HeldError` where the page shows it only to those with a password.
    """
    from feedwright.bodies import limits, sanitize, slips
    from feedwright.bodies.built_page import finder
    from feedwright.bodies.built_page.likeness import GAP, Likeness
    from feedwright.bodies.templates import scanner
    from feedwright.generators.table import GENERATORS

    article, line = source.article, source.line
    path = article.path
    if templates.has_locks:
        return None, (_unused("PAGE005", "a part of the article is locked", path),)
    if page is None:
        return None, (_unused("PAGE001", "the site has no page that the body could be taken from", path),)
    try:
        words = scanner.without_tags(text, GENERATORS[options.dialect], GAP)
        html, base = finder.article_in(
            page, Likeness(words), title=article.title, source=text, selector=options.selector
        )
        if light:
            _check_light(html)
        body = sanitize.clean(html, base=base, file=path, engine=options.engine, longest=options.longest)
        _check_size(body)
    except finder.UnlikeError as error:
        if error.asks:
            message = "the site's page asks for a password and does not show the article"
            hint = "leave the article out with `published: false`, or publish it on the site"
            raise HeldError((Problem.error("PAGE004", message, path, hint=hint),)) from None
        hint = 'name the article\'s element: page_selector = "main .post-body"'
        return None, (_unused("PAGE002", str(error), path, hint=hint),)
    except limits.RefusedError as error:
        return None, (_unused("PAGE003", error.args[1], path, hint=error.args[2]),)
    except HeldError as error:
        return None, (_unused("PAGE003", error.problems[-1].message, path, hint=error.problems[-1].hint),)
    if body.excerpt is None and (mark := _MORE.search(text)):
        beginning = _as_html(text[: mark.end()], path, line, _dialect(source, text, options))[0]
        body = replace(body, excerpt=sanitize.excerpt(beginning, base))
    repairs = slips.find(text, path, line) if path.lower().endswith(media_types.MARKDOWN) else ()
    return body, (*repairs, *(problem for problem in body.problems if problem.code not in _OF_THEMES))


def _unused(code: str, reason: str, path: str, *, hint: str = "nothing is to be done") -> Problem:
    message = f"{reason}; the body is made of the article's file"
    return Problem.warning(code, message, path, hint=hint)


def held(path: str, problems: tuple[Problem, ...], *, digest: str = "") -> Content:
    """Return the content of an article that cannot be shown: why not; `digest` is that of its file."""
    return Content(path=path, article=None, problems=problems, digest=digest)


def lost(path: str, by: Literal["time", "memory", "death"], options: BodyOptions) -> Content:
    """Return the content of an article whose process was stopped or died: a problem."""
    message, code = {
        "time": (f"the body took more than {options.seconds} s and was given up", "LIM001"),
        "memory": ("the body took too much memory and was given up", "LIM001"),
        "death": ("the process that read the body died", "LIM002"),
    }[by]
    hint = "simplify the markup; `time_limit` allows more" if by == "time" else "simplify the markup"
    return held(path, (Problem.error(code, message, path, hint=hint),))


def _dialect(source: ArticleSource, body: str, options: BodyOptions) -> MarkdownDialect:
    """The dialect of a body's Markdown; without a setting, the generator's in a folder such as `_posts`."""
    from feedwright.bodies.markdown import tex
    from feedwright.generators.markdown_dialect import markdown_dialect
    from feedwright.generators.table import GENERATORS

    generator = GENERATORS[options.dialect]
    folders = source.article.path.split("/")[:-1]
    own = generator.markdown if generator.posts in folders else "commonmark"
    switches = source.switches
    if "math" not in switches and tex.has_tex(body):
        switches = {**switches, "math": True}
    return markdown_dialect(options.markdown or own).switched(switches)


def _as_html(text: str, path: str, line: int, dialect: MarkdownDialect) -> tuple[str, tuple[Problem, ...]]:
    """The body as HTML, and a warning where it seems to be something else."""
    from feedwright.bodies import limits, rst, slips
    from feedwright.bodies.markdown import rendering

    name = path.lower()
    try:
        if name.endswith(media_types.MARKDOWN):
            problems = tuple(slips.find(text, path, line))
            return (rendering.render(text, dialect) if rendering.is_markdown(text) else text), problems
        if name.endswith(media_types.RESTRUCTURED_TEXT):
            return rst.render(text, file=path, line=line)
    except RecursionError:
        raise limits.RefusedError("HTML002", "the markup is nested too deep", "") from None
    if "<" in text or not _LOOKS_LIKE_MARKDOWN.search(text):
        return text, ()
    message = "the body looks like Markdown, but this file's body is read as HTML"
    return text, (Problem.warning("HTML008", message, path, line, 1, hint="rename the file to .md"),)


def _summary(written: str, article: Article, body: Body, options: BodyOptions) -> str:
    """The summary in the front matter, without its markup; else the beginning of the body."""
    from feedwright.bodies import sanitize, summary

    if written and ("<" in written or "&" in written):
        written = sanitize.clean(written, base=article.link, file=article.path, engine=options.engine).text
    return written or body.excerpt or summary.cut(body.prose)
