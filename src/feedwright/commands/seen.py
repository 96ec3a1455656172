"""What subscribers would see of a plan: feeds as they are read now, and as they would be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedwright.formats.table import FORMATS, READ_BACK
from feedwright.model import NO_INDEX
from feedwright.publication.changes import compare

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from feedwright.commands.plan import Plan
    from feedwright.model import Document, Feed, PublishedFeed
    from feedwright.publication.changes import FeedChange
    from feedwright.publication.record import Record


def changes(
    plan: Plan, previous: Record | None, published: Callable[[str], bytes | None]
) -> tuple[FeedChange, ...]:
    """Return what would change for subscribers of feeds that `previous` lists or that the plan has.

    `published` gives the bytes of a document that is there now, None where there is none. Documents that
    cannot be read count as none: no reader shows anything of them.
    """
    feeds = {feed.path: feed for feed in plan.feeds}
    new = {document.path: document for document in plan.rendered.documents}
    listed = {_folder(path) for path in previous.documents} if previous else set()
    before: dict[str, PublishedFeed] = {}
    after: dict[str, PublishedFeed] = {}
    for path in sorted(listed | feeds.keys() | set(map(_folder, new))):
        if any(path + FORMATS[name].file in plan.rendered.kept for name in READ_BACK):
            continue
        old, name = _old(path, published)
        if old is not None:
            before[path] = old
        now = _new(path, name, new, feeds.get(path), plan)
        if now is not None:
            after[path] = now
    return compare(
        before,
        after,
        sources_before=_sources(previous),
        sources_after={own: path for path, own in plan.ids.items()},
        limits=_limits(plan, after),
    )


def _limits(plan: Plan, after: Mapping[str, PublishedFeed]) -> Mapping[str, int | None]:
    """How many entries the feeds may have, by path; one at a former address as many as its original."""
    by_url = {feed.url: plan.limits[feed.path] for feed in plan.feeds}
    return {**{path: by_url.get(feed.url) for path, feed in after.items()}, **plan.limits}


def are_ours(plan: Plan, published: Callable[[str], bytes | None]) -> bool:
    """Tell whether documents lie where the plan has some, and feedwright made all of them."""
    found = {place.path: published(place.path) for place in plan.places}
    new = {document.path: document.data for document in plan.rendered.documents if found[document.path]}
    other = [place for place in plan.places if found[place.path] not in (None, new.get(place.path))]
    return bool(other) and all(_is_ours(found[place.path] or b"", place.format) for place in other)


def _is_ours(data: bytes, name: str) -> bool:
    if FORMATS[name].mark not in data:
        return False
    try:
        return name not in READ_BACK or bool(READ_BACK[name](data))
    except ValueError:
        return False


def _folder(path: str) -> str:
    return path[: path.rfind("/") + 1]


def _sources(record: Record | None) -> Mapping[str, str]:
    return {entry.id: source for source, entry in record.entries.items()} if record else {}


def _old(path: str, published: Callable[[str], bytes | None]) -> tuple[PublishedFeed | None, str]:
    """A feed as it is now, and the format that tells so."""
    for name in READ_BACK:
        data = published(path + FORMATS[name].file)
        if data is not None:
            try:
                return READ_BACK[name](data), name
            except ValueError:
                continue
    return None, ""


def _new(
    path: str, name: str, new: Mapping[str, Document], feed: Feed | None, plan: Plan
) -> PublishedFeed | None:
    """A feed as it would be, in the format in which it is compared; None where there would be none."""
    for one in [name] if name else READ_BACK:
        if document := new.get(path + FORMATS[one].file):
            return READ_BACK[one](document.data)
    return READ_BACK[name](FORMATS[name].render(plan.whole(feed), NO_INDEX)) if feed and name else None
