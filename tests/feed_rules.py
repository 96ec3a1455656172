"""The rules of the W3C feed validator (github.com/w3c/feedvalidator) that apply to the feeds of feedwright.

`findings` names each by the validator's own name, with the place. Left out: HTTP rules, modules and elements
that feedwright never writes, dates in the future (they need a clock), the list of language codes (their shape
is checked). Stricter than the validator: relative references count in Atom content too.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lxml import etree

import feed_values as value_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Check = Callable[[etree._Element, str], Iterator[str]]
    Shape = tuple[set[str], dict[str, bool], tuple[Check, ...]]

NAMESPACES = {
    "http://www.w3.org/2005/Atom": "atom",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/syndication/history/1.0": "fh",
    "http://search.yahoo.com/mrss/": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://www.w3.org/XML/1998/namespace": "xml",
}
RELATIONS = {"alternate", "current", "enclosure", "first", "hub", "last", "license"}
RELATIONS |= {"next", "next-archive", "prev-archive", "previous", "related", "replies", "self", "via"}


def findings(data: bytes, *, location: str | None = None) -> list[str]:
    """Every finding, error or warning, as `Name: place: detail`; `location` is where the feed is served."""
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        return [f"SAXError: {error}"]
    found = [*_prefixes(root), *_document(data)]
    if _name(root) not in {"rss", "feed"}:
        return [*found, f"UndefinedElement: root: {_name(root)}"]
    found += [f"{rule}" for element in root.iter(etree.Element) for rule in _element(element)]
    return found + list(_self(root, location))


def _name(element: etree._Element) -> str:
    """`dc:creator`; without a prefix in the feed's own vocabulary."""
    name = etree.QName(element)
    prefix = NAMESPACES.get(name.namespace or "", name.namespace or "")
    is_atom = etree.QName(element.getroottree().getroot()).localname == "feed"
    own = (prefix == "atom") if is_atom else not prefix
    return name.localname if own else f"{prefix or 'null'}:{name.localname}"


def _document(data: bytes) -> Iterator[str]:
    if not re.match(rb"<\?xml version=['\"]1\.0['\"] encoding=['\"](?i:utf-8)['\"]\?>", data):
        yield "MissingEncoding: document"
    if b"<!DOCTYPE" in data:
        yield "InvalidDoctype: document"


def _prefixes(root: etree._Element) -> Iterator[str]:
    is_atom = etree.QName(root).localname == "feed"
    for prefix, uri in {pair for element in root.iter(etree.Element) for pair in element.nsmap.items()}:
        usual = NAMESPACES.get(uri)
        if usual is None:
            near = uri.rstrip("/") in {known.rstrip("/") for known in NAMESPACES}
            yield f"{'MediaRssNamespace' if near else 'UnknownNamespace'}: {uri}"
        elif prefix and prefix != usual:
            yield f"{'ReservedPrefix' if prefix in NAMESPACES.values() else 'NonstdPrefix'}: {prefix}"
        elif prefix == "atom" and is_atom:
            yield "AvoidNamespacePrefix: atom"


def _element(element: etree._Element) -> Iterator[str]:
    name, text = _name(element), element.text or ""
    place = f"line {element.sourceline} <{name}>"
    shape = _elements(element).get(name)
    if shape is None:
        return
    attributes, children, checks = shape
    for attribute in element.attrib:
        if str(attribute) not in attributes and not str(attribute).startswith("{http://www.w3.org/XML/"):
            yield f"UnexpectedAttribute: {place}: {attribute!s}"
    yield from _children(element, children, place)
    for value in (text, *(str(value) for value in element.attrib.values())):
        if any("\x80" <= letter <= "\x9f" or letter == "\ufffd" for letter in value):
            yield f"BadCharacters: {place}"
    for check in checks:
        for rule in check(element, text):
            code, _, detail = rule.partition(": ")
            yield f"{code}: {place}{': ' if detail else ''}{detail}"


def _children(element: etree._Element, allowed: dict[str, bool], place: str) -> Iterator[str]:
    names = [_name(child) for child in element.iterchildren(etree.Element)]
    for name, count in Counter(names).items():
        if name not in allowed:
            yield f"UndefinedElement: {place}: {name}"
        elif allowed[name] and count > 1:
            yield f"{'DuplicateEnclosure' if name == 'enclosure' else 'DuplicateElement'}: {place}: {name}"
    strays = [child.tail for child in element if (child.tail or "").strip()]
    if strays or (names and (element.text or "").strip()):
        yield f"UnexpectedText: {place}"


# ---- elements whose attributes or children belong together ----------------------------------------------


def enclosure(element: etree._Element, _: str) -> Iterator[str]:
    yield from (
        f"MissingAttribute: {name}" for name in ("url", "length", "type") if element.get(name) is None
    )
    length = element.get("length", "0")
    if length == "-1":
        yield "UseZeroForUnknown"
    elif not re.fullmatch(r"-?\d+", length):
        yield f"InvalidIntegerAttribute: {length}"
    elif int(length) < 0:
        yield f"InvalidNonNegativeInteger: {length}"
    if not value_of.MIME.fullmatch(element.get("type", "a/b")):
        yield f"InvalidMIMEAttribute: {element.get('type')}"
    yield from value_of.http_url(element, element.get("url", "http://example.org/"))


