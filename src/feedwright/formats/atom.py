"""Atom 1.0 (RFC 4287)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedwright.formats.wire import exact
from feedwright.model import NO_INDEX

if TYPE_CHECKING:
    from feedwright.model import Feed, SiteIndex

FILE = "atom.xml"
MEDIA_TYPE = "application/atom+xml"


def render(feed: Feed, directory: SiteIndex = NO_INDEX) -> bytes:
    """The feed as an Atom 1.0 document in UTF-8, one element a line."""
    from feedwright.formats import _feedgen

    return _feedgen.serialize(_write, feed, directory)


def _write(feed: Feed) -> bytes:
    from feedwright.formats import _feedgen as door

    generator = door.start(feed, updated=exact(feed.updated), namespaces={"media": door.MEDIA})
    generator.id(feed.id)
    generator.author(door.person(feed.author))
    generator.link(href=feed.url + FILE, rel="self", type=MEDIA_TYPE)
    if feed.hub:
        generator.link(href=feed.hub, rel="hub")
    generator.link(href=feed.link, rel="alternate", type="text/html")
    generator.icon(feed.icon)
    generator.logo(feed.logo)
    for entry in feed.entries:
        target = door.add(
            generator,
            entry,
            summary=entry.summary,
            elements=door.thumbnail(entry),
            links=door.links(entry),
        )
        target.published(exact(entry.published))
        target.updated(exact(entry.updated))
        target.author([door.person(author) for author in entry.authors])
        target.category(
            [{"term": one.term, "label": one.label, "scheme": one.scheme} for one in entry.categories]
        )
    document: bytes = generator.atom_str(pretty=True)
    return document
