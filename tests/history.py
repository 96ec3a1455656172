"""The life of a site: what its writer means, what is written, and what its subscribers must see."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from feedwright.commands.build import build_here
from feedwright.commands.context import Context, Options
from feedwright.model import replace
from feedwright.problems import GuardError
from readers import StatefulReader, Subscriber, mark
from sites import NOW, URL, Folder, text

if TYPE_CHECKING:
    from pathlib import Path

    from feedwright import Outcome

FILES = {"rss": "rss.xml", "atom": "atom.xml"}
START = datetime(2025, 1, 1, 9, tzinfo=UTC)
CHINA = timedelta(hours=8)
BROKEN: dict[str, Callable[[str], str]] = {
    "title": lambda whole: re.sub("(?m)^title: .*", "title: a: b", whole),
    "date": lambda whole: re.sub("(?m)^date: .*", "date: tomorrow", whole),
    "emptied": lambda whole: "",
    "no front matter": lambda whole: whole.rpartition("---\n")[2],
    "body": lambda whole: whole + "<div>" * 600,
}


UNTOLD = ("emptied", "no front matter")
"""What is broken so that at most one of title, date and text is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """An article as its writer means it; `date` is as it is written, `broken` names what is wrong now."""

    name: str
    path: str
    title: str
    date: str
    words: str = "Text"
    categories: tuple[tuple[str, ...], ...] = ()
    tags: tuple[str, ...] = ()
    author: str = ""
    updated: str = ""
    draft: bool = False
    broken: str = ""
    guid: str = ""
    expires: str = ""

    @property
    def instant(self) -> int:
        """When it was published, in seconds since 1970; without a zone that is UTC."""
        found = datetime.fromisoformat(self.date)
        return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())

    @property
    def folders(self) -> set[str]:
        """The folders of all feeds it belongs to."""
        levels = {path[:depth] for path in self.categories for depth in range(1, len(path) + 1)}
        categories = {"".join(f"{label.casefold()}/" for label in level) for level in levels}
        authors = {f"authors/{self.author.casefold()}/"} if self.author else set()
        return {"", *categories, *authors, *(f"tags/{tag.casefold()}/" for tag in self.tags)}

    def written(self) -> str:
        """The file."""
        facts = {
            "categories": str([list(path) for path in self.categories]) if self.categories else "",
            "tags": str(list(self.tags)) if self.tags else "",
            "author": self.author,
            "updated": self.updated,
            "draft": "true" if self.draft else "",
            "guid": self.guid,
            "expires": self.expires,
        }
        body = f"<p>{self.words} {mark(self.name)}</p>"
        whole = text(self.title, self.date, body, **{name: fact for name, fact in facts.items() if fact})
        return BROKEN[self.broken](whole) if self.broken else whole