def thumbnail(element: etree._Element, _: str) -> Iterator[str]:
    if not element.get("url"):
        yield "MissingAttribute: url"
    else:
        yield from value_of.full_uri(element, element.get("url", ""))
    for name in ("width", "height"):
        if element.get(name):
            yield from value_of.positive(element, element.get(name, ""))


def media_group(element: etree._Element, _: str) -> Iterator[str]:
    if [_name(child) for child in element].count("media:content") < 2:
        yield "MediaGroupWithoutAlternatives"


def link(element: etree._Element, value: str) -> Iterator[str]:
    relation, kind, length = element.get("rel", "alternate"), element.get("type"), element.get("length")
    if relation not in RELATIONS and not value_of.FULL_URI.fullmatch(relation):
        yield f"UnregisteredAtomLinkRel: {relation}"
    if kind is not None and not value_of.MIME.fullmatch(kind):
        yield f"InvalidMIMEType: {kind}"
    elif relation == "self" and kind and not re.match(r"application/(atom|rss|rdf)\+xml", kind):
        yield f"SelfNotAtom: {kind}"
    if length is not None and not length.isdecimal():
        yield f"InvalidNonNegativeInteger: {length}"
    href = element.get("href")
    if href is None:
        yield "MissingHref"
    else:
        yield from value_of.full_uri(element, href, "InvalidIRI")
        if relation == "self" and not urlsplit(href).netloc:
            yield "RelativeSelf"
    if value.strip() or len(element):
        yield "AtomLinkNotEmpty"


def atom_category(element: etree._Element, _: str) -> Iterator[str]:
    if element.get("term") is None:
        yield "MissingAttribute: term"
    if element.get("scheme") is not None:
        yield from value_of.full_uri(element, element.get("scheme", ""))
    yield from value_of.nonhtml(element, element.get("label", ""))


def channel(element: etree._Element, _: str) -> Iterator[str]:
    names = [_name(child) for child in element]
    required = {"title": "MissingTitle", "link": "MissingLink", "description": "MissingDescription"}
    yield from (rule for name, rule in required.items() if name not in names)
    if "language" not in names:
        yield "MissingDCLanguage"
    if "item" in names and {*names[names.index("item") :]} - {"item"}:
        yield "MisplacedItem"
    yield from _repeated(element, "item", "guid", "DuplicateValue")


def item(element: etree._Element, _: str) -> Iterator[str]:
    names = [_name(child) for child in element]
    if not {"title", "description"} & {*names}:
        yield "ItemMustContainTitleOrDescription"
    if "guid" not in names:
        yield "MissingGuid"
    if {"author", "dc:creator"} <= {*names}:
        yield "DuplicateItemSemantics: author and dc:creator"
    if "content:encoded" in names and "description" not in names[: names.index("content:encoded")]:
        yield "NeedDescriptionBeforeContent"


def image(element: etree._Element, _: str) -> Iterator[str]:
    required = {"title": "MissingTitle", "link": "MissingLink", "url": "MissingElement"}
    yield from (rule for name, rule in required.items() if element.find(name) is None)
    for name, rule in (("link", "ImageLinkDoesntMatch"), ("title", "ImageTitleDoesntMatch")):
        if element.findtext(name, "").strip() != element.findtext(f"../{name}", "").strip():
            yield rule


def feed(element: etree._Element, _: str) -> Iterator[str]:
    names = [_name(child) for child in element]
    yield from (f"MissingElement: {name}" for name in ("title", "id", "updated") if name not in names)
    if "entry" in names and {*names[names.index("entry") :]} - {"entry"}:
        yield "MisplacedMetadata"
    yield from _alternates(element)
    yield from _repeated(element, "entry", "id", "DuplicateEntries")
    yield from _repeated(element, "entry", "updated", "DuplicateUpdated")


def entry(element: etree._Element, _: str) -> Iterator[str]:
    names = [_name(child) for child in element]
    parent = element.getparent()
    above = [] if parent is None else [_name(child) for child in parent]
    yield from (f"MissingElement: {name}" for name in ("title", "id", "updated") if name not in names)
    if "author" not in names + above:
        yield "MissingElement: author"
    if not {"content", "summary"} & {*names}:
        yield "MissingTextualContent"
    rels = {child.get("rel", "alternate") for child in element if _name(child) == "link"}
    if "content" not in names and "alternate" not in rels:
        yield "MissingContentOrAlternate"
    yield from _alternates(element)


def person(element: etree._Element, _: str) -> Iterator[str]:
    if "name" not in [_name(child) for child in element]:
        yield "MissingElement: name"


def _alternates(element: etree._Element) -> Iterator[str]:
    links = [
        child for child in element if _name(child) == "link" and child.get("rel", "alternate") == "alternate"
    ]
    if len({(one.get("type"), one.get("hreflang")) for one in links}) < len(links):
        yield "DuplicateAtomLink"


