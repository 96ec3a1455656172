"""Addresses that feeds had before, and feeds no longer generated: `aliases`, `was`, `stale`, clean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from desk import Desk, desk_with_tea
from sites import text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SITE = {"atom.xml", "rss.xml", "feedwright.lock.json"}
CACHED = pytest.mark.parametrize("options", [(), ("--no-cache",)], ids=["cache", "no cache"])


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A site of two articles, one of them on tea; not published yet."""
    return desk_with_tea(tmp_path)


def _builds(desk: Desk, *options: str) -> str:
    told = desk.run("build", *options)
    assert told.code == 0, told.err
    return told.err


def _is_settled(desk: Desk, *options: str) -> bool:
    """Whether everything is as a build leaves it: nothing more to write, to see or to say."""
    before = {path: seen for path, seen in desk.everything().items() if path.startswith("feeds")}
    assert "0 documents written" in _builds(desk, *options)
    after = {path: seen for path, seen in desk.everything().items() if path.startswith("feeds")}
    told = (desk.run("check"), desk.run("diff"))
    return after == before and [(t.code, t.codes, t.out) for t in told] == [(0, [], "")] * 2


# aliases


@CACHED
def test_an_alias_has_the_bytes_of_the_feed(desk: Desk, options: tuple[str, ...]) -> None:
    _builds(desk, *options)
    desk.configure('aliases = { "rss2.xml" = "rss", "blog/index.xml" = "atom", "feed.xml" = "atom" }')
    assert "3 documents written, 4 unchanged" in _builds(desk, *options)
    made = desk.published()
    assert made["rss2.xml"] == made["rss.xml"]
    assert made["blog/index.xml"] == made["feed.xml"] == made["atom.xml"]
    assert desk.record()["documents"].keys() == made.keys() - {"feedwright.lock.json"}
    assert _is_settled(desk, *options)
    desk.write("b.md", text("B", "2026-01-03"))
    _builds(desk, *options)
    made = desk.published()
    assert made["rss2.xml"] == made["rss.xml"]
    assert b"<title>B</title>" in made["rss2.xml"]


@pytest.mark.parametrize("formats", ['["rss"]', '["atom"]'])
def test_an_alias_needs_its_format(desk: Desk, formats: str) -> None:
    desk.configure(f"formats = {formats}", 'aliases = { "old.xml" = "rss" }')
    told = desk.run("build")
    assert told.code == (0 if "rss" in formats else 2)
    if told.code:
        assert told.codes
        assert not desk.output.exists()
    else:
        assert _is_settled(desk)


def _edit(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"<!-- edited -->")


@CACHED
@pytest.mark.parametrize("change", [_edit, lambda file: file.unlink(), lambda file: file.write_bytes(b"")])
@pytest.mark.parametrize("path", ["old/feed.xml", "green-tea/rss.xml"])
def test_a_copy_that_was_touched_is_made_again(
    desk: Desk, path: str, change: Callable[[Path], Any], options: tuple[str, ...]
) -> None:
    desk.configure('aliases = { "old/feed.xml" = "rss" }', '[categories."Tea"]', 'was = ["green-tea"]')
    _builds(desk, *options)
    before = desk.published()
    change(desk.output / path)
    assert desk.run("check").code == 5
    assert "1 document written" in _builds(desk, *options)
    assert desk.published() == before
    assert _is_settled(desk, *options)


def test_an_alias_that_is_taken_out_stays_until_clean(desk: Desk) -> None:
    desk.configure('aliases = { "old/feed.xml" = "rss" }')
    _builds(desk)
    desk.configure()
    assert "stale: old/feed.xml" in _builds(desk)
    assert desk.run("clean").out == "removed: old/feed.xml\n"
    assert set(desk.published()) == {*SITE, "tea/atom.xml", "tea/rss.xml"}
    assert not (desk.output / "old").exists()


def test_a_file_of_somebody_else_is_no_alias(desk: Desk) -> None:
    _builds(desk)
    (desk.output / "old.xml").write_text("theirs", "utf-8")
    desk.configure('aliases = { "old.xml" = "rss" }')
    told = desk.run("build")
    assert (told.code, told.codes) == (4, ["FS010"])
    assert (desk.output / "old.xml").read_text("utf-8") == "theirs"
    _builds(desk, "--accept", "foreign")
    assert desk.published()["old.xml"] == desk.published()["rss.xml"]


# was


@CACHED
def test_subscribers_of_a_renamed_category_lose_nothing(desk: Desk, options: tuple[str, ...]) -> None:
    _builds(desk, *options)
    old = desk.ids("tea/atom.xml")
    desk.write("tea.md", text("Tea", "2026-01-02", categories="茶"))
    desk.configure('[categories."茶"]', 'slug = "cha"', 'was = ["tea", "drinks/tea"]')
    _builds(desk, *options)
    made = desk.published()
    for name in ("atom.xml", "rss.xml"):
        assert made[f"cha/{name}"] == made[f"tea/{name}"] == made[f"drinks/tea/{name}"]
        assert f"https://example.org/feeds/cha/{name}".encode() in made[f"tea/{name}"]
    assert desk.ids("tea/atom.xml") == old
    assert _is_settled(desk, *options)


