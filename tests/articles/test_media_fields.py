"""Pictures and enclosures: every shape they have, and what is wrong with them, at its place."""

from __future__ import annotations

import pytest
from msgspec.structs import asdict

from feedwright.model import Enclosure, Picture
from matter import DAY, good, head, told


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("cover: /a.jpg", {"src": "/a.jpg", "field": "cover", "line": 4, "column": 8}),
        ("images: [/a.jpg, /b.jpg]", {"src": "/a.jpg", "field": "images"}),
        ("cover: [/a.jpg]", {"src": "/a.jpg"}),
        (
            "cover: {src: /a.jpg, width: 640, height: 480, alt: x}",
            {"src": "/a.jpg", "width": 640, "height": 480},
        ),
        ("cover: {url: /a.jpg, width: 640px, height: 0}", {"src": "/a.jpg", "width": None, "height": None}),
        ("cover: {PATH: /a.jpg}", {"src": "/a.jpg"}),
        ("cover: {image: ' /a.jpg '}", {"src": "/a.jpg"}),
        ("images: [{src: /a.jpg}]", {"src": "/a.jpg"}),
        ("cover: {alt: x}\nbanner: /b.jpg", {"src": "/b.jpg"}),
        ("images: ['']\nbanner: /b.jpg", {"src": "/b.jpg"}),
        ("banner: /b.jpg\nthumbnail: /a.jpg", {"src": "/a.jpg"}),
        ("cover: 2021.jpg", {"src": "2021.jpg"}),
        ("background: /a.jpg", {"src": "/a.jpg"}),
        ("header-img: /a.jpg", {"src": "/a.jpg", "field": "header-img"}),
        ("Featured_Image: /a.jpg", {"src": "/a.jpg"}),
        ("featuredImage: /a.jpg\nfeatured-image: /b.jpg", {"src": "/a.jpg"}),
        ("header: {teaser: /a.jpg}", {"src": "/a.jpg", "field": "header.teaser"}),
        ("params: {hero-image: /a.jpg}", {"src": "/a.jpg"}),
        ("seo: {image: /a.jpg}", {"src": "/a.jpg"}),
        ("top_img: false\nbanner: /a.jpg", {"src": "/a.jpg"}),
        ("resources: [{src: b.pdf}, {name: cover, src: a.jpg}]", {"src": "a.jpg", "field": "resources"}),
        ("resources: [{src: a-featured.jpg}, {src: b.jpg}]", {"src": "a-featured.jpg"}),
    ],
)
def test_pictures(row: str, expected: dict[str, object]) -> None:
    picture = good(f"title: a\n{DAY}\n{row}").picture
    assert isinstance(picture, Picture)
    assert asdict(picture) | expected == asdict(picture)


@pytest.mark.parametrize(
    "row",
    [
        *("cover: ~", "cover: true", "top_img: false", "cover: []", "cover: [[]]", "cover: {src: ' '}"),
        *("background: '#fff'", "background: red", "cover: [~]"),
    ],
)
def test_no_picture(row: str) -> None:
    assert good(f"title: a\n{DAY}\n{row}").picture is None


@pytest.mark.parametrize(
    "row", ["resources: [{src: a.pdf}]", "resources: [{name: cover, src: 'a*.jpg'}]", "resources: [a.jpg]"]
)
def test_resources_that_name_no_picture(row: str) -> None:
    assert good(f"title: a\n{DAY}\n{row}").picture is None


@pytest.mark.parametrize("row", ["thumbnail: false\ncover: /a.jpg", "cover: no", "image: None"])
def test_no_picture_is_wanted(row: str) -> None:
    assert good(f"title: a\n{DAY}\n{row}").picture == Picture(src="")


def test_a_picture_that_is_a_number_or_a_list() -> None:
    assert told(head(f"title: a\n{DAY}\ncover: 5")) == ["error IMG001 4:8"]
    found = head(f"title: a\n{DAY}\ncover: [/a.jpg, /b.jpg]")
    assert told(found) == ["warning IMG006 4:8"]
    assert found.article
    assert found.article.picture
    assert found.article.picture.src == "/a.jpg"


_MP3 = Enclosure(url="https://e.org/a.mp3", type="audio/mpeg")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("https://e.org/a.mp3", _MP3),
        (
            "https://e.org/a.mp3 123 audio/x-own",
            Enclosure(url="https://e.org/a.mp3", type="audio/x-own", length=123),
        ),
        (
            "|\n  https://e.org/a.mp3\n  123\n  audio/mpeg",
            Enclosure(url=_MP3.url, type=_MP3.type, length=123),
        ),
        ("{url: /a.mp3, length: 5}", Enclosure(url="https://example.org/a.mp3", type="audio/mpeg", length=5)),
        ("[{url: https://e.org/a.mp3, type: Audio/MP4}]", Enclosure(url=_MP3.url, type="audio/mp4")),
        ("{url: https://e.org/a.mp3, type: nonsense, length: many}", _MP3),
        ("{url: https://e.org/a.mp3, length: -1}", _MP3),
        ("{url: https://e.org/a.mp3, length: 99999999999999999}", _MP3),
        ("https://e.org/a", Enclosure(url="https://e.org/a", type="application/octet-stream")),
        ("https://e.org/a.mp3 ²", _MP3),
    ],
)
def test_enclosures(row: str, expected: Enclosure) -> None:
    assert good(f"title: a\n{DAY}\nenclosure: {row}").enclosure == expected


@pytest.mark.parametrize(
    "row",
    [
        "ftp://e.org/a",
        "[a, b]",
        "{type: audio/mpeg}",
        "{url: [a]}",
        "'javascript:x'",
        "'{static}/a.mp3'",
        "'{{ x }}/a'",
    ],
)
def test_enclosures_that_are_left_out(row: str) -> None:
    found = head(f"title: a\n{DAY}\nenclosure: {row}")
    assert told(found) == ["warning ENL001 4:12"]
    assert found.article
    assert found.article.enclosure is None
