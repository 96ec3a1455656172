"""What a build need not do again: heads of files, bodies and documents that the cache knows.

Without a cache everything is done; with one, the same comes out.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from feedwright import disk, workers
from feedwright.articles import reader
from feedwright.bodies import entry
from feedwright.cache import codec, snapshot
from feedwright.cache.spool import Spool
from feedwright.cache.store import Findings
from feedwright.model import SafeHtml
from feedwright.problems import MachineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from feedwright.articles.field_reader import ReadOptions
    from feedwright.bodies.entry import BodyOptions, Content
    from feedwright.cache.store import Cache
    from feedwright.formats.layout import Target
    from feedwright.model import Document, ReadResult
    from feedwright.workers import Map

Row = tuple[str, str, str, str]
_Washed = tuple[str, str, str, "SafeHtml | None"]
"""An article's path, seal, facts and content: what a process hands on and what the cache keeps."""

_SECONDS = 10
"""What reading one file's front matter may take where it is watched."""

_CLEANERS = ("feedwright.commands.recall", "feedwright.bodies.sanitize", "feedwright.bodies.html_tree")
_BODIES_AT_ONCE = 100
_AT_ONCE = 1000
"""Rows whose JSON is read in one go: faster than one by one, and not all in memory."""


class BuildCache:
    """One build's use of the cache: what it finds there, and what it will leave there."""

    def __init__(self, cache: Cache | None, stamps: Mapping[str, str], *, jobs: int | None = None) -> None:
        """`stamps` are those of the files in the content folder, taken before anything is read.

        `jobs` is how many processes may watch over what may take long, None as many as there are cores.
        """
        self._cache = cache
        self._jobs = jobs or workers.default_jobs()
        self._stamps = stamps
        self._reading = ""
        self._fresh = True
        self._seals: dict[str, str] = {}
        self._heads: list[tuple[str, ...]] = []
        self._gone: list[str] = []
        self._known: dict[str, str] | None = None
        self._keys: dict[str, str] = {}
        self._contents: dict[str, SafeHtml | None] = {}
        self._bodies: dict[str, tuple[str, str, SafeHtml | None]] = {}
        self._documents = cache.documents() if cache else {}
        self._new_documents: list[Row] = []
        self._digests: dict[str, str] = {}
        self._spool = Spool(cache.folder) if cache else None
        self._made_of: dict[tuple[str, str], str] = {}

    def listed(
        self, paths: Sequence[str], *, content: Path, reading: ReadOptions, spread: Map
    ) -> Iterator[ReadResult]:
        """Yield what every file is in the order of `paths`; only what is not known is read."""
        self._reading = _hash(repr(reading))
        known = self._cache.heads(self._reading) if self._cache else {}
        self._fresh = not known
        there = {path: row for path in paths if (row := self._current(path, known, content))}
        self._gone = sorted(known.keys() - set(paths))
        self._seals = {path: row[1] for path, row in there.items()}
        recalled = _recalled({path: row[2] for path, row in there.items()})
        todo = [path for path in paths if path not in there]
        read = _all_heads(todo, partial(_read_head, content=content, reading=reading), spread, self._jobs)
        for path in paths:
            if path in there:
                yield next(recalled)
                continue
            seal, text = next(read)
            if seal and self._cache:
                self._seals[path] = seal
                self._note(path, self._stamps.get(path, ""), seal, text)
            yield codec.read_listed(path, json.loads(text))

    def _current(
        self, path: str, known: Mapping[str, tuple[str, ...]], content: Path
    ) -> tuple[str, ...] | None:
        """The row of a file that is still the same: by its stamp, else by its bytes."""
        row, stamp = known.get(path), self._stamps.get(path, "")
        if row is None or (stamp and row[0] == stamp):
            return row
        if disk.file_sha256(os.path.join(content, path)) != row[1]:
            return None
        self._note(path, stamp, row[1], row[2])
        return row

    def _note(self, *head: str) -> None:
        self._heads.append(head)
        if len(self._heads) >= _AT_ONCE:
            self._set_aside()

    def _set_aside(self) -> None:
        if self._cache and self._heads:
            self._cache.note_heads(self._heads)
        self._heads = []

    def _set_bodies_aside(self) -> None:
        if self._cache and self._bodies and not self._cache.note_bodies([*self._bodies.values()]):
            self._contents.update((path, row[2]) for path, row in self._bodies.items())
        self._bodies = {}

    def cleaned(self, paths: Sequence[str], *, making: BodyOptions, spread: Map) -> Iterator[Content]:
        """Yield every article's clean body; only those that are not known are sanitized."""
        keys = self._keys_of(paths, making) if self._cache else {}
        if self._cache and self._known is None:
            self._known = self._cache.bodies()
        known = self._known or {}
        for path in paths:
            if (facts := known.get(keys.get(path, ""))) is not None:
                self._keys[path] = keys[path]
                yield codec.read_cleaned(path, facts)
        todo = [path for path in paths if path not in self._keys]
        for path, seal, facts, content in _all_cleaned(todo, making, spread, self._jobs):
            if path in keys and seal == self._seals[path]:
                self._keys[path] = keys[path]
                self._bodies[path] = keys[path], facts, content
                if len(self._bodies) >= _BODIES_AT_ONCE:
                    self._set_bodies_aside()
            else:
                self._contents[path] = content
            yield codec.read_cleaned(path, facts)
        self._set_bodies_aside()

    def _keys_of(self, paths: Sequence[str], making: BodyOptions) -> dict[str, str]:
        rules = f"{making.engine} {self._reading} {making.longest}"
        return {path: _hash(f"{rules}\0{seal}\0{path}") for path in paths if (seal := self._seals.get(path))}

    def content(self, path: str, *, making: BodyOptions) -> SafeHtml | None:
        """Return the content of an article that was cleaned; from the cache, if it keeps it."""
        if path not in self._contents:
            found = self._cache.content(self._keys[path]) if self._cache else None
            if found is not None:
                return SafeHtml(found)
            self._contents[path] = entry.clean(path, making=making)[1]
        return self._contents[path]

    def aside(self, document: Document) -> Document:
        """Return the same document, which waits on the disk, beside the cache, until it is asked for."""
        return self._spool.put(document) if self._spool else document

    def document(self, place: Target, *, hashes: Mapping[str, str], output: Path) -> str | None:
        """Return the hash of a published document that was made of the same and is as it was left.

        `hashes` are those of the entries' contents by id.
        """
        row = self._documents.get(place.path)
        if row is None or row[0] != self._inputs(place, hashes):
            return None
        file = os.path.join(output, place.path)
        if snapshot.stamp(file) != row[2] and disk.file_sha256(file) != row[1].partition(":")[2]:
            return None
        return row[1]

    def _inputs(self, place: Target, hashes: Mapping[str, str]) -> str:
        """A hash over all that the documents of a feed in one folder are made of."""
        feed = place.feed
        found = self._made_of.get((feed.id, feed.path))
        if found is None:
            for one in feed.entries:
                if one.id not in self._digests:
                    self._digests[one.id] = _hash(f"{one!r}\0{hashes[one.id]}")
            own = f"{replace(feed, entries=())!r}\0{place.directory!r}"
            found = _hash("\0".join([own, *(self._digests[one.id] for one in feed.entries)]))
            self._made_of[feed.id, feed.path] = found
        return f"{place.format} {found}"

    def note_documents(
        self,
        places: Iterable[Target],
        published: Mapping[str, str],
        *,
        hashes: Mapping[str, str],
        output: Path,
    ) -> None:
        """Keep what documents were made of: those that were `published`, path to hash."""
        if not self._cache:
            return
        for place in places:
            if hashed := published.get(place.path):
                stamp = snapshot.stamp(os.path.join(output, place.path))
                self._new_documents.append((place.path, self._inputs(place, hashes), hashed, stamp))

    def keep(self) -> None:
        """Leave in the cache what this build found out."""
        self._set_aside()
        if self._cache:
            self._cache.keep(
                Findings(
                    reading=self._reading,
                    fresh=self._fresh,
                    gone=self._gone,
                    used=sorted(self._keys.values()),
                    documents=self._new_documents,
                )
            )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _recalled(texts: Mapping[str, str]) -> Iterator[ReadResult]:
    """What the cache has of files, in its order."""
    paths = list(texts)
    for start in range(0, len(paths), _AT_ONCE):
        some = paths[start : start + _AT_ONCE]
        rows = json.loads(f"[{','.join(texts[path] for path in some)}]")
        yield from map(codec.read_listed, some, rows)


