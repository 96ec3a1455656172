"""Last published entries of articles that broke, read back and made safe again, so that readers keep them.

Atom documents hold all of an entry; a JSON Feed and RSS have its terms only as labels, and its categories are
those whose feeds show it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from msgspec import Struct

from feedwright import disk
from feedwright.feeds import slugs
from feedwright.feeds.archives import feed_folder
from feedwright.feeds.build import site_author
from feedwright.formats.table import FORMATS, READ_BACK
from feedwright.model import (
    Article,
    ArticleSummary,
    Content,
    EntryRecord,
    PublishedEntry,
    PublishedFeed,
    SafeHtml,
    replace,
    summary_of,
)
from feedwright.problems import HeldError, blaming
from feedwright.publication.record import Record
from feedwright.site import Site

_Labels = dict[str, tuple[tuple[str, ...], ...]]


class LastPublished(Struct, frozen=True, kw_only=True):
    """An entry as it was published."""

    summary: ArticleSummary
    restored: Content
    content: SafeHtml | None


def load(lost: Mapping[str, EntryRecord], record: Record, *, site: Site) -> dict[str, LastPublished]:
    """Return the published entries of those that are lost, by path, as far as documents still have them."""
    sources = {entry.id: path for path, entry in lost.items()}
    loaded: dict[str, LastPublished] = {}
    languages = {row.tag for row in site.languages.values()} - {site.language}
    for name in READ_BACK:
        shown: dict[str, list[tuple[str, PublishedEntry]]] = defaultdict(list)
        for folder, feed in _published(record, name, site) if sources else ():
            for entry in feed.entries:
                if entry.id in sources:
                    language = entry.language or (feed.language if feed.language in languages else "")
                    shown[entry.id].append((folder, replace(entry, language=language)))
        for entry_id, entries in shown.items():
            path, entry = sources.pop(entry_id), entries[0][1]
            labels = _labels(entry, [feed_folder(folder) for folder, _ in entries], record)
            with suppress(HeldError), blaming(path):
                loaded[path] = _last_published(lost[path], entry, labels, site)
    return loaded


def _published(record: Record, name: str, site: Site) -> Iterator[tuple[str, PublishedFeed]]:
    """The feeds that can be read in one format, each with its folder."""
    for path in sorted(record.documents):
        folder, _, file = path.rpartition("/")
        if file == FORMATS[name].file:
            with suppress(OSError, ValueError):
                yield folder, READ_BACK[name](disk.read_bytes(site.output / path, follow=False))


def _labels(entry: PublishedEntry, folders: Sequence[str], record: Record) -> _Labels:
    """Label paths by taxonomy: those of the terms that the entry has, and of all feeds that show it."""
    terms = [
        f"tags/{term.term}" if term.scheme.endswith("/tags/") else term.term
        for term in entry.categories
        if term.term
    ]
    labels: dict[str, dict[tuple[str, ...], None]] = {"categories": {}, "tags": {}, "authors": {}}
    for slug in (*terms, *folders):
        if slug in record.slugs:
            taxonomy = slug.partition("/")[0]
            kind = taxonomy if taxonomy in labels else "categories"
            labels[kind][tuple(record.slugs[slug].split(slugs.SEPARATOR))] = None
    names = [term.label for term in entry.categories]
    return {
        kind: tuple(sorted(paths, key=lambda path: (*names, path[-1]).index(path[-1])))
        for kind, paths in labels.items()
    }


def _last_published(
    recorded: EntryRecord, entry: PublishedEntry, labels: _Labels, site: Site
) -> LastPublished:
    """The entry; its content by today's rules, since documents may have been edited; raises `HeldError`."""
    content, path = None, recorded.source
    if entry.content is not None:
        from feedwright.bodies import sanitize

        content = sanitize.clean(entry.content, base=entry.link, file=path, engine=site.sanitizer).content
    article = Article(
        path=path,
        title=entry.title,
        link=entry.link,
        published=entry.published,
        updated=entry.updated or datetime.fromisoformat(recorded.updated),
        due=entry.published,
        authors=() if entry.authors == (site_author(site),) else entry.authors,
        categories=labels["categories"],
        tags=tuple(label for (label, *_) in labels["tags"]),
        language=entry.language,
        enclosure=entry.enclosure,
    )
    restored = Content(
        path=path,
        article=article,
        summary=entry.summary,
        thumbnail=entry.thumbnail,
        fingerprint=recorded.fingerprint,
        content_hash=disk.sha256((content or "").encode("utf-8", "surrogatepass")),
    )
    return LastPublished(summary=summary_of(article), restored=restored, content=content)