_TAKEN = {
    "was": ([], 'was = ["tea", "kahve"]', 2),
    "alias": (['aliases = { "tea/atom.xml" = "atom", "Coffee/RSS.xml" = "rss" }'], 'was = ["kahve"]', 2),
}


@CACHED
@pytest.mark.parametrize("name", _TAKEN)
def test_a_live_feed_keeps_its_address(desk: Desk, name: str, options: tuple[str, ...]) -> None:
    aliases, was, count = _TAKEN[name]
    desk.write("b.md", text("B", "2026-01-03", categories="Coffee"))
    desk.configure(*aliases, '[categories."Coffee"]', was)
    told = desk.run("build", "--report", "concise", *options)
    assert (told.code, told.codes) == (0, ["CAT010"] * count)
    assert "the former address tea/atom.xml is that of another feed now" in told.err
    made = desk.published()
    assert desk.titles("tea/atom.xml") == ["Tea"]
    assert desk.titles("coffee/atom.xml") == ["B"]
    assert made["kahve/rss.xml"] == made["coffee/rss.xml"]
    again = desk.run("build", "--report", "concise", *options)
    assert again.codes == ["CAT010"] * count
    assert "0 documents written" in again.err
    assert (desk.run("check").code, desk.run("check").codes) == (0, ["CAT010"] * count)
    assert desk.run("build", "--strict", *options).code == 1


def test_a_category_that_comes_back_takes_its_address_back(desk: Desk) -> None:
    _builds(desk)
    first = desk.record()["feeds"]
    desk.write("tea.md", text("Tea", "2026-01-02", categories="Drinks"))
    desk.configure('[categories."Drinks"]', 'was = ["tea"]')
    _builds(desk)
    desk.write("b.md", text("B", "2026-01-03", categories="Tea"))
    told = desk.run("build")
    assert (told.code, told.codes) == (0, ["CAT010"] * 2)
    assert desk.titles("tea/atom.xml") == ["B"]
    assert desk.record()["feeds"]["tea/"] == first["tea/"]


def test_what_falls_off_a_copy_is_not_withdrawn(desk: Desk) -> None:
    desk.configure("limit = 1", '[categories."Tea"]', 'was = ["cha"]')
    _builds(desk)
    desk.write("new.md", text("New tea", "2026-01-05", categories="Tea"))
    changes = {c["path"]: c for c in desk.run("diff", "--report", "json").json["changes"]}
    for path in ("tea/", "cha/"):
        assert [e["change"] for e in changes[path]["entries"]] == ["new", "fallen"]


def test_a_held_category_keeps_its_copies(desk: Desk) -> None:
    desk.configure('[categories."Tea"]', 'was = ["cha"]')
    _builds(desk)
    before = desk.published()
    desk.write("tea.md", text("Tea", "tomorrow", categories="Tea"))
    assert desk.run("build").code == 1
    assert desk.published() == before


# stale


def test_a_feed_that_is_not_made_any_more_stays_frozen(desk: Desk) -> None:
    _builds(desk)
    before = desk.published()
    desk.write("tea.md", text("Tea", "2026-01-02"))
    told = _builds(desk)
    assert told.startswith("stale: tea/atom.xml is no longer generated; `feedwright")
    after = desk.published()
    for path in ("tea/atom.xml", "tea/rss.xml"):
        assert after[path] == before[path]
    assert "stale: tea/rss.xml" in _builds(desk)


@CACHED
def test_stale_delete(desk: Desk, options: tuple[str, ...]) -> None:
    desk.configure('stale = "delete"')
    _builds(desk, *options)
    first = desk.record()
    (desk.output / "tea" / "notes.txt").write_text("theirs", "utf-8")
    desk.write("tea.md", text("Tea", "2026-01-02"))
    told = desk.run("build", "--report", "json", *options)
    assert told.json["documents"]["removed"] == ["tea/atom.xml", "tea/rss.xml"]
    assert told.json["documents"]["stale"] == []
    assert set(desk.published()) == {*SITE, "tea/notes.txt"}
    assert desk.record()["feeds"] == first["feeds"]
    assert _is_settled(desk, *options)
    desk.write("tea.md", text("Tea", "2026-01-02", categories="Tea"))
    _builds(desk, *options)
    assert desk.record() == first


