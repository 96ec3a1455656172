"""What readers get of one article: its safe body, its summary and its thumbnail.

This is the second phase: only articles that some feed shows come here, each once, however many feeds
show it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from feedwright import files, tree
from feedwright.matter import front
from feedwright.problems import HeldError, Problem

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Literal

    from feedwright.body.sanitize import Body
    from feedwright.model import Article, Picture, SafeHtml, Thumbnail

LARGEST = 32 * 1024 * 1024
"""Bytes of a file that are read; more cannot be a body that `sanitize` accepts, in any encoding."""

_LOOKS_LIKE_MARKDOWN = re.compile(r"^#{1,6} \S|\]\(\S+\)|^```", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """What the settings say about how entries are made; `url` is the site's, ending in "/"."""

    content: Path
    url: str
    encoding: str = "utf-8"
    engine: Literal["bleach", "nh3"] = "bleach"
    thumbnail_type: str = "image/jpeg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """What one file's bytes decide of an entry; `content` is None where the article is held.

    `seal` is the SHA-256 of those bytes, "" where they were not read.
    """

    path: str
    content: SafeHtml | None
    summary: str = ""
    picture: Picture | None = None
    problems: tuple[Problem, ...] = ()
    seal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """All that a body and its files decide of an entry; `content` is None where the article is held."""

    path: str
    content: SafeHtml | None
    summary: str = ""
    thumbnail: Thumbnail | None = None
    problems: tuple[Problem, ...] = ()


def make(article: Article, *, making: Making) -> Made:
    """Read, render and sanitize one article's body, and look at its picture."""
    return illustrated(article, clean(article, making=making), making=making)


def clean(article: Article, *, making: Making) -> Cleaned:
    """Read, render and sanitize one article's body; whatever is wrong with it is among the problems."""
    try:
        body, noticed, seal = _body(article, making)
        summary = _summary(article, body, making)
    except files.FileError as error:
        return Cleaned(path=article.path, content=None, problems=(error.problem,))
    except HeldError as error:
        return Cleaned(path=article.path, content=None, problems=error.problems)
    return Cleaned(
        path=article.path,
        content=body.content,
        summary=summary,
        picture=article.picture or next(iter(body.pictures), None),
        problems=(*noticed, *body.problems),
        seal=seal,
    )


def illustrated(article: Article, cleaned: Cleaned, *, making: Making) -> Made:
    """Add the thumbnail, which may be another file in the content folder."""
    picture, found = (
        _thumbnail(article, cleaned.picture, making) if cleaned.content is not None else (None, ())
    )
    return Made(
        path=cleaned.path,
        content=cleaned.content,
        summary=cleaned.summary,
        thumbnail=picture,
        problems=(*cleaned.problems, *found),
    )


def _body(article: Article, making: Making) -> tuple[Body, tuple[Problem, ...], str]:
    from feedwright.body import markdown, sanitize

    data, whole = files.read(making.content, article.path, limit=LARGEST)
    if not whole:
        raise HeldError((_too_large(article.path),))
    text, removed = files.decode(data, path=article.path, encoding=making.encoding)
    html, line = front.body(text)
    noticed = list(removed) if len(data) > files.HEAD_SIZE else []
    if article.path.lower().endswith(files.MARKDOWN):
        if markdown.is_markdown(html):
            html = _rendered(html, article.path, line)
    elif "<" not in html and _LOOKS_LIKE_MARKDOWN.search(html):
        noticed.append(_markdown_in_html(article.path, line))
    body = sanitize.clean(html, base=article.link, file=article.path, line=line, engine=making.engine)
    return body, tuple(noticed), tree.hash_of(data)


def _rendered(text: str, path: str, line: int) -> str:
    from feedwright.body import markdown

    try:
        return markdown.render(text)
    except RecursionError:
        message = "the Markdown is nested too deep"
        problem = Problem(severity="error", code="HTML002", message=message, file=path, line=line)
        raise HeldError((problem,)) from None


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


def _summary(article: Article, body: Body, making: Making) -> str:
    """What the front matter says, without the markup it may have; else the body's beginning."""
    from feedwright.body import sanitize, summary

    own = article.summary
    if own and ("<" in own or "&" in own):
        own = sanitize.clean(own, base=article.link, file=article.path, engine=making.engine).text
    return own or body.excerpt or summary.cut(body.text)


def _thumbnail(
    article: Article, picture: Picture | None, making: Making
) -> tuple[Thumbnail | None, tuple[Problem, ...]]:
    from feedwright.thumbnail import thumbnail

    if picture is None:
        return None, ()
    return thumbnail(
        picture,
        base=article.link,
        site_url=making.url,
        content=making.content,
        article_path=article.path,
        default_type=making.thumbnail_type,
        file=article.path,
        line=picture.line,
        column=picture.column,
        field=picture.field or "img",
    )
