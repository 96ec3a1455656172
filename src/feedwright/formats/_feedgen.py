"""The only door to feedgen, and to lxml where feedgen's tree has to be completed or repaired.

What feedgen cannot write, or loses, goes through an extension of our own, registered by feedgen's public
`register_extension`. Nothing here reads the clock: feedgen's dates default to now, so every date is set.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from feedgen.ext.base import BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from feedwright.text import FORBIDDEN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from feedwright.model import Author, Enclosure, Entry, Feed, SiteIndex

ATOM = "http://www.w3.org/2005/Atom"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
STYLESHEET = "feed.css"
MEDIA = "http://search.yahoo.com/mrss/"

Element = tuple[str, dict[str, str], str | None]
"""Tag in Clark notation, attributes, text."""


class _Additions(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    """What one feed or entry has beyond feedgen's own: elements to append, Atom links to repair."""

    def __init__(self) -> None:
        self.namespaces: Mapping[str, str] = {}
        self.elements: Sequence[Element] = ()
        self.links: Sequence[dict[str, str]] = ()

    def extend_ns(self) -> dict[str, str]:
        return dict(self.namespaces)

    def extend_rss(self, item: etree._Element) -> etree._Element:
        _append(item, self.elements)
        return item

    def extend_atom(self, entry: etree._Element) -> etree._Element:
        # feedgen's loop over an entry's links overwrites its own variable: all but href is lost
        for element, link in zip(entry.iterchildren("link"), self.links, strict=False):
            for name in ("rel", "type", "length"):
                if name in link:
                    element.set(name, link[name])
        for element in entry.iterchildren("title"):
            element.set("type", "text")
        _append(entry, self.elements)
        return entry


class _ChannelAdditions(_Additions):
    """The same for a feed; in RSS feedgen hands over the root, the elements belong in its channel."""

    def extend_rss(self, rss: etree._Element) -> etree._Element:
        _append(rss[0], self.elements)
        return rss


class _Unset(datetime):
    """A date that feedgen takes for none, and so neither writes nor formats."""

    def __bool__(self) -> bool:
        return False


UNSET = _Unset(1, 1, 1, tzinfo=UTC)
"""For dates that our extension writes: feedgen would switch the locale of the whole process for them."""


def start(
    feed: Feed, *, updated: datetime, namespaces: Mapping[str, str], elements: Sequence[Element] = ()
) -> Any:
    """A feedgen `FeedGenerator` with what both formats share, and with our extension.

    `updated` is the feed's date, or `UNSET`. `namespaces` (prefix to name) are always declared, so that a
    feed's first line never changes.
    """
    generator = FeedGenerator()
    generator.register_extension("additions", _ChannelAdditions, _Additions)
    generator.additions.namespaces = namespaces
    generator.additions.elements = elements
    title = feed.title or feed.link
    generator.title(title)
    generator.subtitle(feed.description or title)
    generator.language(feed.language)
    generator.updated(updated)
    generator.generator("feedwright")
    generator.rights(feed.copyright)
    return generator


def add(
    generator: Any,
    entry: Entry,
    *,
    summary: str,
    elements: Sequence[Element],
    links: Sequence[dict[str, str]],
) -> Any:
    """Append one entry with what both formats share.

    `summary` is written as the format has it. `links` carry href, rel, type and length (RFC 4287 §4.2.7): the
    alternate becomes RSS `link`, the enclosure RSS `enclosure`. Neither feedgen nor a validator takes an
    empty title or RSS description; `article` lets none through, here the next best text stands in.
    """
    title = entry.title or entry.link
    target = generator.add_entry(order="append")
    target.id(entry.id)
    target.title(title)
    target.link(list(links))
    target.summary(summary or title, type="text")
    if entry.content:
        target.content(entry.content, type="html")
    target.additions.elements = elements
    target.additions.links = links
    return target


def links(entry: Entry) -> list[dict[str, str]]:
    """The page for people, and the entry's own enclosure, else its thumbnail (most readers look there)."""
    found = [{"href": entry.link, "rel": "alternate", "type": "text/html"}]
    enclosure: Enclosure | Any = entry.enclosure or entry.thumbnail
    if enclosure:
        length = str(enclosure.length)
        found.append({"href": enclosure.url, "rel": "enclosure", "type": enclosure.type, "length": length})
    return found


def thumbnail(entry: Entry) -> list[Element]:
    """`media:thumbnail` directly in the entry (Media RSS 1.5.1); feedgen's own would sit in a group."""
    picture = entry.thumbnail
    if picture is None:
        return []
    attributes = {"url": picture.url}
    if picture.width:
        attributes["width"] = str(picture.width)
    if picture.height:
        attributes["height"] = str(picture.height)
    return [(f"{{{MEDIA}}}thumbnail", attributes, None)]


def person(author: Author) -> dict[str, str | None]:
    """An author as feedgen's methods take one."""
    return {"name": author.name, "email": author.email, "uri": author.uri}


def serialize(write: Callable[[Feed], bytes], feed: Feed, directory: SiteIndex) -> bytes:
    """What `write` makes of the feed; characters that XML 1.0 forbids (§2.2) become U+FFFD.

    Where there are pages for people, browsers are told of the stylesheet that makes the document readable
    (xml-stylesheet §3); it stands in the output folder itself.

    Articles are scrubbed when they are read, so lxml's own check is relied on and the feed is searched
    only after it has refused: a search of every text would cost as much as writing it.
    """
    try:
        document = write(feed)
    except ValueError:
        clean: Feed = _legal(feed)
        document = write(clean)
    if "page" not in directory.formats:
        return document
    href = "../" * feed.path.count("/") + STYLESHEET
    instruction = f'<?xml-stylesheet type="text/css" href="{href}"?>\n'
    declaration, line_end, rest = document.partition(b"\n")
    return declaration + line_end + instruction.encode() + rest


def _legal(value: Any) -> Any:
    if isinstance(value, str):
        return FORBIDDEN.sub("\ufffd", value)
    if isinstance(value, tuple):
        return tuple(_legal(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _legal(getattr(value, field.name)) for field in fields(value)})
    return value


def _append(parent: etree._Element, elements: Sequence[Element]) -> None:
    for tag, attributes, text in elements:
        etree.SubElement(parent, tag, attributes).text = text
