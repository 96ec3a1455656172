"""RSS 2.0, as rssboard.org/rss-specification and its Best Practices Profile have it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from feedwright.formats.wire import exact, rfc822
from feedwright.model import NO_INDEX

if TYPE_CHECKING:
    from feedwright.formats._feedgen import Element
    from feedwright.model import Author, Entry, Feed, SiteIndex

FILE = "rss.xml"
MEDIA_TYPE = "application/rss+xml"

_ADDRESS = re.compile(r"[\w.+'-]+@(?:[a-z0-9-]+\.)+[a-z0-9][a-z0-9-]*", re.ASCII | re.IGNORECASE)
_OTHER_SUFFIX = re.compile(r"[^/]\.(?!(?:jpe?g|gif|png)$)\w+$", re.IGNORECASE)


def render(feed: Feed, directory: SiteIndex = NO_INDEX) -> bytes:
    """The feed as an RSS 2.0 document in UTF-8, one element a line."""
    from feedwright.formats import _feedgen

    return _feedgen.serialize(_write, feed, directory)


def _write(feed: Feed) -> bytes:
    from html import escape

    from feedwright.formats import _feedgen as door

    namespaces = {"dc": door.DUBLIN_CORE, "media": door.MEDIA}
    generator = door.start(feed, updated=door.UNSET, namespaces=namespaces, elements=_channel(feed))
    generator.link(href=feed.url + FILE, rel="self", type=MEDIA_TYPE)
    generator.link(href=feed.link, rel="alternate")  # last: it becomes the channel's link
    generator.ttl(feed.ttl)
    generator.image(_image(feed), title=feed.title, link=feed.link)
    creator = f"{{{door.DUBLIN_CORE}}}creator"
    for entry in feed.entries:
        author = _author(entry)
        elements: list[Element] = [("pubDate", {}, rfc822(exact(entry.published)))]
        if author is None:
            elements += [(creator, {}, one.name) for one in entry.authors if one.name]
        item = door.add(
            generator,
            entry,
            # readers take a description for HTML: what the summary says of `<b>` must stay text
            summary=escape(entry.summary or entry.title, quote=False),
            elements=elements + door.thumbnail(entry),
            links=door.links(entry),
        )
        item.author(author and door.person(author))
        # without its scheme: a popular reader library turns a category with attributes into an object
        item.category([{"term": label} for label in dict.fromkeys(c.label for c in entry.categories)])
    document: bytes = generator.rss_str(pretty=True)
    return document


def _channel(feed: Feed) -> list[Element]:
    """The hub (WebSub §4), which feedgen leaves out, and the date, for which it would switch the locale."""
    from feedwright.formats import _feedgen as door

    elements: list[Element] = [("lastBuildDate", {}, rfc822(exact(feed.updated)))]
    if feed.hub:
        elements.append((f"{{{door.ATOM}}}link", {"href": feed.hub, "rel": "hub"}, None))
    return elements


def _image(feed: Feed) -> str | None:
    """The logo, else the icon; RSS 2.0 allows GIF, JPEG and PNG only."""
    pictures = (feed.logo, feed.icon)
    return next((url for url in pictures if url and not _OTHER_SUFFIX.search(url)), None)


def _author(entry: Entry) -> Author | None:
    """The author for `author`, which is an e-mail address: only a lone one who has one is published there.

    All others are `dc:creator`s. An item never has both elements, which a validator warns about. Names with
    brackets would break the comment of RFC 822 §3.4.3 that holds the name.
    """
    if len(entry.authors) != 1:
        return None
    author = entry.authors[0]
    plain = author.name and not set(author.name) & set("()\\")
    return author if plain and author.email and _ADDRESS.fullmatch(author.email) else None
