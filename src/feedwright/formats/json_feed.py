"""JSON Feed 1.1 (jsonfeed.org/version/1.1).

The key `_feedwright` is an extension by the rules of the specification: it holds the feed's id, for which
JSON Feed has no key. Door to msgspec's JSON.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, MsgspecError, Struct, field
from msgspec.json import Decoder

from feedwright.formats.parts import Parts
from feedwright.formats.wire import (
    archive_links,
    exact,
    folder,
    legal,
    other_language,
    own_address,
    read_entries,
    read_rfc3339,
    web,
)
from feedwright.model import (
    Author,
    Enclosure,
    Entry,
    Feed,
    PublishedEntry,
    PublishedFeed,
    SiteIndex,
    Term,
    Thumbnail,
)

NAME = "json"
LABEL = "JSON Feed"
FILE = "feed.json"
MEDIA_TYPE = "application/feed+json"
MARK = b'"_feedwright"'
ORDER = 3
FIDELITY = 2
SHOWS_CONTENT = True
PARTS = Parts(entry=b"    {\n", between=b",\n", end=b"\n  ]\n}\n")

_encode = json.JSONEncoder(ensure_ascii=False).encode  # json.dumps would make an encoder for each call
_SUSPECT = ("\\u00", "\\b", "\\f", "\ufffe", "\uffff")
"""What JSON text has where a string may hold a character that XML forbids; surrogates cannot be encoded."""


def render(feed: Feed, index: SiteIndex) -> bytes:
    """The feed as a JSON Feed 1.1 document in UTF-8, one key a line.

    Characters that XML 1.0 forbids become U+FFFD, as in the other formats: all carry the same texts.
    """
    text = _write(feed, index)
    try:
        if not any(suspect in text for suspect in _SUSPECT):  # a regular expression takes 20 times as long
            return text.encode()
    except UnicodeEncodeError:
        pass
    return _write(legal(feed), index).encode()


def _write(feed: Feed, index: SiteIndex) -> str:
    items = ",\n".join(f"    {{\n{_lines(_item(entry, feed), 6)}\n    }}" for entry in feed.entries)
    return f'{{\n{_lines(_channel(feed, index), 2)},\n  "items": [\n{items}\n  ]\n}}\n'


def _lines(members: Mapping[str, object], indent: int) -> str:
    """The members that have a value, one a line, so that a change in a feed is a line of a diff."""
    present = {name: value for name, value in members.items() if value not in (None, [], "")}
    return ",\n".join(f'{" " * indent}"{name}": {_encode(value)}' for name, value in present.items())


def _channel(feed: Feed, index: SiteIndex) -> dict[str, object]:
    title = feed.title or feed.link
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": feed.link,
        "feed_url": own_address(feed, index, NAME, FILE, MEDIA_TYPE)[0],
        "next_url": archive_links(feed, FILE).get("prev-archive"),
        "description": feed.description or title,
        "icon": feed.logo or feed.icon,
        "favicon": feed.icon,
        "authors": [_person(feed.author)],
        "language": feed.language,
        "hubs": [{"type": "WebSub", "url": feed.hub}] if feed.hub else None,
        "_feedwright": {"id": feed.id},
    }


def _item(entry: Entry, feed: Feed) -> dict[str, object]:
    title = entry.title or entry.link
    summary = entry.summary or title
    file = entry.enclosure
    size = {"size_in_bytes": file.length} if file and file.length else {}
    published, updated = exact(entry.published).isoformat(), exact(entry.updated).isoformat()
    return {
        "id": entry.id,
        "url": entry.link,
        "title": title,
        "image": entry.thumbnail.url if entry.thumbnail else None,
        "date_published": published,
        "date_modified": updated if updated != published else None,
        "authors": [_person(author) for author in entry.authors],
        "language": other_language(entry, feed),
        "tags": list(dict.fromkeys(term.label for term in entry.categories)),
        "summary": summary,
        "content_html": entry.content,
        # every item needs content of one kind (JSON Feed 1.1, items)
        "content_text": None if entry.content else summary,
        "attachments": [{"url": file.url, "mime_type": file.type, **size}] if file else None,
    }


def _person(author: Author) -> dict[str, str]:
    return {"name": author.name, "url": author.uri} if author.uri else {"name": author.name}


_Text = Annotated[str, Meta(pattern=r"\S")]


class _Author(Struct):
    name: _Text
    url: _Text = ""


class _Attachment(Struct):
    url: _Text
    mime_type: Annotated[str, Meta(pattern="/")]
    size_in_bytes: Annotated[int, Meta(ge=0)] = 0


class _Item(Struct):
    id: _Text
    url: _Text
    title: _Text
    date_published: _Text
    summary: _Text
    image: _Text = ""
    date_modified: _Text = ""
    authors: tuple[_Author, ...] = ()
    language: _Text = ""
    tags: tuple[_Text, ...] = ()
    content_html: str | None = None
    content_text: str | None = None
    attachments: Annotated[tuple[_Attachment, ...], Meta(max_length=1)] = ()


class _Hub(Struct):
    url: _Text


class _Extension(Struct):
    id: _Text


class _Feed(Struct):
    version: Literal["https://jsonfeed.org/version/1.1"]
    title: _Text
    home_page_url: _Text
    feed_url: _Text
    description: _Text
    extension: _Extension = field(name="_feedwright")
    items: Annotated[tuple[_Item, ...], Meta(min_length=1)]
    icon: _Text = ""
    favicon: _Text = ""
    authors: tuple[_Author, ...] = ()
    language: _Text = ""
    hubs: tuple[_Hub, ...] = ()


_DECODER = Decoder(_Feed)


def read(data: bytes) -> PublishedFeed:
    """The feed in a JSON Feed document that feedwright wrote.

    It leaves out the feed's `path`, `ttl` and copyright, terms and schemes of categories (each label is there
    once), e-mail addresses, size and type of a thumbnail; a feed's only icon comes back as the logo too. A
    title, description or summary that was empty comes back as the text that stood in for it.

    Unknown keys are passed over, as the specification asks. Raises ValueError with a one-line reason for
    anything else: broken JSON, another version, keys that are missing, blank or of another type, an item
    without content or with two, broken dates, addresses that are not http(s), an id of two items, no items.
    """
    try:
        feed = _DECODER.decode(data)
    except (MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"it is not a JSON Feed 1.1 of feedwright's: {error}") from error
    entries = read_entries(_entry, feed.items, "item")
    return PublishedFeed(
        id=feed.extension.id,
        url=folder(web(feed.feed_url)),
        link=web(feed.home_page_url),
        title=feed.title,
        description=feed.description,
        language=feed.language,
        updated=max(entry.updated or entry.published for entry in entries),
        author=next(map(_author, feed.authors), None),
        entries=entries,
        icon=_optional(feed.favicon),
        logo=_optional(feed.icon),
        hub=next((web(hub.url) for hub in feed.hubs), None),
    )


def _entry(item: _Item) -> PublishedEntry:
    if bool(item.content_html) == bool(item.content_text):
        raise ValueError("must have either content_html or content_text")
    image = _optional(item.image)
    files = [Enclosure(url=web(f.url), type=f.mime_type, length=f.size_in_bytes) for f in item.attachments]
    return PublishedEntry(
        id=item.id,
        title=item.title,
        link=web(item.url),
        published=read_rfc3339(item.date_published),
        updated=read_rfc3339(item.date_modified or item.date_published),
        authors=tuple([_author(author) for author in item.authors]),
        categories=tuple([Term(term="", label=tag, scheme="") for tag in item.tags]),
        summary=item.summary,
        content=item.content_html,
        thumbnail=Thumbnail(url=image, type="") if image else None,
        enclosure=next(iter(files), None),
        language=item.language,
    )


def _author(author: _Author) -> Author:
    return Author(name=author.name, uri=_optional(author.url))


def _optional(address: str) -> str | None:
    return web(address) if address else None
