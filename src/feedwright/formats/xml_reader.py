"""Judges RSS 2.0 and Atom documents of feedwright's, and reads them back.

Not a parser for arbitrary feeds: it takes what `atom` and `rss` write, also after a person has edited it, and
refuses the rest: what is half understood must not be published again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from feedwright.formats import wire
from feedwright.formats.wire import ATOM, CREATOR, DC_LANGUAGE, ENCODED, LANGUAGE, THUMBNAIL, web
from feedwright.model import Author, Enclosure, PublishedEntry, PublishedFeed, Term, Thumbnail
from feedwright.patterns import lazy_pattern
from feedwright.urls import is_absolute_iri

if TYPE_CHECKING:
    from lxml import etree

_ADDRESS_WITH_NAME = lazy_pattern(r"([^\s()]+) \(([^()\\]+)\)")

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
    root = parse(data)
    if root.tag == f"{ATOM}feed":
        return _atom(root)
    if root.tag == "rss" and root.get("version") == "2.0":
        return _rss(_only(_children(root), "channel"))
    raise ValueError(f"<{_name(str(root.tag))}> is not the root of a feed that feedwright writes")


def parse(data: bytes) -> etree._Element:
    """The root of a document in UTF-8, without comments; raises ValueError as `read` does."""
    from lxml import etree

    if b"<!DOCTYPE" in data:
        raise ValueError("it has a document type")
    # the encoding is fixed: in another one a document type would hide from a search of the bytes
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        reason = " ".join(str(error.msg or "the document is empty").split())
        raise ValueError(f"it is not well-formed XML: {reason}") from error


def _atom(feed: etree._Element) -> PublishedFeed:
    children = _children(feed)
    links = _links(children)
    return PublishedFeed(
        id=_iri(children),
        url=wire.folder(_href(links, "self")),
        link=_href(links, "alternate"),
        title=_construct(children, f"{ATOM}title"),
        description=_construct(children, f"{ATOM}subtitle"),
        language=feed.get(LANGUAGE, ""),
        updated=wire.read_rfc3339(_text(children, f"{ATOM}updated")),
        author=_person(_only(children, f"{ATOM}author")),
        entries=wire.read_entries(_atom_entry, children[f"{ATOM}entry"], "entry"),
        copyright=_construct(children, f"{ATOM}rights") if children[f"{ATOM}rights"] else None,
        icon=_address(children, f"{ATOM}icon"),
        logo=_address(children, f"{ATOM}logo"),
        hub=_href(links, "hub") if links["hub"] else None,
    )


def _atom_entry(entry: etree._Element) -> PublishedEntry:
    children = _children(entry)
    links = _links(children)
    thumbnail, enclosure = _pictures(children, links["enclosure"], "href")
    return PublishedEntry(
        id=wire.read_atom_id(_iri(children)),
        title=_construct(children, f"{ATOM}title"),
        link=_href(links, "alternate"),
        published=wire.read_rfc3339(_text(children, f"{ATOM}published")),
        updated=wire.read_rfc3339(_text(children, f"{ATOM}updated")),
        authors=tuple([_person(author) for author in children[f"{ATOM}author"]]),
        categories=tuple(
            [
                Term(term=_attribute(c, "term"), label=c.get("label", ""), scheme=c.get("scheme", ""))
                for c in children[f"{ATOM}category"]
            ]
        ),
        summary=_construct(children, f"{ATOM}summary"),
        content=_construct(children, f"{ATOM}content", "html") if children[f"{ATOM}content"] else None,
        thumbnail=thumbnail,
        enclosure=enclosure,
        language=entry.get(LANGUAGE, ""),
    )


def _iri(children: _Children) -> str:
    iri = _text(children, f"{ATOM}id")
    if not is_absolute_iri(iri):
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


def _construct(children: _Children, tag: str, expected: str = "text") -> str:
    """A text construct (RFC 4287 §3.1.1) of the type that feedwright writes there; only HTML may be blank."""
    element = _only(children, tag)
    actual = element.get("type", "text")
    if actual != expected:
        raise ValueError(f"<{_name(tag)}> is of type {actual[:80]!r}, not {expected!r}")
    return _text_of(element, may_be_blank=expected == "html")


def _person(author: etree._Element) -> Author:
    children = _children(author)
    email = _text(children, f"{ATOM}email") if children[f"{ATOM}email"] else None
    return Author(name=_text(children, f"{ATOM}name"), email=email, uri=_address(children, f"{ATOM}uri"))


def _rss(channel: etree._Element) -> PublishedFeed:
    children = _children(channel)
    links = _links(children)
    image = _children(_only(children, "image")) if children["image"] else None
    return PublishedFeed(
        id=None,
        url=wire.folder(_href(links, "self")),
        link=web(_text(children, "link")),
        title=_text(children, "title"),
        description=_text(children, "description"),
        language=_text(children, "language"),
        updated=wire.read_rfc822(_text(children, "lastBuildDate")),
        author=None,
        entries=wire.read_entries(_rss_item, children["item"], "item"),
        copyright=_text(children, "copyright") if children["copyright"] else None,
        logo=web(_text(image, "url")) if image else None,
        ttl=_number(_text(children, "ttl")) if children["ttl"] else None,
        hub=_href(links, "hub") if links["hub"] else None,
    )


def _rss_item(item: etree._Element) -> PublishedEntry:
    from html import unescape

    children = _children(item)
    tags = list(children)
    if ENCODED in tags and "description" in tags[tags.index(ENCODED) :]:
        raise ValueError("<encoded> comes before <description>")
    thumbnail, enclosure = _pictures(children, children["enclosure"], "url")
    return PublishedEntry(
        id=_text(children, "guid"),
        title=_text(children, "title"),
        link=web(_text(children, "link")),
        published=wire.read_rfc822(_text(children, "pubDate")),
        updated=None,
        authors=_rss_authors(children),
        categories=tuple([Term(term="", label=_text_of(c), scheme="") for c in children["category"]]),
        summary=unescape(_text(children, "description")),
        content=_text_of(_only(children, ENCODED), may_be_blank=True) if children[ENCODED] else None,
        thumbnail=thumbnail,
        enclosure=enclosure,
        language=_text(children, DC_LANGUAGE) if children[DC_LANGUAGE] else "",
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
    return _text_of(_only(children, tag))


def _text_of(element: etree._Element, *, may_be_blank: bool = False) -> str:
    """The text of an element that has no other content."""
    text = element.text
    if len(element):
        raise ValueError(f"<{_name(element.tag)}> holds other elements")
    if not text or (text.isspace() and not may_be_blank):
        raise ValueError(f"<{_name(element.tag)}> is empty")
    return text


def _attribute(element: etree._Element, name: str) -> str:
    value = element.get(name)
    if not value:
        raise ValueError(f"<{_name(element.tag)}> has no {name}")
    return value


def _name(tag: str) -> str:
    return tag.rpartition("}")[2]


def _pictures(
    children: _Children, enclosures: Sequence[etree._Element], address: str
) -> tuple[Thumbnail | None, Enclosure | None]:
    """The thumbnail, and the enclosure, whose address is in the attribute `address`.

    Where an entry has no enclosure of its own, its thumbnail may be the enclosure too.
    """
    if len(enclosures) > 1:
        raise ValueError(f"{len(enclosures)} enclosures instead of one")
    enclosure = None
    for element in enclosures:
        url, media_type = web(_attribute(element, address)), _attribute(element, "type")
        if "/" not in media_type:
            raise ValueError(f"{media_type[:80]!r} is not a media type")
        enclosure = Enclosure(url=url, type=media_type, length=_number(_attribute(element, "length")))
    if not children[THUMBNAIL]:
        return None, enclosure
    element = _only(children, THUMBNAIL)
    url = web(_attribute(element, "url"))
    sizes = element.get("width"), element.get("height")
    width, height = [None if size is None else _number(size) for size in sizes]
    if enclosure is None:
        return Thumbnail(url=url, type="", width=width, height=height, enclosed=False), None
    if url != enclosure.url:
        return Thumbnail(url=url, type="", width=width, height=height), enclosure
    return Thumbnail(url=url, type=enclosure.type, width=width, height=height, length=enclosure.length), None


def _address(children: _Children, tag: str) -> str | None:
    return web(_text(children, tag)) if children[tag] else None


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise ValueError(f"{text[:80]!r} is not a number")
    return int(text)
