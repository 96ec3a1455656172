"""Archives and days in published documents: complete chains, written once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

from configured import URL, load, refused
from desk import Desk
from feed_rules import findings
from sites import text

if TYPE_CHECKING:
    from pathlib import Path

ATOM = "{http://www.w3.org/2005/Atom}"
ARCHIVE = "{http://purl.org/syndication/history/1.0}archive"
FEEDS = "https://example.org/feeds/"
FORMATS = 'formats = ["rss", "atom", "json", "opml", "page"]'


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Five months of three articles, the first of each on tea; a feed of four."""
    desk = Desk(tmp_path)
    desk.configure(FORMATS, "limit = 4", 'archives = "month"')
    for month in range(1, 6):
        for day in range(1, 4):
            more = {"categories": "Tea"} if day == 1 else {}
            desk.write(f"{month}-{day}.md", text(f"A{month}{day}", f"2026-0{month}-0{day}", **more))
    return desk


def _document(desk: Desk, url: str) -> bytes:
    assert url.startswith(FEEDS)
    return (desk.output / url.removeprefix(FEEDS)).read_bytes()


def _links(data: bytes) -> dict[str, str]:
    """The links of a document's feed by relation."""
    root = ElementTree.fromstring(data)
    links = (root if root.tag == f"{ATOM}feed" else root[0]).findall(f"{ATOM}link")
    return {link.get("rel", "alternate"): link.get("href", "") for link in links}


def _chain(desk: Desk, url: str) -> tuple[list[str], list[str]]:
    """The addresses of the documents behind a feed and the titles of their entries, newest first."""
    urls: list[str] = []
    titles: dict[str, None] = {}
    while url:
        data = _document(desk, url)
        if url.endswith(".json"):
            feed: Any = json.loads(data)
            titles |= dict.fromkeys(item["title"] for item in feed["items"])
            url = feed.get("next_url", "")
        else:
            root = ElementTree.fromstring(data)
            names = [*root.iter(f"{ATOM}entry"), *root.iter("item")]
            titles |= dict.fromkeys(e.findtext("title") or e.findtext(f"{ATOM}title") or "" for e in names)
            url = _links(data).get("prev-archive", "")
        assert url not in urls
        urls += [url] if url else []
    return urls, list(titles)


@pytest.mark.parametrize("file", ["rss.xml", "atom.xml", "feed.json"])
def test_the_chain_is_complete_in_every_format(desk: Desk, file: str) -> None:
    assert desk.run("build").code == 0
    months = [f"2026-0{month}" for month in range(4, 0, -1)]
    urls, titles = _chain(desk, FEEDS + file)
    assert urls == [f"{FEEDS}all/{month}/{file}" for month in months]
    assert titles == [f"A{month}{day}" for month in range(5, 0, -1) for day in range(3, 0, -1)]
    urls, titles = _chain(desk, f"{FEEDS}tea/{file}")
    assert urls == [f"{FEEDS}tea/all/{month}/{file}" for month in months]
    assert titles == [f"A{month}1" for month in range(5, 0, -1)]


@pytest.mark.parametrize("file", ["rss.xml", "atom.xml"])
def test_an_archive_says_what_it_is(desk: Desk, file: str) -> None:
    """RFC 5005 §4: `fh:archive`, and links to the feed and to the archives around."""
    desk.run("build")
    feed, oldest, middle, newest = (
        _document(desk, f"{FEEDS}{folder}{file}")
        for folder in ("", "all/2026-01/", "all/2026-02/", "all/2026-04/")
    )
    links = _links(middle)
    assert links == {
        "self": f"{FEEDS}all/2026-02/{file}",
        "current": f"{FEEDS}{file}",
        "prev-archive": f"{FEEDS}all/2026-01/{file}",
        "next-archive": f"{FEEDS}all/2026-03/{file}",
    } | ({"alternate": "https://example.org/"} if file == "atom.xml" else {})
    assert "prev-archive" not in _links(oldest)
    assert "next-archive" not in _links(newest)
    assert _links(feed).keys() & {"current", "next-archive"} == set()
    roots = [ElementTree.fromstring(data) for data in (feed, oldest, middle, newest)]
    assert [len([*root.iter(ARCHIVE)]) for root in roots] == [0, 1, 1, 1]
    if file == "atom.xml":
        assert len({root.findtext(f"{ATOM}id") for root in roots}) == 1
    found = findings(middle, location=f"{FEEDS}all/2026-02/{file}")
    assert found == []


def test_archives_are_documents_like_all_others(desk: Desk) -> None:
    assert desk.run("diff").code == 5
    desk.run("build")
    archives = {path for path in desk.published() if path.startswith("all/")}
    assert archives == {
        f"all/2026-0{month}/{file}" for month in range(1, 5) for file in ("rss.xml", "atom.xml", "feed.json")
    }
    record = desk.record()
    assert archives < record["documents"].keys()
    assert len(record["entries"]) == 15
    assert record["feeds"].keys() == {"", "tea/"}
    assert (desk.run("check").code, desk.run("diff").code) == (0, 0)
    assert "0 documents written" in desk.run("build").err
    for path in ("feeds.opml", "index.html"):
        assert b"all/2026" not in desk.published()[path]


