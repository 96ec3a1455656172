"""One build's use of the cache: what it finds there, and what it leaves there for the next build.

The result is the same with or without a store behind it; without one, nothing is found. Rows come from a file
that somebody may have written on purpose: who reads them judges what they say.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from feedwright import disk
from feedwright.cache import snapshot
from feedwright.cache.spool import Spool
from feedwright.cache.store import Store
from feedwright.model import Document

_HEADS_AT_ONCE = 1000
_BODIES_AT_ONCE = 100


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
        self._heads: list[tuple[str, str, str, bytes]] = []
        self._gone: set[str] = set()
        self._known = store.bodies() if store else {}
        self._body_keys: dict[str, str] = {}
        self._bodies: dict[str, tuple[str, bytes, str | None]] = {}
        self._contents: dict[str, str | None] = {}
        self._documents = store.documents() if store and documents else {}
        self._new_documents: list[tuple[str, str, str, str]] = []
        self._answers = ""
        self._spool = Spool(store.folder) if store and not store.read_only else None

    def heads(self, key: str, paths: Sequence[str], folder: str) -> dict[str, bytes]:
        """Return the rows of files below `folder` that are the same as when they were read, by path.

        `key` says how they were read: rows that were read in another way are void. A file is the same if its
        signature is, or else its bytes are.
        """
        self._key = disk.sha256(key.encode("utf-8", "surrogateescape"))
        known = self._store.heads(self._key) if self._store else {}
        self._fresh = not known
        self._gone = known.keys() - set(paths)
        heads: dict[str, bytes] = {}
        for path in paths:
            if path not in known:
                continue
            signature, digest, head = known[path]
            if signature and signature == self._signatures.get(path):
                self._digests[path] = digest
            elif disk.file_sha256(os.path.join(folder, path)) == digest:
                self.note_head(path, digest, head)
            else:
                continue
            heads[path] = head
        return heads

    def note_head(self, path: str, digest: str, head: bytes) -> None:
        """Keep what a file with this digest was read as; "" for one that must be read again."""
        if digest and self._store:
            self._digests[path] = digest
            self._heads.append((path, self._signatures.get(path, ""), digest, head))
            if len(self._heads) >= _HEADS_AT_ONCE:
                self._store.note_heads(self._heads)
                self._heads = []

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
            self._bodies[path] = self._body_keys[path], row, html
            if len(self._bodies) >= _BODIES_AT_ONCE:
                self.write_contents()
        else:
            self._body_keys.pop(path, None)
            self._contents[path] = html

    def write_contents(self) -> None:
        """Move bodies from memory to the disk."""
        if self._store and self._bodies and not self._store.note_bodies([*self._bodies.values()]):
            self._contents.update((path, html) for path, (_, _, html) in self._bodies.items())
        self._bodies = {}

    def new_html(self, path: str) -> str | None:
        """Return the HTML of a body that this build made, None if it has none."""
        if path in self._contents:
            return self._contents[path]
        return self._store.new_content(key) if self._store and (key := self._body_keys.get(path)) else None

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
            known = self._documents
            self._store.note_heads(self._heads)
            self._store.keep(
                self._key,
                fresh=self._fresh,
                gone=self._gone,
                unused=self._known.keys() - self._body_keys.values(),
                documents=[row for row in self._new_documents if known.get(row[0]) != row[1:]],
                # where nothing was published, what is known of the documents still holds
                withdrawn=known.keys() - ({row[0] for row in self._new_documents} or known.keys()),
                answers=self._answers,
            )
