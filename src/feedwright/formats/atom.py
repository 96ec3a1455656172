"""Atom 1.0 (RFC 4287)."""

from __future__ import annotations

from feedwright.formats import xml_reader
from feedwright.formats.parts import Parts
from feedwright.formats.wire import (
    ARCHIVE,
    Element,
    archive_links,
    atom_id,
    exact,
    other_language,
    own_address,
    serialize,
)
from feedwright.model import Feed, SiteIndex

NAME = "atom"
LABEL = "Atom"
FILE = "atom.xml"
MEDIA_TYPE = "application/atom+xml"
MARK = b"<generator>feedwright</generator>"
ORDER = 2
NEEDS = ("feedwright.formats._feedgen",)
FIDELITY = 3
SHOWS_CONTENT = True
PARTS = Parts(entry=b"  <entry", between=b"\n", end=b"\n</feed>\n")

read = xml_reader.read


def render(feed: Feed, index: SiteIndex) -> bytes:
    """The feed as an Atom 1.0 document in UTF-8, one element a line."""
    return serialize(_write, feed, index)


def _write(feed: Feed, index: SiteIndex) -> bytes:
    from feedwright.formats import _feedgen

    prefixes = ("fh", "media") if feed.archived else ("media",)
    elements: list[Element] = [(ARCHIVE, {}, None)] if feed.is_archive else []
    generator = _feedgen.start(feed, updated=exact(feed.updated), prefixes=prefixes, elements=elements)
    generator.id(feed.id)
    generator.author(_feedgen.person(feed.author))
    address, media_type = own_address(feed, index, NAME, FILE, MEDIA_TYPE)
    generator.link(href=address, rel="self", type=media_type)
    if feed.hub:
        generator.link(href=feed.hub, rel="hub")
    for relation, href in archive_links(feed, FILE).items():
        generator.link(href=href, rel=relation, type=MEDIA_TYPE)
    generator.link(href=feed.link, rel="alternate", type="text/html")
    generator.icon(feed.icon)
    generator.logo(feed.logo)
    for entry in feed.entries:
        target = _feedgen.add(generator, entry, summary=entry.summary)
        target.additions.language = other_language(entry, feed)
        target.id(atom_id(entry.id, index.authority))
        target.published(exact(entry.published))
        target.updated(exact(entry.updated))
        target.author([_feedgen.person(author) for author in entry.authors])
        target.category(
            [{"term": term.term, "label": term.label, "scheme": term.scheme} for term in entry.categories]
        )
    return bytes(generator.atom_str(pretty=True))
