"""RSS 2.0 by rssboard.org/rss-specification and its Best Practices Profile."""

from __future__ import annotations

import re

from feedwright.formats import xml_reader
from feedwright.formats.parts import Parts
from feedwright.formats.wire import (
    ARCHIVE,
    ATOM,
    CREATOR,
    DC_LANGUAGE,
    NEW_URL,
    Element,
    archive_links,
    other_language,
    own_address,
    serialize,
    write_rfc822,
)
from feedwright.model import Author, Entry, Feed, SiteIndex
from feedwright.patterns import lazy_pattern

NAME = "rss"
LABEL = "RSS"
FILE = "rss.xml"
MEDIA_TYPE = "application/rss+xml"
MARK = b"<generator>feedwright</generator>"
ORDER = 1
NEEDS = ("feedwright.formats._feedgen",)
OPML_VERSION = "RSS2"
FIDELITY = 1
SHOWS_CONTENT = True
PARTS = Parts(entry=b"    <item>", between=b"\n", end=b"\n  </channel>\n</rss>\n")

read = xml_reader.read

_EMAIL = lazy_pattern(r"[\w.+'-]+@(?:[a-z0-9-]+\.)+[a-z0-9][a-z0-9-]*", re.ASCII | re.IGNORECASE)
_OTHER_SUFFIX = lazy_pattern(r"[^/]\.(?!(?:jpe?g|gif|png)$)\w+$", re.IGNORECASE)


def render(feed: Feed, index: SiteIndex) -> bytes:
    """The feed as an RSS 2.0 document in UTF-8, one element a line."""
    return serialize(_write, feed, index)


def _write(feed: Feed, index: SiteIndex) -> bytes:
    from html import escape

    from feedwright.formats import _feedgen

    # feedgen would switch the locale of the process for a date, and leaves the hub out (WebSub §4)
    channel: list[Element] = [("lastBuildDate", {}, write_rfc822(feed.updated))]
    if feed.hub:
        channel.append((f"{ATOM}link", {"href": feed.hub, "rel": "hub"}, None))
    for relation, href in archive_links(feed, FILE).items():
        channel.append((f"{ATOM}link", {"href": href, "rel": relation, "type": MEDIA_TYPE}, None))
    if feed.is_archive:
        channel.append((ARCHIVE, {}, None))
    address, media_type = own_address(feed, index, NAME, FILE, MEDIA_TYPE)
    prefixes = ["dc", "media"]
    if NAME in index.successors:  # podcast players follow it
        channel.append((NEW_URL, {}, address))
        prefixes.append("itunes")
    if feed.archived:
        prefixes.append("fh")
    generator = _feedgen.start(feed, updated=_feedgen.UNSET, prefixes=prefixes, elements=channel)
    generator.link(href=address, rel="self", type=media_type)
    generator.link(href=feed.link, rel="alternate")  # last: it becomes the channel's link
    generator.ttl(feed.ttl)
    pictures = (feed.logo, feed.icon)  # GIF, JPEG and PNG only
    image = next((url for url in pictures if url and not _OTHER_SUFFIX.search(url)), None)
    generator.image(image, title=feed.title, link=feed.link)
    for entry in feed.entries:
        author = _author(entry)
        elements: list[Element] = [("pubDate", {}, write_rfc822(entry.published))]
        if author is None:
            elements += [(CREATOR, {}, creator.name) for creator in entry.authors if creator.name]
        if language := other_language(entry, feed):
            elements.append((DC_LANGUAGE, {}, language))
        # readers take a description for HTML: `<b>` in a summary must stay text
        summary = escape(entry.summary or entry.title, quote=False)
        item = _feedgen.add(generator, entry, summary=summary, elements=elements)
        item.author(author and _feedgen.person(author))
        # without the scheme: a popular reader library turns a category with attributes into an object
        labels = dict.fromkeys(category.label for category in entry.categories)
        item.category([{"term": label} for label in labels])
    return bytes(generator.rss_str(pretty=True))


def _author(entry: Entry) -> Author | None:
    """The author for `author`, which is an e-mail address: only a lone author who has one is published there.

    All others are `dc:creator`s. An item never has both elements, which a validator warns about. Names with
    brackets would break the comment of RFC 822 §3.4.3 that holds the name.
    """
    if len(entry.authors) != 1:
        return None
    author = entry.authors[0]
    is_plain = author.name and not set(author.name) & set("()\\")
    return author if is_plain and author.email and _EMAIL.fullmatch(author.email) else None
