"""What documents are made of, as hashes: a document whose hash is that of before is made of the same."""

from __future__ import annotations

from collections.abc import Mapping

from feedwright import disk
from feedwright.cache import codec
from feedwright.formats.layout import Target
from feedwright.model import Entry, replace

KnownHashes = dict[str, tuple[Entry, str, str]]
"""An entry, the hash of its content, and that of both, by the entry's id."""


class Inputs:
    """Hashes of what documents are made of."""

    def __init__(self, hashes: Mapping[str, str], known: KnownHashes) -> None:
        """`hashes` are those of the contents that entries show, by the entry's id; `known` is kept up."""
        self._hashes = hashes
        self._known = known
        self._entries: dict[str, str] = {}
        self._feeds: dict[tuple[str, str], str] = {}

    def of(self, target: Target) -> str:
        """Return a hash over a feed, its entries, the index beside it, and the format."""
        feed = target.feed
        digest = self._feeds.get((feed.id, feed.path))
        if digest is None:
            for entry in feed.entries:
                if entry.id not in self._entries:
                    self._entries[entry.id] = self._of_entry(entry)
            facts = f"{replace(feed, entries=())!r}\0{target.index!r}"
            whole = "\0".join([facts, *(self._entries[entry.id] for entry in feed.entries)])
            digest = disk.sha256(whole.encode("utf-8", "surrogatepass"))
            self._feeds[feed.id, feed.path] = digest
        return f"{target.format} {digest}"

    def _of_entry(self, entry: Entry) -> str:
        content_hash = self._hashes[entry.id]
        known, its_content, digest = self._known.get(entry.id, (None, "", ""))
        if known is not entry or its_content != content_hash:
            digest = disk.sha256(b"%b %b" % (codec.encode(entry), content_hash.encode()))
            self._known[entry.id] = entry, content_hash, digest
        return digest
