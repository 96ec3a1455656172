"""The life of a site as its subscribers see it: whatever is edited, nothing is re-marked as unread or lost.

A build may refuse to publish instead (exit 4); then nothing on disk has changed.
"""

from __future__ import annotations

import re
import shutil
import time
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from feedwright.cache import fingerprint
from feedwright.commands.build import build_here
from feedwright.commands.context import Context, Options
from feedwright.disk import CACHE_FOLDER
from feedwright.problems import GuardError
from readers import Subscriber, mark
from sites import NOW, URL, Folder, text

if TYPE_CHECKING:
    from collections.abc import Callable
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
        }
        body = f"<p>{self.words} {mark(self.name)}</p>"
        whole = text(self.title, self.date, body, **{name: fact for name, fact in facts.items() if fact})
        return BROKEN[self.broken](whole) if self.broken else whole


@dataclass
class Site:
    """A site, its twin that is built with a cache, and a subscriber of all its feeds.

    `told` is what readers have been told last of every article that is still there.
    """

    folder: Folder
    twin: Folder
    pieces: dict[str, Piece] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    url: str = URL
    subscriber: Subscriber = field(default_factory=Subscriber)
    told: dict[str, Piece] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)
    formats: tuple[str, ...] = ("rss", "atom")
    limit: int = 8
    policy: str = "first"
    refused: int = 0
    _files: dict[str, str] = field(default_factory=dict)

    def add(self, piece: Piece) -> None:
        """Write a new article."""
        self.pieces[piece.name] = piece

    def change(self, *names: str, **facts: Any) -> None:
        """Edit articles."""
        for name in names:
            self.pieces[name] = replace(self.pieces[name], **facts)

    def state(self) -> tuple[object, ...]:
        """Return all that an edit may change."""
        return dict(self.pieces), dict(self.settings), self.url, self.formats, self.limit, self.policy

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
        files = {piece.path: piece.written() for piece in self.pieces.values()}
        for folder in (self.folder, self.twin):
            for path in self._files.keys() - files.keys():
                (folder.content / path).unlink()
            for path, data in files.items():
                if self._files.get(path) != data:
                    folder.write(path, data)
        self._files = files

    def _built(self) -> Outcome | None:
        rows = {**self.settings, "formats": str(list(self.formats)), "limit": str(self.limit)}
        config = "".join(f"{name} = {value}\n" for name, value in rows.items())
        (self.twin.root / "feedwright.toml").write_text(config, "utf-8")
        plain = _try(lambda: self.folder.build(config, flags={"url": self.url}))
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
                now=NOW,
                began=time.time_ns(),
                notify=lambda message: None,
            )
        )

    def _judged(self, outcome: Outcome) -> list[str]:
        documents = {p: data for p, data in self.folder.published().items() if p.endswith(".xml")}
        harms = self.subscriber.poll(documents)
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
            if not piece.draft and (not piece.broken or name in self.shown)
        }
        shelves: defaultdict[str, list[str]] = defaultdict(list)
        for name, piece in sorted(self.told.items(), key=lambda row: -row[1].instant):
            for folder in piece.folders:
                shelves[folder].append(name)
        return {folder: names[: self.limit] for folder, names in shelves.items()}

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


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return _empty(tmp_path)


def _empty(root: Path) -> Site:
    (root / "plain").mkdir()
    (root / "cached").mkdir()
    found = Site(folder=Folder(root / "plain"), twin=Folder(root / "cached"))
    found.settings = {
        "title": '"茶与路"',
        "sanitizer": '"nh3"',
        "taxonomies": '["categories", "tags", "authors"]',
    }
    return found


# A site of 200 articles and what happens to it

CATEGORIES: tuple[tuple[tuple[str, ...], ...], ...] = (
    (("Tech",),),
    (("Tech", "Web"),),
    (("Life",),),
    (("生活", "茶"),),
    (("Travel",), ("Life",)),
    (),
    (("Tech", "Web"), ("生活",)),
)


def _written(moment: datetime, form: int) -> str:
    """The same moment with a zone, in another zone, without one."""
    return (
        f"{moment:%Y-%m-%d %H:%M:%S}+00:00",
        f"{moment + CHINA:%Y-%m-%d %H:%M:%S}+08:00",
        f"{moment:%Y-%m-%d %H:%M:%S}",
    )[form % 3]


def _article(n: int) -> Piece:
    return Piece(
        name=f"{n:03}",
        path=("posts/{:03}-tea.md", "notes/2025/第{:03}篇.md", "茶/{:03}.html")[n % 3].format(n),
        title=f"Notes on tea {n}" if n % 2 else f"第{n}篇：茶与路",
        date=_written(START + timedelta(hours=37 * n), n),
        words=f"茶 and its {n} cups &amp; more <b>bold</b>",
        categories=CATEGORIES[n % len(CATEGORIES)],
        tags=(("green", "绿茶"), ("oolong",), ())[n % 3] if n % 4 == 0 else (),
        author=("Ann", "", "", "李雷")[n % 4],
        updated="2026-03-01 10:00:00" if n % 50 == 49 else "",
    )


