"""Judges RSS 2.0 and Atom documents of feedwright's, and reads them back.

Not a parser for arbitrary feeds: it takes what `atom` and `rss` write, also after a person has edited it, and
refuses the rest. What is half understood must not be published again.
"""

from __future__ import annotations

import re
from collections import defaultdict
from html import unescape
from typing import TYPE_CHECKING, TypeAlias

from lxml import etree

from feedwright.formats.wire import (
    ATOM,
    CREATOR,
    ENCODED,
    LANGUAGE,
    THUMBNAIL,
    folder,
    read_entries,
    read_rfc822,
    read_rfc3339,
    web,
)
from feedwright.model import Author, Enclosure, PublishedEntry, PublishedFeed, Term, Thumbnail
from feedwright.urls import is_iri

if TYPE_CHECKING:
    from collections.abc import Sequence

_ADDRESS_WITH_NAME = re.compile(r"([^\s()]+) \(([^()\\]+)\)")
_NUMBER = re.compile(r"\d{1,15}", re.ASCII)

_Children: TypeAlias = "defaultdict[str, list[etree._Element]]"
"""Elements by tag, or links by relation, in the order of the document."""


def read(data: bytes) -> PublishedFeed:
    """The feed in an RSS 2.0 or Atom document that feedwright wrote.

    Neither format carries the feed's `path`; type and length of a thumbnail beside an enclosure come back as
    "" and 0. Atom also leaves out `ttl`. RSS leaves out the feed's id and author, each entry's `updated`,
    fractions of seconds, the terms and schemes of categories (each label is there once) and all of an author
    but the name; a lone author keeps a plain e-mail address. RSS has the logo or the icon, which comes back
    as the logo. A title, description or summary that was empty comes back as the text that stood in for it.

    No entity is resolved and nothing is fetched. Raises ValueError with a one-line reason for anything else:
    XML that is malformed or not in UTF-8, a document type, another root, elements that are missing, blank or
    repeated, broken dates and numbers, addresses that are not http(s), Atom ids that are not absolute IRIs
    (RFC 4287 §4.2.6), an id of two entries.
    """
    if b"<!DOCTYPE" in data:
        raise ValueError("it has a document type")
    root = _root(data)
    if root.tag == f"{ATOM}feed":
        return _atom(root)
    if root.tag == "rss" and root.get("version") == "2.0":
        return _rss(_only(_children(root), "channel"))
    raise ValueError(f"<{_name(str(root.tag))}> is not the root of a feed that feedwright writes")


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
        reason = " ".join(str(error.msg or "the document is empty").split())
        raise ValueError(f"it is not well-formed XML: {reason}") from error


# ---- Atom -----------------------------------------------------------------------------------------------


def _atom(feed: etree._Element) -> PublishedFeed:
    children = _children(feed)
    links = _links(children)
    return PublishedFeed(
        id=_iri(children),
        url=folder(_href(links, "self")),
        link=_href(links, "alternate"),
        title=_plain(children, f"{ATOM}title"),
        description=_plain(children, f"{ATOM}subtitle"),
        language=feed.get(LANGUAGE, ""),
        updated=read_rfc3339(_text(children, f"{ATOM}updated")),
        author=_person(_only(children, f"{ATOM}author")),
        entries=read_entries(_atom_entry, children[f"{ATOM}entry"], "entry"),
        copyright=_plain(children, f"{ATOM}rights") if children[f"{ATOM}rights"] else None,
        icon=_address(children, f"{ATOM}icon"),
        logo=_address(children, f"{ATOM}logo"),
        hub=_href(links, "hub") if links["hub"] else None,
    )


def _atom_entry(entry: etree._Element) -> PublishedEntry:
    children = _children(entry)
    links = _links(children)
    thumbnail, enclosure = _pictures(children, _enclosure(links["enclosure"], "href"))
    return PublishedEntry(
        id=_iri(children),
        title=_plain(children, f"{ATOM}title"),
        link=_href(links, "alternate"),
        published=read_rfc3339(_text(children, f"{ATOM}published")),
        updated=read_rfc3339(_text(children, f"{ATOM}updated")),
        authors=tuple([_person(author) for author in children[f"{ATOM}author"]]),
        categories=tuple([_term(category) for category in children[f"{ATOM}category"]]),
        summary=_plain(children, f"{ATOM}summary"),
        content=_html(children),
        thumbnail=thumbnail,
        enclosure=enclosure,
    )


def _iri(children: _Children) -> str:
    iri = _text(children, f"{ATOM}id")
    if not is_iri(iri):
        raise ValueError(f"{iri[:80]!r} is not an absolute IRI")
    return iri


def _links(children: _Children) -> _Children:
    """The links by relation; one without is an alternate (RFC 4287 §4.2.7.2)."""
    links: _Children = defaultdict(list)
    for link in children[f"{ATOM}link"]:
        links[link.get("rel", "alternate")].append(link)
    return links


def _href(links: _Children, relation: str) -> str:
    if len(links[relation]) != 1:
        raise ValueError(f"{len(links[relation])} links with rel={relation!r} instead of one")
    return web(_attribute(links[relation][0], "href"))


def _plain(children: _Children, tag: str) -> str:
    """A text construct of the only type that feedwright writes (RFC 4287 §3.1.1)."""
    element = _only(children, tag)
    _expect_type(element, "text")
    return _text_of(element)


def _html(children: _Children) -> str | None:
    for element in children[f"{ATOM}content"]:
        _expect_type(element, "html")
    return _content(children, f"{ATOM}content")


