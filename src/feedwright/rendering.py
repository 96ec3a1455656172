"""Feeds become documents, each held to what its format requires before anything is published."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING

from feedwright.formats import FORMATS, READ_BACK
from feedwright.model import Document
from feedwright.workers import serial

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from feedwright.model import Feed
    from feedwright.places import Place
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
    places: Iterable[Place],
    *,
    known: Callable[[Place], str | None] = lambda place: None,
    whole: Callable[[Feed], Feed] = lambda feed: feed,
    spread: Map = serial,
) -> Rendered:
    """Render the document of every place and check what comes out.

    `known` tells the hash of a document that is there already and would come out the same; `whole` gives
    a feed's entries their content. Raises RuntimeError where a document is faulty though each of its entries
    alone is not.
    """
    done = Rendered()
    wanted: list[tuple[Place, ...]] = []
    for _, beside in groupby(places, key=lambda place: (place.feed.id, place.feed.path)):
        missing = []
        for place in beside:
            if hashed := known(place):
                done.kept[place.path] = hashed
            else:
                missing.append(place)
        if missing:
            wanted.append(_with_content(missing, whole))
    for made in spread(_made, wanted):
        done.documents.extend(made.documents)
        done.refused.update(made.refused)
    return done


def _with_content(places: Sequence[Place], whole: Callable[[Feed], Feed]) -> tuple[Place, ...]:
    """The places of one feed, whose content is looked up only where a format shows it."""
    if not any(place.format in READ_BACK for place in places):
        return tuple(places)
    feed = whole(places[0].feed)
    return tuple(replace(place, feed=feed) for place in places)


def _made(places: Sequence[Place]) -> Rendered:
    """The documents of a feed, and the entries that they cannot carry."""
    done = Rendered()
    for place in places:
        document, faults = _checked(place)
        if faults:
            done.refused.update(_refused(place, faults))
        else:
            done.documents.append(document)
    return done


def _checked(place: Place) -> tuple[Document, tuple[str, ...]]:
    made = FORMATS[place.format]
    document = Document(path=place.path, data=made.render(place.feed, place.directory))
    return document, made.check(document)


def _refused(place: Place, faults: tuple[str, ...]) -> dict[str, str]:
    """The entries that are to blame: those with which even a feed of one entry is faulty."""
    found = {}
    for entry in place.feed.entries:
        _, own = _checked(replace(place, feed=replace(place.feed, entries=(entry,))))
        if own:
            found[entry.id] = own[0].partition(": ")[2]
    if not found:
        raise RuntimeError(f"{place.path} is not a valid {place.format} document: {'; '.join(faults)}")
    return found
