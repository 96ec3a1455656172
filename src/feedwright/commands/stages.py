"""The stages of a build that cost time: front matter is read, contents are made, documents are compared.

Each asks the cache first, spreads the rest over processes, and isolates what breaks one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import fields, replace
from datetime import UTC, tzinfo
from functools import partial
from itertools import starmap
from pathlib import Path
from typing import Any, NamedTuple

from feedwright import disk, workers
from feedwright.articles import reader, soundness
from feedwright.articles.field_reader import ReadOptions
from feedwright.articles.known_heads import KnownHeads
from feedwright.bodies import content as contents
from feedwright.bodies import deadline, enclosure, thumbnail
from feedwright.bodies.content import BodyOptions
from feedwright.cache import codec
from feedwright.cache.database import DamagedError
from feedwright.cache.memo import BuildCache
from feedwright.formats.layout import Target
from feedwright.model import ArticleHead, ArticleSource, Content, ReadResult, SafeHtml
from feedwright.problems import HeldError, blaming
from feedwright.site import Site
from feedwright.workers import Map

_HEAD_SECONDS = 10
"""The time that reading one file's front matter may take."""

_LIGHT_SECONDS = 1
"""The time that a light body may take: many times what it needs. One that takes longer is heavy."""

_AS_LONG_AS_ONE = 50
"""How many light bodies that are made together may take as long as one may."""

_PATIENCE = 6
"""How many times its CPU time a body may take on the clock, on a busy machine; then its process is killed."""

PRELOAD = ("feedwright.commands.stages", "feedwright.bodies.sanitize", "feedwright.bodies.html_tree")
"""Modules that every process needs to make contents."""


def read_options(site: Site) -> ReadOptions:
    """Return the settings that decide how articles are read."""
    zone: tzinfo = UTC
    if site.timezone != "UTC":
        from zoneinfo import ZoneInfo  # few sites need it

        zone = ZoneInfo(site.timezone)
    same = {field.name: getattr(site, field.name) for field in fields(ReadOptions) if field.name != "zone"}
    return ReadOptions(zone=zone, **same)


