"""The last look at a feed before it is published: its bytes parsed again, by rules both formats must keep.

These are the faults that would hurt every subscriber. Text and HTML are not judged here: `article` and
`sanitize` did that, entry by entry.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lxml import etree

from feedwright.formats.wire import DAYS, MONTHS

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence

    from feedwright.model import Document

    Children = Mapping[str, Sequence[etree._Element]]
    Texts = Mapping[str, str | None]

_ATOM = "{http://www.w3.org/2005/Atom}"
_MEDIA = "{http://search.yahoo.com/mrss/}"
_ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"

_RFC822 = re.compile(r"(\w{3}), (\d\d) (\w{3}) (\d{4}) (\d\d:\d\d:\d\d) [+-]\d\d[0-5]\d", re.ASCII)
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_PLAINLY_ABSOLUTE = re.compile(r"https?://[a-zA-Z0-9.-]+(?:[/?#][!-~]*)?|(?:tag|urn):[a-zA-Z0-9][!-~]*")
"""Most URLs and ids, told without `urlsplit`, which takes ten times as long."""


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
    children = _children(channel)
    texts = yield from _once(
        children, ("title", "link", "description", "language", "lastBuildDate"), "channel"
    )
    yield from _dates(texts, ("lastBuildDate",), "channel", rfc822=True)
    yield from _urls("channel", (texts["link"], channel.findtext("image/url")))
    items = [_children(item) for item in children.get("item", ())]
    guids = [_text(item, "guid") for item in items]
    yield from _unique(guids)
    for item, guid in zip(items, guids, strict=True):
        yield from _item(item, f"item {guid!r}")


def _item(item: Children, where: str) -> Iterator[str]:
    texts = yield from _once(item, ("title", "link", "description", "guid", "pubDate"), where)
    yield from _dates(texts, ("pubDate",), where, rfc822=True)
    tags = list(item)
    if _ENCODED in item and "description" in item and tags.index(_ENCODED) < tags.index("description"):
        yield f"{where}: description must come before content:encoded"
    enclosures = item.get("enclosure", ())
    if len(enclosures) > 1:
        yield f"{where}: more than one enclosure"
    pictures = [one.get("url") for one in (*enclosures, *item.get(f"{_MEDIA}thumbnail", ()))]
    yield from _urls(where, (texts["link"], *pictures))
    for enclosure in enclosures:
        yield from _enclosure(enclosure, where)


def _atom(root: etree._Element) -> Iterator[str]:
    children = _children(root)
    texts = yield from _once(children, (f"{_ATOM}id", f"{_ATOM}title", f"{_ATOM}updated"), "feed")
    yield from _dates(texts, (f"{_ATOM}updated",), "feed")
    yield from _links(children, "feed")
    yield from _urls("feed", [_text(children, f"{_ATOM}{name}") for name in ("id", "icon", "logo")])
    entries = [_children(entry) for entry in children.get(f"{_ATOM}entry", ())]
    ids = [_text(entry, f"{_ATOM}id") for entry in entries]
    yield from _unique(ids)
    for entry, name in zip(entries, ids, strict=True):
        yield from _entry(entry, f"entry {name!r}", inherited=f"{_ATOM}author" in children)


def _entry(entry: Children, where: str, *, inherited: bool) -> Iterator[str]:
    dates = (f"{_ATOM}updated", f"{_ATOM}published")
    texts = yield from _once(entry, (f"{_ATOM}id", f"{_ATOM}title", *dates), where)
    yield from _dates(texts, dates, where)
    yield from _links(entry, where)
    pictures = [one.get("url") for one in entry.get(f"{_MEDIA}thumbnail", ())]
    yield from _urls(where, (texts[f"{_ATOM}id"], *pictures))
    if not inherited and f"{_ATOM}author" not in entry:
        yield f"{where}: no author (RFC 4287 §4.1.2)"


def _children(parent: etree._Element) -> Children:
    """The children by their tags, in the order in which each tag comes first."""
    found = defaultdict(list)
    for child in parent:
        found[child.tag].append(child)
    return found


def _text(children: Children, tag: str) -> str | None:
    """The text of the first child of that tag; None where there is no such child."""
    return children[tag][0].text or "" if tag in children else None


def _once(children: Children, tags: Iterable[str], where: str) -> Generator[str, None, Texts]:
    """Complain of elements that are not there once with a text; return the texts as `_text` finds them."""
    texts = {}
    for tag in tags:
        text = texts[tag] = _text(children, tag)
        if len(children.get(tag, ())) != 1:
            yield f"{where}: {len(children.get(tag, ()))} <{tag.rpartition('}')[2]}> elements instead of one"
        elif not text or text.isspace():
            yield f"{where}: <{tag.rpartition('}')[2]}> is empty"
    return texts


def _dates(texts: Texts, tags: Iterable[str], where: str, *, rfc822: bool = False) -> Iterator[str]:
    for tag in tags:
        text = texts[tag]
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


def _links(children: Children, where: str) -> Iterator[str]:
    links = children.get(f"{_ATOM}link", ())
    yield from _urls(where, [link.get("href") for link in links])
    alternates = [link for link in links if link.get("rel", "alternate") == "alternate"]
    if not alternates:
        yield f"{where}: no alternate link"
    elif len({(link.get("type"), link.get("hreflang")) for link in alternates}) < len(alternates):
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
        if url is not None and not _PLAINLY_ABSOLUTE.fullmatch(url) and not _is_absolute(url):
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
