"""JSON Feed 1.1 (jsonfeed.org/version/1.1).

The key `_feedwright` is an extension as the specification has them: it holds the feed's id, for which
JSON Feed has no place.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, TypeVar

from feedwright.model import NO_INDEX

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from feedwright.model import (
        Author,
        Document,
        Enclosure,
        Entry,
        Feed,
        PublishedEntry,
        PublishedFeed,
        SiteIndex,
    )

_T = TypeVar("_T")

FILE = "feed.json"
MEDIA_TYPE = "application/feed+json"
VERSION = "https://jsonfeed.org/version/1.1"

_ILLEGAL = re.compile(r"\\u00|[\ud800-\udfff\ufffe\uffff]")
"""What JSON text has where a string may hold a character that XML forbids."""


def render(feed: Feed, directory: SiteIndex = NO_INDEX) -> bytes:
    """The feed as a JSON Feed 1.1 document in UTF-8, one key a line.

    Characters that XML 1.0 forbids become U+FFFD, as in the other formats: all tell the same.
    """
    text = _written(feed)
    return (_legal(text) if _ILLEGAL.search(text) else text).encode()


def _written(feed: Feed) -> str:
    items = ",\n".join(f"    {{\n{_lines(_item(entry), 6)}\n    }}" for entry in feed.entries)
    return f'{{\n{_lines(_channel(feed), 2)},\n  "items": [\n{items}\n  ]\n}}\n'


def _legal(text: str) -> str:
    """The same document without characters that XML forbids; only the slow way is sure of what is one."""
    from feedwright.text import FORBIDDEN

    def legal(value: Any) -> Any:
        if isinstance(value, str):
            return FORBIDDEN.sub("\ufffd", value)
        if isinstance(value, list):
            return [legal(one) for one in value]
        return {key: legal(one) for key, one in value.items()} if isinstance(value, dict) else value

    document: dict[str, Any] = legal(json.loads(text))
    items = ",\n".join(f"    {{\n{_lines(item, 6)}\n    }}" for item in document.pop("items"))
    return f'{{\n{_lines(document, 2)},\n  "items": [\n{items}\n  ]\n}}\n'


def _lines(facts: Mapping[str, object], indent: int) -> str:
    """The facts that there are, one a line: what changes in a feed is then a line of a diff."""
    told = {name: value for name, value in facts.items() if value not in (None, [], "")}
    return ",\n".join(
        f"{' ' * indent}{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}"
        for name, value in told.items()
    )


def _channel(feed: Feed) -> dict[str, object]:
    title = feed.title or feed.link
    return {
        "version": VERSION,
        "title": title,
        "home_page_url": feed.link,
        "feed_url": feed.url + FILE,
        "description": feed.description or title,
        "icon": feed.logo or feed.icon,
        "favicon": feed.icon,
        "authors": [_author(feed.author)],
        "language": feed.language,
        "hubs": [{"type": "WebSub", "url": feed.hub}] if feed.hub else None,
        "_feedwright": {"id": feed.id},
    }


def _item(entry: Entry) -> dict[str, object]:
    from feedwright.formats.wire import exact

    title = entry.title or entry.link
    summary = entry.summary or title
    published, updated = exact(entry.published).isoformat(), exact(entry.updated).isoformat()
    return {
        "id": entry.id,
        "url": entry.link,
        "title": title,
        "image": entry.thumbnail.url if entry.thumbnail else None,
        "date_published": published,
        "date_modified": updated if updated != published else None,
        "authors": [_author(author) for author in entry.authors],
        "tags": list(dict.fromkeys(term.label for term in entry.categories)),
        "summary": summary,
        "content_html": entry.content,
        # an item without any content is none (JSON Feed 1.1, items)
        "content_text": None if entry.content else summary,
        "attachments": [_attachment(entry.enclosure)] if entry.enclosure else None,
    }


def _author(author: Author) -> dict[str, str]:
    return {"name": author.name, "url": author.uri} if author.uri else {"name": author.name}


def _attachment(enclosure: Enclosure) -> dict[str, object]:
    size = {"size_in_bytes": enclosure.length} if enclosure.length else {}
    return {"url": enclosure.url, "mime_type": enclosure.type, **size}


# ---- the last look before it is published -----------------------------------------------------------------


def check(document: Document) -> tuple[str, ...]:
    """What is wrong with the bytes of a JSON Feed document, as messages; nothing when all is well.

    Looks for: JSON in UTF-8, keys that JSON Feed 1.1 requires and keys that it does not know, texts that are
    empty, ids that occur once, dates of RFC 3339, absolute URLs, attachments with a type.
    """
    try:
        whole = json.loads(document.data.decode())
        found = list(_faults(whole))
    except (ValueError, RecursionError) as error:
        found = [f"no JSON in UTF-8: {error}"]
    return tuple(f"{document.path}: {message}" for message in found)


_FEED_KEYS = {"version", "title", "home_page_url", "feed_url", "description", "icon", "favicon", "authors"}
_FEED_KEYS |= {"language", "hubs", "items", "_feedwright"}
_ITEM_KEYS = {"id", "url", "title", "image", "date_published", "date_modified", "authors", "tags", "summary"}
_ITEM_KEYS |= {"content_html", "content_text", "attachments"}


def _faults(whole: Any) -> Iterator[str]:
    if not isinstance(whole, dict) or whole.get("version") != VERSION:
        yield "not JSON Feed 1.1"
        return
    yield from _keys(whole, _FEED_KEYS, ("title", "home_page_url", "feed_url", "items"), "feed")
    hubs = [hub.get("url") for hub in _list(whole, "hubs")]
    addresses = [whole.get(name) for name in ("home_page_url", "feed_url", "icon", "favicon")]
    yield from _addresses([*addresses, *hubs, *_links(whole)], "feed")
    items = _list(whole, "items")
    for name, count in Counter(item.get("id") for item in items).items():
        if count > 1:
            yield f"{name!r} is the id of {count} items"
    for item in items:
        yield from _item_faults(item, f"item {item.get('id')!r}")


def _item_faults(item: Mapping[str, Any], where: str) -> Iterator[str]:
    from feedwright.formats.wire import rfc3339

    wanted = ("id", "url", "title", "date_published", "summary")
    yield from _keys(item, _ITEM_KEYS, wanted, where)
    if ("content_html" in item) == ("content_text" in item):
        yield f"{where}: not one of content_html and content_text"
    for name in ("date_published", "date_modified"):
        if name in item:
            try:
                rfc3339(str(item[name]))
            except ValueError as error:
                yield f"{where}: {error}"
    files = _list(item, "attachments")
    yield from _addresses([item.get("url"), item.get("image"), *_links(item)], where)
    yield from _addresses([one.get("url", "") for one in files], where)
    for one in files:
        if "/" not in str(one.get("mime_type", "")):
            yield f"{where}: attachment without a media type"


def _keys(facts: Mapping[str, Any], known: set[str], wanted: Sequence[str], where: str) -> Iterator[str]:
    for name in wanted:
        if not facts.get(name) and not (name == "items" and facts.get(name) == []):
            yield f"{where}: no {name}"
    for name, value in facts.items():
        if name not in known:
            yield f"{where}: {name!r} is no key of JSON Feed 1.1"
        elif isinstance(value, str) and not value.strip():
            yield f"{where}: {name} is empty"


def _list(facts: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = facts.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ValueError(f"{name} is no list of objects")
    return found


def _links(facts: Mapping[str, Any]) -> list[object]:
    return [author["url"] for author in _list(facts, "authors") if "url" in author]


def _addresses(addresses: Sequence[object], where: str) -> Iterator[str]:
    from feedwright.formats.wire import web

    for address in addresses:
        try:
            if address is not None:
                web(str(address))
        except ValueError as error:
            yield f"{where}: {error}"


# ---- reading back ---------------------------------------------------------------------------------------


def read(data: bytes) -> PublishedFeed:
    """Return the feed in a JSON Feed document that feedwright wrote.

    It leaves out the feed's `path`, `ttl` and copyright, terms and schemes of categories (each label is there
    once), e-mail addresses, size and type of a thumbnail; a feed's only icon comes back as the logo too. A
    title, description or summary that was empty comes back as what stood in for it. Raises ValueError, with
    one line that says why, for anything else.
    """
    from feedwright.formats.wire import folder
    from feedwright.model import PublishedFeed

    try:
        whole = json.loads(data.decode())
    except (ValueError, RecursionError) as error:
        raise ValueError(f"it is no JSON in UTF-8: {error}") from error
    if not isinstance(whole, dict) or whole.get("version") != VERSION:
        raise ValueError("it is no JSON Feed 1.1")
    entries = _each(_read_item, _list(whole, "items"))
    for name, count in Counter(entry.id for entry in entries).items():
        if count > 1:
            raise ValueError(f"{name[:80]!r} is the id of {count} entries")
    if not entries:
        raise ValueError("it has no items")
    authors, hubs = _list(whole, "authors"), _list(whole, "hubs")
    return PublishedFeed(
        id=_text(_own(whole), "id"),
        url=folder(_address(whole, "feed_url")),
        link=_address(whole, "home_page_url"),
        title=_text(whole, "title"),
        description=_text(whole, "description"),
        language=_text(whole, "language") if "language" in whole else "",
        updated=max(entry.updated or entry.published for entry in entries),
        author=_read_author(authors[0]) if authors else None,
        entries=entries,
        icon=_maybe(whole, "favicon", _address),
        logo=_maybe(whole, "icon", _address),
        hub=_address(hubs[0], "url") if hubs else None,
    )


def _each(
    function: Callable[[Mapping[str, Any]], PublishedEntry], items: Sequence[Mapping[str, Any]]
) -> tuple[PublishedEntry, ...]:
    entries = []
    for number, item in enumerate(items, start=1):
        try:
            entries.append(function(item))
        except ValueError as error:
            raise ValueError(f"item {number}: {error}") from error
    return tuple(entries)


def _read_item(item: Mapping[str, Any]) -> PublishedEntry:
    from feedwright.formats.wire import rfc3339
    from feedwright.model import PublishedEntry, Term, Thumbnail

    published = _text(item, "date_published")
    image = _maybe(item, "image", _address)
    files = _list(item, "attachments")
    if len(files) > 1:
        raise ValueError(f"{len(files)} attachments instead of one")
    return PublishedEntry(
        id=_text(item, "id"),
        title=_text(item, "title"),
        link=_address(item, "url"),
        published=rfc3339(published),
        updated=rfc3339(_maybe(item, "date_modified", _text) or published),
        authors=tuple(map(_read_author, _list(item, "authors"))),
        categories=tuple(Term(term="", label=label, scheme="") for label in _labels(item.get("tags", []))),
        summary=_text(item, "summary"),
        content=_maybe(item, "content_html", _text),
        thumbnail=Thumbnail(url=image, type="") if image else None,
        enclosure=next(map(_read_attachment, files), None),
    )


def _own(whole: Mapping[str, Any]) -> Mapping[str, Any]:
    found = whole.get("_feedwright")
    if not isinstance(found, dict):
        raise ValueError("it is not of feedwright's making")
    return found


def _read_author(author: Mapping[str, Any]) -> Author:
    from feedwright.model import Author

    return Author(name=_text(author, "name"), uri=_maybe(author, "url", _address))


def _read_attachment(one: Mapping[str, Any]) -> Enclosure:
    from feedwright.model import Enclosure

    length = one.get("size_in_bytes", 0)
    if not isinstance(length, int) or isinstance(length, bool) or length < 0:
        raise ValueError(f"{str(length)[:80]!r} is no number of bytes")
    return Enclosure(url=_address(one, "url"), type=_text(one, "mime_type"), length=length)


def _maybe(
    facts: Mapping[str, Any], name: str, function: Callable[[Mapping[str, Any], str], _T]
) -> _T | None:
    return function(facts, name) if name in facts else None


def _text(facts: Mapping[str, Any], name: str) -> str:
    value = facts.get(name)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} is no text")
    return value


def _address(facts: Mapping[str, Any], name: str) -> str:
    from feedwright.formats.wire import web

    return web(_text(facts, name))


def _labels(values: object) -> list[str]:
    if not isinstance(values, list) or not all(isinstance(value, str) and value for value in values):
        raise ValueError("tags is no list of texts")
    return values
