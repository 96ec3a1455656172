"""Emoji, icons, badges, avatars and counters are no thumbnails; an enclosure on the site has its length."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desk import Desk
from feedwright.bodies import sanitize

if TYPE_CHECKING:
    from pathlib import Path

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\2\x80\0\0\1\xe0\x08\2\0\0\0"  # 640 × 480
DECORATIONS = [
    '<img class="emoji" src="/e.png">',
    '<img class="wp-smiley big" src="/e.png">',
    '<img class="avatar avatar-64" src="/me.jpg">',
    '<img src="/e.png" width="20" height="20">',
    '<img src="/e.png" width="49">',
    '<img src="/e.png" width="640" height="1">',
    '<img src="https://s.w.org/images/core/emoji/14.0.0/svg/1f389.svg">',
    '<img src="https://img.shields.io/badge/build-passing-green">',
    '<img src="https://github.com/a/b/actions/workflows/test.yml/badge.svg">',
    '<img src="https://secure.gravatar.com/avatar/0?s=400">',
    '<img src="https://cdn.example.net/twemoji@14/72x72/1f600.png">',
    '<img src="https://example.org/wp-includes/images/smilies/wink.gif">',
    '<img data-src="https://feeds.feedburner.com/~r/x/~4/y" src="data:,">',
]
PREVIEWS = [
    '<img src="/real.jpg">',
    '<img class="iconic" src="/real.jpg">',
    '<img src="/real.jpg" width="50" height="20">',
    '<img src="/real.jpg" width="20%">',
    '<img src="/a/emoji-history.jpg">',
    '<img src="https://statsbridge.example.net/real.jpg">',
]


@pytest.mark.parametrize("html", DECORATIONS)
def test_a_decoration_is_no_preview(html: str) -> None:
    body = sanitize.clean(f'{html}<img src="/real.jpg">', base="https://example.org/", file="a.md")
    assert [picture.src for picture in body.pictures] == ["https://example.org/real.jpg"]
    assert body.content.count("<img") == 2


@pytest.mark.parametrize("html", PREVIEWS)
def test_any_other_picture_is_one(html: str) -> None:
    assert len(sanitize.clean(html, base="https://example.org/", file="a.md").pictures) == 1


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.configure('formats = ["rss", "atom", "json"]')
    return desk


def _write(desk: Desk, matter: str, body: str = "Text.") -> None:
    desk.write("a.md", f"---\ntitle: A\ndate: 2026-01-03\n{matter}\n---\n{body}\n")


def test_an_enclosure_on_the_site_has_its_length_and_type_and_follows_the_file(desk: Desk) -> None:
    _write(desk, "enclosure: /audio/e.mp3")
    desk.write("audio/e.mp3", b"0" * 5003)
    desk.run("build")
    (link,) = desk.entries("rss.xml")[0].enclosures
    assert (link.href, link.length, link.type) == ("https://example.org/audio/e.mp3", "5003", "audio/mpeg")
    assert b'"size_in_bytes": 5003' in desk.published()["feed.json"]
    desk.write("audio/e.mp3", b"0" * 5004)
    desk.run("build")
    assert desk.entries("rss.xml")[0].enclosures[0].length == "5004"


@pytest.mark.parametrize("enclosure", ["https://cdn.example.net/e.mp3", "/audio/other.mp3", "/audio"])
def test_any_other_enclosure_has_none(desk: Desk, enclosure: str) -> None:
    _write(desk, f"enclosure: {enclosure}")
    desk.write("audio/e.mp3", b"0" * 5003)
    desk.run("build")
    assert desk.entries("rss.xml")[0].enclosures[0].length == "0"


def test_a_thumbnail_is_no_enclosure_where_that_is_set(desk: Desk) -> None:
    _write(desk, "cover: /img/a.png")
    desk.write("img/a.png", PNG)
    desk.run("build")
    assert desk.entries()[0].enclosures
    desk.configure('formats = ["rss", "atom", "json"]', "enclose_thumbnail = false")
    desk.run("build")
    for path in ("rss.xml", "atom.xml"):
        (entry,) = desk.entries(path)
        assert entry.media_thumbnail[0]["url"] == "https://example.org/img/a.png"
        assert entry.get("enclosures", []) == []


def test_an_article_that_wants_no_picture_has_none(desk: Desk) -> None:
    _write(desk, "thumbnail: false\ncover: /img/a.png", "![a](/img/a.png)")
    desk.write("img/a.png", PNG)
    desk.run("build")
    assert "media_thumbnail" not in desk.entries()[0]


@pytest.mark.parametrize("place", ["img/a.png", "static/img/a.png", "source/img/a.png"])
def test_a_picture_is_found_where_the_site_has_it_from(desk: Desk, place: str) -> None:
    _write(desk, "cover: /img/a.png")
    desk.write("img/b.png", PNG)
    desk.write(place, PNG)
    desk.run("build")
    assert desk.entries()[0].media_thumbnail[0]["width"] == "640"


def test_a_picture_that_is_missing_is_told_with_the_nearest_name(desk: Desk) -> None:
    _write(desk, "cover: /img/kettel.png")
    desk.write("img/kettle.png", PNG)
    told = desk.run("build")
    assert told.codes == ["IMG003"]
    assert "kettle.png?" in told.err


def test_an_unknown_key_of_many_articles_is_told_once(desk: Desk) -> None:
    for name in "abc":
        desk.write(f"{name}.md", f"---\ntitle: {name}\ndate: 2026-01-03\nupdatd: 1\n---\nText.\n")
    told = desk.run("build", "--report", "concise")
    assert told.codes == ["FM018"]
    assert "unknown key `updatd`: did you mean `updated`?, and in 2 more articles" in told.err