def _expect_type(element: etree._Element, expected: str) -> None:
    actual = element.get("type", "text")
    if actual != expected:
        raise ValueError(f"<{_name(element.tag)}> is of type {actual[:80]!r}, not {expected!r}")


def _person(author: etree._Element) -> Author:
    children = _children(author)
    email = _text(children, f"{ATOM}email") if children[f"{ATOM}email"] else None
    return Author(name=_text(children, f"{ATOM}name"), email=email, uri=_address(children, f"{ATOM}uri"))


def _term(category: etree._Element) -> Term:
    label, scheme = category.get("label", ""), category.get("scheme", "")
    return Term(term=_attribute(category, "term"), label=label, scheme=scheme)


# ---- RSS ------------------------------------------------------------------------------------------------


def _rss(channel: etree._Element) -> PublishedFeed:
    children = _children(channel)
    links = _links(children)
    image = _children(_only(children, "image")) if children["image"] else None
    return PublishedFeed(
        id=None,
        url=folder(_href(links, "self")),
        link=web(_text(children, "link")),
        title=_text(children, "title"),
        description=_text(children, "description"),
        language=_text(children, "language"),
        updated=read_rfc822(_text(children, "lastBuildDate")),
        author=None,
        entries=read_entries(_rss_item, children["item"], "item"),
        copyright=_text(children, "copyright") if children["copyright"] else None,
        logo=web(_text(image, "url")) if image else None,
        ttl=_number(_text(children, "ttl")) if children["ttl"] else None,
        hub=_href(links, "hub") if links["hub"] else None,
    )


def _rss_item(item: etree._Element) -> PublishedEntry:
    children = _children(item)
    tags = list(children)
    if ENCODED in tags and "description" in tags[tags.index(ENCODED) :]:
        raise ValueError("<encoded> comes before <description>")
    thumbnail, enclosure = _pictures(children, _enclosure(children["enclosure"], "url"))
    return PublishedEntry(
        id=_text(children, "guid"),
        title=_text(children, "title"),
        link=web(_text(children, "link")),
        published=read_rfc822(_text(children, "pubDate")),
        updated=None,
        authors=_rss_authors(children),
        categories=tuple([Term(term="", label=_text_of(one), scheme="") for one in children["category"]]),
        summary=unescape(_text(children, "description")),
        content=_content(children, ENCODED),
        thumbnail=thumbnail,
        enclosure=enclosure,
    )


def _rss_authors(children: _Children) -> tuple[Author, ...]:
    creators = tuple([Author(name=_text_of(creator)) for creator in children[CREATOR]])
    if not children["author"]:
        return creators
    text = _text(children, "author")
    match = _ADDRESS_WITH_NAME.fullmatch(text)
    if match is None or creators:
        raise ValueError(f"{text[:80]!r} is not the one author of an item")
    return (Author(name=match[2], email=match[1]),)


# ---- shared by both formats -----------------------------------------------------------------------------


def _children(parent: etree._Element) -> _Children:
    children: _Children = defaultdict(list)
    for child in parent:
        children[child.tag].append(child)
    return children


def _only(children: _Children, tag: str) -> etree._Element:
    if len(children[tag]) != 1:
        raise ValueError(f"{len(children[tag])} <{_name(tag)}> elements instead of one")
    return children[tag][0]


def _text(children: _Children, tag: str) -> str:
    elements = children[tag]
    return _text_of(elements[0] if len(elements) == 1 else _only(children, tag))


def _text_of(element: etree._Element, *, may_be_blank: bool = False) -> str:
    """The text of an element that has no other content; feedwright writes none that is blank."""
    text = element.text
    if len(element):
        raise ValueError(f"<{_name(element.tag)}> holds other elements")
    if not text or (text.isspace() and not may_be_blank):
        raise ValueError(f"<{_name(element.tag)}> is empty")
    return text


def _content(children: _Children, tag: str) -> str | None:
    return _text_of(_only(children, tag), may_be_blank=True) if children[tag] else None


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
    if not elements:
        return None
    media_type = _attribute(elements[0], "type")
    if "/" not in media_type:
        raise ValueError(f"{media_type[:80]!r} is not a media type")
    return Enclosure(
        url=web(_attribute(elements[0], address)),
        type=media_type,
        length=_number(_attribute(elements[0], "length")),
    )


def _pictures(children: _Children, enclosure: Enclosure | None) -> tuple[Thumbnail | None, Enclosure | None]:
    """The thumbnail, and the enclosure if it is the entry's own: without one the thumbnail stands there."""
    if not children[THUMBNAIL]:
        return None, enclosure
    element = _only(children, THUMBNAIL)
    if enclosure is None:
        raise ValueError("<thumbnail> without an enclosure")
    url = web(_attribute(element, "url"))
    is_enclosure = enclosure.url == url
    thumbnail = Thumbnail(
        url=url,
        type=enclosure.type if is_enclosure else "",
        width=_pixels(element, "width"),
        height=_pixels(element, "height"),
        length=enclosure.length if is_enclosure else 0,
    )
    return thumbnail, None if is_enclosure else enclosure


def _pixels(element: etree._Element, name: str) -> int | None:
    value = element.get(name)
    return None if value is None else _number(value)


def _address(children: _Children, tag: str) -> str | None:
    return web(_text(children, tag)) if children[tag] else None


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{text[:80]!r} is not a number")
    return int(text)
