"""What a build need not do again: heads of files, bodies and documents that the cache knows.

Without a cache everything is done; with one, the same comes out.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from feedwright import catalogue, entry, stored, tree
from feedwright.article import Head
from feedwright.cache import Findings
from feedwright.entry import Cleaned

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from feedwright.cache import Cache
    from feedwright.entry import Making
    from feedwright.model import Article, Feed, SafeHtml
    from feedwright.sheet import Reading
    from feedwright.workers import Map

Row = tuple[str, str, str, str]


class Recall:
    """One build's use of the cache: what it finds there, and what it will leave there."""

    def __init__(self, cache: Cache | None, stamps: Mapping[str, str]) -> None:
        """`stamps` are those of the files in the content folder, taken before anything is read."""
        self._cache = cache
        self._stamps = stamps
        self._reading = ""
        self._fresh = True
        self._seals: dict[str, str] = {}
        self._heads: list[Row] = []
        self._gone: list[str] = []
        self._known: dict[str, str] | None = None
        self._used: set[str] = set()
        self._new_bodies: list[tuple[str, str]] = []
        self._documents = cache.documents() if cache else {}
        self._new_documents: list[Row] = []
        self._digests: dict[str, str] = {}

    def heads(self, paths: Sequence[str], *, content: Path, reading: Reading, spread: Map) -> Iterator[Head]:
        """Yield the head of every file in the order of `paths`; only what is not known is read."""
        self._reading = _hash(repr(reading))
        known = self._cache.heads(self._reading) if self._cache else {}
        self._fresh = not known
        there = {path: row for path in paths if (row := self._current(path, known, content))}
        self._gone = sorted(known.keys() - set(paths))
        read = iter(
            spread(
                partial(_read_head, content=content, reading=reading, noted=bool(self._cache)),
                [path for path in paths if path not in there],
            )
        )
        for path in paths:
            row = there.get(path)
            if row is not None:
                self._seals[path] = row[1]
                yield _head_of(path, row[2])
            else:
                head, written = next(read)
                if head.seal and written:
                    self._seals[path] = head.seal
                    self._heads.append((path, self._stamps.get(path, ""), head.seal, written))
                yield head

    def _current(
        self, path: str, known: Mapping[str, tuple[str, ...]], content: Path
    ) -> tuple[str, ...] | None:
        """The row of a file that is still the same: by its stamp, else by its bytes."""
        row, stamp = known.get(path), self._stamps.get(path, "")
        if row is None or (stamp and row[0] == stamp):
            return row
        if tree.content_hash(os.path.join(content, path)) != row[1]:
            return None
        self._heads.append((path, stamp, row[1], row[2]))
        return row

    def cleaned(self, articles: Sequence[Article], *, making: Making, spread: Map) -> Iterator[Cleaned]:
        """Yield every article's clean body; only those that are not known are sanitized."""
        keys = self._keys(articles, making) if self._cache else {}
        if self._cache and self._known is None:
            self._known = self._cache.bodies()
        known = self._known or {}
        todo = [a for a in articles if keys.get(a.path) not in known]
        for article in articles:
            if (row := known.get(keys.get(article.path, ""))) is not None:
                self._used.add(keys[article.path])
                yield _read_cleaned(article.path, row)
        for one in spread(partial(entry.clean, making=making), todo):
            key = keys.get(one.path)
            if key and one.seal == self._seals[one.path]:
                picture = stored.written_picture(one.picture)
                row = stored.dumps([one.content, one.summary, picture, stored.written_problems(one.problems)])
                self._used.add(key)
                self._new_bodies.append((key, row))
            yield one

    def _keys(self, articles: Sequence[Article], making: Making) -> dict[str, str]:
        from feedwright.body.sanitize import policy_fingerprint

        rules = f"{policy_fingerprint(making.engine)} {making.url} {making.encoding}"
        return {
            a.path: _hash(f"{rules}\0{seal}\0{a.path}\0{a.link}")
            for a in articles
            if (seal := self._seals.get(a.path))
        }

    def document(self, feed: Feed, path: str, *, output: Path) -> str | None:
        """Return the hash of a published document that was made of the same and is as it was left."""
        row = self._documents.get(path)
        if row is None or row[0] != self._inputs(feed):
            return None
        file = os.path.join(output, path)
        if tree.stamp(file) != row[2] and f"sha256:{tree.content_hash(file)}" != row[1]:
            return None
        return row[1]

    def _inputs(self, feed: Feed) -> str:
        """A hash over all that the feed's documents are made of."""
        for one in feed.entries:
            if one.id not in self._digests:
                self._digests[one.id] = _hash(repr(one))
        parts = [repr(replace(feed, entries=())), *(self._digests[one.id] for one in feed.entries)]
        return _hash("\0".join(parts))

    def note_documents(self, feeds: Iterable[Feed], hashes: Mapping[str, str], *, output: Path) -> None:
        """Keep what the published documents were made of; `hashes` are theirs, by path."""
        if self._cache:
            inputs = {feed.path: self._inputs(feed) for feed in feeds}
            for path, hashed in hashes.items():
                folder = path[: path.rfind("/") + 1]
                if folder in inputs:
                    stamp = tree.stamp(os.path.join(output, path))
                    self._new_documents.append((path, inputs[folder], hashed, stamp))

    def keep(self) -> None:
        """Leave in the cache what this build found out."""
        if self._cache:
            self._cache.keep(
                Findings(
                    reading=self._reading,
                    fresh=self._fresh,
                    heads=self._heads,
                    gone=self._gone,
                    used=sorted(self._used),
                    bodies=self._new_bodies,
                    documents=self._new_documents,
                )
            )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _read_head(path: str, *, content: Path, reading: Reading, noted: bool) -> tuple[Head, str]:
    """A file's head, and how the cache has it if it is to be `noted`."""
    head = catalogue.read_head(path, content=content, reading=reading)
    if not noted:
        return head, ""
    article = stored.written_article(head.article)
    problems = stored.written_problems(head.problems)
    return head, stored.dumps([head.draft, head.skipped, head.naive, article, problems])


def _head_of(path: str, row: str) -> Head:
    draft, skipped, naive, article, problems = json.loads(row)
    return Head(
        path=path,
        article=stored.read_article(article),
        problems=stored.read_problems(problems) if problems else (),
        draft=draft,
        skipped=skipped,
        naive=naive,
    )


def _read_cleaned(path: str, row: str) -> Cleaned:
    content, summary, picture, problems = json.loads(row)
    safe: SafeHtml | None = content
    return Cleaned(
        path=path,
        content=safe,
        summary=summary,
        picture=stored.read_picture(picture),
        problems=stored.read_problems(problems),
    )
