"""The stages of a build that cost time: front matter is read, contents are made, documents are compared.

Each asks the cache first, spreads the rest over processes, and isolates what breaks one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, tzinfo
from functools import partial
from itertools import chain
from pathlib import Path

from feedwright import disk, workers
from feedwright.articles import reader
from feedwright.articles.field_reader import ReadOptions
from feedwright.articles.sources import Sources
from feedwright.bodies import content as contents
from feedwright.bodies import deadline
from feedwright.bodies.content import BodyOptions
from feedwright.cache import codec
from feedwright.cache.memo import BuildCache
from feedwright.formats.layout import Target
from feedwright.model import ArticleSource, Content, ReadResult, SafeHtml
from feedwright.problems import HeldError, failure
from feedwright.site import Site
from feedwright.workers import Map

_HEAD_SECONDS = 10
"""The time that reading one file's front matter may take in a process of its own."""

PRELOAD = ("feedwright.commands.stages", "feedwright.bodies.sanitize", "feedwright.bodies.html_tree")
"""Modules that every process needs to make contents."""


def _read_options(site: Site) -> ReadOptions:
    """The settings that decide how articles are read."""
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
        self.read_options = _read_options(site)
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
        self.sources = Sources()

    def read_heads(self, paths: Sequence[str]) -> Iterator[ReadResult]:
        """Yield the front matter of every file, in the order of `paths`; only what changed is read."""
        rows = self.cache.heads(repr(self.read_options), paths, os.fspath(self.content))
        decode = codec.decoder(ReadResult)
        changed = [path for path in paths if path not in rows]
        read = partial(read_row, content=self.content, options=self.read_options)
        here = partial(read, keep=self.sources.keep)
        results = workers.surviving(
            self.spread, read, changed, jobs=self.jobs, seconds=_HEAD_SECONDS, here=here
        )
        for path in paths:
            if (row := rows.get(path)) is not None:
                yield decode(row)
                continue
            _, result = next(results)
            if isinstance(result, workers.Lost):
                yield reader.lost(path, result.by)
            else:
                digest, row = result
                self.cache.note_head(path, digest, row)
                yield decode(row)

    def make_contents(self, paths: Sequence[str]) -> Iterator[Content]:
        """Yield the content of every article, in any order; only what the cache does not have is made."""
        options = self.body_options
        rows = self.cache.contents(f"{options.engine} {options.longest}", paths)
        decode = codec.decoder(Content)
        yield from map(decode, rows.values())
        for path, digest, row, html in self._new_contents([path for path in paths if path not in rows]):
            self.cache.note_content(path, digest, row, html)
            yield decode(row)
        self.cache.write_contents()

    def _new_contents(self, paths: Sequence[str]) -> Iterator[_Row]:
        """Make contents; those that may take long begin at once, in processes that can be stopped."""
        heavy: list[str] = []
        light: list[str] = []
        for path in paths:
            (light if contents.is_light(path, content=self.content) else heavy).append(path)
        options = self.body_options
        make = partial(make_row, read_options=self.read_options, options=options)
        preload = (*PRELOAD, options.engine)
        limits = {"jobs": self.jobs, "seconds": options.seconds}
        with workers.isolated(make, heavy, preload=preload, **limits) as heavy_results:
            here = partial(make, sources=self.sources)
            light_results = workers.surviving(self.spread, make, light, preload=preload, here=here, **limits)
            for path, result in chain(light_results, heavy_results):
                if isinstance(result, workers.Lost):
                    yield path, "", codec.encode(contents.lost(path, result.by, options)), None
                else:
                    yield result

    def html(self, path: str) -> SafeHtml | None:
        """Return the HTML of an article whose content was made; the cache has it, or it is made again."""
        html = self.cache.html(path)
        if html is None:
            _, html = make_content(path, self.read_options, self.body_options)
            self.cache.keep_html(path, html)
        return None if html is None else SafeHtml(html)


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
    head = reader.read_head(path, content=content, options=options, keep=keep)
    return head.digest, codec.encode(head)


def make_row(
    path: str, *, read_options: ReadOptions, options: BodyOptions, sources: Sources | None = None
) -> _Row:
    """Return the content of an article as a process hands it on; its file is read unless `sources` has it."""
    source = sources.take(path) if sources else None
    result, html = make_content(path, read_options, options, source)
    return path, result.digest, codec.encode(result), html


def make_content(
    path: str, read_options: ReadOptions, options: BodyOptions, source: ArticleSource | None = None
) -> tuple[Content, SafeHtml | None]:
    """Return the content of an article, from its source or its file; what goes wrong is among its problems.

    What is wrong with its front matter was reported when its head was read.
    """
    try:
        with deadline.within(options.seconds):
            source = source or reader.read_article(
                path, content=options.content, options=read_options, limit=contents.LARGEST
            )
            return contents.make(source, options)
    except deadline.DeadlineError:
        return contents.lost(path, "time", options), None
    except HeldError as error:
        return Content(path=path, article=None, problems=error.problems), None
    except (MemoryError, ImportError):
        raise  # the first is reported by the process that watches this one; the second is not the article's
    except Exception as error:  # a parser that fails at one article must not take the others with it
        return Content(path=path, article=None, problems=(failure(path, error),)), None


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
