"""A plan that is only looked at: nothing is written, not even to the cache."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from feedwright import disk
from feedwright.articles.selection import SelectionOptions
from feedwright.cache.memo import BuildCache
from feedwright.commands.context import Context
from feedwright.commands.plan import Plan, make_plan
from feedwright.formats.table import FORMATS, READ_BACK
from feedwright.model import NO_INDEX, Document, Feed, PublishedFeed
from feedwright.problems import GuardError, Problem
from feedwright.publication import guards
from feedwright.publication.changes import FeedChange, compare
from feedwright.publication.record import Record
from feedwright.site import Site

Reader: TypeAlias = Callable[[str], bytes | None]


def plan_of(site: Site, previous: Record | None, context: Context) -> Plan:
    """Return what a build would publish now."""
    options = context.options
    selection = SelectionOptions(now=context.now, drafts=options.drafts, future=options.future)
    return make_plan(site, options=selection, previous=previous, cache=BuildCache(), jobs=options.jobs)


def sorted_problems(plan: Plan) -> tuple[Problem, ...]:
    """Return the problems of a plan by place, each once."""
    return tuple(sorted(set(plan.problems), key=lambda problem: problem.place))


def no_longer_made(plan: Plan, previous: Record | None) -> tuple[str, ...]:
    """Return the recorded documents that the plan does not have, sorted."""
    made = {document.path for document in plan.rendered.documents}
    return tuple(sorted(previous.files.keys() - made)) if previous else ()


def guard_of(
    plan: Plan, previous: Record | None, site: Site
) -> tuple[GuardError | None, tuple[FeedChange, ...]]:
    """Return the guard that a build would stop at, if any, and what subscribers would see."""
    changes = changes_of(plan, previous, reader(site))
    try:
        if not plan.feeds:
            guards.check_emptiness(previous, plan.selection.files, frozenset())
        if previous is None or guards.is_risky(previous, plan.ids, plan.held):
            guards.check_changes(changes, frozenset())
    except GuardError as error:
        return error, changes
    return None, changes


def reader(site: Site) -> Reader:
    """Return the function that reads a document in the output folder; it returns None where there is none."""

    def read(path: str) -> bytes | None:
        try:
            return disk.read_bytes(site.output / path, follow=False)
        except OSError:
            return None

    return read


def changes_of(plan: Plan, previous: Record | None, published: Reader) -> tuple[FeedChange, ...]:
    """Return what would change for subscribers of feeds that `previous` lists or that the plan has.

    `published` gives the bytes of a document that is there now, None where there is none. Documents that
    cannot be read count as none: no reader shows anything of them.
    """
    feeds = {feed.path: feed for feed in plan.feeds}
    documents = {document.path: document for document in plan.rendered.documents}
    listed = {_folder(path) for path in previous.documents} if previous else set()
    before: dict[str, PublishedFeed] = {}
    after: dict[str, PublishedFeed] = {}
    for path in sorted(listed | feeds.keys() | set(map(_folder, documents))):
        if any(path + FORMATS[name].file in plan.rendered.current for name in READ_BACK):
            continue
        old, name = _published_feed(path, published)
        if old is not None:
            before[path] = old
        new = _planned_feed(path, name, documents, feeds.get(path), plan)
        if new is not None:
            after[path] = new
    return compare(
        before,
        after,
        sources_before=_sources(previous),
        sources_after={entry_id: path for path, entry_id in plan.ids.items()},
        limits=_limits(plan, after),
    )


def _limits(plan: Plan, after: Mapping[str, PublishedFeed]) -> Mapping[str, int | None]:
    """How many entries the feeds may have, by path; one at a former address as many as its original."""
    by_url = {feed.url: plan.limits[feed.path] for feed in plan.feeds}
    return {**{path: by_url.get(feed.url) for path, feed in after.items()}, **plan.limits}


def are_ours(plan: Plan, published: Reader) -> bool:
    """Tell whether there are documents where the plan has some, and feedwright made all of them."""
    present = {target.path: published(target.path) for target in plan.targets}
    new = {document.path: document.data for document in plan.rendered.documents if present[document.path]}
    others = [target for target in plan.targets if present[target.path] not in (None, new.get(target.path))]
    return bool(others) and all(_is_ours(present[target.path] or b"", target.format) for target in others)


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


def _published_feed(path: str, published: Reader) -> tuple[PublishedFeed | None, str]:
    """A feed as it is now, and the format that says so."""
    for name, read in READ_BACK.items():
        data = published(path + FORMATS[name].file)
        if data is not None:
            try:
                return read(data), name
            except ValueError:
                continue
    return None, ""


def _planned_feed(
    path: str, name: str, documents: Mapping[str, Document], feed: Feed | None, plan: Plan
) -> PublishedFeed | None:
    """A feed as it would be, in the format in which it is compared; None where there would be none."""
    for format_name in [name] if name else READ_BACK:
        if document := documents.get(path + FORMATS[format_name].file):
            return READ_BACK[format_name](document.data)
    if feed is None or not name:
        return None
    return READ_BACK[name](FORMATS[name].render(plan.with_content(feed), NO_INDEX))
