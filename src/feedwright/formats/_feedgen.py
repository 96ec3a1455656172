"""The only door to feedgen, and to lxml where feedgen's tree must be completed or repaired.

What feedgen cannot write, or loses, goes through an extension of our own, registered with feedgen's public
`register_extension`. Nothing here reads the clock: feedgen's dates default to now, so every date is set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from feedgen.ext.base import BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from feedwright.formats.wire import LANGUAGE, NAMESPACES, THUMBNAIL, Element
from feedwright.model import Author, Entry, Feed


class _Additions(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    """Elements to append to an entry of feedgen's, and Atom links to repair."""

    def __init__(self) -> None:
        self.namespaces: Mapping[str, str] = {}
        self.elements: Sequence[Element] = ()
        self.links: Sequence[dict[str, str]] = ()
        self.language = ""

    def extend_ns(self) -> Mapping[str, str]:
        return self.namespaces

    def append_to(self, parent: etree._Element) -> etree._Element:
        for tag, attributes, text in self.elements:
            etree.SubElement(parent, tag, attributes).text = text
        return parent

    def extend_rss(self, item: etree._Element) -> etree._Element:
        return self.append_to(item)

    def extend_atom(self, entry: etree._Element) -> etree._Element:
        # feedgen's loop over an entry's links overwrites its own variable: all but href is lost
        for element, link in zip(entry.iterchildren("link"), self.links, strict=False):
            for name in ("rel", "type", "length"):
                if name in link:
                    element.set(name, link[name])
        for element in entry.iterchildren("title"):
            element.set("type", "text")
        if self.language:
            entry.set(LANGUAGE, self.language)
        return self.append_to(entry)


class _ChannelAdditions(_Additions):
    """The same for a feed; feedgen hands over the root of RSS, whose channel the elements belong to."""

    def extend_rss(self, rss: etree._Element) -> etree._Element:
        self.append_to(rss[0])
        return rss


class _Unset(datetime):
    """A date that feedgen takes for none, and so neither writes nor formats."""

    def __bool__(self) -> bool:
        return False


UNSET = _Unset(1, 1, 1, tzinfo=UTC)
"""For dates that our extension writes: feedgen would switch the locale of the whole process."""


def start(feed: Feed, *, updated: datetime, prefixes: Sequence[str], elements: Sequence[Element] = ()) -> Any:
    """A feedgen `FeedGenerator` with what both formats share, and with our extension.

    `updated` is the feed's date, or `UNSET`. The namespaces of `prefixes` are always declared, so that a
    feed's first line never changes.
    """
    generator = FeedGenerator()
    generator.register_extension("additions", _ChannelAdditions, _Additions)
    generator.additions.namespaces = {prefix: NAMESPACES[prefix] for prefix in prefixes}
    generator.additions.elements = elements
    title = feed.title or feed.link
    generator.title(title)
    generator.subtitle(feed.description or title)
    generator.language(feed.language)
    generator.updated(updated)
    generator.generator("feedwright")
    generator.rights(feed.copyright)
    return generator


def add(generator: Any, entry: Entry, *, summary: str, elements: Sequence[Element] = ()) -> Any:
    """Append an entry with what both formats share; returns feedgen's `FeedEntry`.

    `summary` is in the form that the format needs. The links are those of Atom (RFC 4287 §4.2.7); feedgen
    makes RSS `link` and `enclosure` of them. Neither feedgen nor a validator takes an empty title or
    RSS description; articles always have them, for others the next best text stands in.
    """
    title = entry.title or entry.link
    links = [{"href": entry.link, "rel": "alternate", "type": "text/html"}]
    picture = entry.thumbnail
    if file := entry.enclosure or (picture if picture and picture.enclosed else None):
        links.append({"href": file.url, "rel": "enclosure", "type": file.type, "length": str(file.length)})
    target = generator.add_entry(order="append")
    target.id(entry.id)
    target.title(title)
    target.link(list(links))
    target.summary(summary or title, type="text")
    if entry.content:
        target.content(entry.content, type="html")
    target.additions.links = links
    target.additions.elements = list(elements)
    if picture:  # directly in the entry (Media RSS 1.5.1); feedgen's would sit in a group
        attributes = {"url": picture.url, "width": picture.width, "height": picture.height}
        known = {name: str(value) for name, value in attributes.items() if value}
        target.additions.elements.append((THUMBNAIL, known, None))
    return target


def person(author: Author) -> dict[str, str | None]:
    """An author in the form that feedgen's methods take."""
    return {"name": author.name, "email": author.email, "uri": author.uri}
