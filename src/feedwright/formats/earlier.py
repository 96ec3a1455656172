"""Documents that were made before: what a new one shares with them is taken from there.

Most changes touch one entry; the nineteen beside it are written and judged no second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Self

from msgspec import Struct

from feedwright.formats.layout import Target
from feedwright.formats.table import FORMATS
from feedwright.formats.wire import has_id

_ENOUGH = 2**24
"""Bytes of documents from which parts are taken: those of a site with thousands of feeds fill the memory."""


class MadeOf(Struct, frozen=True):
    """Hashes of what a document is made of.

    `head` is of all that stands before its entries, `shared` of what entries of one language have from their
    feeds, `entries` are those of each. Where `format`, `shared` and its own hash are the same, so are the
    bytes of an entry.
    """

    format: str
    head: str
    shared: str
    entries: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join((self.format, self.head, self.shared, *self.entries))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return what `str` made that text of; of any other, something that no document is made of."""
        if text.count(" ") < 3:
            return cls("", "", "", ())
        format_, head, shared, *entries = text.split(" ")
        return cls(format_, head, shared, tuple(entries))


class Before(Struct, frozen=True):
    """A document that was made before.

    `read` returns its bytes, None if they are not there as they were, or are more than its argument.
    """

    made_of: MadeOf
    read: Callable[[int], bytes | None]


class Earlier:
    """The parts of documents that were made before, by what they were made of."""

    def __init__(
        self,
        targets: Iterable[Target],
        made_of: Callable[[Target], MadeOf],
        before: Callable[[Target], Before | None],
    ) -> None:
        """`targets` are to be made anew; `before` returns what was last made in the place of one."""
        self._made_of = made_of
        self._heads: dict[tuple[str, str], bytes] = {}
        self._entries: dict[tuple[str, str, str], bytes] = {}
        room = _ENOUGH
        for target in targets:
            last = before(target)
            if last and _have_something_in_common(made_of(target), last.made_of):
                data = last.read(room) or b""
                room -= len(data)
                self._learn(last.made_of, data)

    def _learn(self, made_of: MadeOf, data: bytes) -> None:
        parts = FORMATS[made_of.format].parts
        try:
            head, texts = parts.split(data) if parts else (b"", [])
        except ValueError:
            return
        if len(texts) == len(made_of.entries):
            self._heads[made_of.format, made_of.head] = head
            for name, text in zip(made_of.entries, texts, strict=True):
                self._entries[made_of.format, made_of.shared, name] = text

    def head(self, target: Target) -> bytes | None:
        """Return what stands before the entries of a target's document, None if it is not known."""
        made_of = self._made_of(target)
        return self._heads.get((made_of.format, made_of.head))

    def entries(self, target: Target) -> dict[str, bytes]:
        """Return the bytes of those entries of a target that are known, and name the entry, by its id."""
        if not self._entries:
            return {}
        made_of = self._made_of(target)
        known: dict[str, bytes] = {}
        for entry, name in zip(target.feed.entries, made_of.entries, strict=True):
            text = self._entries.get((made_of.format, made_of.shared, name), b"")
            if has_id(text, entry.id):
                known[entry.id] = text
        return known


def _have_something_in_common(one: MadeOf, other: MadeOf) -> bool:
    is_alike = one.shared == other.shared and not {*one.entries}.isdisjoint(other.entries)
    return one.format == other.format and (is_alike or one.head == other.head)
