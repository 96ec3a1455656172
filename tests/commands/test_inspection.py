"""A look before publishing: `check` and `diff` on real folders, which they leave as they are."""

from __future__ import annotations

import os
import shutil
import unicodedata
from typing import TYPE_CHECKING, Any

import pytest

from desk import MOMENT, Desk, served
from feedwright.disk import CACHE_FOLDER
from sites import run, text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

POSIX = pytest.mark.skipif(os.name == "nt", reason="POSIX only")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A published site of three articles in two categories."""
    desk = Desk(tmp_path)
    desk.configure()
    desk.write("a.md", text("A", "2026-01-01", categories="x"))
    desk.write("b.md", text("B", "2026-01-02", categories="[x, y]", permalink="/b/"))
    desk.write("c.md", text("C", "2026-01-03"))
    assert desk.run("build").code == 0
    return desk


def _replace(desk: Desk, path: str, old: str, new: str) -> None:
    file = desk.root / path
    before = file.read_text("utf-8")
    assert old in before
    file.write_text(before.replace(old, new), "utf-8")


def _files(told: Any) -> dict[str, str]:
    return {problem["file"]: problem["code"] for problem in told.json["problems"]}


# check


def test_what_is_published_is_what_the_articles_say(desk: Desk) -> None:
    told = desk.run("check")
    assert (told.code, told.out, told.err) == (0, "", "every document is up to date\n")
    assert desk.run("check", "-q").err == ""
    report = desk.run("check", "--report", "json").json
    assert report == {"schema_version": 1, "exit_code": 0, "stale": [], "changes": [], "problems": []}


def test_before_the_first_build_all_is_missing(desk: Desk) -> None:
    for path in sorted(desk.output.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    desk.output.rmdir()
    shutil.rmtree(desk.root / CACHE_FOLDER)
    told = desk.run("check", "--report", "concise")
    assert (told.code, told.codes) == (5, ["OUT001"] * 7)
    assert told.err.endswith("7 files differ\n")
    assert {change["change"] for change in desk.run("diff", "--report", "json").json["changes"]} == {
        "appeared"
    }
    assert not desk.output.exists()


def test_nothing_to_publish_where_nothing_was(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.configure()
    desk.content.mkdir()
    assert desk.run("check").code == desk.run("diff").code == desk.run("clean").code == 0
    assert not desk.output.exists()


_Y = "y/rss.xml"
_FAULTS: dict[str, tuple[Callable[[Desk], object], dict[str, str]]] = {
    "an article was edited": (
        lambda d: _replace(d, "content/b.md", "Text", "Other"),
        dict.fromkeys(
            [
                "atom.xml",
                "feedwright.lock.json",
                "rss.xml",
                "x/atom.xml",
                "x/rss.xml",
                "y/atom.xml",
                _Y,
            ],
            "OUT002",
        ),
    ),
    "an article was renamed": (
        lambda d: (d.content / "b.md").rename(d.content / "d.md"),
        {"feedwright.lock.json": "OUT002"},
    ),
    "a feed was edited": (lambda d: _replace(d, f"feeds/{_Y}", "<title>B", "<title>Z"), {_Y: "OUT004"}),
    "a feed was removed": (lambda d: (d.output / _Y).unlink(), {_Y: "OUT001"}),
    "a feed is no XML": (lambda d: _replace(d, f"feeds/{_Y}", "</rss>", ""), {_Y: "OUT003"}),
    "a feed is empty": (lambda d: (d.output / _Y).write_bytes(b""), {_Y: "OUT003"}),
    "a date is none": (lambda d: _replace(d, f"feeds/{_Y}", "2026 00", "26 00"), {_Y: "OUT003"}),
    "an item has no guid": (lambda d: _replace(d, f"feeds/{_Y}", "guid", "uid"), {_Y: "OUT003"}),
    "an address is relative": (
        lambda d: _replace(d, f"feeds/{_Y}", "<link>https://example.org/b/", "<link>/b/"),
        {_Y: "OUT003"},
    ),
    "the record is gone": (
        lambda d: (d.output / "feedwright.lock.json").unlink(),
        {"feedwright.lock.json": "OUT001"},
    ),
    "the record was edited": (
        lambda d: _replace(d, "feeds/feedwright.lock.json", '"title": "B"', '"title": "Z"'),
        {"feedwright.lock.json": "OUT002"},
    ),
}


@pytest.mark.parametrize("name", _FAULTS)
def test_5_where_a_build_would_write(desk: Desk, name: str) -> None:
    change, expected = _FAULTS[name]
    change(desk)
    told = desk.run("check", "--report", "json")
    assert told.code == told.json["exit_code"] == 5
    wanted = {os.path.join("feeds", *path.split("/")): code for path, code in expected.items()}
    assert {p["file"]: p["code"] for p in told.json["problems"]} == wanted
    shown = desk.run("check")
    assert (shown.code, set(shown.codes)) == (5, set(expected.values()))
    assert "help: build again: feedwright build" in shown.err
    assert desk.run("check", "-q").err == ""
    assert desk.run("build").code == 0
    assert desk.run("check").code == 0


def test_4_where_publishing_would_hurt(desk: Desk) -> None:
    for path in desk.content.iterdir():
        path.rename(path.with_name(f"new-{path.name}"))
        path = path.with_name(f"new-{path.name}")
        path.write_text(path.read_text("utf-8").replace("Text", path.name), "utf-8")
        path.write_text(
            path.read_text("utf-8").replace("title: ", "guid: urn:x:" + path.name + "\ntitle: "), "utf-8"
        )
    told = desk.run("check")
    assert (told.code, told.codes[-1]) == (4, "PUB009")
    assert "files differ" in told.err
    report = desk.run("check", "--report", "json").json
    assert (report["exit_code"], report["error"]["code"]) == (4, "PUB009")
    assert {entry["change"] for change in report["changes"] for entry in change["entries"]} == {"unread"}
    assert desk.run("build").code == 4
    assert desk.run("build", "--accept", "id-change").code == 0
    assert desk.run("check").code == 0


def test_4_where_nothing_is_left(desk: Desk) -> None:
    for path in desk.content.iterdir():
        path.unlink()
    assert (desk.run("check").code, desk.run("check").codes[-1]) == (4, "PUB004")
    assert (desk.run("clean").code, desk.run("clean").codes) == (4, ["PUB004"])
    assert set(desk.published()) > {"atom.xml", "x/atom.xml"}


def test_4_where_files_of_others_are_in_the_way(desk: Desk) -> None:
    (desk.output / "feed.json").write_text("theirs", "utf-8")
    desk.configure('formats = ["rss", "atom", "json"]')
    told = desk.run("check")
    assert (told.code, told.codes[-1]) == (4, "FS010")
    assert desk.run("build").code == 4
    assert desk.run("build", "--accept", "foreign").code == 0
    assert desk.run("check").code == 0


@POSIX
def test_4_where_a_link_is_in_the_way(desk: Desk) -> None:
    (desk.output / "y").rename(desk.root / "elsewhere")
    (desk.output / "y").symlink_to(desk.root / "elsewhere")
    told = desk.run("check")
    assert (told.code, told.codes[-1]) == (4, "FS012")


def test_4_where_the_record_is_none(desk: Desk) -> None:
    (desk.output / "feedwright.lock.json").write_text("{", "utf-8")
    for name in ("check", "diff", "clean"):
        assert (desk.run(name).code, desk.run(name).codes) == (4, ["PUB006"])


def test_1_where_an_article_is_held_and_the_feeds_are_what_readers_keep(desk: Desk) -> None:
    _replace(desk, "content/a.md", "date: 2026-01-01", "date: tomorrow")
    told = desk.run("check")
    assert (told.code, told.codes) == (1, ["DATE001"])
    assert "note: readers keep the version of 2026-01-01T00:00:00+00:00" in told.err
    (problem,) = desk.run("check", "--report", "json").json["problems"]
    assert problem["kept"] == "2026-01-01T00:00:00+00:00"
    assert desk.run("diff").code == 0
    assert "error DATE001" in desk.run("check", "-q", "--report", "concise").err
    assert desk.run("build").code == 1
    assert desk.run("check").code == 1


def test_the_greater_harm_decides(desk: Desk) -> None:
    _replace(desk, "content/a.md", "date: 2026-01-01", "date: tomorrow")
    (desk.output / "y/rss.xml").unlink()
    told = desk.run("check")
    assert (told.code, told.codes) == (5, ["OUT001", "DATE001"])
    for name in ("B", "C"):
        _replace(desk, f"content/{name.lower()}.md", f"title: {name}", f"title: {name}\nguid: urn:{name}")
    told = desk.run("check")
    assert (told.code, told.codes[-1]) == (4, "PUB009")
    assert {"DATE001", "OUT001"} < set(told.codes)


def test_a_repair_alone_is_0(desk: Desk) -> None:
    _replace(desk, "content/a.md", "title: A", "title: A\ntitel: A")
    told = desk.run("check")
    assert (told.code, told.codes) == (0, ["FM018"])


@pytest.mark.parametrize("name", ["check", "diff"])
def test_2_where_it_cannot_look(desk: Desk, name: str) -> None:
    assert (desk.run(name, "missing").code, desk.run(name, "missing").codes) == (2, ["USE001"])
    assert desk.run(name, "--url", "example.org").codes == ["CFG009"]
    assert desk.run(name, "--nonsense").code == 2


def test_what_is_published_with_other_options_differs_without_them(desk: Desk) -> None:
    desk.write("d.md", text("D", draft="true"))
    desk.write("e.md", text("E", "2999-01-01"))
    assert desk.run("check").code == 0
    options = ("--drafts", "--future", "--limit", "2")
    assert desk.run("check", *options).code == 5
    assert desk.run("build", *options).code == 0
    assert desk.run("check", *options).code == 0
    assert desk.run("check").code == 5


# Feeds that are no longer generated


def test_what_is_stale_is_told_and_no_difference(desk: Desk) -> None:
    _replace(desk, "content/b.md", "[x, y]", "x")
    assert desk.run("build").code == 0
    told = desk.run("check")
    assert (told.code, told.codes) == (0, [])
    assert told.err.startswith("stale: y/atom.xml is no longer generated\nstale: y/rss.xml ")
    assert desk.run("check", "--report", "json").json["stale"] == ["y/atom.xml", "y/rss.xml"]
    assert desk.run("check", "-q").err == ""
    (desk.output / "y" / "atom.xml").unlink()
    assert desk.run("check").codes == ["OUT002"]  # the record still has it


@pytest.mark.parametrize(
    ("old", "new", "code"), [("</rss>", "", "OUT003"), ("<title>B", "<title>Z", "OUT004")]
)
def test_what_is_stale_is_looked_at_too(desk: Desk, old: str, new: str, code: str) -> None:
    _replace(desk, "content/b.md", "[x, y]", "x")
    assert desk.run("build").code == 0
    _replace(desk, "feeds/y/rss.xml", old, new)
    told = desk.run("check")
    assert (told.code, told.codes) == (5, [code])
    assert "feedwright clean" in told.err
    assert desk.run("build").code == 0
    assert desk.run("check").code == 5
    assert desk.run("clean").code == 0
    assert desk.run("check").code == 0


def test_what_is_to_be_deleted_is_a_difference(desk: Desk) -> None:
    _replace(desk, "content/b.md", "[x, y]", "x")
    assert desk.run("build").code == 0
    desk.configure('stale = "delete"')
    told = desk.run("check")
    assert (told.code, set(told.codes)) == (5, {"OUT002"})
    assert desk.run("build").code == 0
    assert desk.run("check").code == 0
    assert not (desk.output / "y").exists()


# diff


def _changes(desk: Desk, *arguments: str) -> dict[str, Any]:
    report = desk.run("diff", *arguments, "--report", "json")
    changes = {change["path"]: change for change in report.json["changes"]}
    assert report.code == report.json["exit_code"] == (5 if changes else 0)
    return changes


def _fates(change: Any) -> dict[str, str]:
    return {entry["title"]: entry["change"] for entry in change["entries"]}


def test_0_where_subscribers_see_no_change(desk: Desk) -> None:
    assert desk.run("diff").__dict__ == {"code": 0, "out": "", "err": "subscribers would see no change\n"}
    assert desk.run("diff", "-q").err == ""
    (desk.content / "b.md").rename(desk.content / "moved.md")
    assert desk.run("diff").code == 0


def test_5_where_they_do_and_all_of_it(desk: Desk) -> None:
    _replace(desk, "content/a.md", "title: A", "title: A again")
    _replace(desk, "content/b.md", "[x, y]", "x")
    (desk.content / "c.md").unlink()
    desk.write("d.md", text("D", "2026-01-04", "Another text", categories="z"))
    told = desk.run("diff")
    assert told.code == 5
    assert told.out.splitlines() == [
        "/  example.org",
        "  + new                   D",
        "  ~ updated (categories)  B",
        "  ~ updated (title)       A again",
        "  - withdrawn             C",
        "x/  x – example.org",
        "  ~ updated (categories)  B",
        "  ~ updated (title)       A again",
        "y/  y – example.org",
        "  - vanishes (1 entry)",
        "z/  z – example.org",
        "  + appears (1 entry)",
    ]
    changes = _changes(desk)
    assert {path: change["change"] for path, change in changes.items()} == {
        "": "changed",
        "x/": "changed",
        "y/": "vanished",
        "z/": "appeared",
    }
    assert _fates(changes[""]) == {"D": "new", "B": "updated", "A again": "updated", "C": "withdrawn"}
    assert desk.run("diff", "-q").out == told.out
    assert desk.run("build").code == 0
    assert _changes(desk).keys() <= {"y/"}


def test_what_falls_off_the_end_is_not_withdrawn(desk: Desk) -> None:
    desk.configure("limit = 3")
    desk.write("d.md", text("D", "2026-01-04"))
    assert _fates(_changes(desk)[""]) == {"D": "new", "A": "fallen"}


def test_lines_fit_the_terminal_and_nothing_is_cut_elsewhere(desk: Desk) -> None:
    desk.write("d.md", text("茶" * 200, "2026-01-04"))
    options = ("--now", MOMENT, "--jobs", "1")
    whole = run("diff", *options, cwd=desk.root, env={"COLUMNS": ""}).stdout.decode()
    assert "茶" * 200 in whole
    cut = desk.run("diff", COLUMNS="40").out
    assert len(cut.splitlines()) == len(whole.splitlines())
    for line in cut.splitlines():
        assert sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) <= 40
    assert "…" in cut


def test_problems_are_told_beside(desk: Desk) -> None:
    desk.write("d.md", text("D", "tomorrow"))
    told = desk.run("diff", "--report", "concise")
    assert (told.code, told.out) == (0, "")
    assert told.err.startswith(f"{os.path.join('content', 'd.md')}:3:7: error DATE001 ")


def test_what_cannot_be_read_is_not_there(desk: Desk) -> None:
    _replace(desk, "feeds/y/atom.xml", "</feed>", "")
    assert _changes(desk) == {}  # the RSS document tells the same
    _replace(desk, "feeds/y/rss.xml", "</rss>", "")
    assert {path: change["change"] for path, change in _changes(desk).items()} == {"y/": "appeared"}


def test_without_a_record_the_feeds_are_compared(desk: Desk) -> None:
    (desk.output / "feedwright.lock.json").unlink()
    assert _changes(desk) == {}
    _replace(desk, "content/a.md", "title: A", "title: A\nguid: urn:a")
    assert _fates(_changes(desk)[""]) == {"A": "unread"}


@pytest.mark.parametrize("place", ["folder", "address", "address without a slash"])
def test_against_what_is_elsewhere(desk: Desk, place: str) -> None:
    elsewhere = desk.root / "site" / "feeds" / "100% 茶"
    elsewhere.parent.mkdir(parents=True)
    desk.output.rename(elsewhere)
    shutil.rmtree(desk.root / CACHE_FOLDER)
    with served(elsewhere) as url:
        against = {"folder": str(elsewhere), "address": url}.get(place, url.rstrip("/"))
        assert _changes(desk, "--against", against) == {}
        assert {c["change"] for c in _changes(desk).values()} == {"appeared"}
        _replace(desk, "content/a.md", "title: A", "title: A\nguid: urn:a")
        _replace(desk, "content/b.md", "[x, y]", "x")
        changes = _changes(desk, "--against", against)
        assert _fates(changes[""])["A"] == "unread"
        assert changes[""]["entries"][-1]["by"] == "source"
        assert changes["y/"]["change"] == "vanished"  # only the record there knows of it
        (elsewhere / "feedwright.lock.json").unlink()
        assert _changes(desk, "--against", against).keys() == {"", "x/"}
    assert not desk.output.exists()


def test_against_what_is_not_there(desk: Desk) -> None:
    told = desk.run("diff", "--against", "missing")
    assert (told.code, told.codes) == (2, ["USE002"])
    with served(desk.root / "empty") as url:
        address = url
        assert {c["change"] for c in _changes(desk, "--against", url).values()} == {"appeared"}
    told = desk.run("diff", "--against", address)
    assert (told.code, told.codes) == (3, ["NET002"])
    told = desk.run("diff", "--against", "https://user@example.org/")
    assert (told.code, told.codes) == (3, ["NET001"])


# What a look leaves


@pytest.mark.parametrize("cached", [True, False])
@pytest.mark.parametrize("name", ["check", "diff"])
def test_nothing_is_written(desk: Desk, name: str, cached: bool) -> None:
    if not cached:
        for path in sorted((desk.root / ".feedwright_cache").rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()
        (desk.root / ".feedwright_cache").rmdir()
    _replace(desk, "content/a.md", "title: A", "title: A again")
    (desk.content / "b.md").rename(desk.content / "moved.md")
    desk.write("c.md", text("C", "tomorrow"))
    desk.write("d.md", text("D", categories="z"))
    (desk.output / "x" / "rss.xml").unlink()
    before = desk.everything()
    for arguments in ((), ("--report", "json"), ("--drafts", "--future"), ("--jobs", "2")):
        assert desk.run(name, *arguments).code == 5
    assert desk.everything() == before