@dataclass
class Site:
    """A site, its twin that is built with a cache, and the subscribers of all its feeds.

    `told` is what readers have been told last of every article that is still there. `away` are the beginnings
    of the paths of articles that are not there now, `others` the texts of files that are no articles of their
    own, and `was` the former folders of feeds. `form` makes the bytes of a file.
    """

    folder: Folder
    twin: Folder
    pieces: dict[str, Piece] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    url: str = URL
    subscriber: Subscriber = field(default_factory=Subscriber)
    readers: tuple[StatefulReader, ...] = ()
    told: dict[str, Piece] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)
    formats: tuple[str, ...] = ("rss", "atom")
    limit: int = 8
    policy: str = "first"
    now: datetime = NOW
    away: tuple[str, ...] = ()
    others: dict[str, str] = field(default_factory=dict)
    was: dict[str, str] = field(default_factory=dict)
    taxonomies: tuple[str, ...] = ("categories", "tags", "authors")
    form: Callable[[str], bytes] = str.encode
    refused: int = 0
    _files: dict[str, bytes] = field(default_factory=dict)

    def add(self, piece: Piece) -> None:
        """Write a new article."""
        self.pieces[piece.name] = piece

    def change(self, *names: str, **facts: Any) -> None:
        """Edit articles."""
        for name in names:
            self.pieces[name] = replace(self.pieces[name], **facts)

    def state(self) -> tuple[object, ...]:
        """Return all that an edit may change."""
        site = (self.url, self.formats, self.limit, self.policy, self.now)
        files = (dict(self.pieces), dict(self.others), self.away, self.form)
        return (*site, *files, dict(self.settings), dict(self.was), self.taxonomies)

    def is_there(self, piece: Piece) -> bool:
        """Whether the article's file is there, and neither a draft, due later nor expired."""
        is_over = bool(piece.expires) and datetime.fromisoformat(piece.expires) <= self.now
        is_due = piece.instant <= self.now.timestamp()
        return is_due and not (is_over or piece.draft or piece.path.startswith(self.away or ("\0",)))

    def build(self) -> list[str]:
        """Build both sites and return whatever hurts a subscriber."""
        self._save()
        before = self.folder.published()
        outcome = self._built()
        if outcome is not None:
            return self._judged(outcome)
        self.refused += 1
        assert self.folder.published() == before
        return []

    def _save(self) -> None:
        there = [piece for piece in self.pieces.values() if not piece.path.startswith(self.away or ("\0",))]
        texts = {piece.path: piece.written() for piece in there} | self.others
        files = {path: self.form(text) for path, text in texts.items()}
        for folder in (self.folder, self.twin):
            for path in self._files.keys() - files.keys():
                (folder.content / path).unlink()
            for path, data in files.items():
                if self._files.get(path) != data:
                    folder.write(path, data)
        self._files = files

    def _built(self) -> Outcome | None:
        rows = {**self.settings, "formats": str(list(self.formats)), "limit": str(self.limit)}
        rows["taxonomies"] = str(list(self.taxonomies))
        config = "".join(f"{name} = {value}\n" for name, value in rows.items())
        (self.twin.root / "feedwright.toml").write_text(config, "utf-8")
        plain = _try(lambda: self.folder.build(config, flags={"url": self.url}, now=self.now))
        done = _try(self._by_command)
        assert self.folder.published() == self.twin.published()
        if isinstance(plain, GuardError) or isinstance(done, GuardError):
            assert (type(plain), getattr(plain, "code", "")) == (type(done), getattr(done, "code", ""))
            return None
        assert done.written == plain.written
        return done

    def _by_command(self) -> Outcome:
        return build_here(
            Context(
                Options(url=self.url, jobs=1),
                {"FEEDWRIGHT_TIMEZONE": "UTC"},
                str(self.twin.root),
                now=self.now,
                began=time.time_ns(),
                notify=lambda message: None,
            )
        )

    def _judged(self, outcome: Outcome) -> list[str]:
        documents = {p: data for p, data in self.folder.published().items() if p.endswith(".xml")}
        harms = self.subscriber.poll(documents)
        for reader in self.readers:
            harms += reader.poll(self.folder.output, sorted(documents))
        expected = self._expected()
        live = {folder + FILES[name]: rows for folder, rows in expected.items() for name in self.formats}
        found = {*outcome.written, *outcome.unchanged}
        if found != live.keys():
            harms.append(f"other feeds than there should be: {sorted(found ^ live.keys())}")
        for address, names in sorted(live.items()):
            harms += self._differences(address, names)
        self.shown = {name for names in expected.values() for name in names}
        return harms

    def _expected(self) -> dict[str, list[str]]:
        """The articles that each feed must show, by its folder, newest first."""
        self.told = {
            name: self.told[name] if piece.broken else piece
            for name, piece in self.pieces.items()
            if self.is_there(piece) and (not piece.broken or name in self.shown)
        }
        shelves: defaultdict[str, list[str]] = defaultdict(list)
        for name, piece in sorted(self.told.items(), key=lambda row: -row[1].instant):
            for folder in filter(self._is_made, piece.folders):
                shelves[folder].append(name)
        for folder, former in self.was.items():
            shelves[former] = shelves[folder]
        return {folder: names[: self.limit] for folder, names in shelves.items()}

    def _is_made(self, folder: str) -> bool:
        own = folder.partition("/")[0]
        return own not in ("tags", "authors") or own in self.taxonomies

    def _differences(self, address: str, names: list[str]) -> list[str]:
        shown = self.subscriber.shown.get(address, {})
        harms = [f"{address}: {name} is lost" for name in names if name not in shown]
        harms += [f"{address}: {name} should not be there" for name in shown if name not in names]
        for name in shown.keys() & set(names):
            item, piece = shown[name], self.told[name]
            if (item.title, item.published) != (piece.title, piece.instant):
                harms.append(f"{address}: {name} is not as it was last: {item}")
        if not harms and list(shown) != names:
            harms.append(f"{address}: not newest first: {list(shown)}")
        return harms


def _try(build: Callable[[], Outcome]) -> Outcome | GuardError:
    try:
        return build()
    except GuardError as error:
        return error


def empty(root: Path) -> Site:
    """A site without articles, and its twin."""
    (root / "plain").mkdir()
    (root / "cached").mkdir()
    found = Site(folder=Folder(root / "plain"), twin=Folder(root / "cached"))
    found.settings = {"title": '"茶与路"', "sanitizer": '"nh3"'}
    return found


def written(moment: datetime, form: int) -> str:
    """The same moment with a zone, in another zone, without one."""
    return (
        f"{moment:%Y-%m-%d %H:%M:%S}+00:00",
        f"{moment + CHINA:%Y-%m-%d %H:%M:%S}+08:00",
        f"{moment:%Y-%m-%d %H:%M:%S}",
    )[form % 3]
