"""OPML 2.0 (opml.org/spec2.opml): all feeds in one list, which readers import as one folder."""

from __future__ import annotations

from feedwright.formats.wire import legal, web, write_rfc822
from feedwright.formats.xml_reader import parse
from feedwright.model import Feed, SiteIndex

NAME = "opml"
FILE = "feeds.opml"
MEDIA_TYPE = "text/x-opml"
MARK = b"<!-- feedwright -->"
ORDER = 4
ONCE = True


def render(feed: Feed, index: SiteIndex) -> bytes:
    """All feeds of the index as an OPML 2.0 document in UTF-8, one outline a line.

    `feed` is the site's own. Characters that XML 1.0 forbids (§2.2) become U+FFFD, as in the feeds.
    """
    try:
        return _write(feed, index)
    except ValueError:  # lxml's, for such characters
        return _write(legal(feed), legal(index))


def _write(feed: Feed, index: SiteIndex) -> bytes:
    from lxml import etree

    from feedwright.formats.table import preferred  # the table is made of this module too

    root = etree.Element("opml", version="2.0")
    root.append(etree.Comment(" feedwright "))
    head = etree.SubElement(root, "head")
    title = index.title or feed.title or feed.link
    etree.SubElement(head, "title").text = title
    etree.SubElement(head, "dateModified").text = write_rfc822(max(listed.updated for listed in index.feeds))
    etree.SubElement(head, "ownerName").text = feed.author.name
    folder = etree.SubElement(etree.SubElement(root, "body"), "outline", text=title)
    format_ = preferred(index.formats)[0]  # only one, since readers would subscribe to each
    for listed in index.feeds:
        title = listed.title or listed.link
        attributes = {
            "type": "rss",  # for any feed
            "text": title,
            "title": title,
            "description": listed.description or title,
            "xmlUrl": listed.url + format_.file,
            "htmlUrl": listed.link,
            "language": listed.language,
        }
        if format_.opml_version:
            attributes["version"] = format_.opml_version
        etree.SubElement(folder, "outline", attributes)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))


def read(data: bytes) -> None:
    """Judge an OPML document: it must be OPML 2.0 with head and body, and a list of feeds.

    Each outline has a text; each feed is listed once, with http(s) addresses and type `rss`. Raises
    ValueError with a one-line reason for anything else.
    """
    root = parse(data)
    tags = [child.tag for child in root.iterchildren("*")]
    if (root.tag, root.get("version"), tags) != ("opml", "2.0", ["head", "body"]):
        raise ValueError("it is not OPML 2.0 with head and body")
    if not root.findtext("head/title"):
        raise ValueError("head: no title")
    addresses: set[str] = set()
    for outline in root.iter("outline"):
        if not outline.get("text"):
            raise ValueError("an outline has no text")
        if len(outline):
            continue
        address = web(outline.get("xmlUrl", ""))
        web(outline.get("htmlUrl", ""))
        if outline.get("type") != "rss" or address in addresses:
            raise ValueError(f"{address[:80]!r} is listed twice, or is not of type rss")
        addresses.add(address)
    if not addresses:
        raise ValueError("body: no feeds")
