"""The last look at a feed before it is published: its bytes parsed again, by rules both formats must keep.

These are the faults that would hurt every subscriber. Text and HTML are not judged here: `article` and
`sanitize` did that, entry by entry.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lxml import etree

from feedwright.formats.rss import DAYS, MONTHS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from feedwright.model import Document

_ATOM = "{http://www.w3.org/2005/Atom}"
_MEDIA = "{http://search.yahoo.com/mrss/}"
_ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"

_RFC822 = re.compile(r"(\w{3}), (\d\d) (\w{3}) (\d{4}) (\d\d:\d\d:\d\d) [+-]\d\d[0-5]\d", re.ASCII)
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")


def check(document: Document, *, url: str | None = None) -> tuple[str, ...]:
    """What is wrong with the bytes of an RSS 2.0 or Atom document, as messages; nothing when all is well.

    Looks for: well-formed XML 1.0, the elements that RSS 2.0 and RFC 4287 §4.1 require, dates of RFC 822 and
    RFC 3339, ids that occur once, absolute URLs, one alternate per type and language, enclosures with type
    and length. With `url`, where the document will be served, the self link must be that.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(document.data, parser)
    except etree.XMLSyntaxError as error:
        return (f"{document.path}: not well-formed XML: {error.msg}",)
    declared: object = root.getroottree().docinfo.internalDTD
    if declared is not None:
        return (f"{document.path}: has a document type",)
    rules = {"rss": _rss, f"{_ATOM}feed": _atom}.get(str(root.tag))
    if rules is None:
        return (f"{document.path}: <{root.tag}> is the root of no known feed",)
    found = [*rules(root), *_self_link(root, url)]
    return tuple(f"{document.path}: {message}" for message in found)


def _rss(root: etree._Element) -> Iterator[str]:
    channel = root.find("channel")
    if root.get("version") != "2.0" or channel is None:
        yield "not RSS 2.0 with a channel"
        return
    yield from _once(channel, ("title", "link", "description", "language", "lastBuildDate"), "channel")
    yield from _dates(channel, ("lastBuildDate",), "channel", rfc822=True)
    yield from _urls("channel", (channel.findtext("link"), channel.findtext("image/url")))
    items = channel.findall("item")
    yield from _unique(item.findtext("guid") for item in items)
    for item in items:
        yield from _item(item)


def _item(item: etree._Element) -> Iterator[str]:
    where = f"item {item.findtext('guid')!r}"
    yield from _once(item, ("title", "link", "description", "guid", "pubDate"), where)
    yield from _dates(item, ("pubDate",), where, rfc822=True)
    tags = [child.tag for child in item]
    if _ENCODED in tags and "description" in tags and tags.index(_ENCODED) < tags.index("description"):
        yield f"{where}: description must come before content:encoded"
    enclosures = item.findall("enclosure")
    if len(enclosures) > 1:
        yield f"{where}: more than one enclosure"
    pictures = [element.get("url") for element in item.iterchildren(f"{_MEDIA}thumbnail")]
    yield from _urls(where, [item.findtext("link"), *(one.get("url") for one in enclosures), *pictures])
    for enclosure in enclosures:
        yield from _enclosure(enclosure, where)


def _atom(root: etree._Element) -> Iterator[str]:
    yield from _once(root, (f"{_ATOM}id", f"{_ATOM}title", f"{_ATOM}updated"), "feed")
    yield from _dates(root, (f"{_ATOM}updated",), "feed")
    yield from _links(root, "feed")
    pictures = [root.findtext(f"{_ATOM}{name}") for name in ("icon", "logo")]
    yield from _urls("feed", [root.findtext(f"{_ATOM}id"), *(one for one in pictures if one is not None)])
    entries = root.findall(f"{_ATOM}entry")
    yield from _unique(entry.findtext(f"{_ATOM}id") for entry in entries)
    inherited = root.find(f"{_ATOM}author") is not None
    for entry in entries:
        yield from _entry(entry, inherited=inherited)


