"""Old entries that come into a feed at once, as after `limit` was raised: told before its readers see them.

Who has subscribed for long has not seen them in this feed, or long ago, and gets them as new.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from feedwright import disk
from feedwright.formats.layout import Target
from feedwright.formats.table import READ_BACK
from feedwright.formats.wire import has_id
from feedwright.model import Entry
from feedwright.problems import Problem
from feedwright.publication.record import Record
from feedwright.site import Site
from feedwright.text import count, some, visible

FEWEST = 5
"""The fewest that are told: one comes in for each article that is deleted."""


def problems_of(
    targets: Sequence[Target], current: Collection[str], previous: Record | None, site: Site
) -> list[Problem]:
    """Return the problem of the old entries that the documents would have, if there are any.

    An entry is old in a feed if it was published before, or is older than all that the feed has now.
    `current` are the paths of documents that stay as they are.
    """
    if previous is None:
        return []
    sources: Mapping[str, str] = {}
    titles: dict[str, str] = {}
    documents = []
    for target in _replaced(targets, current, previous):
        if missing := _missing(target, data := _published(target, site)):
            sources = sources or previous.sources
            if len(old := [*_old(missing, target, data, sources)]) >= FEWEST:
                documents.append(visible(target.path))
                titles |= {entry.id: repr(visible(entry.title)) for entry in old}
    if not titles:
        return []
    entries = count(len(titles), "old entry", "old entries")
    message = (
        f"{entries} would be new to subscribers of {some(documents, most=3)}: {some([*titles.values()])}"
    )
    hint = "readers show them once; to leave them out: another `limit` or `days`, or `since`"
    return [Problem.warning("FEED002", message, hint=hint)]


def _replaced(targets: Sequence[Target], current: Collection[str], previous: Record) -> Iterator[Target]:
    """A published document of each feed that is to be replaced."""
    listed, judged = previous.files, set[str]()
    for target in targets:
        if target.format not in READ_BACK or target.feed.is_archive or target.feed.id in judged:
            continue
        if target.path in listed:
            judged.add(target.feed.id)
            if target.path not in current:
                yield target


def _published(target: Target, site: Site) -> bytes:
    try:
        return disk.read_bytes(site.output / target.path, follow=False)
    except OSError:
        return b""


def _missing(target: Target, data: bytes) -> list[Entry]:
    """The entries whose ids the published document does not seem to have, if they are enough.

    Reading every document back would take longer than rendering it.
    """
    missing = [entry for entry in target.feed.entries if not has_id(data, entry.id)]
    return missing if data and len(missing) >= FEWEST else []


def _old(
    missing: Sequence[Entry], target: Target, data: bytes, sources: Mapping[str, str]
) -> Iterator[Entry]:
    try:
        before = READ_BACK[target.format](data).entries
    except ValueError:
        return
    ids = {entry.id for entry in before}
    oldest = min((entry.published for entry in before), default=None)
    for entry in missing:
        if entry.id not in ids and (entry.id in sources or (oldest and entry.published < oldest)):
            yield entry
