"""OPML: every feed once, as readers import it."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import listparser
import pytest

from feedwright.formats.table import FORMATS
from feedwright.model import SiteIndex, replace
from sample_feeds import NOON, entry, feed, refusal_of

if TYPE_CHECKING:
    from pathlib import Path

OPML = FORMATS["opml"]
ALL = ("rss", "atom", "json", "opml", "page")
HOME = feed(
    entry(), path="", url="https://example.org/feeds/", title="Site & <Co>", description="", language=""
)
CHILD = feed(entry(), title="子 – Site", path="子/", url="https://example.org/feeds/%E5%AD%90/")


def rendered(*formats: str) -> bytes:
    bare = tuple(replace(one, entries=()) for one in (HOME, CHILD))
    return OPML.render(HOME, SiteIndex(formats=formats or ALL, title=HOME.title, feeds=bare))


def test_a_reader_imports_it() -> None:
    got = listparser.parse(rendered().decode())
    assert not got.bozo
    assert got.version == "opml2"
    assert got.meta.title == "Site & <Co>"
    assert [(one.title, one.url) for one in got.feeds] == [
        ("Site & <Co>", "https://example.org/feeds/atom.xml"),
        ("子 – Site", "https://example.org/feeds/%E5%AD%90/atom.xml"),
    ]
    assert {tuple(one.categories[0]) for one in got.feeds} == {("Site & <Co>",)}


@pytest.mark.parametrize(
    ("formats", "file", "version"),
    [
        (ALL, "atom.xml", ""),
        (("rss", "opml"), "rss.xml", "RSS2"),
        (("json", "rss", "opml"), "rss.xml", "RSS2"),
        (("json", "opml"), "feed.json", ""),
    ],
)
def test_one_format_of_a_feed_is_listed(formats: tuple[str, ...], file: str, version: str) -> None:
    text = rendered(*formats).decode()
    assert text.count("xmlUrl=") == 2
    assert text.count(f'{file}"') == 2
    versions = [
        outline.get("version", "") for outline in ElementTree.fromstring(text.encode()).iter("outline")
    ]
    assert versions == ["", version, version]


def test_it_has_nothing_that_the_validator_does_not_know() -> None:
    """The W3C's calls `docs` an undefined element, and knows no version of Atom or JSON Feed."""
    root = ElementTree.fromstring(rendered())
    assert {child.tag for child in root[0]} == {"title", "dateModified", "ownerName"}
    assert [element.tag for element in root.iter() if element.get("version")] == ["opml"]


def test_nothing_in_it_comes_from_the_clock() -> None:
    newer = replace(CHILD, entries=(), updated=NOON.replace(year=2023))
    listed = OPML.render(HOME, SiteIndex(formats=ALL, title="T", feeds=(replace(HOME, entries=()), newer)))
    assert b"<dateModified>Sun, 09 Apr 2023 21:05:33 +0800</dateModified>" in listed


def test_what_xml_forbids_is_replaced() -> None:
    dirty = replace(HOME, title="a\x00b\ufffe", entries=())
    data = OPML.render(dirty, SiteIndex(formats=ALL, title="t\x1f", feeds=(dirty,)))
    assert 'text="a\ufffdb\ufffd"'.encode() in data
    assert refusal_of(OPML.read, data) == ""


FAULTS = [
    (b"</opml>", b"", "not well-formed XML"),
    (b'version="2.0"', b'version="1.0"', "not OPML 2.0 with head and body"),
    (b"<head>", b"<x/><head>", "not OPML 2.0 with head and body"),
    (b"<title>Site &amp; &lt;Co&gt;</title>", b"<title/>", "no title"),
    (b'type="rss"', b'type="link"', "is listed twice, or is not of type rss"),
    (b"%E5%AD%90/", b"", "is listed twice, or is not of type rss"),
    (b"https://example.org/feeds/atom.xml", b"javascript:x", "'javascript:x' is not an http(s) address"),
    ('text="子 – Site" '.encode(), b'text="" ', "no text"),
]


@pytest.mark.parametrize(("old", "new", "reason"), FAULTS)
def test_a_faulty_list_is_refused(old: bytes, new: bytes, reason: str) -> None:
    assert refusal_of(OPML.read, rendered()) == ""
    assert old in rendered()
    assert reason in refusal_of(OPML.read, rendered().replace(old, new, 1))


@pytest.mark.parametrize("data", [b"", b"\xff", b"<!-- -->"])
def test_what_is_not_a_list_is_refused(data: bytes) -> None:
    assert "not well-formed XML" in refusal_of(OPML.read, data)


def test_an_empty_list_is_refused() -> None:
    empty = b'<opml version="2.0"><head><title>T</title></head><body/></opml>'
    assert "no feeds" in refusal_of(OPML.read, empty)


@pytest.mark.skipif(not shutil.which("newsboat"), reason="needs newsboat")
def test_newsboat_imports_it(tmp_path: Path) -> None:
    (tmp_path / "feeds.opml").write_bytes(rendered())
    urls = tmp_path / "urls"
    words = [
        "newsboat",
        "-u",
        str(urls),
        "-c",
        str(tmp_path / "cache.db"),
        "-i",
        str(tmp_path / "feeds.opml"),
    ]
    subprocess.run(words, env=os.environ | {"HOME": str(tmp_path)}, capture_output=True, check=True)
    assert urls.read_text("utf-8").splitlines() == [
        'https://example.org/feeds/atom.xml "Site & <Co>"',
        'https://example.org/feeds/%E5%AD%90/atom.xml "Site & <Co>"',
    ]