def _entry(entry: etree._Element, *, inherited: bool) -> Iterator[str]:
    where = f"entry {entry.findtext(f'{_ATOM}id')!r}"
    dates = (f"{_ATOM}updated", f"{_ATOM}published")
    yield from _once(entry, (f"{_ATOM}id", f"{_ATOM}title", *dates), where)
    yield from _dates(entry, dates, where)
    yield from _links(entry, where)
    pictures = [element.get("url") for element in entry.iterchildren(f"{_MEDIA}thumbnail")]
    yield from _urls(where, [entry.findtext(f"{_ATOM}id"), *pictures])
    if not inherited and entry.find(f"{_ATOM}author") is None:
        yield f"{where}: no author (RFC 4287 §4.1.2)"


def _once(parent: etree._Element, tags: Iterable[str], where: str) -> Iterator[str]:
    counts = Counter(child.tag for child in parent)
    for tag in tags:
        name = tag.rpartition("}")[2]
        if counts[tag] != 1:
            yield f"{where}: {counts[tag]} <{name}> elements instead of one"
        elif not (parent.findtext(tag) or "").strip():
            yield f"{where}: <{name}> is empty"


def _dates(parent: etree._Element, tags: Iterable[str], where: str, *, rfc822: bool = False) -> Iterator[str]:
    for tag in tags:
        text = parent.findtext(tag)
        if text and not (_is_rfc822(text) if rfc822 else _is_rfc3339(text)):
            yield f"{where}: {text!r} is no date of {'RFC 822' if rfc822 else 'RFC 3339'}"


def _is_rfc822(text: str) -> bool:
    match = _RFC822.fullmatch(text)
    if match is None or match[3] not in MONTHS:
        return False
    weekday, day, month, year, time = match.groups()
    try:
        moment = datetime.fromisoformat(f"{year}-{MONTHS.index(month) + 1:02}-{day}T{time}Z")
    except ValueError:
        return False
    return DAYS[moment.weekday()] == weekday


def _is_rfc3339(text: str) -> bool:
    try:
        return bool(_RFC3339.fullmatch(text)) and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _links(parent: etree._Element, where: str) -> Iterator[str]:
    links = parent.findall(f"{_ATOM}link")
    yield from _urls(where, [link.get("href") for link in links])
    alternates = [link for link in links if link.get("rel", "alternate") == "alternate"]
    kinds = Counter((link.get("type"), link.get("hreflang")) for link in alternates)
    if not alternates:
        yield f"{where}: no alternate link"
    elif max(kinds.values()) > 1:
        yield f"{where}: two alternate links of one type and language (RFC 4287 §4.1.1)"
    for link in links:
        if link.get("rel") == "enclosure":
            yield from _enclosure(link, where)


def _enclosure(element: etree._Element, where: str) -> Iterator[str]:
    if "/" not in element.get("type", ""):
        yield f"{where}: enclosure without a media type"
    if not element.get("length", "").isdecimal():
        yield f"{where}: enclosure without a length"


def _urls(where: str, urls: Iterable[str | None]) -> Iterator[str]:
    for url in urls:
        if url is not None and not _is_absolute(url):
            yield f"{where}: {url!r} is not an absolute URL"


def _is_absolute(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    whole = bool(parts.netloc) if parts.scheme in {"http", "https"} else bool(parts.scheme and parts.path)
    return whole and url.isprintable() and " " not in url


def _unique(ids: Iterable[str | None]) -> Iterator[str]:
    for name, count in Counter(ids).items():
        if name is not None and count > 1:
            yield f"{name!r} is the id of {count} entries"


def _self_link(root: etree._Element, url: str | None) -> Iterator[str]:
    parent = root.find("channel") if root.tag == "rss" else root
    links = [] if parent is None else parent.findall(f"{_ATOM}link")
    found = [link.get("href") for link in links if link.get("rel") == "self"]
    if len(found) != 1:
        yield f"{len(found)} self links instead of one"
    elif url is not None and found[0] != url:
        yield f"the self link is {found[0]!r}, not {url!r}"