class Stages:
    """The stages of one build, which share the options, the cache and the processes."""

    def __init__(self, site: Site, cache: BuildCache, spread: Map, *, jobs: int | None) -> None:
        """`spread` calls a function on many files; `jobs` is a number of processes, default by the cores."""
        self.content = site.content
        self.own_permalink = site.own_permalink
        self.read_options = read_options(site)
        self.body_options = BodyOptions(
            content=site.content,
            site_url=site.url,
            dialect=site.dialect,
            engine=site.sanitizer,
            longest=site.body_limit,
            seconds=site.time_limit,
            thumbnail_type=site.thumbnail_type,
            enclose_thumbnail=site.enclose_thumbnail,
        )
        self.cache = cache
        self.spread = spread
        self.jobs = jobs or workers.default_jobs()
        self._known_heads = KnownHeads()
        self._unseen: dict[str, str] = {}
        self.postponed: list[str] = []
        self._budget = workers.Budget(seconds=contents.base_budget(self.body_options))

    def read_heads(self, paths: Sequence[str]) -> Iterator[ReadResult]:
        """Yield the front matter of every file, in the order of `paths`; only what changed is read.

        Raises `DamagedError` where the cache says what no file could.
        """
        rows = self.cache.heads(repr(self.read_options), paths, os.fspath(self.content))
        changed = [path for path in paths if path not in rows]
        results = workers.surviving(
            self.spread,
            partial(read_row, content=self.content, options=self.read_options),
            changed,
            jobs=self.jobs,
            seconds=_HEAD_SECONDS * _PATIENCE,
            together=partial(read_rows, content=self.content, options=self.read_options),
        )
        for path in paths:
            if (row := rows.get(path)) is not None:
                head = _decode_head(row)
                if not soundness.is_sound(head, path):
                    raise DamagedError
                yield head
                continue
            _, result = next(results)
            if isinstance(result, workers.Lost):
                yield reader.lost(path, result.by)
            else:
                digest, row, known = result
                self.cache.note_head(path, digest, row)
                head = _decode_head(row)
                if known and head.article:
                    self._known_heads.keep(path, head.article.published, known)
                yield head

    def links(self, paths: Sequence[str], permalink: str) -> Iterator[str]:
        """Yield the links that articles would have with another `permalink`."""
        options = replace(self.read_options, permalink=permalink)
        for path in paths:
            if article := reader.read_head(path, content=self.content, options=options).article:
                yield article.link

    def make_contents(self, paths: Sequence[str]) -> Iterator[Content]:
        """Yield the content of every article, in any order; only what the cache does not have is made.

        Raises as `read_heads` does.
        """
        options = self.body_options
        rows = self.cache.contents(f"{options.engine} {options.longest} {options.seconds}", paths)
        for path, row in rows.items():
            content = _decode_content(row)
            if not soundness.is_sound_content(content, path):
                raise DamagedError
            self._unseen[path] = content.content_hash
            yield self._with_files(content)
        missing = [path for path in paths if path not in rows]
        with self._remembering() if missing and options.engine == "bleach" else nullcontext():
            for path, digest, row, html in self._new_contents(missing):
                self.cache.note_content(path, digest, row, html)
                yield self._with_files(_decode_content(row))
        self.cache.write_contents()

    @contextmanager
    def _remembering(self) -> Iterator[None]:
        """Spare bleach what it answered an earlier build, and keep what it answers this process.

        Whoever wrote an answer: a body is published only if nh3 and the last look leave it as it is.
        """
        from feedwright.bodies import sanitize  # where no body is made, nobody needs it

        forms = sanitize.tag_forms()
        known = self.cache.answers()
        answers = _decode_answers(known.encode()) if known else {}
        forms.learn(answers)
        yield
        if forms.answers != answers:
            self.cache.keep_answers(codec.encode(dict(sorted(forms.answers.items()))).decode())

    def _with_files(self, content: Content) -> Content:
        """The content with its picture and enclosure as they are now: their files may have changed."""
        try:
            with blaming(content.path):
                return enclosure.measure(thumbnail.resolve(content, self.body_options), self.body_options)
        except HeldError as error:
            return contents.held(content.path, (*content.problems, *error.problems))

    def _new_contents(self, paths: Sequence[str]) -> Iterator[_Row]:
        """Make contents; those that may take long are made in processes that can be stopped.

        Those of heavy files begin at once, those of light files that take long when all others are done.
        """
        heavy: list[Order] = []
        light: list[Order] = []
        for path in paths:
            is_light = contents.is_light(path, content=self.content)
            (light if is_light else heavy).append(Order(path, self._known_heads.take(path)))
        options = self.body_options
        late: list[Order] = []
        with self._isolated(heavy) as heavy_results:
            seconds = min(_LIGHT_SECONDS, options.seconds)
            how: dict[str, Any] = {
                "read_options": self.read_options,
                "options": options,
                "seconds": seconds,
            }
            light_results = workers.surviving(
                self.spread,
                partial(make_row, **how),
                light,
                together=partial(make_rows, **how),
                jobs=self.jobs,
                seconds=options.seconds * _PATIENCE,
                preload=self._preload,
            )
            for order, result in light_results:
                if isinstance(result, workers.Lost) and result.by == "time":
                    self._budget.seconds -= seconds
                    late.append(order)
                else:
                    yield self._row(order, result)
            for order, result in heavy_results:
                if isinstance(result, workers.Lost) and result.by == "memory":
                    late.append(order)  # perhaps another body had left too little in its process
                else:
                    yield self._row(order, result)
        with self._isolated(late) as late_results:
            yield from starmap(self._row, late_results)

    @property
    def _preload(self) -> tuple[str, ...]:
        return (*PRELOAD, self.body_options.engine)

    def _isolated(
        self, orders: Sequence[Order]
    ) -> AbstractContextManager[Iterator[tuple[Order, _Row | workers.Lost]]]:
        """Make contents in processes that can be stopped, within the build's budget."""
        options = self.body_options
        self._budget.seconds += contents.budget([order.path for order in orders], options)
        return workers.isolated(
            partial(make_row, read_options=self.read_options, options=options, seconds=options.seconds),
            orders,
            jobs=self.jobs,
            seconds=options.seconds * _PATIENCE,
            preload=self._preload,
            memory=lambda order: contents.memory(order.path, content=self.content),
            budget=self._budget,
        )

    def _row(self, order: Order, result: _Row | workers.Lost) -> _Row:
        """The row of a content, of a lost one too: what was given up is not tried again until it changes."""
        if not isinstance(result, workers.Lost):
            return result
        path = order.path
        if result.postponed:
            self.postponed.append(path)
            return path, "", codec.encode(Content(path=path, article=None)), None
        digest = "" if result.by == "death" else self.cache.digest(path)
        return path, digest, codec.encode(contents.lost(path, result.by, self.body_options)), None

    def html(self, path: str) -> SafeHtml | None:
        """Return the HTML of an article whose content was made; the cache has it, or it is made again.

        Raises `DamagedError` where the cache has something else.
        """
        html = self.cache.new_html(path)
        if html is None:
            html = self._cached_html(path)
        if html is None:
            options = self.body_options
            row = make_row(
                Order(path), read_options=self.read_options, options=options, seconds=options.seconds
            )
            html = None if isinstance(row, workers.Lost) else row[3]
            self.cache.keep_html(path, html)
        return None if html is None else SafeHtml(html)

    def _cached_html(self, path: str) -> str | None:
        """The HTML that an earlier build made; where this one first publishes it, it gets a last look."""
        html = self.cache.old_html(path)
        if html is not None and (expected := self._unseen.pop(path, None)) is not None:
            from feedwright.bodies import sanitize  # where no body is made, few builds need it

            if contents.hash_of(html) != expected or sanitize.recheck(html) is None:
                raise DamagedError
        return html


_decode_head = codec.decoder(ReadResult)
_decode_known = codec.decoder(ArticleHead)
_decode_content = codec.decoder(Content)
_decode_answers = codec.decoder(dict[str, bool])


