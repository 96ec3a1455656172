"""A subscriber to every feed of a site, who remembers everything that feed readers remember."""

from __future__ import annotations

import re
from calendar import timegm
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import feedparser

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MARK = re.compile(r"mark-(\w+)")


def mark(name: str) -> str:
    """Return the words in an article's text by which it is recognized, whatever its id."""
    return f"mark-{name}"


class Item(NamedTuple):
    """An article as a feed reader lists it; `published` is in seconds since 1970."""

    id: str
    title: str
    link: str
    published: int


@dataclass
class Subscriber:
    """Polls feeds by address; `shown` has the current items of each, by the article's mark.

    `ids` has the id under which each article was first seen in any feed: some readers mark an article as
    read in all feeds at once.
    """

    shown: dict[str, dict[str, Item]] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    _answers: dict[str, bytes] = field(default_factory=dict)

    def poll(self, documents: Mapping[str, bytes]) -> list[str]:
        """Read the changed documents; return all harm: feeds gone or malformed, articles unread again."""
        gone = [f"{address}: gone" for address in sorted(self._answers.keys() - documents.keys())]
        fresh = {address: data for address, data in documents.items() if self._answers.get(address) != data}
        self._answers = dict(documents)
        return gone + [harm for address, data in sorted(fresh.items()) for harm in self._read(address, data)]

    def _read(self, address: str, data: bytes) -> Iterator[str]:
        feed = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
        if feed.bozo:
            yield f"{address}: malformed: {feed.bozo_exception}"
        items: dict[str, Item] = {}
        for entry in feed.entries:
            name, item = _name(entry), _item(entry)
            if name in items:
                yield f"{address}: {name} is there twice"
            items[name] = item
            if self.ids.setdefault(name, item.id) != item.id:
                yield f"{address}: {name} re-marked as unread: was {self.ids[name]}, is {item.id}"
            if self.owners.setdefault(item.id, name) != name:
                yield f"{address}: {name} has the id of {self.owners[item.id]}: {item.id}"
        self.shown[address] = items


def _name(entry: Any) -> str:
    text = entry.content[0].value if "content" in entry else entry.summary
    found = _MARK.search(text)
    assert found, f"nobody knows this article: {entry.id} {text[:200]}"
    return found[1]


def _item(entry: Any) -> Item:
    return Item(id=entry.id, title=entry.title, link=entry.link, published=timegm(entry.published_parsed))
