"""Feeds become documents, each held to what its format requires before anything is published."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from feedwright.formats import FORMATS
from feedwright.model import Document
from feedwright.workers import serial

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from feedwright.formats import Format
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
    feeds: Iterable[Feed],
    formats: Sequence[str],
    *,
    known: Callable[[Feed, str], str | None] = lambda feed, path: None,
    whole: Callable[[Feed], Feed] = lambda feed: feed,
    spread: Map = serial,
) -> Rendered:
    """Render every feed in every format of those names and check what comes out.

    `known` tells the hash of a document that is there already and would come out the same; `whole` gives
    a feed's entries their content. Raises RuntimeError where a document is faulty though each of its entries
    alone is not.
    """
    done = Rendered()
    wanted: list[tuple[Feed, tuple[str, ...]]] = []
    for feed in feeds:
        missing = []
        for name in formats:
            path = feed.path + FORMATS[name].file
            if hashed := known(feed, path):
                done.kept[path] = hashed
            else:
                missing.append(name)
        if missing:
            wanted.append((whole(feed), tuple(missing)))
    for made in spread(_made, wanted):
        done.documents.extend(made.documents)
        done.refused.update(made.refused)
    return done


def _made(wanted: tuple[Feed, tuple[str, ...]]) -> Rendered:
    """The documents of a feed in some formats, and the entries that they cannot carry."""
    feed, names = wanted
    done = Rendered()
    for name in names:
        document, faults = _checked(feed, FORMATS[name])
        if faults:
            done.refused.update(_refused(feed, FORMATS[name], faults))
        else:
            done.documents.append(document)
    return done


def _checked(feed: Feed, made: Format) -> tuple[Document, tuple[str, ...]]:
    from feedwright.formats.check import check

    document = Document(path=feed.path + made.file, data=made.render(feed))
    return document, check(document)


def _refused(feed: Feed, made: Format, faults: tuple[str, ...]) -> dict[str, str]:
    """The entries that are to blame: those with which even a feed of one entry is faulty."""
    found = {}
    for entry in feed.entries:
        _, own = _checked(replace(feed, entries=(entry,)), made)
        if own:
            found[entry.id] = own[0].partition(": ")[2]
    if not found:
        raise RuntimeError(f"{feed.path}{made.file} is not a valid {made.name} document: {'; '.join(faults)}")
    return found