def _all_heads(
    paths: Sequence[str], read: Callable[[str], tuple[str, str]], spread: Map, jobs: int
) -> Iterator[tuple[str, str]]:
    """Read every head; what breaks a process is found out in others, one file at a time."""
    done = 0
    try:
        for row in spread(read, paths):
            done += 1
            yield row
        return
    except MachineError as error:
        if error.code != workers.DIED:
            raise
    with workers.isolated(read, paths[done:], jobs=jobs, seconds=_SECONDS) as rows:
        for path, head in rows:
            if isinstance(head, workers.Lost):
                yield "", codec.written_head(reader.lost(path, head.by))
            else:
                yield head


def _read_head(path: str, *, content: Path, reading: ReadOptions) -> tuple[str, str]:
    """A file's seal, and its head as text: what a process hands on and what the cache keeps."""
    head = reader.read_head(path, content=content, options=reading)
    return head.digest, codec.written_head(head)


def _all_cleaned(paths: Sequence[str], making: BodyOptions, spread: Map, jobs: int) -> Iterator[_Washed]:
    """Clean every body; what may take long where it can be stopped, and so what broke a process."""
    left = dict.fromkeys(path for path in paths if entry.is_light(path, content=making.content))
    with _watched([path for path in paths if path not in left], making, jobs) as heavy:
        try:
            for row in spread(partial(_clean, making=making), list(left)):
                del left[row[0]]
                yield row
        except MachineError as error:
            if error.code != workers.DIED:
                raise
        yield from heavy
    with _watched(list(left), making, jobs) as rest:
        yield from rest


@contextmanager
def _watched(paths: Sequence[str], making: BodyOptions, jobs: int) -> Iterator[Iterator[_Washed]]:
    """Clean bodies in processes that are watched, beginning at once."""
    if not paths:
        yield iter(())
        return

    def told(path: str, row: _Washed | workers.Lost) -> _Washed:
        if isinstance(row, workers.Lost):
            return path, "", codec.written_cleaned(entry.lost(path, row.by, making)), None
        return row

    preload = (*_CLEANERS, making.engine)
    clean = partial(_clean, making=making)
    with workers.isolated(clean, paths, jobs=jobs, seconds=making.seconds, preload=preload) as rows:
        yield (told(path, row) for path, row in rows)


def _clean(path: str, *, making: BodyOptions) -> _Washed:
    cleaned, content = entry.clean(path, making=making)
    return path, cleaned.seal, codec.written_cleaned(cleaned), content
