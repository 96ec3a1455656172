"""JSON Feed 1.1 (jsonfeed.org/version/1.1).

The key `_feedwright` is an extension by the rules of the specification: it holds the feed's id, for which
JSON Feed has no key.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from feedwright.formats.wire import exact, legal
from feedwright.model import Author, Entry, Feed, PublishedFeed, SiteIndex

NAME = "json"
LABEL = "JSON Feed"
FILE = "feed.json"
MEDIA_TYPE = "application/feed+json"
MARK = b'"_feedwright"'
ORDER = 3
DEFAULT = True
NEEDS = ("feedwright.formats.json_reader",)
OPML_VERSION = "JSON"
FIDELITY = 2
VERSION = "https://jsonfeed.org/version/1.1"

_encode = json.JSONEncoder(ensure_ascii=False).encode  # json.dumps would make an encoder for each call
_SUSPECT = ("\\u00", "\ufffe", "\uffff")
"""What JSON text has where a string may hold a character that XML forbids; surrogates cannot be encoded."""


def read(data: bytes) -> PublishedFeed:
    """The feed in a document; see `json_reader.read`."""
    from feedwright.formats import json_reader

    return json_reader.read(data)


def render(feed: Feed, index: SiteIndex) -> bytes:
    """The feed as a JSON Feed 1.1 document in UTF-8, one key a line.

    Characters that XML 1.0 forbids become U+FFFD, as in the other formats: all carry the same texts.
    """
    text = _write(feed)
    try:
        if not any(suspect in text for suspect in _SUSPECT):  # a regular expression takes 20 times as long
            return text.encode()
    except UnicodeEncodeError:
        pass
    return _write(legal(feed)).encode()


def _write(feed: Feed) -> str:
    items = ",\n".join(f"    {{\n{_lines(_item(entry), 6)}\n    }}" for entry in feed.entries)
    return f'{{\n{_lines(_channel(feed), 2)},\n  "items": [\n{items}\n  ]\n}}\n'


def _lines(members: Mapping[str, object], indent: int) -> str:
    """The members that have a value, one a line, so that a change in a feed is a line of a diff."""
    present = {name: value for name, value in members.items() if value not in (None, [], "")}
    return ",\n".join(f'{" " * indent}"{name}": {_encode(value)}' for name, value in present.items())


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
        "authors": [_author(author) for author in entry.authors],
        "tags": list(dict.fromkeys(term.label for term in entry.categories)),
        "summary": summary,
        "content_html": entry.content,
        # every item needs content of one kind (JSON Feed 1.1, items)
        "content_text": None if entry.content else summary,
        "attachments": [{"url": file.url, "mime_type": file.type, **size}] if file else None,
    }


def _author(author: Author) -> dict[str, str]:
    return {"name": author.name, "url": author.uri} if author.uri else {"name": author.name}
