"""Feeds become documents, each held to what its format requires before anything is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING, overload

from feedwright.formats.table import FORMATS, READ_BACK
from feedwright.model import Document
from feedwright.workers import serial

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from feedwright.formats.layout import Target
    from feedwright.model import Feed
    from feedwright.workers import Map


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """The documents of all feeds; `refused` says, by id, why an entry can stand in none.

    `kept` are the hashes, by path, of documents that need not be made, since they are there.
    """

    documents: list[Document] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


def render(
    places: Iterable[Target],
    *,
    known: Callable[[Target], str | None] = lambda place: None,
    whole: Callable[[Feed], Feed] = lambda feed: feed,
    spread: Map = serial,
    aside: Callable[[Document], Document] = lambda document: document,
) -> Rendered:
    """Render the document of every place and check what comes out.

    `known` tells the hash of a document that is there already and would come out the same; `whole` gives
    a feed's entries their content; `aside` puts a document where it takes no memory. Raises RuntimeError
    where a document is faulty though each of its entries alone is not.
    """
    done = Rendered()
    wanted: list[list[Target]] = []
    for _, beside in groupby(places, key=lambda place: (place.feed.id, place.feed.path)):
        missing = []
        for place in beside:
            if hashed := known(place):
                done.kept[place.path] = hashed
            else:
                missing.append(place)
        if missing:
            wanted.append(missing)
    for made in spread(_made, _Filled(wanted, whole)):
        done.documents.extend(map(aside, made.documents))
        done.refused.update(made.refused)
    return done


class _Filled(Sequence["tuple[Target, ...]"]):
    """The places of every feed with its content, which is looked up when asked for: all fills the memory."""

    def __init__(self, rows: Sequence[Sequence[Target]], whole: Callable[[Feed], Feed]) -> None:
        self._rows = rows
        self._whole = whole

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> tuple[Target, ...]: ...

    @overload
    def __getitem__(self, at: slice) -> list[tuple[Target, ...]]: ...

    def __getitem__(self, at: int | slice) -> tuple[Target, ...] | list[tuple[Target, ...]]:
        if isinstance(at, slice):
            return [_with_content(row, self._whole) for row in self._rows[at]]
        return _with_content(self._rows[at], self._whole)


def _with_content(places: Sequence[Target], whole: Callable[[Feed], Feed]) -> tuple[Target, ...]:
    """The places of one feed, whose content is looked up only where a format shows it."""
    if not any(place.format in READ_BACK for place in places):
        return tuple(places)
    feed = whole(places[0].feed)
    return tuple(replace(place, feed=feed) for place in places)


def _made(places: Sequence[Target]) -> Rendered:
    """The documents of a feed, and the entries that they cannot carry."""
    done = Rendered()
    for place in places:
        document, faults = _checked(place)
        if faults:
            done.refused.update(_refused(place, faults))
        else:
            done.documents.append(document)
    return done


def _checked(place: Target) -> tuple[Document, tuple[str, ...]]:
    made = FORMATS[place.format]
    document = Document(path=place.path, data=made.render(place.feed, place.directory))
    return document, made.check(document)


def _refused(place: Target, faults: tuple[str, ...]) -> dict[str, str]:
    """The entries that are to blame: those with which even a feed of one entry is faulty."""
    found = {}
    for entry in place.feed.entries:
        _, own = _checked(replace(place, feed=replace(place.feed, entries=(entry,))))
        if own:
            found[entry.id] = own[0].partition(": ")[2]
    if not found:
        raise RuntimeError(f"{place.path} is not a valid {place.format} document: {'; '.join(faults)}")
    return found
