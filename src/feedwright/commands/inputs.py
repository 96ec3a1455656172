"""What documents are made of, as hashes: a document whose hashes are those of before is made of the same."""

from __future__ import annotations

from collections.abc import Mapping

from feedwright import disk
from feedwright.cache import codec
from feedwright.formats.earlier import MadeOf
from feedwright.formats.layout import Target
from feedwright.formats.shared_entries import common
from feedwright.model import Entry, replace

KnownHashes = dict[str, tuple[Entry, str, str]]
"""An entry, the hash of its content, and that of both, by the entry's id."""

_DIGITS = 32
"""Hexadecimal digits that are kept of a hash: the cache has one for every entry of every document."""


class Inputs:
    """Hashes of what documents are made of."""

    def __init__(self, hashes: Mapping[str, str], known: KnownHashes) -> None:
        """`hashes` are those of the contents that entries show, by the entry's id; `known` is kept up."""
        self._hashes = hashes
        self._known = known
        self._feeds: dict[tuple[str, str], tuple[str, str, tuple[str, ...]]] = {}

    def of(self, target: Target) -> MadeOf:
        """Return the hashes of a feed and the index beside it, and of its entries."""
        feed = target.feed
        rows = self._feeds.get((feed.id, feed.path))
        if rows is None:
            head = _hash(f"{replace(feed, entries=())!r}\0{target.index!r}")
            rows = head, _hash(repr(common(target))), tuple(map(self._of_entry, feed.entries))
            self._feeds[feed.id, feed.path] = rows
        return MadeOf(target.format, *rows)

    def _of_entry(self, entry: Entry) -> str:
        content_hash = self._hashes[entry.id]
        known, its_content, digest = self._known.get(entry.id, (None, "", ""))
        if known is not entry or its_content != content_hash:
            digest = disk.sha256(b"%b %b" % (codec.encode(entry), content_hash.encode()))[:_DIGITS]
            self._known[entry.id] = entry, content_hash, digest
        return digest


def _hash(text: str) -> str:
    return disk.sha256(text.encode("utf-8", "surrogatepass"))[:_DIGITS]
