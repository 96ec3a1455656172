"""One build's use of the cache: what it finds there, and what it leaves there for the next build.

The result is the same with or without a store behind it; without one, nothing is found. Rows come from a file
that somebody may have written on purpose: who reads them judges what they say.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct

from feedwright import disk
from feedwright.cache import codec, snapshot
from feedwright.cache.spool import Spool
from feedwright.cache.store import Store
from feedwright.model import Document

_ENOUGH = 2**16
"""Bytes of heads that are kept together: those of some hundred files."""


class _Files(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The files of a group of heads."""

    paths: list[str]
    signatures: list[str]
    digests: list[str]


_decode_files = codec.decoder(_Files)


class _Body(Struct, frozen=True):
    """A body that waits on the disk: `size` bytes of facts, then its HTML, if it has any."""

    size: int
    has_html: bool
    read: Callable[[], bytes]

    def html(self) -> str | None:
        return self.read()[self.size :].decode("utf-8", "surrogatepass") if self.has_html else None


class BuildCache:
    """The results of earlier builds, by key, and those that this one adds."""

    def __init__(
        self,
        store: Store | None = None,
        signatures: Mapping[str, str] | None = None,
        *,
        documents: bool = True,
    ) -> None:
        """`signatures` are those of the files in the content folder, taken before anything is read.

        Without `documents` nothing is known of the published ones, so that all are made.
        """
        self._store = store
        self._signatures = signatures or {}
        self._key = ""
        self._fresh = True
        self._digests: dict[str, str] = {}
        self._heads: dict[str, bytes] = {}
        self._room = _ENOUGH
        self._new_heads: list[tuple[Callable[[], bytes], Callable[[], bytes]]] = []
        self._outdated: list[int] = []
        self._known = store.bodies() if store else {}
        self._body_keys: dict[str, str] = {}
        self._bodies: dict[str, _Body] = {}
        self._contents: dict[str, str | None] = {}
        self._documents = store.documents() if store and documents else {}
        self._new_documents: list[tuple[str, str, str, str]] = []
        self._answers = ""

    @cached_property
    def _spool(self) -> Spool | None:
        """What does not fit into memory, beside the cache, if it may lie there."""
        if self._store and not self._store.read_only:
            with suppress(OSError):
                disk.make_private(Path(self._store.folder))
                return Spool(self._store.folder)
        return None

    def _keep(self, data: bytes) -> Callable[[], bytes]:
        """Return what reads the bytes back when they are needed."""
        return self._spool.keep(data) if self._spool else lambda: data

    def heads(self, key: str, paths: Sequence[str], folder: str) -> Iterator[tuple[list[str], bytes]]:
        """Yield paths of files below `folder` that are the same as when they were read, and their heads.

        `key` says how they were read: what was read in another way is void. A file is the same if its
        signature is, or else its bytes are. All must be taken: many do not fit into memory.
        """
        self._key = disk.sha256(key.encode("utf-8", "surrogateescape"))
        wanted = dict(zip(paths, paths, strict=True))
        for number, row, heads in self._store.heads(self._key) if self._store else ():
            self._fresh = False
            files = _decode_files(row.encode())
            signatures = [*map(self._signatures.get, files.paths)]
            if len(heads) >= _ENOUGH and signatures == files.signatures and wanted.keys() >= {*files.paths}:
                same = [wanted.pop(path) for path in files.paths]
                self._digests.update(zip(same, files.digests, strict=True))
                yield same, heads
            else:
                self._outdated.append(number)
                rows = dict(self._unchanged(files, codec.raw_items(heads), wanted, folder))
                yield [*rows], codec.raw_array(rows.values())

    def _unchanged(
        self, files: _Files, heads: Iterable[bytes], wanted: dict[str, str], folder: str
    ) -> Iterator[tuple[str, bytes]]:
        """Yield path and head of files that are the same, and keep them for a new group."""
        rows = zip(files.paths, files.signatures, files.digests, heads, strict=True)
        for path, signature, digest, head in rows:
            if path in wanted and digest:
                known = signature and signature == self._signatures.get(path)
                if known or disk.file_sha256(os.path.join(folder, path)) == digest:
                    self.note_head(path, digest, head)
                    yield wanted.pop(path), head

    def note_head(self, path: str, digest: str, head: bytes) -> None:
        """Keep what a file with this digest was read as; "" for one that must be read again."""
        if digest and self._store:
            self._digests[path] = digest
            self._heads[path] = head
            self._room -= len(head)
            if self._room <= 0:
                self._group_heads()

    def _group_heads(self) -> None:
        """Move heads from memory to the disk, many together: a million would fill the memory."""
        paths = [*self._heads]
        signatures = [self._signatures.get(path, "") for path in paths]
        files = _Files(paths, signatures, [self._digests[path] for path in paths])
        heads = codec.raw_array(self._heads.values())
        self._new_heads.append((self._keep(codec.encode(files)), self._keep(heads)))
        self._heads, self._room = {}, _ENOUGH

    def contents(
        self, key: str, paths: Sequence[str], inputs: Mapping[str, str] = MappingProxyType({})
    ) -> dict[str, bytes]:
        """Return the rows of bodies that were made before in the way that `key` says, by path.

        `inputs` say, by path, what a body is made of besides its file.
        """
        rows = {}
        for path in paths:
            if digest := self._digests.get(path):
                made_of = f"{key}\0{self._key}\0{digest}\0{path}\0{inputs.get(path, '')}"
                name = disk.sha256(made_of.encode("utf-8", "surrogateescape"))
                self._body_keys[path] = name
                if name in self._known:
                    rows[path] = self._known[name]
        return rows

    def digest(self, path: str) -> str:
        """Return the digest of a file as its head was read; "" where that is not known."""
        return self._digests.get(path, "")

    def note_content(self, path: str, digest: str, row: bytes, html: str | None) -> None:
        """Keep a body that was made from a file with this digest; `html` can return its HTML at once."""
        if self._store and digest and digest == self._digests.get(path):
            data = row if html is None else row + html.encode("utf-8", "surrogatepass")
            self._bodies[path] = _Body(len(row), html is not None, self._keep(data))
        else:
            self._body_keys.pop(path, None)
            self._contents[path] = html

    def _new_bodies(self) -> Iterator[tuple[str, bytes, str | None]]:
        """Yield key, facts and HTML of all bodies that were noted."""
        for path, body in self._bodies.items():
            yield self._body_keys[path], body.read()[: body.size], body.html()

    def new_html(self, path: str) -> str | None:
        """Return the HTML of a body that this build made, None if it has none."""
        if path in self._contents:
            return self._contents[path]
        return self._bodies[path].html() if path in self._bodies else None

    def old_html(self, path: str) -> str | None:
        """Return the HTML that is cached for a body, None if there is none."""
        return self._store.content(key) if self._store and (key := self._body_keys.get(path)) else None

    def keep_html(self, path: str, html: str | None) -> None:
        """Remember HTML for this build."""
        self._contents[path] = html

    def answers(self) -> str:
        """Return what the sanitizer answered earlier builds, "" if nothing is known."""
        return self._store.answers() if self._store else ""

    def keep_answers(self, text: str) -> None:
        """Keep what the sanitizer answered, for later builds."""
        self._answers = text

    @property
    def digests(self) -> Mapping[str, str]:
        """The hashes of all files that were read, now or by an earlier build, by path."""
        return self._digests

    def new_hashes(self) -> Iterator[tuple[str, str]]:
        """Yield the path and the SHA-256 of every published document."""
        for path, _, hashed, _ in self._new_documents:
            yield path, hashed.partition(":")[2]

    @property
    def has_documents(self) -> bool:
        """Whether anything is known of published documents."""
        return bool(self._documents)

    def is_current(self, path: str, inputs: str, file: str) -> str | None:
        """Return the hash of a document that was made from the same inputs and is on disk as it was left."""
        known_inputs, hashed, signature = self._documents.get(path, ("", "", ""))
        if known_inputs != inputs:
            return None
        if snapshot.signature(file) != signature and disk.file_sha256(file) != hashed.partition(":")[2]:
            return None
        return hashed

    def inputs(self, path: str, hashed: str) -> str:
        """Return what the published document with that hash was made of, "" if that is not known."""
        inputs, known_hash, _ = self._documents.get(path, ("", "", ""))
        return inputs if known_hash == hashed else ""

    def note_document(self, path: str, inputs: str, hashed: str, file: str) -> None:
        """Keep the inputs and the hash of a published document."""
        if self._store:
            self._new_documents.append((path, inputs, hashed, snapshot.signature(file)))

    def spool(self, document: Document) -> Document:
        """Return the same document, whose bytes wait on the disk, beside the cache, until they are needed."""
        return self._spool.put(document) if self._spool else document

    def save(self) -> None:
        """Leave in the store what this build worked out."""
        if self._store:
            if self._heads:
                self._group_heads()
            known = self._documents
            self._store.keep(
                self._key,
                heads=((files().decode(), heads()) for files, heads in self._new_heads),
                bodies=self._new_bodies(),
                fresh=self._fresh,
                outdated=self._outdated,
                unused=self._known.keys() - self._body_keys.values(),
                documents=[row for row in self._new_documents if known.get(row[0]) != row[1:]],
                # where nothing was published, what is known of the documents still holds
                withdrawn=known.keys() - ({row[0] for row in self._new_documents} or known.keys()),
                answers=self._answers,
            )
