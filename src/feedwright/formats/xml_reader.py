"""Reading back the documents that feedwright published.

This is no parser for any feed. It takes what `atom` and `rss` write, also where a person has edited it since,
and refuses the rest: what is half understood must not be published again.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import datetime
from html import unescape
from typing import TYPE_CHECKING, TypeAlias

from lxml import etree

from feedwright.formats.wire import DAYS, MONTHS, folder, rfc3339, web
from feedwright.model import Author, Enclosure, PublishedEntry, PublishedFeed, Term, Thumbnail

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ATOM = "{http://www.w3.org/2005/Atom}"
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
_ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_THUMBNAIL = "{http://search.yahoo.com/mrss/}thumbnail"

_RFC822 = re.compile(r"(\w{3}), (\d\d) (\w{3}) (\d{4}) (\d\d:\d\d:\d\d) ([+-]\d\d)([0-5]\d)", re.ASCII)
_ADDRESS_WITH_NAME = re.compile(r"([^\s()]+) \(([^()\\]+)\)")
_NUMBER = re.compile(r"\d{1,15}", re.ASCII)

_Children: TypeAlias = "defaultdict[str, list[etree._Element]]"
"""Elements by tag, or links by relation; none where there is no such."""


def read(data: bytes) -> PublishedFeed:
    """Return the feed in an RSS 2.0 or Atom document that feedwright wrote.

    Either format leaves out the feed's `path`; type and length of a thumbnail beside an enclosure come back
    as "" and 0. Atom also leaves out `ttl`. RSS leaves out the feed's id and author, each entry's `updated`,
    fractions of seconds, the terms and schemes of categories (each label is there once) and of authors all
    but the name; a lone one keeps a plain e-mail address. Of logo and icon it has one, which comes back as
    the logo. A title, description or summary that was empty comes back as what stood in for it.

    No entity is resolved and nothing is fetched; every address is one of http(s). Raises ValueError, with one
    line that says why, for anything else: no XML in UTF-8, a document type, another root, elements that are
    missing or twice, broken dates.
    """
    if b"<!DOCTYPE" in data:
        raise ValueError("it has a document type")
    root = _root(data)
    if root.tag == f"{_ATOM}feed":
        feed = _atom(root)
    elif root.tag == "rss" and root.get("version") == "2.0":
        feed = _rss(_the(_children(root), "channel"))
    else:
        raise ValueError(f"<{_name(str(root.tag))}> is the root of no feed that feedwright writes")
    for name, count in Counter(entry.id for entry in feed.entries).items():
        if count > 1:
            raise ValueError(f"{name[:80]!r} is the id of {count} entries")
    return feed


def _root(data: bytes) -> etree._Element:
    # the encoding is fixed: in another one a document type would hide from a search of the bytes
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        reason = " ".join(str(error.msg or "nothing in it").split())
        raise ValueError(f"it is not well-formed XML: {reason}") from error


# ---- Atom -----------------------------------------------------------------------------------------------


def _atom(feed: etree._Element) -> PublishedFeed:
    inner = _children(feed)
    links = _links(inner)
    return PublishedFeed(
        id=_text(inner, f"{_ATOM}id"),
        url=folder(_href(links, "self")),
        link=_href(links, "alternate"),
        title=_plain(inner, f"{_ATOM}title"),
        description=_plain(inner, f"{_ATOM}subtitle"),
        language=feed.get(_LANGUAGE, ""),
        updated=rfc3339(_text(inner, f"{_ATOM}updated")),
        author=_person(_the(inner, f"{_ATOM}author")) if inner[f"{_ATOM}author"] else None,
        entries=_each(_atom_entry, inner[f"{_ATOM}entry"], "entry"),
        copyright=_plain(inner, f"{_ATOM}rights") if inner[f"{_ATOM}rights"] else None,
        icon=_address(inner, f"{_ATOM}icon"),
        logo=_address(inner, f"{_ATOM}logo"),
        hub=_href(links, "hub") if links["hub"] else None,
    )


def _atom_entry(entry: etree._Element) -> PublishedEntry:
    inner = _children(entry)
    links = _links(inner)
    thumbnail, enclosure = _pictures(inner, _enclosure(links["enclosure"], "href"))
    return PublishedEntry(
        id=_text(inner, f"{_ATOM}id"),
        title=_plain(inner, f"{_ATOM}title"),
        link=_href(links, "alternate"),
        published=rfc3339(_text(inner, f"{_ATOM}published")),
        updated=rfc3339(_text(inner, f"{_ATOM}updated")),
        authors=tuple(_person(author) for author in inner[f"{_ATOM}author"]),
        categories=tuple(_term(category) for category in inner[f"{_ATOM}category"]),
        summary=_plain(inner, f"{_ATOM}summary"),
        content=_html(inner, f"{_ATOM}content"),
        thumbnail=thumbnail,
        enclosure=enclosure,
    )


def _links(inner: _Children) -> _Children:
    """The links by their relation; one without is an alternate (RFC 4287 §4.2.7.2)."""
    found: _Children = defaultdict(list)
    for link in inner[f"{_ATOM}link"]:
        found[link.get("rel", "alternate")].append(link)
    return found


def _href(links: _Children, relation: str) -> str:
    if len(links[relation]) != 1:
        raise ValueError(f"{len(links[relation])} links with rel={relation!r} instead of one")
    return web(_attribute(links[relation][0], "href"))


def _plain(inner: _Children, tag: str) -> str:
    """A text construct of the only type that feedwright writes (RFC 4287 §3.1.1)."""
    _expect_type(_the(inner, tag), "text")
    return _text(inner, tag)


def _html(inner: _Children, tag: str) -> str | None:
    if not inner[tag]:
        return None
    _expect_type(_the(inner, tag), "html")
    return _text(inner, tag)


def _expect_type(element: etree._Element, wanted: str) -> None:
    found = element.get("type", "text")
    if found != wanted:
        raise ValueError(f"<{_name(element.tag)}> is of type {found[:80]!r}, not {wanted!r}")


def _person(author: etree._Element) -> Author:
    inner = _children(author)
    email = _text(inner, f"{_ATOM}email") if inner[f"{_ATOM}email"] else None
    return Author(name=_text(inner, f"{_ATOM}name"), email=email, uri=_address(inner, f"{_ATOM}uri"))


def _term(category: etree._Element) -> Term:
    label, scheme = category.get("label", ""), category.get("scheme", "")
    return Term(term=_attribute(category, "term"), label=label, scheme=scheme)


# ---- RSS ------------------------------------------------------------------------------------------------


def _rss(channel: etree._Element) -> PublishedFeed:
    inner = _children(channel)
    links = _links(inner)
    return PublishedFeed(
        id=None,
        url=folder(_href(links, "self")),
        link=web(_text(inner, "link")),
        title=_text(inner, "title"),
        description=_text(inner, "description"),
        language=_text(inner, "language") if inner["language"] else "",
        updated=_rfc822(_text(inner, "lastBuildDate")),
        author=None,
        entries=_each(_rss_item, inner["item"], "item"),
        copyright=_text(inner, "copyright") if inner["copyright"] else None,
        logo=_image(inner) if inner["image"] else None,
        ttl=_number(_text(inner, "ttl")) if inner["ttl"] else None,
        hub=_href(links, "hub") if links["hub"] else None,
    )


def _image(inner: _Children) -> str:
    return web(_text(_children(_the(inner, "image")), "url"))


def _rss_item(item: etree._Element) -> PublishedEntry:
    inner = _children(item)
    thumbnail, enclosure = _pictures(inner, _enclosure(inner["enclosure"], "url"))
    return PublishedEntry(
        id=_text(inner, "guid"),
        title=_text(inner, "title"),
        link=web(_text(inner, "link")),
        published=_rfc822(_text(inner, "pubDate")),
        updated=None,
        authors=_rss_authors(inner),
        categories=tuple(Term(term="", label=_own(one), scheme="") for one in inner["category"]),
        summary=unescape(_text(inner, "description")),
        content=_text(inner, _ENCODED) if inner[_ENCODED] else None,
        thumbnail=thumbnail,
        enclosure=enclosure,
    )


def _rss_authors(inner: _Children) -> tuple[Author, ...]:
    creators = tuple(Author(name=_own(one)) for one in inner[_CREATOR])
    if not inner["author"]:
        return creators
    text = _text(inner, "author")
    match = _ADDRESS_WITH_NAME.fullmatch(text)
    if match is None or creators:
        raise ValueError(f"{text[:80]!r} is not the one author of an item")
    return (Author(name=match[2], email=match[1]),)


# ---- what both formats share ----------------------------------------------------------------------------


def _each(
    function: Callable[[etree._Element], PublishedEntry], elements: Sequence[etree._Element], noun: str
) -> tuple[PublishedEntry, ...]:
    entries = []
    for number, element in enumerate(elements, start=1):
        try:
            entries.append(function(element))
        except ValueError as error:
            raise ValueError(f"{noun} {number}: {error}") from error
    return tuple(entries)


def _children(parent: etree._Element) -> _Children:
    found: _Children = defaultdict(list)
    for child in parent:
        found[child.tag].append(child)
    return found


def _the(inner: _Children, tag: str) -> etree._Element:
    if len(inner[tag]) != 1:
        raise ValueError(f"{len(inner[tag])} <{_name(tag)}> elements instead of one")
    return inner[tag][0]


def _text(inner: _Children, tag: str) -> str:
    return _own(_the(inner, tag))


def _own(element: etree._Element) -> str:
    """The text of an element, which has nothing else in it; feedwright writes none that is empty."""
    if len(element):
        raise ValueError(f"<{_name(element.tag)}> holds other elements")
    if not element.text:
        raise ValueError(f"<{_name(element.tag)}> is empty")
    return element.text


def _attribute(element: etree._Element, name: str) -> str:
    value = element.get(name)
    if not value:
        raise ValueError(f"<{_name(element.tag)}> has no {name}")
    return value


def _name(tag: str) -> str:
    return tag.rpartition("}")[2]


def _enclosure(elements: Sequence[etree._Element], address: str) -> Enclosure | None:
    if len(elements) > 1:
        raise ValueError(f"{len(elements)} enclosures instead of one")
    return next((_file(element, address) for element in elements), None)


def _file(element: etree._Element, address: str) -> Enclosure:
    return Enclosure(
        url=web(_attribute(element, address)),
        type=_attribute(element, "type"),
        length=_number(_attribute(element, "length")),
    )


def _pictures(inner: _Children, enclosure: Enclosure | None) -> tuple[Thumbnail | None, Enclosure | None]:
    """The thumbnail, and the enclosure if it is the entry's own: without one the thumbnail stands there."""
    if not inner[_THUMBNAIL]:
        return None, enclosure
    element = _the(inner, _THUMBNAIL)
    if enclosure is None:
        raise ValueError("<thumbnail> without an enclosure")
    url = web(_attribute(element, "url"))
    own = enclosure.url != url
    thumbnail = Thumbnail(
        url=url,
        type="" if own else enclosure.type,
        width=_pixels(element, "width"),
        height=_pixels(element, "height"),
        length=0 if own else enclosure.length,
    )
    return thumbnail, enclosure if own else None


def _pixels(element: etree._Element, name: str) -> int | None:
    value = element.get(name)
    return None if value is None else _number(value)


def _address(inner: _Children, tag: str) -> str | None:
    return web(_text(inner, tag)) if inner[tag] else None


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{text[:80]!r} is no number")
    return int(text)


def _rfc822(text: str) -> datetime:
    """A date with its weekday (RFC 822 §5), as `rss` writes it."""
    match = _RFC822.fullmatch(text)
    if match is None or match[3] not in MONTHS:
        return _moment("", text, "RFC 822")
    weekday, day, month, year, time, hours, minutes = match.groups()
    iso = f"{year}-{MONTHS.index(month) + 1:02}-{day}T{time}{hours}:{minutes}"
    moment = _moment(iso, text, "RFC 822")
    if DAYS[moment.weekday()] != weekday:
        raise ValueError(f"{text[:80]!r} is not on a {weekday}")
    return moment


def _moment(iso: str, text: str, rule: str) -> datetime:
    try:
        return datetime.fromisoformat(iso)
    except ValueError:
        raise ValueError(f"{text[:80]!r} is no date of {rule}") from None
