"""The work of a build's stages on articles, as processes do it: each takes little, and returns bytes.

Many light articles are done together, step by step; where one of them spoils that, each alone.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct

from feedwright import disk, workers
from feedwright.articles import reader
from feedwright.articles.field_reader import ReadOptions
from feedwright.bodies import content as contents
from feedwright.bodies import deadline
from feedwright.bodies.options import BodyOptions
from feedwright.bodies.templates.references import UnansweredError
from feedwright.cache import codec
from feedwright.commands import built_pages
from feedwright.generators.template_syntax import Answer
from feedwright.model import ArticleHead, ArticleSource, Content, SafeHtml, replace
from feedwright.problems import HeldError, blaming

HEAD_SECONDS = 10
"""The time that reading one file's front matter may take."""

LIGHT_SECONDS = 1
"""The time that a light body may take: many times what it needs. One that takes longer is heavy."""

_AS_LONG_AS_ONE = 50
"""How many light bodies that are made together may take as long as one may."""

_decode_known = codec.decoder(ArticleHead)

HeadRow = tuple[str, bytes, bytes]
"""A file's digest, its front matter as JSON, and what spares parsing that again: the result of a process."""

Row = tuple[str, str, bytes, SafeHtml | None]
"""An article's path, its file's digest, its content as JSON, and its HTML: the result of a process."""


class Order(Struct, frozen=True):
    """An article whose content is to be made: what is known of it, as JSON, and the answers it asked for."""

    path: str
    known: bytes = b""
    answers: tuple[tuple[str, Answer], ...] = ()


class Asked(Struct, frozen=True):
    """The result of a process for a body that refers to what it does not know."""

    questions: tuple[str, ...]


Result = Row | Asked | workers.Lost


def read_row(path: str, *, content: Path, options: ReadOptions) -> HeadRow:
    """Return the digest of a file and its front matter as JSON."""
    try:
        with blaming(path), deadline.within(HEAD_SECONDS):
            return _head_row(*reader.read_heads([path], content=content, options=options))
    except deadline.DeadlineError:
        head = reader.lost(path, "time", digest=disk.file_sha256(os.path.join(content, path)))
    except HeldError as error:
        head = reader.held(path, error.problems)
    return _head_row(reader.Head(head))


def read_rows(paths: Sequence[str], *, content: Path, options: ReadOptions) -> list[HeadRow]:
    """Return what `read_row` does for each file; they are read together, unless one of them spoils that."""
    try:
        with deadline.within(LIGHT_SECONDS):
            heads = reader.read_heads(paths, content=content, options=options)
            return [_head_row(head) for head in heads]
    except (Exception, deadline.DeadlineError):  # which of them it was, and what to do, `read_row` knows
        return [read_row(path, content=content, options=options) for path in paths]


def _head_row(head: reader.Head) -> HeadRow:
    known = codec.encode(head.article) if head.article else b""
    return head.result.digest, codec.encode(replace(head.result, digest="")), known


def make_row(
    order: Order,
    *,
    read_options: ReadOptions,
    options: BodyOptions,
    seconds: float,
    light: bool = False,
) -> Result:
    """Return the content of an article as a process hands it on, `Lost` if it takes more than `seconds`.

    With `light` it is postponed where its page may take long.
    """
    path = order.path
    try:
        with blaming(path), deadline.within(seconds):
            return _content_row(order, _read(order, read_options, options), options, light=light)
    except deadline.DeadlineError:
        return workers.Lost(by="time")
    except HeldError as error:
        return path, "", codec.encode(contents.held(path, error.problems)), None


def make_rows(
    orders: Sequence[Order], *, read_options: ReadOptions, options: BodyOptions, seconds: float
) -> list[Result]:
    """Return what `make_row` does for each article; they are made together, unless one spoils that."""
    try:
        with deadline.within(seconds * (1 + len(orders) / _AS_LONG_AS_ONE)):
            sources = [_read(order, read_options, options) for order in orders]
            return [
                _content_row(order, source, options, light=True)
                for order, source in zip(orders, sources, strict=True)
            ]
    except (Exception, deadline.DeadlineError):  # which of them it was, and what to do, `make_row` knows
        make = partial(make_row, read_options=read_options, options=options, seconds=seconds, light=True)
        return [make(order) for order in orders]


def make_content(
    path: str,
    read_options: ReadOptions,
    options: BodyOptions,
    answers: Mapping[str, Answer] = MappingProxyType({}),
) -> tuple[Content, SafeHtml | None]:
    """Return the content of an article; what is wrong with it is among its problems.

    What is wrong with its front matter was reported when its head was read. Raises `UnansweredError`.
    """
    return _make(_read(Order(path), read_options, options), options, answers, light=False)


def _read(order: Order, read_options: ReadOptions, options: BodyOptions) -> ArticleSource | Content:
    """The article with its body, or why it cannot be read."""
    known = _decode_known(order.known) if order.known else None
    try:
        return reader.read_article(
            order.path, content=options.content, options=read_options, limit=contents.LARGEST, head=known
        )
    except HeldError as error:
        return contents.held(order.path, error.problems)


def _make(
    source: ArticleSource | Content, options: BodyOptions, answers: Mapping[str, Answer], *, light: bool
) -> tuple[Content, SafeHtml | None]:
    if isinstance(source, Content):
        return source, None
    try:
        page = built_pages.read(source.article.link, options)
        return contents.make(source, options, answers, page, light=light)
    except HeldError as error:
        return contents.held(source.article.path, error.problems, digest=source.digest), None


def _content_row(
    order: Order, source: ArticleSource | Content, options: BodyOptions, *, light: bool
) -> Result:
    try:
        content, html = _make(source, options, dict(order.answers), light=light)
    except contents.HeavyError:
        return workers.Lost(by="time", postponed=True)
    except UnansweredError as error:
        return Asked(error.questions)
    return content.path, content.digest, codec.encode(content), html
