"""What earlier builds worked out, in one SQLite file that may be deleted at any time.

Nothing in it changes a byte of output; it only saves work. A file that cannot be read, or that was written
under another fingerprint, is deleted and created again. Two builds may use it at once: each writes in one
transaction at its end, and a build that cannot write goes on without.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FOLDER = ".feedwright_cache"
NAME = "cache.sqlite3"
_FORM = 3
_PATIENCE = 5.0
_BUILDS_KEPT = 8
_TABLES = """
create table facts (name text primary key, value text) without rowid;
create table builds (key text primary key, snapshot text, value text, turn integer) without rowid;
create table heads (path text primary key, signature text, digest text, head blob) without rowid;
create table bodies (key text primary key, facts blob, content text);
create table documents (path text primary key, inputs text, hash text, signature text) without rowid;
"""

_NEW_HEADS = "create temp table if not exists new_heads (path text, signature text, digest text, head blob)"
_NEW_BODIES = "create temp table if not exists new_bodies (key text primary key, facts blob, content text)"


class Findings(NamedTuple):
    """What one build found out, for the next.

    `reading` names how heads were read; with `fresh` all that were noted before are void. `gone` are the
    paths of files that are no more. `used` are the keys of all bodies that
    feeds show; `documents` rows of path, inputs, hash and signature. New heads and bodies were noted before.
    """

    reading: str
    fresh: bool
    gone: list[str]
    used: list[str]
    documents: list[tuple[str, str, str, str]]


class Store:
    """An open cache: a read that fails finds nothing, a write that fails is lost."""

    def __init__(self, folder: str, maker: str) -> None:
        """Open the cache in `folder`, if there is one; `maker` is the fingerprint of what may read it.

        `broken` tells that a cache had to be thrown away because it was damaged.
        """
        self.folder = folder
        self.broken = False
        self._noted = False
        self._file = os.path.join(folder, NAME)
        self._maker = f"{_FORM} {maker}"
        self._base: sqlite3.Connection | None = None
        if os.path.exists(self._file) and not os.path.islink(folder):
            self._open()

    def _open(self) -> None:
        try:
            self._base = self._connect()
            maker = self._base.execute("select value from facts where name = 'maker'").fetchone()
        except sqlite3.Error:
            self._discard()
            return
        if maker != (self._maker,):
            self._throw_away()

    def _connect(self) -> sqlite3.Connection:
        base = sqlite3.connect(self._file, timeout=_PATIENCE, isolation_level=None)
        try:
            base.execute("pragma synchronous = normal")
        except sqlite3.Error:
            base.close()
            raise
        return base

    def _discard(self) -> None:
        self.broken = True
        self._throw_away()

    def _throw_away(self) -> None:
        self.close()
        for suffix in ("", "-journal"):
            with suppress(OSError):
                os.unlink(self._file + suffix)

    def _rows(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        if self._base is None:
            return []
        try:
            return self._base.execute(query, values).fetchall()
        except sqlite3.Error:
            self._discard()
            return []

    def build(self, key: str) -> tuple[str, ...] | None:
        """Return the snapshot's digest and the value that were kept for builds with that key."""
        return next(iter(self._rows("select snapshot, value from builds where key = ?", key)), None)

    def heads(self, reading: str) -> dict[str, tuple[str, str, bytes]]:
        """Return signature, digest and head of every file by its path, if they were read in that way."""
        if self._rows("select value from facts where name = 'reading'") != [(reading,)]:
            return {}
        return {row[0]: row[1:] for row in self._rows("select path, signature, digest, head from heads")}

    def digests(self) -> dict[str, str]:
        """Return the hash of every file's bytes by its path."""
        return dict(self._rows("select path, digest from heads"))

    def bodies(self) -> dict[str, bytes]:
        """Return what is known of all bodies that feeds showed last, but for their content, by key."""
        return dict(self._rows("select key, facts from bodies"))

    def content(self, key: str) -> str | None:
        """Return the content of one body."""
        for table in ("new_bodies", "bodies") if self._noted else ("bodies",):
            for row in self._rows(f"select content from {table} where key = ?", key):  # noqa: S608
                content: str | None = row[0]
                return content
        return None

    def documents(self) -> dict[str, tuple[str, ...]]:
        """Return inputs, hash and signature of every published document by its path."""
        return {row[0]: row[1:] for row in self._rows("select path, inputs, hash, signature from documents")}

    def note_heads(self, rows: Sequence[tuple[object, ...]]) -> None:
        """Set aside rows of path, signature, digest and head until `keep`; memory may not hold them all."""
        self._note(_NEW_HEADS, "insert into new_heads values (?, ?, ?, ?)", rows)

    def note_bodies(self, rows: Sequence[tuple[object, ...]]) -> bool:
        """Set aside rows of key, facts and content until `keep`; tell whether `content` will find them."""
        self._note(_NEW_BODIES, "insert or ignore into new_bodies values (?, ?, ?)", rows)
        self._noted = self._base is not None
        return self._noted

    def _note(self, table: str, insert: str, rows: Sequence[tuple[object, ...]]) -> None:
        try:
            base = self._base = self._base or self._made()
            base.execute("begin")
            base.execute(table)
            base.executemany(insert, rows)
            base.execute("commit")
        except sqlite3.OperationalError:
            self.close()
        except (sqlite3.Error, OSError):
            self._discard()

    def keep_build(self, key: str, snapshot: str, value: str) -> None:
        """Keep what builds with that key come to while the snapshot stays the same."""
        self._change(lambda base: _keep_build(base, key, snapshot, value))

    def keep(self, findings: Findings) -> None:
        """Keep what a build found out, and drop what no feed can reach any more."""
        self._change(lambda base: _keep(base, findings))

    def _change(self, write: Callable[[sqlite3.Connection], None]) -> None:
        try:
            base = self._base = self._base or self._made()
            base.execute("begin immediate")
            write(base)
            base.execute("commit")
        except sqlite3.OperationalError:
            self.close()
        except (sqlite3.Error, OSError):
            self._discard()

    def _made(self) -> sqlite3.Connection:
        from pathlib import Path

        from feedwright.disk import make_private

        make_private(Path(self.folder))
        base = self._connect()
        base.execute("begin immediate")
        for statement in _TABLES.strip().split("\n"):
            base.execute(statement)
        base.execute("insert into facts values ('maker', ?)", (self._maker,))
        base.execute("commit")
        return base

    def close(self) -> None:
        """Close the file; what is not kept yet is lost."""
        if self._base is not None:
            self._base.close()
            self._base = None
        self._noted = False


