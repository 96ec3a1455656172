"""Subscribers to every feed of a site: one that remembers what all readers do, and two real readers."""

from __future__ import annotations

import re
import sqlite3
import subprocess
from calendar import timegm
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import feedparser

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

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
    return _mark_in(entry.content[0].value if "content" in entry else entry.summary)


def _mark_in(text: str) -> str:
    found = _MARK.search(text)
    assert found, f"nobody knows this article: {text[:200]}"
    return found[1]


def _item(entry: Any) -> Item:
    return Item(id=entry.id, title=entry.title, link=entry.link, published=timegm(entry.published_parsed))


class StatefulReader(Protocol):
    """A reader with a memory of what was read; `known` are the marks of all articles in it."""

    known: set[str]

    def poll(self, folder: Path, documents: Sequence[str]) -> list[str]:
        """Read the feeds in the folder; return every article that is unread again, and read all."""
        ...

    def close(self) -> None: ...


class Newsboat:
    """newsboat, the command; an article is one, in however many feeds it is."""

    def __init__(self, home: Path) -> None:
        home.mkdir()
        self.known: set[str] = set()
        self._urls, self._config, self._cache = home / "urls", home / "config", home / "cache.db"
        self._config.touch()

    def poll(self, folder: Path, documents: Sequence[str]) -> list[str]:
        self._urls.write_text("".join(f"{(folder / name).as_uri()}\n" for name in documents), "utf-8")
        files = map(str, ("-u", self._urls, "-C", self._config, "-c", self._cache))
        subprocess.run(["newsboat", *files, "-x", "reload"], check=True, stdout=subprocess.DEVNULL)
        with closing(sqlite3.connect(self._cache)) as database, database:
            rows = database.execute("select content, guid from rss_item where unread = 1").fetchall()
            database.execute("update rss_item set unread = 0")
        names = {_mark_in(content): guid for content, guid in rows}
        again = [f"newsboat: {name} is unread again: {names[name]}" for name in names.keys() & self.known]
        self.known |= names.keys()
        return again

    def close(self) -> None:
        """Nothing is open."""


class LemonReader:
    """lemon24's reader, the library; an article is one in each feed."""

    def __init__(self, folder: Path) -> None:
        from reader import make_reader

        self.known: set[str] = set()
        self._reader = make_reader(":memory:", feed_root=str(folder))
        self._read: set[tuple[str, str]] = set()

    def poll(self, folder: Path, documents: Sequence[str]) -> list[str]:
        again = []
        for name in documents:
            self._reader.add_feed(name, exist_ok=True)
        self._reader.update_feeds(scheduled=False)
        for entry in list(self._reader.get_entries(read=False)):
            key = (entry.feed_url, _mark_in(entry.content[0].value if entry.content else entry.summary or ""))
            if key in self._read:
                again.append(f"reader: {key} is unread again: {entry.id}")
            self._read.add(key)
            self._reader.mark_entry_as_read(entry)
        self.known |= {name for _, name in self._read}
        return again

    def close(self) -> None:
        """Forget everything."""
        self._reader.close()
