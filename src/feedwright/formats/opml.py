"""OPML 2.0 (opml.org/spec2.opml): all feeds in one list, which readers import as one folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedwright.formats import atom, json_feed, rss

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from feedwright.model import Document, Feed, SiteIndex

FILE = "feeds.opml"
MEDIA_TYPE = "text/x-opml"

_LISTED = {"atom": (atom.FILE, "ATOM"), "rss": (rss.FILE, "RSS2"), "json": (json_feed.FILE, "JSON")}
"""Of a feed's formats the one that tells most is listed, and only one: readers would subscribe to each."""


def render(feed: Feed, directory: SiteIndex) -> bytes:
    """The feeds of the directory as an OPML 2.0 document in UTF-8, one outline a line.

    `feed` is the site's own. All outlines are of type `rss`, which OPML means for any feed.
    """
    from lxml import etree

    from feedwright.formats.wire import exact, rfc822

    root = etree.Element("opml", version="2.0")
    root.append(etree.Comment(" feedwright "))
    head = etree.SubElement(root, "head")
    title = _legal(directory.title or feed.title or feed.link)
    etree.SubElement(head, "title").text = title
    newest = max(one.updated for one in directory.feeds)
    etree.SubElement(head, "dateModified").text = rfc822(exact(newest))
    etree.SubElement(head, "ownerName").text = _legal(feed.author.name)
    etree.SubElement(head, "docs").text = "http://opml.org/spec2.opml"
    folder = etree.SubElement(etree.SubElement(root, "body"), "outline", text=title)
    for one in directory.feeds:
        etree.SubElement(folder, "outline", _outline(one, directory))
    document: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return document


def _outline(feed: Feed, directory: SiteIndex) -> dict[str, str]:
    file, version = next(listed for name, listed in _LISTED.items() if name in directory.formats)
    title = _legal(feed.title or feed.link)
    return {
        "type": "rss",
        "text": title,
        "title": title,
        "description": _legal(feed.description or title),
        "xmlUrl": feed.url + file,
        "htmlUrl": feed.link,
        "language": feed.language,
        "version": version,
    }


def _legal(text: str) -> str:
    """The text; characters that XML 1.0 forbids (§2.2) become U+FFFD, as in the feeds."""
    from feedwright.text import FORBIDDEN

    return FORBIDDEN.sub("\ufffd", text)


def check(document: Document) -> tuple[str, ...]:
    """What is wrong with the bytes of an OPML document, as messages; nothing when all is well.

    Looks for: well-formed XML 1.0, OPML 2.0 with head and body, outlines with a text, feeds that are listed
    once, with an absolute address and type `rss`.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(document.data, parser)
    except etree.XMLSyntaxError as error:
        return (f"{document.path}: not well-formed XML: {error.msg}",)
    return tuple(f"{document.path}: {message}" for message in _faults(root))


def _faults(root: etree._Element) -> Iterator[str]:
    from feedwright.formats.wire import web

    if (
        root.tag != "opml"
        or root.get("version") != "2.0"
        or [one.tag for one in root.iterchildren("*")]
        != [
            "head",
            "body",
        ]
    ):
        yield "not OPML 2.0 with head and body"
        return
    if not root.findtext("head/title"):
        yield "head: no title"
    met: set[str] = set()
    for outline in root.iter("outline"):
        where = f"outline {outline.get('text')!r}"
        if not outline.get("text"):
            yield f"{where}: no text"
        if len(outline):
            continue
        address = outline.get("xmlUrl", "")
        if outline.get("type") != "rss" or address in met:
            yield f"{where}: not one feed of type rss"
        met.add(address)
        for url in (address, outline.get("htmlUrl", "")):
            try:
                web(url)
            except ValueError as error:
                yield f"{where}: {error}"
    if not met:
        yield "body: no feeds"
