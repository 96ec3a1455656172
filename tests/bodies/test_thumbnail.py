"""Thumbnails: which pictures are files of the site, how they are measured, and which are left out."""

from __future__ import annotations

import os
import struct
import time
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from feedwright.bodies import deadline, thumbnail
from feedwright.bodies.options import BodyOptions
from feedwright.bodies.thumbnail import HEAD, HEAVY, LARGEST, WIDE
from feedwright.model import Article, Content, Picture, Thumbnail

if TYPE_CHECKING:
    from feedwright.problems import Problem

SITE = "https://example.org/blog/"
PAGE = "https://example.org/blog/2024/03/05/tea/oolong/"
DAY = datetime(2024, 3, 5, tzinfo=UTC)


links = pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IEND", b"")


def gif(width: int, height: int) -> bytes:
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0, 0, 0) + b";"


def segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def jpeg(width: int, height: int, *, before: bytes = b"") -> bytes:
    frame = segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00")
    return b"\xff\xd8" + before + frame + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\xff\xd9"


def turned() -> bytes:
    entry = struct.pack(">HHLHH", 0x0112, 3, 1, 6, 0)
    return segment(0xE1, b"Exif\0\0MM\0*\0\0\0\x08\0\x01" + entry + b"\0\0\0\0")


def riff(kind: bytes, data: bytes) -> bytes:
    body = b"WEBP" + kind + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def webp(width: int, height: int) -> bytes:
    extended = b"\0\0\0\0" + struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    return riff(b"VP8X", extended)


def webp_lossy(width: int, height: int) -> bytes:
    return riff(b"VP8 ", b"\x30\x01\x00\x9d\x01\x2a" + struct.pack("<HH", width, height) + b"\0" * 8)


def bmp(width: int, height: int) -> bytes:
    return b"BM" + struct.pack("<IHHIIiiHH", 54, 0, 0, 54, 40, width, height, 1, 24) + b"\0" * 24


SVG = b'<?xml version="1.0"?>\n<!-- drawn -->\n<!DOCTYPE svg>\n<svg xmlns="http://www.w3.org/2000/svg"/>'
ICO = b"\0\0\x01\0\x01\0\x10\x10" + b"\0" * 16
BRANDS = struct.pack(">I", 28) + b"ftypmif1\0\0\0\0mif1avifmiaf"


def resolve(
    src: str,
    content: Path = Path("/nonexistent"),
    *,
    picture: Picture | None = None,
    default_type: str = "image/jpeg",
) -> tuple[Thumbnail | None, tuple[Problem, ...]]:
    made = Content(
        path="tea/oolong.md",
        article=Article(path="tea/oolong.md", title="Oolong", link=PAGE, published=DAY, updated=DAY, due=DAY),
        picture=picture or Picture(src=src, field="headimg", line=4, column=8),
    )
    options = BodyOptions(content=content, site_url=SITE, thumbnail_type=default_type)
    resolved = thumbnail.resolve(made, options)
    return resolved.thumbnail, resolved.problems


def left_out(outcome: tuple[Thumbnail | None, tuple[Problem, ...]]) -> Problem:
    """The problem of a picture that is left out."""
    picture, problems = outcome
    assert picture is None
    (problem,) = problems
    assert (problem.severity, problem.file, problem.line, problem.column, problem.field) == (
        "warning",
        "tea/oolong.md",
        4,
        8,
        "headimg",
    )
    assert problem.hint
    return problem


def write(folder: Path, name: str, data: bytes) -> None:
    place = folder / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)


REMOTE = [
    ("https://cdn.example.net/a.JPG", "https://cdn.example.net/a.JPG", "image/jpeg"),
    ("http://cdn.example.net/a.png?v=1#x", "http://cdn.example.net/a.png?v=1#x", "image/png"),
    ("https://cdn.example.net/a.webp", "https://cdn.example.net/a.webp", "image/webp"),
    ("https://cdn.example.net/a.avif", "https://cdn.example.net/a.avif", "image/avif"),
    ("https://cdn.example.net/a.svg", "https://cdn.example.net/a.svg", "image/svg+xml"),
    ("https://cdn.example.net/a.gif/", "https://cdn.example.net/a.gif/", "image/x-default"),
    (
        "https://cdn.example.net/400/300?random=1",
        "https://cdn.example.net/400/300?random=1",
        "image/x-default",
    ),
    ("https://cdn.example.net/a.php?f=a.png", "https://cdn.example.net/a.php?f=a.png", "image/x-default"),
    ("//cdn.example.net/a.png", "https://cdn.example.net/a.png", "image/png"),
    ("HTTPS://CDN.example.net/a.png", "https://cdn.example.net/a.png", "image/png"),
    ("https://cdn.example.net/春 茶.png", "https://cdn.example.net/%E6%98%A5%20%E8%8C%B6.png", "image/png"),
    ("/images/a.gif", "https://example.org/images/a.gif", "image/gif"),
    ("/a.gif", "https://example.org/a.gif", "image/gif"),
]


