"""What subscribers would see of a plan: feeds as they are read now, and as they would be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from feedwright.changes import compare
from feedwright.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from feedwright.changes import FeedChange
    from feedwright.model import Feed
    from feedwright.planning import Plan
    from feedwright.published import PublishedFeed
    from feedwright.record import Record

_GENERATOR = re.compile(rb"<generator[^<>]*>feedwright</generator>")
_TOLD_BY = ("atom", "rss")
"""Formats by how much they tell."""


def changes(
    plan: Plan, previous: Record | None, published: Callable[[str], bytes | None]
) -> tuple[FeedChange, ...]:
    """Return what would change for subscribers of feeds that `previous` lists or that the plan has.

    `published` gives the bytes of a document that is there now, None where there is none. Documents that
    cannot be read count as none: no reader shows anything of them.
    """
    feeds = {feed.path: feed for feed in plan.feeds}
    new = {document.path: document.data for document in plan.rendered.documents}
    listed = {_folder(path) for path in previous.documents} if previous else set()
    before: dict[str, PublishedFeed] = {}
    after: dict[str, PublishedFeed] = {}
    for path in sorted(listed | feeds.keys() | set(map(_folder, new))):
        if any(path + FORMATS[name].file in plan.rendered.kept for name in _TOLD_BY):
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
    """Tell whether feeds lie where the plan has some, and feedwright made all of them."""
    from feedwright.formats.reading import read

    found = [data for d in plan.rendered.documents if (data := published(d.path)) not in (None, d.data)]
    try:
        return bool(found) and all(data and _GENERATOR.search(data) and read(data) for data in found)
    except ValueError:
        return False


def _folder(path: str) -> str:
    return path[: path.rfind("/") + 1]


def _sources(record: Record | None) -> Mapping[str, str]:
    return {entry.id: source for source, entry in record.entries.items()} if record else {}


def _old(path: str, published: Callable[[str], bytes | None]) -> tuple[PublishedFeed | None, str]:
    """A feed as it is now, and the format that tells so."""
    from feedwright.formats.reading import read

    for name in _TOLD_BY:
        data = published(path + FORMATS[name].file)
        if data is not None:
            try:
                return read(data), name
            except ValueError:
                continue
    return None, ""


def _new(
    path: str, name: str, new: Mapping[str, bytes], feed: Feed | None, plan: Plan
) -> PublishedFeed | None:
    """A feed as it would be, in the format in which it is compared; None where there would be none."""
    from feedwright.formats.reading import read

    for one in [name] if name else _TOLD_BY:
        if data := new.get(path + FORMATS[one].file):
            return read(data)
    return read(FORMATS[name].render(plan.whole(feed))) if feed and name else None
