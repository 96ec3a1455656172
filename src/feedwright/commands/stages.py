"""The stages of a build that cost time: front matter is read, contents are made, documents are compared.

Each asks the cache first, spreads the rest over processes, and isolates what breaks one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import fields, replace
from datetime import UTC, tzinfo
from functools import partial
from itertools import starmap
from pathlib import Path

from feedwright import disk, workers
from feedwright.articles import reader, soundness
from feedwright.articles.field_reader import ReadOptions
from feedwright.articles.sources import Sources
from feedwright.bodies import content as contents
from feedwright.bodies import deadline, enclosure, thumbnail
from feedwright.bodies.content import BodyOptions
from feedwright.cache import codec
from feedwright.cache.database import DamagedError
from feedwright.cache.memo import BuildCache
from feedwright.commands import built_pages
from feedwright.commands.built_pages import PageFile
from feedwright.formats.layout import Target
from feedwright.model import ArticleSource, Content, ReadResult, SafeHtml
from feedwright.problems import HeldError, blaming
from feedwright.site import Site
from feedwright.workers import Map

_HEAD_SECONDS = 10
"""The time that reading one file's front matter may take."""

_LIGHT_SECONDS = 1
"""The time that a light body may take: many times what it needs. One that takes longer is heavy."""

_LIGHT_PAGE = 2**20
"""The bytes of a page up to which the search for the article in it takes little time and memory."""

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
            pages=site.site_output if site.bodies == "pages" else None,
            selector=site.page_selector,
        )
        self.pages: dict[str, PageFile] = {}
        self.cache = cache
        self.spread = spread
        self.jobs = jobs or workers.default_jobs()
        self.sources = Sources()
        self._unseen: dict[str, str] = {}
        self.postponed: list[str] = []
        self._budget = workers.Budget(seconds=contents.base_budget(self.body_options))

    def read_heads(self, paths: Sequence[str]) -> Iterator[ReadResult]:
        """Yield the front matter of every file, in the order of `paths`; only what changed is read.

        Raises `DamagedError` where the cache says what no file could.
        """
        rows = self.cache.heads(repr(self.read_options), paths, os.fspath(self.content))
        changed = [path for path in paths if path not in rows]
        read = partial(read_row, content=self.content, options=self.read_options)
        here = partial(read, keep=self.sources.keep)
        results = workers.surviving(
            self.spread, read, changed, jobs=self.jobs, seconds=_HEAD_SECONDS * _PATIENCE, here=here
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
                digest, row = result
                self.cache.note_head(path, digest, row)
                yield _decode_head(row)

    def links(self, paths: Sequence[str], permalink: str) -> Iterator[str]:
        """Yield the links that articles would have with another `permalink`."""
        options = replace(self.read_options, permalink=permalink)
        for path in paths:
            if article := reader.read_head(path, content=self.content, options=options).article:
                yield article.link

    def make_contents(self, links: Mapping[str, str]) -> Iterator[Content]:
        """Yield the content of every article, path → link, in any order; only what the cache lacks is made.

        Raises as `read_heads` does.
        """
        options, paths = self.body_options, list(links)
        pages = built_pages.files_of(links, options)
        self.pages |= pages
        key = f"{options.engine} {options.longest} {options.seconds}"
        if options.pages:
            key += f" {options.pages} {options.selector}"
        rows = self.cache.contents(
            key, paths, {path: f"{page.path} {page.digest}" for path, page in pages.items()}
        )
        for path, row in rows.items():
            content = _decode_content(row)
            if not soundness.is_sound_content(content, path):
                raise DamagedError
            self._unseen[path] = content.content_hash
            yield self._with_files(content)
        for path, digest, row, html in self._new_contents([path for path in paths if path not in rows]):
            content = _decode_content(row)
            page = pages.get(path)
            is_current = content.page_digest == (page.digest if page else "")
            self.cache.note_content(path, digest if is_current else "", row, html)
            yield self._with_files(content)
        self.cache.write_contents()

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
        heavy: list[str] = []
        light: list[str] = []
        for path in paths:
            (light if self._is_light(path) else heavy).append(path)
        options = self.body_options
        late: list[str] = []
        with self._isolated(heavy) as heavy_results:
            seconds = min(_LIGHT_SECONDS, options.seconds)
            attempt = partial(
                make_row, read_options=self.read_options, options=options, seconds=seconds, light=True
            )
            here = partial(attempt, sources=self.sources)
            light_results = workers.surviving(
                self.spread,
                attempt,
                light,
                here=here,
                jobs=self.jobs,
                seconds=options.seconds * _PATIENCE,
                preload=self._preload,
            )
            for path, result in light_results:
                if isinstance(result, workers.Lost) and result.by == "time":
                    self._budget.seconds -= 0 if result.postponed else seconds
                    late.append(path)
                else:
                    yield self._row(path, result)
            for path, result in heavy_results:
                if isinstance(result, workers.Lost) and result.by == "memory":
                    late.append(path)  # perhaps another body had left too little in its process
                else:
                    yield self._row(path, result)
        with self._isolated(late) as late_results:
            yield from starmap(self._row, late_results)

    def _is_light(self, path: str) -> bool:
        page = self.pages.get(path)
        is_small = page is None or page.size <= _LIGHT_PAGE
        return is_small and contents.is_light(path, content=self.content)

    def _size(self, path: str) -> int:
        """The bytes that an article's content is made of."""
        page = self.pages.get(path)
        return contents.size_of(path, content=self.content) + (page.size if page else 0)

    @property
    def _preload(self) -> tuple[str, ...]:
        return (*PRELOAD, self.body_options.engine)

    def _isolated(
        self, paths: Sequence[str]
    ) -> AbstractContextManager[Iterator[tuple[str, _Row | workers.Lost]]]:
        """Make contents in processes that can be stopped, within the build's budget."""
        options = self.body_options
        self._budget.seconds += contents.budget(sum(map(self._size, paths)), options)
        return workers.isolated(
            partial(make_row, read_options=self.read_options, options=options, seconds=options.seconds),
            paths,
            jobs=self.jobs,
            seconds=options.seconds * _PATIENCE,
            preload=self._preload,
            memory=lambda path: contents.memory(self._size(path)),
            budget=self._budget,
        )

    def _row(self, path: str, result: _Row | workers.Lost) -> _Row:
        """The row of a content, of a lost one too: what was given up is not tried again until it changes."""
        if not isinstance(result, workers.Lost):
            return result
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
            row = make_row(path, read_options=self.read_options, options=options, seconds=options.seconds)
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
_decode_content = codec.decoder(Content)

_Row = tuple[str, str, bytes, "SafeHtml | None"]
"""An article's path, its file's digest, its content as JSON, and its HTML: the result of a process."""


def read_row(
    path: str,
    *,
    content: Path,
    options: ReadOptions,
    keep: Callable[[ArticleSource], None] | None = None,
) -> tuple[str, bytes]:
    """Return the digest of a file and its front matter as JSON; `keep` as in `reader.read_head`."""
    try:
        with blaming(path), deadline.within(_HEAD_SECONDS):
            head = reader.read_head(path, content=content, options=options, keep=keep)
    except deadline.DeadlineError:
        head = reader.lost(path, "time", digest=disk.file_sha256(os.path.join(content, path)))
    except HeldError as error:
        head = reader.held(path, error.problems)
    return head.digest, codec.encode(head)


def make_row(
    path: str,
    *,
    read_options: ReadOptions,
    options: BodyOptions,
    seconds: float,
    sources: Sources | None = None,
    light: bool = False,
) -> _Row | workers.Lost:
    """Return the content of an article as a process hands it on, `Lost` if it takes more than `seconds`.

    Its file is read unless `sources` has it. With `light` it is postponed where its page may take long.
    """
    try:
        with blaming(path), deadline.within(seconds):
            source = sources.take(path) if sources else None
            with suppress(contents.HeavyError):
                result, html = make_content(path, read_options, options, source, light=light)
                return path, result.digest, codec.encode(result), html
            return workers.Lost(by="time", postponed=True)
    except deadline.DeadlineError:
        return workers.Lost(by="time")
    except HeldError as error:
        return path, "", codec.encode(contents.held(path, error.problems)), None


def make_content(
    path: str,
    read_options: ReadOptions,
    options: BodyOptions,
    source: ArticleSource | None = None,
    *,
    light: bool = False,
) -> tuple[Content, SafeHtml | None]:
    """Return the content of an article, from its source or its file; what is wrong is among its problems.

    What is wrong with its front matter was reported when its head was read; `light` as in `contents.make`.
    """
    try:
        source = source or reader.read_article(
            path, content=options.content, options=read_options, limit=contents.LARGEST
        )
        page = built_pages.read(source.article.link, options)
        return contents.make(source, options, page, light=light)
    except HeldError as error:
        return contents.held(path, error.problems, digest=source.digest if source else ""), None


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
