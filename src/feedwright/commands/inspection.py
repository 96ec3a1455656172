"""A plan that is only looked at: nothing is written, not even to the cache."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from feedwright import disk
from feedwright.cache import fingerprint
from feedwright.cache.memo import BuildCache
from feedwright.cache.store import Store
from feedwright.commands import site_cache
from feedwright.commands.build_order import Plan, make_plan
from feedwright.commands.context import Context
from feedwright.commands.stale import switched_off
from feedwright.formats.layout import Target
from feedwright.formats.table import FORMATS, READ_BACK
from feedwright.formats.wire import folder
from feedwright.model import NO_INDEX, Document, Feed, PublishedFeed
from feedwright.problems import FeedwrightError, GuardError
from feedwright.publication import guards, lost_record
from feedwright.publication import record as records
from feedwright.publication.changes import FeedChange, compare
from feedwright.publication.record import Record
from feedwright.site import Site

if TYPE_CHECKING:
    from feedwright.publication.foreign_feeds import ForeignEntry

Reader: TypeAlias = Callable[[str], bytes | None]
"""A function that returns the bytes of a published document, None if there is none."""

ForeignReader: TypeAlias = "Callable[[str], Sequence[ForeignEntry]]"
"""A function that returns the entries of the feed that another program has in a folder."""


def inspect(context: Context, *, cached: bool = False, documents: bool = False) -> Inspection:
    """Plan a build in the current folder, and load the record that it would begin with.

    With `cached`, what earlier builds have read and made of articles is taken from the cache, else it is made
    again; with `documents` too, the plan leaves out those that are as they should be, as that of a build.
    """
    site = context.load_site()
    previous = records.load(site.record)
    plan = _cached_plan(site, context, previous, documents=documents) if cached else None
    return Inspection(site, previous, plan or make_plan(site, context, previous, BuildCache()))


def _cached_plan(site: Site, context: Context, previous: Record | None, *, documents: bool) -> Plan | None:
    """A plan made with the cache, and with what it says of `documents` if so; None if it cannot be used."""
    if site_cache.distrust(site):
        return None
    with closing(Store(str(site.cache), fingerprint.fingerprint(), read_only=True)) as store:
        if not store.has_answered:
            return None
        signatures = site_cache.trusted_signatures(site, now_ns=context.began)
        try:
            return make_plan(site, context, previous, BuildCache(store, signatures, documents=documents))
        except (FeedwrightError, OSError, MemoryError, ImportError):
            raise
        except Exception:  # what the cache says, as in a build
            return None


class Inspection(Struct, frozen=True):
    """A plan that is not carried out, beside the record of the last publication."""

    site: Site
    previous: Record | None
    plan: Plan

    def published(self, path: str) -> bytes | None:
        """Return the bytes of a document in the output folder, None if it cannot be read."""
        try:
            return disk.read_bytes(self.site.output / path, follow=False)
        except OSError:
            return None

    def live(self) -> frozenset[str]:
        """Return the paths of all documents that the plan has."""
        rendered = self.plan.rendered
        return frozenset(document.path for document in rendered.documents) | rendered.current.keys()

    def stale(self) -> tuple[str, ...]:
        """Return the recorded documents that the plan does not have, sorted."""
        return tuple(sorted(self.previous.files.keys() - self.live())) if self.previous else ()

    def switched_off(self, record: Record | None = None) -> dict[str, list[str]]:
        """Return the documents that this build would leave out for the first time, by their format's name.

        They are those of `record`, by default of the last publication, whose feeds stay in other formats.
        """
        record = record or self.previous
        return switched_off(sorted(record.documents.keys() - self.live()), self.live()) if record else {}

    def guard(self, changes: tuple[FeedChange, ...]) -> GuardError | None:
        """Return the guard that a build would stop at, if any; `changes` are those of the inspection."""
        plan, previous = self.plan, self.previous
        try:
            self.check_record()
            if not plan.feeds:
                guards.check_emptiness(previous, plan.selection.files, frozenset())
            if previous is None or plan.is_risky(previous):
                guards.check_changes(changes, frozenset())
        except GuardError as error:
            return error
        return None

    def check_record(self) -> None:
        """Raise `GuardError` PUB014 if there is no record, though there was one."""
        if self.previous is None:
            lost_record.check(self.site, frozenset(), has_feeds=bool(self.unlisted()))

    def unlisted(self) -> list[Target]:
        """Return what the plan has, is in the output folder, and stands in no record."""
        return self.plan.unlisted(self.previous, self.site.output)

    def are_ours(self, targets: Sequence[Target]) -> bool:
        """Tell whether any of these documents would be replaced, and feedwright made all that would be."""
        planned = {document.path: document for document in self.plan.rendered.documents}
        differ = False
        for target in targets:
            data, document = self.published(target.path), planned.get(target.path)
            if data is not None and (document is None or data != document.data):
                if not _is_ours(data, target.format):
                    return False
                differ = True
        return differ

    def changes(
        self, read: Reader | None = None, record: Record | None = None, foreign: ForeignReader | None = None
    ) -> tuple[FeedChange, ...]:
        """Return what would change for subscribers of feeds that the record lists or that the plan has.

        The feeds are compared with those in the output folder, or with those that `read` gives and `record`
        lists. Documents that cannot be read count as none: no reader shows anything of them; unless `foreign`
        reads them, as those of another program. A record that does not list our documents is none, since it
        does not say what they show.
        """
        plan = self.plan
        is_unrecorded = read is None and self.are_ours(self.unlisted())
        record = None if is_unrecorded else record or self.previous
        read = read or self.published
        feeds = {feed.path: feed for feed in plan.feeds}
        documents = {document.path: document for document in plan.rendered.documents}
        paths = {folder(path) for path in (*documents, *(record.documents if record else ()))}
        sources = dict(record.sources) if record else {}
        before: dict[str, PublishedFeed] = {}
        after: dict[str, PublishedFeed] = {}
        for path in sorted(paths | feeds.keys()):
            if any(path + FORMATS[name].file in plan.rendered.current for name in READ_BACK):
                continue
            live = [name for name in READ_BACK if path + FORMATS[name].file in documents]
            old, name = _published_feed(path, read, dict.fromkeys((*live, *READ_BACK)))
            entries = foreign(path) if foreign and old is None and live else ()
            new = _planned_feed(path, name or live[0] if entries else name, documents, feeds.get(path), plan)
            if entries and new is not None:
                old = self._foreign_feed(entries, new, sources)
            if old is not None:
                before[path] = old
            if new is not None:
                after[path] = new
        by_url = {feed.url: plan.limits[feed.path] for feed in plan.feeds}  # also at a former address
        return compare(
            before,
            after,
            sources_before=sources,
            sources_after={entry_id: path for path, entry_id in plan.ids.items()},
            limits={**{path: by_url.get(feed.url) for path, feed in after.items()}, **plan.limits},
        )

    def _foreign_feed(
        self, entries: Sequence[ForeignEntry], new: PublishedFeed, sources: dict[str, str]
    ) -> PublishedFeed:
        """A feed of another program, the first of its site, as it compares with the new one.

        `sources` get its articles.
        """
        from feedwright.commands import foreign  # few comparisons need it
        from feedwright.publication import adoption

        entries = [entry for entry in entries if entry.feed == entries[0].feed]
        matched = adoption.match_articles(entries, self.plan.selection.articles).matched
        planned = {self.plan.ids.get(path): entry.id for path, entry in matched}
        sources.update((entry.id, path) for path, entry in matched)
        articles = {planned[entry.id]: entry for entry in new.entries if entry.id in planned}
        return foreign.as_published(entries, articles, new)


def _is_ours(data: bytes, name: str) -> bool:
    if FORMATS[name].mark not in data:
        return False
    try:
        return name not in READ_BACK or bool(READ_BACK[name](data))
    except ValueError:
        return False


def _published_feed(path: str, read: Reader, names: Iterable[str]) -> tuple[PublishedFeed | None, str]:
    """A feed as it is now, in the first of the formats that can be read, and which one that is."""
    for name in names:
        data = read(path + FORMATS[name].file)
        if data is not None:
            try:
                return READ_BACK[name](data), name
            except ValueError:
                continue
    return None, ""


def _planned_feed(
    path: str, name: str, documents: Mapping[str, Document], feed: Feed | None, plan: Plan
) -> PublishedFeed | None:
    """A feed as it would be, in the format in which it is compared; None if there would be none."""
    for format_name in [name] if name else READ_BACK:
        if document := documents.get(path + FORMATS[format_name].file):
            return READ_BACK[format_name](document.data)
    if feed is None or not name:
        return None
    return READ_BACK[name](FORMATS[name].render(plan.with_content(feed), NO_INDEX))
