"""Formats that are switched off: subscribers' owners are told, the last state stays, and it can lead on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from desk import Desk, desk_with_tea
from sites import text

if TYPE_CHECKING:
    from pathlib import Path

ALL = 'formats = ["rss", "atom", "json", "opml", "page"]'
NEW_URL = "{http://www.itunes.com/dtds/podcast-1.0.dtd}new-feed-url"
LINK = "{http://www.w3.org/2005/Atom}link"
NOTE = "rss.xml, tea/rss.xml are not made any more: subscribers see nothing new unless `retired` has "


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A site of two articles, one of them on tea, published as RSS and Atom."""
    desk = desk_with_tea(tmp_path)
    assert desk.run("build").code == 0
    return desk


def test_it_is_told_before_and_after(desk: Desk) -> None:
    desk.configure('formats = ["atom"]')
    before = desk.published()
    diff = desk.run("diff")
    assert (diff.code, diff.out) == (5, f'{NOTE}"rss"\n')
    assert desk.run("diff", "--report", "json").json["switched_off"] == {"rss": ["rss.xml", "tea/rss.xml"]}
    assert f'stale: {NOTE}"rss"\n' in desk.run("check").err
    build = desk.run("build")
    assert (build.code, build.err.splitlines()[0]) == (
        0,
        f'stale: {NOTE}"rss"; `feedwright clean` deletes it',
    )
    assert {path: desk.published()[path] for path in ("rss.xml", "tea/rss.xml")} == {
        path: before[path] for path in ("rss.xml", "tea/rss.xml")
    }
    assert (desk.run("check").code, desk.run("diff").code) == (0, 0)
    assert f"stale: {NOTE}" in desk.run("build").err


@pytest.mark.parametrize(("off", "left"), [("atom", "rss"), ("rss", "atom")])
def test_what_is_compared_afterwards_is_what_is_made(desk: Desk, off: str, left: str) -> None:
    """The last state of a format that is off must not count as what subscribers see."""
    desk.configure(f'formats = ["{left}"]')
    desk.run("build")
    desk.write("b.md", text("B", "2026-01-03"))
    told = desk.run("diff", "--report", "json").json
    assert [entry["title"] for entry in told["changes"][0]["entries"]] == ["B"]
    desk.run("build")
    assert (desk.run("diff").code, desk.run("check").code) == (0, 0)
    assert desk.titles(f"{left}.xml") == ["B", "Tea", "A"]
    assert desk.titles(f"{off}.xml") == ["Tea", "A"]


def test_it_is_deleted_only_where_the_owner_says_so(desk: Desk) -> None:
    desk.configure('formats = ["atom"]', 'stale = "delete"')
    assert "find nothing there unless `retired`" in desk.run("diff").out
    desk.run("build")
    assert "rss.xml" not in desk.published()
    assert desk.run("diff").code == 0


def test_pages_and_lists_have_no_subscribers(desk: Desk) -> None:
    desk.configure(ALL)
    desk.run("build")
    desk.configure()
    assert desk.run("diff").out == NOTE.replace("rss.xml", "feed.json") + '"json"\n'
    assert "stale: feeds.opml is no longer generated; `feedwright clean`" in desk.run("build").err


def test_a_retired_format_is_written_and_leads_on(desk: Desk) -> None:
    desk.configure(ALL)
    desk.run("build")
    desk.configure('formats = ["atom", "opml", "page"]', "[retired]", 'rss = "atom"', 'json = "atom"')
    assert desk.run("diff").out == ""
    desk.write("b.md", text("B", "2026-01-03"))
    assert desk.run("build").code == 0
    made = desk.published()
    for folder in ("", "tea/"):
        url = f"https://example.org/feeds/{folder}atom.xml"
        channel = ElementTree.fromstring(made[f"{folder}rss.xml"])[0]
        assert channel.findtext(NEW_URL) == url
        assert [(link.get("href"), link.get("type")) for link in channel.iter(LINK)] == [
            (url, "application/atom+xml")
        ]
        assert json.loads(made[f"{folder}feed.json"])["feed_url"] == url
    assert desk.titles("rss.xml") == ["B", "Tea", "A"]
    for path in ("feeds.opml", "index.html", "tea/index.html"):
        assert b"rss.xml" not in made[path]
        assert b"feed.json" not in made[path]
    assert (desk.run("check").code, desk.run("diff").code) == (0, 0)


def test_atom_leads_on_too(desk: Desk) -> None:
    desk.configure('formats = ["rss"]', 'aliases = { "old.xml" = "atom" }', 'retired = { atom = "rss" }')
    assert desk.run("build").code == 0
    link = ElementTree.fromstring(desk.published()["atom.xml"]).find(f"{LINK}[@rel='self']")
    assert link is not None
    assert link.attrib == {
        "href": "https://example.org/feeds/rss.xml",
        "rel": "self",
        "type": "application/rss+xml",
    }
    assert desk.published()["old.xml"] == desk.published()["atom.xml"]
    assert b"itunes" not in desk.published()["rss.xml"]


@pytest.mark.parametrize(
    ("line", "code", "reason"),
    [
        ('retired = { rss = "atom" }', "CFG014", "is one of `formats` too"),
        ('retired = { json = "opml" }', "CFG012", 'does not accept "opml"'),
        ('retired = { page = "atom" }', "CFG012", 'does not accept "page"'),
        ('retired = { json = "json" }', "CFG012", "`formats` leaves out"),
        ("retired = { json = 1 }", "CFG007", "must be a string"),
        ('retired = ["json"]', "CFG007", "must be a table"),
    ],
)
def test_what_cannot_be_retired_so(desk: Desk, line: str, code: str, reason: str) -> None:
    before = desk.published()
    desk.configure(line)
    told = desk.run("build")
    assert (told.code, told.codes) == (2, [code])
    assert reason in told.err
    assert desk.published() == before