def _rename(site: Site) -> None:
    site.change("199", path="posts/another-name.md")


def _move_folder(site: Site) -> None:
    for piece in list(site.pieces.values()):
        if piece.path.startswith("notes/2025/"):
            site.change(piece.name, path=piece.path.replace("notes/2025/", "archive/old 笔记/"))


def _retitle(site: Site) -> None:
    site.change("198", title="从前的另一个题目")
    site.change("197", title="Quite another title")


def _recategorize(site: Site) -> None:
    site.change("196", categories=(("Travel",),), tags=("oolong",), author="李雷")
    site.change("194", categories=())


def _domain(site: Site) -> None:
    site.url = "http://tea.example.net/blog/"


def _redate(site: Site) -> None:
    site.change("195", date="2025-03-03 03:03:03")
    site.change("150", date="2025-11-20 20:20:20+08:00")


def _delete(site: Site) -> None:
    for name in ("193", "192", "012"):
        del site.pieces[name]


def _split(site: Site) -> None:
    for n, piece in enumerate(list(site.pieces.values())):
        if ("Life",) in piece.categories:
            rest = tuple(path for path in piece.categories if path != ("Life",))
            site.change(piece.name, categories=(*rest, ("Home",) if n % 2 else ("Garden",)))


def _https(site: Site) -> None:
    site.url = "https://tea.example.net/blog/"


def _permalink(site: Site) -> None:
    site.settings["permalink"] = '"{year}/{month}/{slug}/"'


def _bleach(site: Site) -> None:
    site.settings["sanitizer"] = '"bleach"'


def _nh3(site: Site) -> None:
    site.settings["sanitizer"] = '"nh3"'


def _policy(site: Site) -> None:
    site.policy = "another"


def _break(site: Site) -> None:
    for name, how in zip(("199", "198", "191", "189"), BROKEN, strict=False):
        site.change(name, broken=how)


def _break_more(site: Site) -> None:
    site.change("191", title="A title that nobody sees yet", words="New")
    site.add(replace(_article(200), broken="date"))
    site.change("188", categories=(("Tech",),))


def _repair(site: Site) -> None:
    for piece in list(site.pieces.values()):
        site.change(piece.name, broken="")


def _break_bodies(site: Site) -> None:
    site.change("197", "190", broken="body", title="Not told", categories=(("Elsewhere",),))


def _mend_bodies(site: Site) -> None:
    site.change("197", "190", broken="", title="Told now", categories=(("Tech",),))


def _withdraw(site: Site) -> None:
    site.change("199", "187", draft=True)


def _publish_again(site: Site) -> None:
    site.change("199", draft=False)
    site.change("187", draft=False, title="Written anew")


def _new_category(site: Site) -> None:
    site.change("186", "020", categories=(("Music", "Jazz"),))


def _rewrite(site: Site) -> None:
    site.change("199", "185", words="Quite another text")


def _update(site: Site) -> None:
    site.change("184", updated="2026-04-01 12:00:00+08:00")


def _shorter(site: Site) -> None:
    site.limit = 4


def _longer(site: Site) -> None:
    site.limit = 12


def _no_cache(site: Site) -> None:
    shutil.rmtree(site.twin.root / CACHE_FOLDER)


def _rename_and_retitle(site: Site) -> None:
    site.change("199", path="posts/third name.md", title="A third title")


def _rename_and_rewrite(site: Site) -> None:
    site.change("198", path="archive/新名.md", words="Rewritten while it was renamed")


def _rename_and_redate(site: Site) -> None:
    site.change("185", path="archive/later.md", date="2025-11-21 01:00:00")


def _case(site: Site) -> None:
    site.change("199", path="posts/Third Name.md")


def _atom_only(site: Site) -> None:
    site.formats = ("atom",)


def _rss_only(site: Site) -> None:
    site.formats = ("rss",)


def _both(site: Site) -> None:
    site.formats = ("rss", "atom")


def _nothing(site: Site) -> None:
    pass


