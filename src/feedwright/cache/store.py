"""Results of earlier builds, in an SQLite file that may be deleted at any time, and for which nobody vouches.

Nothing in it changes a byte of output; it only saves work. A file that was written in another form or under
another fingerprint is deleted and created again; so is one that is not as feedwright leaves it, and that is
told. Two builds may use it at once: each writes in one transaction at its end, and a build that cannot write
goes on without it.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from feedwright.cache import database
from feedwright.cache.database import DamagedError, is_passing, seal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

NAME = "cache.sqlite3"
_FORM = 6
_BUILDS_KEPT = 8
_MOST_TURNS = 2**53
_ROW = 64
"""Bytes of the file that every row takes at least: there is a hash in it."""
_TABLES = (
    "CREATE TABLE facts (name text primary key, value text) without rowid",
    (
        "CREATE TABLE builds (key text primary key, snapshot text, value text, turn integer, seal integer)"
        " without rowid"
    ),
    "CREATE TABLE heads (number integer primary key, files text, seal integer, heads blob)",
    "CREATE TABLE bodies (key text primary key, facts blob, seal integer, content text)",
    (
        "CREATE TABLE documents (path text primary key, inputs text, hash text, signature text, seal integer)"
        " without rowid"
    ),
)
"""As SQLite repeats them, for comparison. What is long comes last: whatever is behind it is slow to read."""


class Store:
    """An open cache: a write that fails is lost, and so is a read while another build writes.

    Every method that reads raises `DamagedError`, once, where the file is not as feedwright left it; it is
    deleted then, and nothing is found from there on. A seal finds what changed by accident. Whoever reads
    rows has to judge what they say: somebody may have written it on purpose.
    """

    def __init__(self, folder: str, maker: str, *, read_only: bool = False) -> None:
        """Open the cache in `folder`, if there is one; `maker` is the fingerprint of what may read it.

        `broken` says that a damaged cache had to be deleted, `has_answered` that there is one to read. With
        `read_only` nothing is written or deleted: what is set aside is lost, and a damaged cache is not read.
        """
        self.folder = folder
        self.read_only = read_only
        self.broken = False
        self.has_answered = False
        self._file = os.path.join(folder, NAME)
        self._maker = f"{_FORM} {maker}"
        self._base: sqlite3.Connection | None = None
        self._size = 0
        if os.path.lexists(self._file) and not os.path.islink(folder):
            with suppress(DamagedError):
                self._open()

    def _open(self) -> None:
        with self._reading():
            if database.form_of(self._file) == _FORM:
                self._size = os.path.getsize(self._file)
                self._base = database.open_existing(self._file, _TABLES, read_only=self.read_only)
                self.has_answered = True
            if self._fact("maker") != self._maker:
                self._delete()

    def _fact(self, name: str) -> object:
        query = "select value from facts where name = ?"
        row = self._base.execute(query, (name,)).fetchone() if self._base else None
        return row[0] if row else None

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Delete a file on which reading fails, or rather close it where that is no fault of the file."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            if not is_passing(error):
                self.discard()
                raise DamagedError from error
            self.close()
        except (DamagedError, AttributeError, TypeError, ValueError) as error:
            self.discard()
            raise DamagedError from error

    def discard(self) -> None:
        """Delete a cache that cannot be believed."""
        self.broken = True
        self._delete()

    def _delete(self) -> None:
        self.close()
        for suffix in () if self.read_only else ("", "-journal", "-wal", "-shm"):
            with suppress(OSError):
                os.unlink(self._file + suffix)

    def _rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a table, which hold no more than the file: a page may be linked to many times."""
        room = self._size
        for row in self._base.execute(query) if self._base else ():
            room -= _ROW + len(row[0]) + len(row[1])
            if room < 0:
                raise DamagedError
            yield row

    def build(self, key: str) -> tuple[str, str] | None:
        """Return the digest of the snapshot and the value that were kept for builds with that key."""
        with self._reading():
            query = "select value, snapshot, seal from builds where key = ?"
            for value, snapshot, sealed in self._base.execute(query, (key,)) if self._base else ():
                if seal(value.encode(), key, snapshot) != sealed:
                    raise DamagedError
                return snapshot, value
        return None

    def heads(self, reading: str) -> Iterator[tuple[int, str, bytes]]:
        """Yield number, files and heads of every group, if they were read in that way."""
        with self._reading():
            if self._fact("reading") == reading:
                query = "select heads, files, number, seal from heads"
                for heads, files, number, sealed in self._rows(query):
                    if seal(heads, files) != sealed:
                        raise DamagedError
                    yield number, files, heads

    def bodies(self) -> dict[str, bytes]:
        """Return all that is known of the bodies that feeds last showed, except their content, by key."""
        bodies: dict[str, bytes] = {}
        with self._reading():
            for facts, key, sealed in self._rows("select facts, key, seal from bodies"):
                if seal(facts, key) != sealed:
                    raise DamagedError
                bodies[key] = facts
        return bodies

    def content(self, key: str) -> str | None:
        """Return the content of one body that an earlier build made."""
        query = "select content from bodies where key = ?"
        with self._reading():
            for (content,) in self._base.execute(query, (key,)) if self._base else ():
                if content is not None and not isinstance(content, str):
                    raise DamagedError
                return content
        return None

    def answers(self) -> str:
        """Return what the sanitizer answered earlier builds, "" if nothing was kept."""
        with self._reading():
            text = self._fact("answers")
            if text is not None and not isinstance(text, str):
                raise DamagedError
        return text or ""

    def documents(self) -> dict[str, tuple[str, str, str]]:
        """Return inputs, hash and signature of every published document by its path."""
        documents: dict[str, tuple[str, str, str]] = {}
        with self._reading():
            query = "select path, inputs, hash, signature, seal from documents"
            for path, inputs, hashed, signature, sealed in self._rows(query):
                if seal(b"", path, inputs, hashed, signature) != sealed:
                    raise DamagedError
                documents[path] = inputs, hashed, signature
        return documents

    def keep_build(self, key: str, snapshot: str, value: str) -> None:
        """Keep the result of builds with that key, for as long as the snapshot stays the same."""

        def write(base: sqlite3.Connection) -> None:
            last = base.execute("select coalesce(max(turn), 0) from builds").fetchone()[0]
            if not isinstance(last, int) or not 0 <= last < _MOST_TURNS:
                raise DamagedError
            row = (key, snapshot, value, last + 1, seal(value.encode(), key, snapshot))
            base.execute("replace into builds values (?, ?, ?, ?, ?)", row)
            base.execute("delete from builds where turn <= ?", (last + 1 - _BUILDS_KEPT,))

        self._change(write)

    def keep(
        self,
        reading: str,
        *,
        heads: Iterable[tuple[str, bytes]],
        bodies: Iterable[tuple[str, bytes, str | None]],
        fresh: bool,
        outdated: Iterable[int],
        unused: Iterable[str],
        documents: Iterable[tuple[str, str, str, str]],
        withdrawn: Iterable[str],
        answers: str = "",
    ) -> None:
        """Write the results of the build; drop what no feed can reach.

        `reading` says how heads were read; if `fresh`, all heads kept before are void. `heads` are new groups
        of them, files and heads, which take the place of those with the numbers `outdated`. `bodies` are rows
        of key, facts and content, `unused` the keys of bodies that no feed shows any more; `documents` are
        rows of path, inputs, hash and signature that are new, `withdrawn` the paths of those that are gone;
        `answers` are the sanitizer's, if there are new ones.
        """
        sealed = [(*row, seal(b"", *row)) for row in documents]

        def write(base: sqlite3.Connection) -> None:
            base.execute("replace into facts values ('reading', ?)", (reading,))
            if answers:
                base.execute("replace into facts values ('answers', ?)", (answers,))
            if fresh:
                base.execute("delete from heads where 1")  # row by row: pages may be linked to many times
            for query, keys in (
                ("delete from heads where number = ?", outdated),
                ("delete from bodies where key = ?", unused),
                ("delete from documents where path = ?", withdrawn),
            ):
                base.executemany(query, [(key,) for key in keys])
            base.executemany(
                "insert into heads values (null, ?, ?, ?)",
                ((files, seal(group, files), group) for files, group in heads),
            )
            base.executemany(
                "replace into bodies values (?, ?, ?, ?)",
                ((key, facts, seal(facts, key), content) for key, facts, content in bodies),
            )
            base.executemany("replace into documents values (?, ?, ?, ?, ?)", sealed)

        self._change(write)

    def _change(self, write: Callable[[sqlite3.Connection], object]) -> None:
        if self.read_only:
            return
        try:
            base = self._base or self._create()
            base.execute("begin immediate")
            write(base)
            base.execute("commit")
        except (sqlite3.Error, OSError, DamagedError) as error:
            if is_passing(error):
                self.close()
            else:
                self.discard()

    def _create(self) -> sqlite3.Connection:
        from pathlib import Path

        from feedwright.disk import make_private

        make_private(Path(self.folder))
        self._base = base = database.create(self._file, _TABLES, _FORM)
        base.execute("insert into facts values ('maker', ?)", (self._maker,))
        base.execute("commit")
        return base

    def close(self) -> None:
        """Close the file; what was not kept is lost."""
        if self._base is not None:
            self._base.close()
            self._base = None