def _repeated(element: etree._Element, child: str, key: str, rule: str) -> Iterator[str]:
    values = Counter(
        (one.text or "").strip() for sub in element if _name(sub) == child for one in sub if _name(one) == key
    )
    yield from (f"{rule}: {value}" for value, count in values.items() if count > 1)


def _self(root: etree._Element, location: str | None) -> Iterator[str]:
    is_rss = root.tag == "rss"
    holder = root[0] if is_rss and len(root) else root
    links = [
        child for child in holder if etree.QName(child).localname == "link" and child.get("rel") == "self"
    ]
    if not links:
        yield "MissingAtomSelfLink: channel" if is_rss else "MissingSelf: feed"
    elif location is not None and location not in {one.get("href") for one in links}:
        yield f"SelfDoesntMatchLocation: {links[0].get('href')}"


# ---- permitted attributes, children (True: once) and checks ----------------------------------------------


def _shape(*checks: Check, attributes: str = "", once: str = "", many: str = "") -> Shape:
    children = dict.fromkeys(once.split(), True) | dict.fromkeys(many.split(), False)
    return set(attributes.split()), children, checks


RSS = {
    "rss": _shape(attributes="version", once="channel"),
    "channel": _shape(
        channel,
        once="title link description language copyright lastBuildDate pubDate docs generator image ttl "
        "fh:archive itunes:new-feed-url",
        many="item category managingEditor atom:link",
    ),
    "image": _shape(image, once="title link url width height description"),
    "item": _shape(
        item,
        once="title link description content:encoded author guid enclosure pubDate comments source "
        "dc:language",
        many="category dc:creator media:thumbnail media:content media:group",
    ),
    "title": _shape(value_of.nonhtml, value_of.nonblank),
    "link": _shape(value_of.full_uri),
    "docs": _shape(value_of.full_uri),
    "description": _shape(value_of.description),
    "content:encoded": _shape(value_of.safe_html),
    "copyright": _shape(value_of.nonhtml),
    "language": _shape(value_of.language),
    "lastBuildDate": _shape(value_of.rfc822),
    "pubDate": _shape(value_of.rfc822),
    "generator": _shape(),
    "ttl": _shape(value_of.positive, value_of.nonblank),
    "url": _shape(value_of.image_url),
    "author": _shape(value_of.address_with_name),
    "managingEditor": _shape(value_of.address_with_name),
    "dc:creator": _shape(),
    "dc:language": _shape(value_of.language),
    "category": _shape(value_of.nonhtml, value_of.nonblank, attributes="domain"),
    "guid": _shape(value_of.guid, value_of.nonblank, attributes="isPermaLink"),
    "enclosure": _shape(enclosure, attributes="url length type"),
    "atom:link": _shape(link, attributes="href rel type hreflang title length"),
    "fh:archive": _shape(),
    "itunes:new-feed-url": _shape(value_of.full_uri),
    "media:thumbnail": _shape(thumbnail, attributes="url width height time"),
    "media:group": _shape(media_group, many="media:content media:thumbnail"),
}
ATOM = {
    "feed": _shape(
        feed,
        once="id title updated subtitle rights icon logo generator fh:archive",
        many="author contributor category link entry",
    ),
    "entry": _shape(
        entry,
        once="id title updated published summary content rights source",
        many="author contributor category link media:thumbnail media:content media:group",
    ),
    "id": _shape(value_of.nonblank, value_of.nows, value_of.full_uri, value_of.canonical),
    "title": _shape(value_of.text_construct, attributes="type"),
    "subtitle": _shape(value_of.text_construct, attributes="type"),
    "rights": _shape(value_of.text_construct, attributes="type"),
    "summary": _shape(value_of.text_construct, attributes="type"),
    "content": _shape(value_of.text_construct, attributes="type src"),
    "updated": _shape(value_of.nows, value_of.rfc3339),
    "published": _shape(value_of.nows, value_of.rfc3339),
    "icon": _shape(value_of.nonblank, value_of.nows, value_of.reference),
    "logo": _shape(value_of.nonblank, value_of.nows, value_of.reference),
    "generator": _shape(value_of.nonhtml, value_of.nonblank, attributes="uri version"),
    "author": _shape(person, once="name email uri"),
    "contributor": _shape(person, once="name email uri"),
    "name": _shape(value_of.nonhtml, value_of.nonblank),
    "email": _shape(value_of.address),
    "uri": _shape(value_of.nonblank, value_of.reference),
    "category": _shape(atom_category, attributes="term scheme label"),
    "link": _shape(link, attributes="href rel type hreflang title length"),
    "fh:archive": RSS["fh:archive"],
    "media:thumbnail": RSS["media:thumbnail"],
    "media:group": RSS["media:group"],
}


def _elements(element: etree._Element) -> dict[str, Shape]:
    return RSS if element.getroottree().getroot().tag == "rss" else ATOM
