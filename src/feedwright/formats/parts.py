"""Where the entries stand in a document, so that feeds can share what is written of them."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct


class Parts(Struct, frozen=True, kw_only=True):
    """What a format writes before each entry, which begins a line, between two, and after the last.

    No line within an entry begins like one: the formats escape what would be markup, or the end of a line.
    """

    entry: bytes
    between: bytes
    end: bytes

    def split(self, document: bytes) -> tuple[bytes, list[bytes]]:
        """Return what a document with an entry has before its first, and its entries.

        Raises ValueError for any other document.
        """
        head, begin, rest = document.partition(b"\n" + self.entry)
        if not begin or not rest.endswith(self.end):
            raise ValueError("its entries are not where they should be")
        entries = rest.removesuffix(self.end).split(self.between + self.entry)
        return head + b"\n", [self.entry + entry for entry in entries]

    def join(self, head: bytes, entries: Iterable[bytes]) -> bytes:
        """Return the document with that head and these entries."""
        return head + self.between.join(entries) + self.end
