"""The stages of a build that cost time: heads are read, contents made, documents checked against the cache.

Each asks the cache first, spreads the rest over processes, and isolates what breaks one.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from feedwright import disk, workers
from feedwright.articles import reader
from feedwright.articles.field_reader import ReadOptions
from feedwright.bodies import content as contents
from feedwright.bodies import deadline
from feedwright.bodies.content import BodyOptions
from feedwright.cache import codec
from feedwright.cache.memo import BuildCache
from feedwright.formats.layout import Target
from feedwright.model import Content, ReadResult, SafeHtml
from feedwright.problems import HeldError, failure
from feedwright.workers import Map

_HEAD_SECONDS = 10
"""What reading one file's front matter may take in a process of its own."""

PRELOAD = ("feedwright.commands.stages", "feedwright.bodies.sanitize", "feedwright.bodies.html_tree")
"""Modules that every process which makes contents needs."""


@dataclass(slots=True, kw_only=True)
class Stages:
    """The stages with what they share: where articles are, how they are read, and who does the work."""

    content: Path
    read_options: ReadOptions
    body_options: BodyOptions
    cache: BuildCache
    spread: Map
    jobs: int

    def read_heads(self, paths: Sequence[str]) -> Iterator[ReadResult]:
        """Yield the front matter of every file, in the order of `paths`; only what changed is read."""
        rows = self.cache.heads(repr(self.read_options), paths, os.fspath(self.content))
        decode = codec.decoder(ReadResult)
        changed = [path for path in paths if path not in rows]
        read = partial(read_row, content=self.content, options=self.read_options)
        results = workers.surviving(self.spread, read, changed, jobs=self.jobs, seconds=_HEAD_SECONDS)
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
        """Yield the content of every article, in any order; only what is not known is made."""
        options = self.body_options
        rows = self.cache.contents(f"{options.engine} {options.longest}", paths)
        decode = codec.decoder(Content)
        yield from map(decode, rows.values())
        for path, digest, row, html in self._made([path for path in paths if path not in rows]):
            self.cache.note_content(path, digest, row, html)
            yield decode(row)
        self.cache.write_contents()

    def _made(self, paths: Sequence[str]) -> Iterator[_Made]:
        """Make contents; what may take long begins at once, where it can be stopped."""
        heavy = [path for path in paths if not contents.is_light(path, content=self.content)]
        light = [path for path in paths if path not in set(heavy)]
        options = self.body_options
        make = partial(make_row, content=self.content, read_options=self.read_options, options=options)
        preload = (*PRELOAD, options.engine)
        limits = {"jobs": self.jobs, "seconds": options.seconds}
        with workers.isolated(make, heavy, preload=preload, **limits) as heavy_results:
            yield from self._saved(workers.surviving(self.spread, make, light, preload=preload, **limits))
            yield from self._saved(heavy_results)

    def _saved(self, results: Iterable[tuple[str, _Made | workers.Lost]]) -> Iterator[_Made]:
        for path, result in results:
            if isinstance(result, workers.Lost):
                lost = contents.lost(path, result.by, self.body_options)
                yield path, "", codec.encode(lost), None
            else:
                yield result

    def html(self, path: str) -> SafeHtml | None:
        """Return the HTML of an article whose content was made; the cache has it, or it is made again."""
        html = self.cache.html(path)
        if html is None:
            options, read_options = self.body_options, self.read_options
            html = make_content(path, self.content, read_options, options)[1]
            self.cache.keep_html(path, html)
        return None if html is None else SafeHtml(html)


_Made = tuple[str, str, bytes, "SafeHtml | None"]
"""An article's path, its file's digest, its content as JSON, and its HTML: what a process returns."""


def read_row(path: str, *, content: Path, options: ReadOptions) -> tuple[str, bytes]:
    """Return the digest of a file and its front matter as JSON."""
    head = reader.read_head(path, content=content, options=options)
    return head.digest, codec.encode(head)


def make_row(path: str, *, content: Path, read_options: ReadOptions, options: BodyOptions) -> _Made:
    """Return the content of an article as a process hands it on."""
    made, html = make_content(path, content, read_options, options)
    return path, made.digest, codec.encode(made), html


def make_content(
    path: str, content: Path, read_options: ReadOptions, options: BodyOptions
) -> tuple[Content, SafeHtml | None]:
    """Return the content of an article, read again with its body; whatever goes wrong is among its problems.

    What is wrong with its front matter was reported when its head was read.
    """
    try:
        with deadline.within(options.seconds):
            source = reader.read_article(path, content=content, options=read_options, limit=contents.LARGEST)
            return contents.make(source, options)
    except deadline.Late:
        return contents.lost(path, "time", options), None
    except HeldError as error:
        return Content(path=path, article=None, problems=error.problems), None
    except (MemoryError, ImportError):
        raise  # the first is reported by who isolates the process; the second is no fault of the article
    except Exception as error:  # one article never takes the others with it, whatever parsers do with it
        return Content(path=path, article=None, problems=(failure(path, error),)), None


class Inputs:
    """Hashes of everything that documents are made of."""

    def __init__(self, hashes: Mapping[str, str]) -> None:
        """`hashes` are those of the contents that entries show, by id."""
        self._hashes = hashes
        self._entries: dict[str, str] = {}
        self._feeds: dict[tuple[str, str], str] = {}

    def of(self, target: Target) -> str:
        """Return a hash over a feed, its entries, what stands beside it, and the format."""
        feed = target.feed
        digest = self._feeds.get((feed.id, feed.path))
        if digest is None:
            for entry in feed.entries:
                if entry.id not in self._entries:
                    self._entries[entry.id] = _hash(f"{entry!r}\0{self._hashes[entry.id]}")
            own = f"{replace(feed, entries=())!r}\0{target.index!r}"
            digest = _hash("\0".join([own, *(self._entries[entry.id] for entry in feed.entries)]))
            self._feeds[feed.id, feed.path] = digest
        return f"{target.format} {digest}"


def _hash(text: str) -> str:
    return disk.sha256(text.encode("utf-8", "surrogatepass"))