HISTORY: tuple[tuple[str, Callable[[Site], None]], ...] = (
    ("the first build", _nothing),
    ("a file renamed", _rename),
    ("a folder moved", _move_folder),
    ("retitled", _retitle),
    ("recategorized", _recategorize),
    ("another domain", _domain),
    ("redated", _redate),
    ("deleted", _delete),
    ("a category split in two", _split),
    ("from http to https", _https),
    ("other permalinks", _permalink),
    ("another sanitizer", _bleach),
    ("another sanitizer again", _nh3),
    ("another version of the sanitizer", _policy),
    ("broken files", _break),
    ("edits beside broken files", _break_more),
    ("repaired", _repair),
    ("broken bodies", _break_bodies),
    ("mended bodies", _mend_bodies),
    ("drafts again", _withdraw),
    ("published again", _publish_again),
    ("a new category", _new_category),
    ("a body rewritten", _rewrite),
    ("an update date", _update),
    ("a lower limit", _shorter),
    ("a higher limit", _longer),
    ("the cache deleted", _no_cache),
    ("renamed and retitled", _rename_and_retitle),
    ("renamed and rewritten", _rename_and_rewrite),
    ("renamed and redated", _rename_and_redate),
    ("renamed in case only", _case),
    ("Atom only", _atom_only),
    ("a title while there is no RSS", _retitle),
    ("both formats", _both),
)


def test_a_long_history_hurts_no_subscriber(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprint, "fingerprint", lambda: f"{site.policy}")
    for n in range(200):
        site.add(_article(n))
    harms = {}
    for what, edit in HISTORY:
        before = site.state()
        edit(site)
        assert site.state() != before or edit in (_nothing, _no_cache), what
        if found := site.build():
            harms[what] = found
    assert harms == {}
    assert site.refused == 0
    assert len(site.shown) >= site.limit


# Short histories of a small site

SHELVES: tuple[tuple[tuple[str, ...], ...], ...] = ((("A",),), (("B", "C"),), (), (("B",), ("D",)))


def _small(n: int) -> Piece:
    return Piece(
        name=f"{n}",
        path=f"{'xy'[n % 2]}/{n}-file.md",
        title="周记" if n % 3 == 0 else f"Title {n}",
        date=f"{START + timedelta(days=n):%Y-%m-%d %H:%M:%S}",
        categories=SHELVES[n % 4],
        tags=("t",) if n % 4 == 1 else (),
    )


def _edited(**facts: Any) -> Callable[[Site], None]:
    return lambda site: site.change("0", **facts)


def _vacate(site: Site) -> None:
    """Nothing is in category A any more."""
    site.change("0", "4", categories=(("Z",),))


def _swapped(one: str, other: str) -> Callable[[Site], None]:
    def swap(site: Site) -> None:
        first, second = site.pieces[one].path, site.pieces[other].path
        site.change(one, path=second)
        site.change(other, path=first)

    return swap


def _insert(site: Site) -> None:
    """A new first chapter moves all others on by one."""
    for n in range(7):
        site.change(f"{n}", path=f"x/{n + 1}.md")
    site.add(replace(_small(7), path="x/0.md"))


def _number(site: Site) -> None:
    for n in range(7):
        site.change(f"{n}", path=f"x/{n}.md")


BREAK, REPAIR = _edited(broken="date"), _edited(broken="")
AWAY = _edited(path="z/0-file.md")
SHORT: dict[str, list[Callable[[Site], None]]] = {
    "broken after its category vanished": [_vacate, BREAK, REPAIR],
    "broken body after its category vanished": [_vacate, _edited(broken="body"), REPAIR],
    "broken after its category vanished and it was retitled": [_vacate, _edited(title="Newer"), BREAK],
    "broken after it was retitled in RSS only": [_rss_only, _edited(title="Newer"), BREAK, REPAIR],
    "broken after it was retitled in Atom only": [_atom_only, _edited(title="Newer"), BREAK, REPAIR],
    "formats switched while it is broken": [BREAK, _rss_only, _atom_only, _both, REPAIR],
    "a body broken and moved": [_edited(broken="body"), AWAY, REPAIR],
    "a date broken, then moved": [BREAK, AWAY, REPAIR],
    "a title broken, then moved": [_edited(broken="title"), AWAY, REPAIR],
    "a date broken and moved at once": [_edited(broken="date", path="z/0-file.md"), REPAIR],
    "a draft and back": [_edited(draft=True), _edited(draft=False, date="2025-01-05 05:00:00")],
    "a draft elsewhere and back": [
        _edited(draft=True, path="_drafts/0-file.md"),
        _edited(draft=False, path="x/0-file.md"),
    ],
    "a draft renamed": [_edited(draft=True), _edited(path="x/zero.md"), _edited(draft=False)],
    "a draft elsewhere, back under a new date": [
        _edited(draft=True, path="_drafts/0-file.md"),
        _edited(draft=False, path="x/0-file.md", date="2025-01-05 05:00:00"),
    ],
    "two files of two categories swap names": [_swapped("0", "2")],
    "two files of one category swap names": [_swapped("0", "4")],
    "all chapters move on by one": [_number, _insert],
}


@pytest.fixture
def small(site: Site) -> Site:
    """A site of seven articles, published."""
    for n in range(7):
        site.add(_small(n))
    assert site.build() == []
    return site


