"""Short and random histories of a small site: whatever is edited, nothing is unread again or lost."""

from __future__ import annotations

import shutil
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from feedwright.disk import CACHE_FOLDER
from feedwright.model import replace
from history import BROKEN, START, UNTOLD, Piece, Site, empty, written
from sites import URL

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return empty(tmp_path)


def _formats(*names: str) -> Callable[[Site], None]:
    def choose(site: Site) -> None:
        site.formats = names

    return choose


_atom_only, _rss_only, _both = _formats("atom"), _formats("rss"), _formats("rss", "atom")


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
            site.change(name, date=written(moment, turn))
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
    site = empty(tmp_path_factory.mktemp("site"))
    site.limit = 4
    for n in range(7):
        site.add(_small(n))
    assert site.build() == []
    for turn, edits in enumerate(turns, 1):
        for edit, n, k in sorted(edits, key=lambda row: row[0] not in ("break", "draft")):
            _edit(site, edit, n, k, turn)
        assert site.build() == [], edits