def _keep_build(base: sqlite3.Connection, key: str, snapshot: str, value: str) -> None:
    turn = base.execute("select coalesce(max(turn), 0) + 1 from builds").fetchone()[0]
    base.execute("replace into builds values (?, ?, ?, ?)", (key, snapshot, value, turn))
    base.execute("delete from builds where turn <= ?", (turn - _BUILDS_KEPT,))


def _keep(base: sqlite3.Connection, findings: Findings) -> None:
    base.execute("replace into facts values ('reading', ?)", (findings.reading,))
    if findings.fresh:
        base.execute("delete from heads")
    base.executemany("delete from heads where path = ?", [(path,) for path in findings.gone])
    base.execute(_NEW_HEADS)
    base.execute("replace into heads select * from new_heads")
    base.execute("drop table new_heads")
    base.execute("create temp table used (key text primary key) without rowid")
    base.executemany("insert or ignore into used values (?)", [(key,) for key in findings.used])
    base.execute("delete from bodies where key not in (select key from used)")
    base.execute("drop table used")
    base.execute(_NEW_BODIES)
    base.execute("replace into bodies select * from new_bodies")
    base.execute("drop table new_bodies")
    base.execute("delete from documents")
    base.executemany("replace into documents values (?, ?, ?, ?)", findings.documents)