def test_an_archive_is_written_once(desk: Desk) -> None:
    desk.run("build")
    before = desk.published()
    desk.write("6-1.md", text("A61", "2026-06-01"))
    desk.run("build")
    after = desk.published()
    changed = {path for path, data in before.items() if path.startswith("all/") and after[path] != data}
    assert changed == {"all/2026-04/rss.xml", "all/2026-04/atom.xml"}  # these have a next one now
    added = after["all/2026-04/atom.xml"].replace(b'<link href="', b"\n", 1)
    assert b'rel="next-archive"' in added
    assert "all/2026-05/atom.xml" in after
    desk.write("2-2.md", text("Edited", "2026-02-02"))
    told = desk.run("diff", "--report", "json").json["changes"]
    assert [(c["path"], [e["change"] for e in c["entries"]]) for c in told] == [("all/2026-02/", ["updated"])]
    desk.run("build")
    edited = desk.published()
    assert {path for path, data in edited.items() if after[path] != data} == {
        "feedwright.lock.json",
        *(f"all/2026-02/{file}" for file in ("rss.xml", "atom.xml", "feed.json")),
    }


def test_a_broken_article_stays_in_its_archive(desk: Desk) -> None:
    desk.configure('formats = ["rss"]', "limit = 4", 'archives = "month"')
    desk.run("build")
    before = desk.published()
    desk.write("1-1.md", text("A11", "tomorrow", categories="Tea"))
    assert desk.run("build").code == 1
    assert desk.published() == before


def test_a_renamed_article_keeps_its_id_there(desk: Desk) -> None:
    desk.run("build")
    before = desk.published()
    (desk.content / "1-2.md").rename(desk.content / "renamed.md")
    assert desk.run("build").code == 0
    ids = [entry["id"] for entry in json.loads(desk.published()["all/2026-01/feed.json"])["items"]]
    assert ids == [entry["id"] for entry in json.loads(before["all/2026-01/feed.json"])["items"]]


def test_old_addresses_lead_to_the_archives(desk: Desk) -> None:
    desk.configure(FORMATS, "limit = 4", "archives = 3", 'aliases = { "old.xml" = "atom" }')
    desk.run("build")
    made = desk.published()
    assert made["old.xml"] == made["atom.xml"]
    assert _links(made["old.xml"])["prev-archive"] == f"{FEEDS}all/5/atom.xml"


def test_archives_that_are_switched_off_stay_until_clean(desk: Desk) -> None:
    desk.run("build")
    desk.configure(FORMATS, "limit = 4")
    assert "stale: all/2026-01/atom.xml is no longer generated" in desk.run("build").err
    assert b"prev-archive" not in desk.published()["atom.xml"]
    assert desk.run("clean").code == 0
    assert not (desk.output / "all").exists()


def test_without_archives_nothing_of_them_is_in_a_feed(desk: Desk) -> None:
    desk.configure(FORMATS, "limit = 4")
    desk.run("build")
    assert all(b"purl.org/syndication" not in data for data in desk.published().values())


def test_days_are_seen_before_they_are_published(desk: Desk) -> None:
    """A feed that becomes longer shows old entries, which are new to readers: `diff` counts them."""
    desk.configure(FORMATS, "limit = 4")
    desk.run("build")
    desk.configure(FORMATS, "limit = 4", "days = 62")
    told = desk.run("diff", "--report", "json").json["changes"]
    site = next(change for change in told if change["path"] == "")
    assert [(entry["change"], entry["title"]) for entry in site["entries"]] == [
        ("new", "A42"),
        ("new", "A41"),
        ("new", "A33"),
        ("new", "A32"),
    ]
    desk.run("build")
    assert len(desk.titles()) == 8
    desk.write("6-1.md", text("A61", "2026-06-01"))
    told = desk.run("diff", "--report", "json").json["changes"]
    site = next(change for change in told if change["path"] == "")
    assert [entry["change"] for entry in site["entries"]] == ["new", *["fallen"] * 2]


@pytest.mark.parametrize(
    ("line", "value"), [('archives = "month"', "month"), ("archives = 50", 50), ('archives = "50"', 50)]
)
def test_settings_of_archives(tmp_path: Path, line: str, value: object) -> None:
    assert load(tmp_path, f"{URL}{line}").archives == value


@pytest.mark.parametrize("line", ['archives = "week"', "archives = 0", "archives = true", "archives = 1.5"])
def test_what_is_no_archive(tmp_path: Path, line: str) -> None:
    assert "`archives`" in refused(tmp_path, f"{URL}{line}").message
