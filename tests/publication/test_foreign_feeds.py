"""Feeds as other generators write them: ids exact, titles as people see them, moments in UTC."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from feedwright.problems import MachineError, UsageError
from feedwright.publication import foreign_feeds
from feedwright.publication.foreign_feeds import ForeignEntry, read
from paths import DATA

if TYPE_CHECKING:
    from pathlib import Path

FOREIGN = DATA / "foreign"
PATH = "https://example.org/2021/05/01/%E9%9B%A8%E5%90%8E%E7%9A%84%E5%B1%B1%E8%B7%AF/"
RAIN = {"id": PATH, "link": PATH, "title": "雨后的山路", "published": "2021-04-30 16:00:00"}
PANIC = {
    "id": "http://old.example.net/?p=42",
    "link": "https://example.org/2024/03/dont-panic/",
    "title": "Don’t panic: 3 & 4 cups",
    "published": "2024-03-04 23:30:00",
}
TREES = {
    "id": "tag:example.org,2022-07-14:/above-the-tree-line.html",
    "link": "https://example.org/above-the-tree-line.html",
    "title": "Above the tree line",
    "published": "2022-07-13 22:00:00",
}
HOME = "https://example.org/"

# File: what is to be seen of its entries.
FEEDS: dict[str, list[dict[str, str]]] = {
    "hexo-atom": [
        {**RAIN, "updated": "2021-05-02 03:30:00"},
        {
            "id": f"{HOME}2020/12/31/tea-and-tables/",
            "link": f"{HOME}2020/12/31/tea-and-tables/",
            "title": "Tea & <em>tables</em>",
            "published": "2020-12-31 15:59:59",
            "updated": "2020-12-31 15:59:59",
        },
    ],
    "hexo-rss2": [RAIN],
    "jekyll": [
        {
            "id": f"{HOME}weather/2023/11/05/its-raining",
            "link": f"{HOME}weather/2023/11/05/its-raining.html",
            "title": "“It’s raining…” — again",
            "published": "2023-11-05 06:30:00",
            "updated": "2023-11-06 20:00:00",
        },
        {
            "id": f"{HOME}2023/01/01/salt-pepper",
            "link": f"{HOME}2023/01/01/salt-pepper.html",
            "title": "Salt & pepper",
            "published": "2022-12-31 23:00:00",
            "updated": "2022-12-31 23:00:00",
        },
    ],
    "wordpress-rss2": [
        PANIC,
        {
            "id": f"{HOME}?p=17",
            "link": f"{HOME}2024/02/17/",
            "title": "",
            "published": "2024-02-17 08:00:00",
        },
    ],
    "wordpress-atom": [{**PANIC, "updated": "2024-03-05 10:00:00"}],
    "hugo": [
        {
            "id": f"{HOME}posts/creme-sugar/",
            "link": f"{HOME}posts/creme-sugar/",
            "title": "Crème & sugar",
            "published": "2023-09-01 08:00:00",
        },
        {
            "id": f"{HOME}about/",
            "link": f"{HOME}about/",
            "title": "About",
            "published": "0001-01-01 00:00:00",
        },
    ],
    "pelican-atom": [{**TREES, "updated": "2022-07-16 10:00:00"}],
    "pelican-rss": [TREES],
    "rss-0.92": [
        {
            "id": "http://example.org/first.html",
            "link": "http://example.org/first.html",
            "title": "First",
        },
        {"id": "", "link": "", "title": ""},
    ],
    "rss-1.0": [
        {
            "id": "http://example.org/entry/7",
            "link": "http://example.org/seven.html",
            "title": "Seven",
            "updated": "2004-05-05 22:08:09",
        }
    ],
}


def test_every_file_is_looked_at() -> None:
    assert {path.stem for path in FOREIGN.iterdir()} == FEEDS.keys()


@pytest.mark.parametrize("name", FEEDS)
def test_feeds_are_read_as_they_are_written_elsewhere(name: str) -> None:
    path = FOREIGN / f"{name}.xml"
    entries = read(path)
    assert [_facts(entry) for entry in entries] == FEEDS[name]
    assert read(path.read_bytes()) == entries


def _facts(entry: ForeignEntry) -> dict[str, str]:
    facts = {"id": entry.id, "link": entry.link, "title": entry.title}
    for name, moment in (("published", entry.published), ("updated", entry.updated)):
        if moment:
            assert moment.tzinfo is UTC
            facts[name] = moment.replace(tzinfo=None).isoformat(" ")
    return facts


def _item(inside: str, **more: Any) -> ForeignEntry:
    feed = f"<rss version='2.0'><channel><title>T</title><item>{inside}</item></channel></rss>"
    return read(feed.encode(), **more)[0]


@pytest.mark.parametrize(
    ("inside", "own", "link"),
    [
        ("<guid>https://a.org/x</guid>", "https://a.org/x", "https://a.org/x"),
        ("<guid isPermaLink='true'>https://a.org/x</guid>", "https://a.org/x", "https://a.org/x"),
        ("<guid isPermaLink='false'>https://a.org/x</guid>", "https://a.org/x", ""),
        ("<link>https://a.org/y</link><guid>https://a.org/x</guid>", "https://a.org/x", "https://a.org/y"),
        ("<guid>https://a.org/x</guid><link>https://a.org/y</link>", "https://a.org/x", "https://a.org/y"),
        ("<link>https://a.org/y</link>", "https://a.org/y", "https://a.org/y"),
        ("<link>https://a.org/y</link><guid/>", "https://a.org/y", "https://a.org/y"),
        ("<guid isPermaLink='false'> 12345\n</guid>", "12345", ""),
        (
            "<guid isPermaLink='false'>http://A.org/a/../b?x&amp;y#%7e</guid>",
            "http://A.org/a/../b?x&y#%7e",
            "",
        ),
    ],
)
def test_ids_are_exact_and_a_permalink_is_a_link(inside: str, own: str, link: str) -> None:
    entry = _item(inside)
    assert (entry.id, entry.link) == (own, link)


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("a  b\n c", "a b c"),
        ("Tom &amp;amp; Jerry", "Tom & Jerry"),
        ("<![CDATA[<b>Bold</b> move]]>", "Bold move"),
        ("1 &lt; 2", "1 < 2"),
    ],
)
def test_titles_are_as_people_see_them(written: str, seen: str) -> None:
    assert _item(f"<title>{written}</title>").title == seen


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("Sat, 03 Jan 2026 12:30:00 +0800", datetime(2026, 1, 3, 4, 30, tzinfo=UTC)),
        ("2026-01-03T12:30:00+08:00", datetime(2026, 1, 3, 4, 30, tzinfo=UTC)),
        ("yesterday", None),
        ("9999-12-31T23:59:60Z", None),
        ("", None),
    ],
)
def test_dates_are_moments_or_nothing(date: str, moment: datetime | None) -> None:
    entry = _item(f"<title>A</title><pubDate>{date}</pubDate>")
    assert (entry.published, entry.updated) == (moment, None)


def test_what_is_malformed_is_read_as_far_as_readers_do() -> None:
    data = (FOREIGN / "hugo.xml").read_bytes().replace(b"Stir.", b"Stir & \x0b <br>")[:-30]
    assert [entry.id for entry in read(data)] == [f"{HOME}posts/creme-sugar/", f"{HOME}about/"]


def test_other_encodings_are_read() -> None:
    data = (FOREIGN / "hexo-rss2.xml").read_text("utf-8").replace("utf-8", "gb18030").encode("gb18030")
    assert read(data)[0].title == "雨后的山路"


def test_a_feed_may_be_empty() -> None:
    assert read(b"<rss version='2.0'><channel><title>T</title></channel></rss>") == ()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<!doctype html><title>A page</title>",
        b'{"version": 1}',
        b"\x00\xff",
        b"<rss version='2.0'><channel><title>&#xd800;</title></channel><",
        b"<rss version='2.0'><channel><title>&#x110000;</title></channel><",
        b"<?xml version='1.0' encoding='punycode'?><rss version='2.0'><channel/></rss>",
    ],
)
def test_what_is_no_feed_is_refused(data: bytes) -> None:
    with pytest.raises(UsageError) as caught:
        read(data, name="https://example.org/")
    assert caught.value.code == "FEED001"
    assert caught.value.message == "https://example.org/ is neither RSS nor Atom."


@pytest.mark.parametrize(
    ("data", "limits", "reason"),
    [
        (
            b"\n" * 100_000 + b"<rss version='2.0'/>",
            {"_SECONDS": 1},
            "takes too (long|much time or memory) to read",
        ),
        (
            b"<rss version='2.0'><channel><title/>" + b"<item/>" * 200_000,
            {"_MEMORY": 2**26, "_SECONDS": 60},
            "takes too much (time or )?memory to read",
        ),
    ],
)
def test_a_feed_that_takes_too_much_is_given_up(
    data: bytes, limits: dict[str, Any], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in limits.items():
        monkeypatch.setattr(foreign_feeds, name, value)
    with pytest.raises(UsageError, match=reason) as caught:
        read(data)
    assert caught.value.code == "FEED001"
    assert caught.value.hint


def test_bytes_are_never_taken_for_an_address_or_a_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("the network was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    for source in (b"http://example.org/feed.xml", str(FOREIGN / "hugo.xml").encode()):
        assert foreign_feeds.parse(source) is None


def test_entities_are_not_fetched(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    entity = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{(tmp_path / "secret").as_uri()}">]>'
    feed = f"{entity}<rss version='2.0'><channel><item><title>a&x;b</title></item></channel></rss>"
    assert "secret" not in read(feed.encode())[0].title


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(MachineError) as caught:
        read(tmp_path / "absent.xml")
    assert caught.value.code == "FS022"