class Order(NamedTuple):
    """An article whose content is to be made, and what is known of it, as JSON."""

    path: str
    known: bytes = b""


_HeadRow = tuple[str, bytes, bytes]
"""A file's digest, its front matter as JSON, and what spares parsing that again: the result of a process."""

_Row = tuple[str, str, bytes, "SafeHtml | None"]
"""An article's path, its file's digest, its content as JSON, and its HTML: the result of a process."""


def read_row(path: str, *, content: Path, options: ReadOptions) -> _HeadRow:
    """Return the digest of a file and its front matter as JSON."""
    try:
        with blaming(path), deadline.within(_HEAD_SECONDS):
            return _head_row(*reader.read_heads([path], content=content, options=options))
    except deadline.DeadlineError:
        head = reader.lost(path, "time", digest=disk.file_sha256(os.path.join(content, path)))
    except HeldError as error:
        head = reader.held(path, error.problems)
    return _head_row(reader.Head(head))


def read_rows(paths: Sequence[str], *, content: Path, options: ReadOptions) -> list[_HeadRow]:
    """Return what `read_row` does for each file; they are read together, unless one of them spoils that."""
    try:
        with deadline.within(_LIGHT_SECONDS):
            heads = reader.read_heads(paths, content=content, options=options)
            return [_head_row(head) for head in heads]
    except (Exception, deadline.DeadlineError):  # which of them it was, and what to do, `read_row` knows
        return [read_row(path, content=content, options=options) for path in paths]


def _head_row(head: reader.Head) -> _HeadRow:
    known = codec.encode(head.article) if head.article else b""
    return head.result.digest, codec.encode(head.result), known


def make_row(
    order: Order, *, read_options: ReadOptions, options: BodyOptions, seconds: float
) -> _Row | workers.Lost:
    """Return the content of an article as a process hands it on, `Lost` if it takes more than `seconds`."""
    path = order.path
    try:
        with blaming(path), deadline.within(seconds):
            return _content_row(*_make(_read(order, read_options, options), options))
    except deadline.DeadlineError:
        return workers.Lost(by="time")
    except HeldError as error:
        return path, "", codec.encode(contents.held(path, error.problems)), None


def make_rows(
    orders: Sequence[Order], *, read_options: ReadOptions, options: BodyOptions, seconds: float
) -> list[_Row | workers.Lost]:
    """Return what `make_row` does for each article; they are made together, unless one spoils that."""
    try:
        with deadline.within(seconds * (1 + len(orders) / _AS_LONG_AS_ONE)):
            sources = [_read(order, read_options, options) for order in orders]
            return [_content_row(*_make(source, options)) for source in sources]
    except (Exception, deadline.DeadlineError):  # which of them it was, and what to do, `make_row` knows
        make = partial(make_row, read_options=read_options, options=options, seconds=seconds)
        return [make(order) for order in orders]


def make_content(
    path: str, read_options: ReadOptions, options: BodyOptions
) -> tuple[Content, SafeHtml | None]:
    """Return the content of an article; what is wrong with it is among its problems.

    What is wrong with its front matter was reported when its head was read.
    """
    return _make(_read(Order(path), read_options, options), options)


def _read(order: Order, read_options: ReadOptions, options: BodyOptions) -> ArticleSource | Content:
    """The article with its body, or why it cannot be read."""
    known = _decode_known(order.known) if order.known else None
    try:
        return reader.read_article(
            order.path, content=options.content, options=read_options, limit=contents.LARGEST, head=known
        )
    except HeldError as error:
        return contents.held(order.path, error.problems)


def _make(source: ArticleSource | Content, options: BodyOptions) -> tuple[Content, SafeHtml | None]:
    if isinstance(source, Content):
        return source, None
    try:
        return contents.make(source, options)
    except HeldError as error:
        return contents.held(source.article.path, error.problems, digest=source.digest), None


def _content_row(content: Content, html: SafeHtml | None) -> _Row:
    return content.path, content.digest, codec.encode(content), html


class Inputs:
    """Hashes of what documents are made of."""

    def __init__(self, hashes: Mapping[str, str]) -> None:
        """`hashes` are those of the contents that entries show, by the entry's id."""
        self._hashes = hashes
        self._entries: dict[str, str] = {}
        self._feeds: dict[tuple[str, str], str] = {}

    def of(self, target: Target) -> str:
        """Return a hash over a feed, its entries, the index beside it, and the format."""
        feed = target.feed
        digest = self._feeds.get((feed.id, feed.path))
        if digest is None:
            for entry in feed.entries:
                if entry.id not in self._entries:
                    self._entries[entry.id] = _hash(f"{entry!r}\0{self._hashes[entry.id]}")
            facts = f"{replace(feed, entries=())!r}\0{target.index!r}"
            digest = _hash("\0".join([facts, *(self._entries[entry.id] for entry in feed.entries)]))
            self._feeds[feed.id, feed.path] = digest
        return f"{target.format} {digest}"


def _hash(text: str) -> str:
    return disk.sha256(text.encode("utf-8", "surrogatepass"))
