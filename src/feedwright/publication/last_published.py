"""What readers have of an article that broke: its last published entry, read back and made safe again.

The published documents hold it whole in Atom; a JSON Feed and RSS have its terms only as labels, and its
categories are those whose feeds show it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from feedwright import disk
from feedwright.bodies.content import Content
from feedwright.feeds import slugs
from feedwright.feeds.build import site_author
from feedwright.formats.table import FORMATS, READ_BACK
from feedwright.model import Article, ArticleSummary
from feedwright.problems import HeldError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from feedwright.bodies.sanitize import Body
    from feedwright.model import PublishedEntry, PublishedFeed, SafeHtml
    from feedwright.publication.record import EntryRecord, Record
    from feedwright.site import Site

_Labels = dict[str, tuple[tuple[str, ...], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LastPublished:
    """An entry as it was published; `updated` is its date, ISO 8601."""

    card: ArticleSummary
    made: Content
    content: SafeHtml | None
    updated: str


def keep(lost: Mapping[str, EntryRecord], known: Record, *, site: Site) -> dict[str, LastPublished]:
    """Return the published entries of those that are lost, by path, as far as documents still have them."""
    sources = {entry.id: path for path, entry in lost.items()}
    found: dict[str, LastPublished] = {}
    for name in READ_BACK:
        shown: dict[str, list[str]] = {}
        entries: dict[str, PublishedEntry] = {}
        for folder, feed in _published(known, name, site) if sources else ():
            for entry in feed.entries:
                if entry.id in sources:
                    entries.setdefault(entry.id, entry)
                    shown.setdefault(entry.id, []).append(folder)
        for own, entry in entries.items():
            path = sources.pop(own)
            if one := _kept(path, lost[path], entry, _labels(entry, shown[own], known), site):
                found[path] = one
    return found


def _published(known: Record, name: str, site: Site) -> Iterator[tuple[str, PublishedFeed]]:
    """The feeds that can be read in one format, each with its folder."""
    for path in sorted(known.documents):
        folder, _, file = path.rpartition("/")
        if file == FORMATS[name].file:
            try:
                yield folder, READ_BACK[name](disk.read_bytes(site.output / path, follow=False))
            except (OSError, ValueError):
                continue


def _labels(entry: PublishedEntry, folders: list[str], known: Record) -> _Labels:
    """What the entry stood under, by taxonomy: its terms where they are told, and all feeds that show it."""
    terms = [
        f"tags/{term.term}" if term.scheme.endswith("/tags/") else term.term
        for term in entry.categories
        if term.term
    ]
    found: dict[str, dict[tuple[str, ...], None]] = {"categories": {}, "tags": {}, "authors": {}}
    for slug in (*terms, *folders):
        if slug in known.slugs:
            taxonomy = slug.partition("/")[0]
            kind = taxonomy if taxonomy in ("tags", "authors") else "categories"
            found[kind][tuple(known.slugs[slug].split(slugs.SEPARATOR))] = None
    told = [term.label for term in entry.categories]
    return {
        kind: tuple(sorted(labels, key=lambda path: told.index(path[-1]) if path[-1] in told else len(told)))
        for kind, labels in found.items()
    }


def _kept(
    path: str, recorded: EntryRecord, entry: PublishedEntry, labels: _Labels, site: Site
) -> LastPublished | None:
    try:
        body = _safe(entry, path, site) if entry.content is not None else None
    except HeldError:
        return None
    updated = entry.updated or datetime.fromisoformat(recorded.updated)
    authors = () if entry.authors == (site_author(site),) else entry.authors
    tags = tuple(label for (label, *_) in labels["tags"])
    article = Article(
        path=path,
        title=entry.title,
        link=entry.link,
        published=entry.published,
        updated=updated,
        due=entry.published,
        authors=authors,
        categories=labels["categories"],
        tags=tags,
        enclosure=entry.enclosure,
    )
    content = body.content if body else None
    return LastPublished(
        card=ArticleSummary(
            path=path,
            title=entry.title,
            link=entry.link,
            published=entry.published,
            updated=updated,
            due=entry.published,
            categories=labels["categories"],
            tags=tags,
            authors=tuple(author.name for author in authors),
        ),
        made=Content(
            path=path,
            article=article,
            summary=entry.summary,
            thumbnail=entry.thumbnail,
            fingerprint=recorded.fingerprint,
            content_hash=hashlib.sha256((content or "").encode("utf-8", "surrogatepass")).hexdigest(),
        ),
        content=content,
        updated=updated.isoformat(),
    )


def _safe(entry: PublishedEntry, path: str, site: Site) -> Body:
    """The content by today's rules; the document may have been edited since."""
    from feedwright.bodies import sanitize

    return sanitize.clean(entry.content or "", base=entry.link, file=path, engine=site.sanitizer)