def test_stale_delete_deletes_what_was_kept_so_far(desk: Desk) -> None:
    _builds(desk)
    desk.write("tea.md", text("Tea", "2026-01-02"))
    _builds(desk)
    desk.configure('stale = "delete"')
    assert "removed: tea/atom.xml is no longer generated\n" in _builds(desk)
    assert set(desk.published()) == SITE
    assert _is_settled(desk)


# clean


def test_clean_takes_what_is_stale_and_ours_and_nothing_else(desk: Desk) -> None:
    desk.write("b.md", text("B", "2026-01-03", categories="[[Tea, Green]]"))
    _builds(desk)
    first = desk.record()
    for path in ("theirs/rss.xml", "index.html", "tea/notes.txt"):
        (desk.output / path).parent.mkdir(exist_ok=True)
        (desk.output / path).write_text("theirs", "utf-8")
    assert desk.run("clean").err == "0 documents removed\n"
    desk.write("b.md", text("B", "2026-01-03"))
    desk.write("tea.md", text("Tea", "2026-01-02"))
    _builds(desk)
    _edit(desk.output / "tea" / "rss.xml")
    told = desk.run("clean")
    gone = ["tea/atom.xml", "tea/green/atom.xml", "tea/green/rss.xml", "tea/rss.xml"]
    assert told.code == 0
    assert told.out.splitlines() == [f"removed: {path}" for path in gone]
    assert told.err == "4 documents removed\n"
    assert set(desk.published()) == {*SITE, "theirs/rss.xml", "index.html", "tea/notes.txt"}
    assert not (desk.output / "tea" / "green").exists()
    assert desk.record()["documents"].keys() == {"atom.xml", "rss.xml"}
    assert _is_settled(desk)
    again = desk.run("clean", "--report", "json")
    assert again.json == {"schema_version": 1, "exit_code": 0, "removed": [], "forgotten": [], "problems": []}
    desk.write("b.md", text("B", "2026-01-03", categories="[[Tea, Green]]"))
    desk.write("tea.md", text("Tea", "2026-01-02", categories="Tea"))
    _builds(desk)
    assert desk.record() == first


def test_clean_forgets_what_has_been_gone_for_a_year(desk: Desk) -> None:
    desk.write("old.md", text("Old", "2026-01-01", "Gone"))
    desk.write("draft.md", text("Draft", "2026-01-01", "Drafted"))
    _builds(desk)
    (desk.content / "old.md").unlink()
    desk.write("draft.md", text("Draft", "2026-01-01", "Drafted", draft="true"))
    _builds(desk)
    old, draft = "tag:example.org,2026-01-01:old.md", "tag:example.org,2026-01-01:draft.md"
    assert desk.record()["withdrawn"].keys() == {old, draft}
    assert "forgotten" not in desk.run("clean", "--now", "2026-12-01").out
    assert [row.get("gone") for row in desk.record()["withdrawn"].values()] == [None, "2026-12-01"]
    assert _is_settled(desk)
    assert desk.run("clean", "--now", "2027-12-01").out == ""
    told = desk.run("clean", "--now", "2027-12-02", "--report", "json")
    assert told.json["forgotten"] == [old]
    assert desk.record()["withdrawn"].keys() == {draft}
    assert _is_settled(desk)


def test_clean_before_the_build_that_would_say_so(desk: Desk) -> None:
    _builds(desk)
    desk.write("tea.md", text("Tea", "2026-01-02"))
    assert desk.run("clean", "-q").out == "removed: tea/atom.xml\nremoved: tea/rss.xml\n"
    assert "2 documents written" in _builds(desk)
    assert _is_settled(desk)


def test_clean_leaves_what_an_article_is_held_for(desk: Desk) -> None:
    _builds(desk)
    desk.write("tea.md", text("Tea", "tomorrow", categories="Tea"))
    assert desk.run("clean").out == ""
    assert "tea/rss.xml" in desk.published()


@pytest.mark.parametrize("code", ["PUB010", "PUB009", "PUB004"])
def test_clean_deletes_nothing_that_a_build_would_stop_at(desk: Desk, code: str) -> None:
    desk.write("b.md", text("B", "2026-01-03", categories="Coffee"))
    _builds(desk)
    if code == "PUB009":
        desk.write("tea.md", text("Tea", "2026-01-02", guid="urn:tea"))
        desk.write("b.md", text("B", "2026-01-03", guid="urn:b"))
    else:
        for path in ("b.md", "tea.md", "a.md")[: 2 if code == "PUB010" else 3]:
            (desk.content / path).unlink()
    before = desk.everything()
    told = desk.run("clean")
    assert (told.code, told.codes) == (4, [code])
    assert desk.everything() == before


def test_clean_after_all_articles_went_for_good(desk: Desk) -> None:
    _builds(desk)
    for path in desk.content.iterdir():
        path.unlink()
    _builds(desk, "--accept", "empty")
    assert desk.run("clean").code == 0
    assert set(desk.published()) == {"feedwright.lock.json"}