@pytest.mark.parametrize(("src", "url", "media_type"), REMOTE)
def test_a_picture_outside_of_the_content_folder_is_published_as_a_link(
    src: str, url: str, media_type: str, tmp_path: Path
) -> None:
    picture, problems = resolve(src, tmp_path, default_type="image/x-default")
    assert picture == Thumbnail(url=url, type=media_type, length=0)
    assert problems == ()


def test_a_remote_picture_keeps_the_size_that_the_article_gives() -> None:
    picture, _ = resolve("", picture=Picture(src="https://example.net/a.png", width=40, height=30))
    assert picture == Thumbnail(url="https://example.net/a.png", type="image/png", width=40, height=30)


LOCAL = [
    ("a.png", png(640, 480), "image/png", 640, 480),
    ("a.gif", gif(32, 17), "image/gif", 32, 17),
    ("a.jpg", jpeg(800, 450), "image/jpeg", 800, 450),
    ("turned.jpg", jpeg(800, 450, before=turned()), "image/jpeg", 450, 800),
    ("a.webp", webp(1200, 630), "image/webp", 1200, 630),
    ("lossy.webp", webp_lossy(100, 50), "image/webp", 100, 50),
    ("a.bmp", bmp(9, 7), "image/bmp", 9, 7),
    ("a.svg", SVG, "image/svg+xml", None, None),
    ("bare.svg", b"\xef\xbb\xbf<svg>", "image/svg+xml", None, None),
    ("a.ico", ICO, "image/x-icon", None, None),
    ("named.jpg", png(5, 6), "image/png", 5, 6),
    ("noname", gif(5, 6), "image/gif", 5, 6),
    ("largest.png", png(LARGEST, 1), "image/png", LARGEST, 1),
]


@pytest.mark.parametrize(("name", "data", "media_type", "width", "height"), LOCAL)
def test_a_local_file_is_measured(
    name: str, data: bytes, media_type: str, width: int | None, height: int | None, tmp_path: Path
) -> None:
    write(tmp_path, f"img/{name}", data)
    picture, problems = resolve(f"/img/{name}", tmp_path)
    assert [problem.code for problem in problems] == ["IMG008"] * (name == "largest.png")
    assert picture == Thumbnail(
        url=f"{SITE}img/{name}",
        type=media_type,
        width=width,
        height=height,
        length=len(data),
    )


PLACES = [
    ("/img/a.png", "img/a.png", SITE + "img/a.png"),
    ("/blog/img/a.png", "img/a.png", SITE + "img/a.png"),
    ("/img/a.png?v=2#top", "img/a.png", SITE + "img/a.png?v=2#top"),
    ("/a.png", "a.png", SITE + "a.png"),
    ("/%E6%98%A5.png", "春.png", SITE + "%E6%98%A5.png"),
    ("a.png", "tea/a.png", PAGE + "a.png"),
    ("./a.png", "tea/a.png", PAGE + "a.png"),
    ("../img/a.png", "img/a.png", "https://example.org/blog/2024/03/05/tea/img/a.png"),
    ("a.png", "tea/oolong/a.png", PAGE + "a.png"),
    ("春%20茶.png", "tea/春 茶.png", PAGE + "%E6%98%A5%20%E8%8C%B6.png"),
    ("春 茶.png", "tea/春 茶.png", PAGE + "%E6%98%A5%20%E8%8C%B6.png"),
    ("  a.png\n", "tea/a.png", PAGE + "a.png"),
    ("\\img\\a.png", "img/a.png", SITE + "img/a.png"),
]


@pytest.mark.parametrize(("src", "place", "url"), PLACES)
def test_where_a_local_file_is_looked_for(src: str, place: str, url: str, tmp_path: Path) -> None:
    write(tmp_path, place, png(3, 2))
    picture, problems = resolve(src, tmp_path)
    assert problems == ()
    assert picture == Thumbnail(url=url, type="image/png", width=3, height=2, length=len(png(3, 2)))


def test_beside_the_article_comes_before_the_folder_named_like_it(tmp_path: Path) -> None:
    write(tmp_path, "tea/a.png", png(1, 1))
    write(tmp_path, "tea/oolong/a.png", png(2, 2))
    picture, _ = resolve("a.png", tmp_path)
    assert picture is not None
    assert picture.width == 1


