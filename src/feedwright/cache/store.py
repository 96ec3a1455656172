"""Results of earlier builds in one SQLite file, which may be deleted at any time.

Nothing in it changes a byte of output; it only saves work. A file that cannot be read, or was written under
another fingerprint, is deleted and created again. Two builds may use it at once: each writes in one
transaction at its end, and a build that cannot write goes on without it.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

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
# What is noted before the one transaction at the end, since the memory may not hold it all.
_NEW_HEADS = "create temp table if not exists new_heads (path text, signature text, digest text, head blob)"
_NEW_BODIES = "create temp table if not exists new_bodies (key text primary key, facts blob, content text)"


class Store:
    """An open cache: a read that fails finds nothing, a write that fails is lost."""

    def __init__(self, folder: str, maker: str) -> None:
        """Open the cache in `folder`, if there is one; `maker` is the fingerprint of what may read it.

        `broken` says that a damaged cache had to be deleted.
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
            query = "select value from facts where name = 'maker'"
            if self._connect().execute(query).fetchone() != (self._maker,):
                self._discard(broken=False)
        except sqlite3.Error:
            self._discard()

    def _connect(self) -> sqlite3.Connection:
        self._base = sqlite3.connect(self._file, timeout=_PATIENCE, isolation_level=None)
        self._base.execute("pragma synchronous = normal")
        return self._base

    def _discard(self, *, broken: bool = True) -> None:
        self.broken = broken
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
        """Return the digest of the snapshot and the value that were kept for builds with that key."""
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
        """Return all that is known of the bodies that feeds last showed, except their content, by key."""
        return dict(self._rows("select key, facts from bodies"))

    def content(self, key: str) -> str | None:
        """Return the content of one body."""
        for table in ("new_bodies", "bodies") if self._noted else ("bodies",):
            for row in self._rows(f"select content from {table} where key = ?", key):  # noqa: S608
                content: str | None = row[0]
                return content
        return None

    def documents(self) -> dict[str, tuple[str, str, str]]:
        """Return inputs, hash and signature of every published document by its path."""
        return {row[0]: row[1:] for row in self._rows("select path, inputs, hash, signature from documents")}

    def note_heads(self, rows: Sequence[tuple[object, ...]]) -> None:
        """Set aside rows of path, signature, digest and head until `keep`."""
        self._note(_NEW_HEADS, "insert into new_heads values (?, ?, ?, ?)", rows)

    def note_bodies(self, rows: Sequence[tuple[object, ...]]) -> bool:
        """Set aside rows of key, facts and content until `keep`; tell whether `content` will find them."""
        self._note(_NEW_BODIES, "insert or ignore into new_bodies values (?, ?, ?)", rows)
        self._noted = self._base is not None
        return self._noted

    def _note(self, table: str, insert: str, rows: Sequence[tuple[object, ...]]) -> None:
        self._change(lambda base: base.execute(table).executemany(insert, rows), begin="begin")

    def keep_build(self, key: str, snapshot: str, value: str) -> None:
        """Keep the result of builds with that key, for as long as the snapshot stays the same."""

        def write(base: sqlite3.Connection) -> None:
            turn = base.execute("select coalesce(max(turn), 0) + 1 from builds").fetchone()[0]
            base.execute("replace into builds values (?, ?, ?, ?)", (key, snapshot, value, turn))
            base.execute("delete from builds where turn <= ?", (turn - _BUILDS_KEPT,))

        self._change(write)

    def keep(
        self,
        reading: str,
        *,
        fresh: bool,
        gone: Iterable[str],
        used: Iterable[str],
        documents: Iterable[tuple[str, str, str, str]],
    ) -> None:
        """Write the noted results and those of the build; drop what no feed can reach.

        `reading` says how heads were read; if `fresh`, all heads kept before are void. `gone` are the paths
        of files that no longer exist, `used` the keys of all bodies that feeds show; `documents` are rows of
        path, inputs, hash and signature.
        """

        def write(base: sqlite3.Connection) -> None:
            base.execute("replace into facts values ('reading', ?)", (reading,))
            if fresh:
                base.execute("delete from heads")
            base.executemany("delete from heads where path = ?", [(path,) for path in gone])
            known = {key for (key,) in base.execute("select key from bodies")}
            base.executemany("delete from bodies where key = ?", [(key,) for key in known.difference(used)])
            base.execute(_NEW_HEADS)
            base.execute(_NEW_BODIES)
            for table in ("heads", "bodies"):
                base.execute(f"replace into {table} select * from new_{table}")  # noqa: S608
                base.execute(f"drop table new_{table}")
            base.execute("delete from documents")
            base.executemany("replace into documents values (?, ?, ?, ?)", documents)

        self._change(write)

    def _change(self, write: Callable[[sqlite3.Connection], object], begin: str = "begin immediate") -> None:
        try:
            base = self._base or self._create()
            base.execute(begin)
            write(base)
            base.execute("commit")
        except (sqlite3.OperationalError, OSError):  # busy, full, or no folder for it: not damaged
            self.close()
        except sqlite3.Error:
            self._discard()

    def _create(self) -> sqlite3.Connection:
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
        """Close the file; what was not kept is lost."""
        if self._base is not None:
            self._base.close()
            self._base = None
        self._noted = False
