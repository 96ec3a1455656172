"""Feeds become documents, each held to what its format requires before anything is published."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from feedwright.formats import FORMATS
from feedwright.model import Document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from feedwright.formats import Format
    from feedwright.model import Feed


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
) -> Rendered:
    """Render every feed in every format of those names and check what comes out.

    `known` tells the hash of a document that is there already and would come out the same. Raises
    RuntimeError where a document is faulty though each of its entries alone is not.
    """
    done = Rendered()
    for feed in feeds:
        for name in formats:
            path = feed.path + FORMATS[name].file
            if hashed := known(feed, path):
                done.kept[path] = hashed
                continue
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