NOT_AN_ADDRESS = [
    ("data:image/png;base64,AAAA", "data:"),
    ("javascript:alert(1)", "javascript:"),
    ("java\nscript:alert(1)", "javascript:"),
    ("JAVASCRIPT:alert(1)", "javascript:"),
    ("\x01javascript:1", "javascript:"),
    ("java\u200bscript:1", "not the address"),
    ("file:///etc/passwd", "file:"),
    ("ftp://example.org/a.png", "ftp:"),
    ("C:\\img\\a.png", "c:"),
    ("blob:https://example.org/1", "blob:"),
    ("http://", "not the address"),
    ("https://me:secret@example.org/a.png", "not the address"),
    (" ", "not the address"),
    ("#top", "not the address"),
    ("?a.png", "not the address"),
]


@pytest.mark.parametrize(("src", "reason"), NOT_AN_ADDRESS)
def test_a_reference_that_is_not_a_web_address_is_left_out(src: str, reason: str, tmp_path: Path) -> None:
    problem = left_out(resolve(src, tmp_path))
    assert problem.code == "IMG002"
    assert reason in problem.message


def test_a_missing_file_is_left_out_and_every_place_is_named(tmp_path: Path) -> None:
    problem = left_out(resolve("a.png", tmp_path))
    assert problem.code == "IMG003"
    assert "tea/a.png or tea/oolong/a.png" in problem.message


def test_a_rooted_reference_is_missed_only_in_a_folder_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "img").mkdir()
    problem = left_out(resolve("/img/a.png", tmp_path))
    assert problem.code == "IMG003"
    assert "img/a.png" in problem.message
    assert resolve("/static/a.png", tmp_path)[0] is not None


IMPOSSIBLE = ["a\0.png", "a%00.png", "a" * 1500 + ".png", "%FF%FE.png", "a/" * 300 + "a.png"]


@pytest.mark.parametrize("src", IMPOSSIBLE)
def test_a_name_that_no_file_can_have_is_a_missing_file(src: str, tmp_path: Path) -> None:
    assert left_out(resolve(src, tmp_path)).code == "IMG003"


@pytest.mark.parametrize("src", [f"{SITE}{'a' * 300}.png", f"/{'a' * 300}/b.png", f"{SITE}a%00b.png"])
def test_an_address_that_no_file_can_have_is_published_as_a_link(src: str, tmp_path: Path) -> None:
    picture, problems = resolve(src, tmp_path)
    assert picture is not None
    assert (picture.length, problems) == (0, ())


@pytest.mark.parametrize(
    "src", ["../../secret.png", "../../../../../etc/passwd", "/../secret.png", "..%2f..%2fsecret.png"]
)
def test_nothing_outside_the_content_folder_is_read(src: str, tmp_path: Path) -> None:
    write(tmp_path, "secret.png", png(1, 1))
    write(tmp_path, "content/tea/oolong.md", b"")
    assert left_out(resolve(src, tmp_path / "content")).code == "IMG004"


@links
@pytest.mark.parametrize("src", ["a.png", "/tea/a.png"])
def test_a_link_that_leads_out_is_left_out(src: str, tmp_path: Path) -> None:
    write(tmp_path, "secret.png", png(1, 1))
    (tmp_path / "content/tea").mkdir(parents=True)
    (tmp_path / "content/tea/a.png").symlink_to(tmp_path / "secret.png")
    assert left_out(resolve(src, tmp_path / "content")).code == "IMG004"


@links
def test_the_content_folder_and_what_is_in_it_may_be_links(tmp_path: Path) -> None:
    write(tmp_path, "real/img/b.png", png(4, 4))
    (tmp_path / "real/img/a.png").symlink_to("b.png")
    (tmp_path / "content").symlink_to("real")
    picture, problems = resolve("/img/a.png", tmp_path / "content")
    assert problems == ()
    assert picture is not None
    assert picture.width == 4


@links
def test_links_in_a_circle_are_a_missing_file(tmp_path: Path) -> None:
    (tmp_path / "tea").mkdir()
    (tmp_path / "tea/a.png").symlink_to("a.png")
    assert left_out(resolve("a.png", tmp_path)).code == "IMG003"


NOT_A_PICTURE = [
    (b"", "is empty"),
    (b"<!doctype html><title>Not found</title>", "not a picture"),
    (b"<html><body><svg></svg></body></html>", "not a picture"),
    (b"hello", "not a picture"),
    (png(50_000, 50_000), "50000"),
    (png(LARGEST + 1, 1), "30001"),
    (png(0, 10), "0 × 10"),
    (gif(0, 0), "0 × 0"),
    (b"\xff\xd8\xff\xe0", "no size"),
    (b"\x89PNG\r\n\x1a\n", "no size"),
    (b"RIFF\x04\0\0\0WEBP", "no size"),
    (BRANDS, "no size"),
    (struct.pack(">I", 20) + b"ftypisom\0\0\0\0mp42", "not a picture"),
]