@pytest.mark.parametrize("edits", SHORT.values(), ids=SHORT)
def test_a_short_history_hurts_no_subscriber(small: Site, edits: list[Callable[[Site], None]]) -> None:
    harms = []
    for edit in edits:
        before = small.state()
        edit(small)
        assert small.state() != before
        harms += small.build()
    assert harms == []
    assert small.refused == 0
    assert small.shown


# Any history of a small site


EDITS = (
    "rename",
    "move",
    "case",
    "retitle",
    "rewrite",
    "rename and retitle",
    "rename and rewrite",
    "redate",
    "update",
    "recategorize",
    "delete",
    "add",
    "draft",
    "break",
    "url",
    "permalink",
    "sanitizer",
    "formats",
    "limit",
    "no cache",
)
TURNS = st.lists(
    st.lists(
        st.tuples(st.sampled_from(EDITS), st.integers(0, 7), st.integers(0, 11)),
        min_size=1,
        max_size=3,
        unique_by=lambda row: row[1],
    ),
    min_size=1,
    max_size=6,
)


def _settle(site: Site, edit: str, k: int) -> bool:
    match edit:
        case "url":
            site.url = (URL, "http://example.com/", "https://例子.测试/blog/")[k % 3]
        case "permalink":
            site.settings["permalink"] = ('"hexo"', '"{year}/{slug}/"', '"{year}/{stem}.html"')[k % 3]
        case "sanitizer":
            site.settings["sanitizer"] = ('"nh3"', '"bleach"')[k % 2]
        case "formats":
            site.formats = (("rss", "atom"), ("atom",), ("rss",))[k % 3]
        case "limit":
            site.limit = 2 + k
        case "no cache":
            shutil.rmtree(site.twin.root / CACHE_FOLDER, ignore_errors=True)
        case _:
            return False
    return True


def _edit(site: Site, edit: str, n: int, k: int, turn: int) -> None:
    if _settle(site, edit, k):
        return
    name, new = f"{n}", f"{turn}{n}"
    piece = site.pieces.get(name)
    if piece is None:
        if edit == "add":
            site.add(replace(_small(n), name=name))
        return
    folder, _, file = piece.path.rpartition("/")
    stem, suffix = file.split(".")
    moved = {"path": f"{folder}/{new}-name.{suffix}"}
    if edit in ("redate", "case", *(e for e in EDITS if "rename" in e)) and not _may_move(piece, edit):
        return
    match edit:
        case "rename":
            site.change(name, **moved)
        case "move":
            for other in list(site.pieces.values()):
                if other.path.startswith(f"{folder}/") and _may_move(other):
                    site.change(other.name, path=f"{folder}{turn}/{other.path.rpartition('/')[2]}")
        case "case":
            site.change(name, path=f"{folder}/{stem.swapcase()}.{suffix}")
        case "retitle":
            site.change(name, title=f"题目 {new}")
        case "rewrite":
            site.change(name, words=f"Words {new}")
        case "rename and retitle":
            site.change(name, **moved, title=f"题目 {new}")
        case "rename and rewrite":
            site.change(name, **moved, words=f"Words {new}")
        case "redate":
            moment = START + timedelta(days=k, minutes=int(new) + 1)
            site.change(name, date=_written(moment, turn))
        case "update":
            site.change(name, updated=f"2026-02-{k + 1:02}")
        case "recategorize":
            site.change(name, categories=SHELVES[k % 4], tags=("t",) if k > 7 else ())
        case "delete":
            del site.pieces[name]
        case "draft" if not piece.broken:
            site.change(name, draft=not piece.draft)
        case "break" if not piece.draft:
            site.change(name, broken="" if piece.broken else list(BROKEN)[k % 5])


def _may_move(piece: Piece, edit: str = "") -> bool:
    """Whether the record can tell whose file it is.

    It cannot be held against a file that tells nothing any more, or that loses one of its title, date and
    text where another is broken.
    """
    told_too_little = bool(piece.broken) and " and " in edit
    return not (told_too_little or piece.broken in UNTOLD)


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(turns=TURNS)
@example(turns=[[("break", 0, 0)], [("rename and rewrite", 0, 0)]])
@example(turns=[[("break", 0, 4)], [("rename and retitle", 0, 0)]])
def test_no_history_hurts_a_subscriber(
    turns: list[list[tuple[str, int, int]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    site = _empty(tmp_path_factory.mktemp("site"))
    site.limit = 4
    for n in range(7):
        site.add(_small(n))
    assert site.build() == []
    for turn, edits in enumerate(turns, 1):
        for edit, n, k in sorted(edits, key=lambda row: row[0] not in ("break", "draft")):
            _edit(site, edit, n, k, turn)
        assert site.build() == [], edits
