"""Feeds become documents; only what can be read back is published."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import groupby

from msgspec import Struct, field

from feedwright.formats import faults
from feedwright.formats.earlier import Before, Earlier, MadeOf
from feedwright.formats.layout import Target
from feedwright.formats.shared_entries import PARTS, SharedEntries
from feedwright.formats.table import FORMATS
from feedwright.model import Document, Feed, replace
from feedwright.workers import Lazy, Map, serial


class Rendered(Struct, frozen=True, kw_only=True):
    """The documents of all feeds.

    `current` are the hashes, by path, of published documents that would come out the same. `refused` says,
    by id, why no document can carry an entry, `refused_feeds` why there can be no document of a feed, or none
    that lists it; where there are refused entries, documents may be missing.
    """

    documents: list[Document] = field(default_factory=list)
    current: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    refused_feeds: dict[str, str] = field(default_factory=dict)


def render(
    targets: Iterable[Target],
    *,
    is_current: Callable[[Target], str | None] = lambda target: None,
    made_of: Callable[[Target], MadeOf] = lambda target: MadeOf("", "", "", ()),
    before: Callable[[Target], Before | None] = lambda target: None,
    with_content: Callable[[Feed], Feed] = lambda feed: feed,
    spread: Map = serial,
    spread_entries: Map = serial,
    spool: Callable[[Document], Document] = lambda document: document,
) -> Rendered:
    """Render the document of every target, and judge it.

    An entry with one id is the same in all feeds. `is_current` returns the hash of a published document that
    would come out the same; `made_of` returns the hashes of what a document is made of, and `before` what was
    last made in its place, from which all with the same hashes is taken over. `with_content` gives a feed's
    entries their content; `spread` is for feeds, `spread_entries` for entries that they share; `spool` puts a
    document where it takes no memory.
    Raises RuntimeError where a document of the site's own feed is faulty, though of no entry or listed feed
    alone.
    """
    rendered = Rendered()
    missing = []
    for target in targets:
        if document_hash := is_current(target):
            rendered.current[target.path] = document_hash
        else:
            missing.append(target)
    joined = [target for target in missing if target.format in PARTS]
    earlier = Earlier(joined, made_of, before)
    shared = SharedEntries(
        joined, earlier=earlier.entries, with_content=with_content, spread=spread_entries, spool=spool
    )
    rendered.refused.update(shared.refused)
    heads = {target.path: head for target in joined if (head := earlier.head(target)) is not None}
    for target in joined:
        if head := heads.get(target.path):
            _add(Document(path=target.path, data=head), target, shared, spool, rendered)
    unknown = (target for target in missing if target.path not in heads)
    by_feed = groupby(unknown, key=lambda target: (target.feed.id, target.feed.path))
    groups = [list(group) for _, group in by_feed]
    shown = Lazy(partial(_with_content, with_content), groups)
    for group, part in zip(groups, spread(_render_group, shown), strict=True):
        rendered.refused.update(part.refused)
        rendered.refused_feeds.update(part.refused_feeds)
        made = {document.path: document for document in part.documents}
        for target in group:
            if document := made.get(target.path):
                _add(document, target, shared, spool, rendered)
    return rendered


def _add(
    document: Document,
    target: Target,
    shared: SharedEntries,
    spool: Callable[[Document], Document],
    rendered: Rendered,
) -> None:
    """Add a document, joined with its entries where its format has them apart."""
    if target.format not in PARTS:
        rendered.documents.append(spool(document))
    elif rendered.refused.keys().isdisjoint(entry.id for entry in target.feed.entries):
        try:
            rendered.documents.append(shared.document(target, document.data))
        except ValueError as error:
            _blame(target, error, rendered)


def _with_content(with_content: Callable[[Feed], Feed], group: Sequence[Target]) -> list[Target]:
    """The targets of a feed with its content; where they are joined, one entry without stands for all."""
    feed = group[0].feed
    short = replace(feed, entries=tuple(replace(entry, content=None) for entry in feed.entries[:1]))
    if any(FORMATS[t.format].shows_content and t.format not in PARTS for t in group):
        feed = with_content(feed)
    return [replace(t, feed=short if t.format in PARTS else feed) for t in group]


def _render_group(targets: Sequence[Target]) -> Rendered:
    """The documents of one feed, and what they cannot carry; of a joined one, what is before its entries."""
    rendered = Rendered()
    for target in targets:
        try:
            rendered.documents.append(Document(path=target.path, data=_whole_or_head(target)))
        except faults.NOT_THE_FEEDS:
            raise
        except Exception as error:  # one entry or one category never takes the other feeds with it
            _blame(target, error, rendered)
    return rendered


def _whole_or_head(target: Target) -> bytes:
    data, _ = faults.judged(target)
    return PARTS[target.format].split(data)[0] if target.format in PARTS else data


def _blame(target: Target, error: Exception, rendered: Rendered) -> None:
    """Add what is to blame: the entries that no plain feed can hold, else the feed, or those it lists."""
    entries = faults.of_entries(target)
    if any(entries.values()):
        rendered.refused.update((entry_id, fault) for entry_id, fault in entries.items() if fault)
        return
    feeds = faults.of_feeds(target, error)
    rendered.refused_feeds.update((feed_id, fault) for feed_id, fault in feeds.items() if fault)