def test_a_picture_that_is_too_heavy_or_too_wide_is_shown_and_told(tmp_path: Path) -> None:
    write(tmp_path, "a.png", png(WIDE, 2) + b"\0" * (HEAVY - 100))
    assert resolve("/a.png", tmp_path)[1] == ()
    write(tmp_path, "a.png", png(WIDE * 2, 2) + b"\0" * HEAVY * 4)
    shown, problems = resolve("/a.png", tmp_path)
    assert shown is not None
    assert [(problem.code, problem.line) for problem in problems] == [("IMG007", 4), ("IMG008", 4)]
    assert "40 MB" in problems[0].message
    assert "20000 × 2 pixels" in problems[1].message


@pytest.mark.parametrize(("data", "reason"), NOT_A_PICTURE)
def test_a_file_that_is_not_a_picture_is_left_out(data: bytes, reason: str, tmp_path: Path) -> None:
    write(tmp_path, "img/a.jpg", data)
    problem = left_out(resolve("/img/a.jpg", tmp_path))
    assert problem.code == "IMG005"
    assert reason in problem.message


def test_a_folder_is_not_a_picture(tmp_path: Path) -> None:
    (tmp_path / "img/a.jpg").mkdir(parents=True)
    assert left_out(resolve("/img/a.jpg", tmp_path)).code == "IMG005"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no FIFOs")
def test_a_fifo_is_refused_without_waiting(tmp_path: Path) -> None:
    (tmp_path / "img").mkdir()
    os.mkfifo(tmp_path / "img/a.jpg")
    with deadline.within(60):  # fails instead of waiting for ever
        assert left_out(resolve("/img/a.jpg", tmp_path)).code == "IMG005"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every file")
def test_an_unreadable_file_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, "img/a.jpg", png(1, 1))
    (tmp_path / "img/a.jpg").chmod(0)
    assert left_out(resolve("/img/a.jpg", tmp_path)).code == "IMG003"


def test_a_size_beyond_the_head_is_unknown_but_the_picture_is_shown(tmp_path: Path) -> None:
    profile = segment(0xE2, b"\0" * 65_000) * 2
    data = jpeg(800, 600, before=profile)
    assert len(data) > HEAD
    write(tmp_path, "img/a.jpg", data)
    picture, problems = resolve("/img/a.jpg", tmp_path)
    assert problems == ()
    assert picture == Thumbnail(url=SITE + "img/a.jpg", type="image/jpeg", length=len(data))


def test_a_large_file_is_not_read_whole(tmp_path: Path) -> None:
    write(tmp_path, "img/a.png", png(10, 10))
    os.truncate(tmp_path / "img/a.png", 1 << 26)
    picture, _ = resolve("/img/a.png", tmp_path)
    assert picture is not None
    assert (picture.width, picture.length) == (10, 1 << 26)


@pytest.mark.parametrize("part", [b"<!---->", b"<??>", b"<!--", b"<!DOCTYPE[]>", b"<!DOCTYPE[", b" "])
def test_a_head_made_to_search_long_is_searched_quickly(part: bytes, tmp_path: Path) -> None:
    write(tmp_path, "img/a.svg", part * (HEAD // len(part)))
    started = time.process_time()
    assert left_out(resolve("/img/a.svg", tmp_path)).code == "IMG005"
    assert time.process_time() - started < 1


def test_an_address_on_the_site_itself_is_the_file_it_stands_for(tmp_path: Path) -> None:
    (tmp_path / "img").mkdir()
    (tmp_path / "img" / "tea pot.png").write_bytes(png(300, 200))
    picture, problems = resolve(f"{SITE}img/tea%20pot.png?v=2", tmp_path)
    assert problems == ()
    assert picture == Thumbnail(
        url=f"{SITE}img/tea%20pot.png?v=2", type="image/png", width=300, height=200, length=len(png(300, 200))
    )
    picture, problems = resolve(f"{SITE}img/none.png", tmp_path)
    assert picture is None
    assert [problem.code for problem in problems] == ["IMG003"]
    for elsewhere in (
        f"{SITE}photos/none.png",
        f"{SITE}../img/tea%20pot.png",
        "https://example.org/img/x.png",
    ):
        picture, problems = resolve(elsewhere, tmp_path)
        assert picture is not None
        assert (picture.type, picture.length, problems) == ("image/png", 0, ())
