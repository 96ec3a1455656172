"""Pictures among the files that a site serves at its root, beside its content."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from test_thumbnail import png

from desk import Desk
from feedwright.bodies.static_files import StaticFiles
from sites import text

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = ('static = ["static"]', 'formats = ["atom", "json"]')


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A site in a folder of its host, with a picture in `static`."""
    desk = Desk(tmp_path)
    (tmp_path / "static" / "img").mkdir(parents=True)
    (tmp_path / "static" / "img" / "tea.png").write_bytes(png(300, 200))
    desk.configure(*SETTINGS)
    return desk


def _thumbnail(desk: Desk) -> str:
    return next(line.strip() for line in desk.published()["atom.xml"].decode().splitlines() if "300" in line)


@pytest.mark.parametrize("src", ["/img/tea.png", "/blog/img/tea.png", "https://example.org/blog/img/tea.png"])
def test_a_picture_in_a_static_folder_is_measured_and_published_where_it_is_served(
    desk: Desk, src: str
) -> None:
    desk.write("a.md", text("A", cover=src))
    done = desk.run("build", "--url", "https://example.org/blog/")
    assert (done.code, done.codes) == (0, [])
    thumbnail = '<media:thumbnail url="https://example.org/blog/img/tea.png" width="300" height="200"/>'
    assert _thumbnail(desk) == thumbnail


def test_a_missing_one_is_told_with_the_nearest_name(desk: Desk) -> None:
    desk.write("a.md", text("A", cover="/img/teas.png"))
    done = desk.run("build")
    assert (done.code, done.codes) == (0, ["IMG003"])
    assert "tea.png?" in done.err


def test_one_that_changes_or_comes_is_noticed_though_nothing_else_did(desk: Desk) -> None:
    desk.write("a.md", text("A", cover="/img/tea.png"))
    desk.write("b.md", text("B", cover="/later.png"))
    assert desk.run("build").code == 0
    assert "0 documents written" in desk.run("build").err
    (desk.root / "static" / "img" / "tea.png").write_bytes(png(300, 201))
    assert "0 documents written" not in desk.run("build").err
    assert 'height="201"' in _thumbnail(desk)
    (desk.root / "static" / "later.png").write_bytes(png(3, 2))
    assert "0 documents written" not in desk.run("build").err
    assert 'url="https://example.org/later.png" width="3"' in desk.published()["atom.xml"].decode()


def test_an_enclosure_in_a_static_folder_has_its_length(desk: Desk) -> None:
    (desk.root / "static" / "tea.mp3").write_bytes(b"x" * 500)
    desk.write("a.md", text("A", enclosure="https://example.org/tea.mp3"))
    assert desk.run("build").code == 0
    assert b'length="500"' in desk.published()["atom.xml"]


@pytest.mark.parametrize("path", ["../secret.png", "link.png", "a\0.png", "a" * 300])
def test_nothing_outside_of_a_static_folder_is_found(path: str, tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "secret.png").write_bytes(png(1, 1))
    os.symlink(tmp_path / "secret.png", tmp_path / "static" / "link.png")
    static = StaticFiles([tmp_path / "static"])
    assert static.find(path) is None
    assert not static.present


@pytest.mark.parametrize(
    ("name", "near"), [("TEA.png", "tea.png"), ("tea.PNG", "tea.png"), ("the\u0301.png", "th\u00e9.png")]
)
def test_a_name_in_other_letters_is_the_nearest(name: str, near: str, desk: Desk) -> None:
    (desk.root / "static" / "img" / "th\u00e9.png").write_bytes(png(300, 200))
    for number in range(300):
        (desk.root / "static" / "img" / f"Z{number}.png").write_bytes(b"")
    desk.write("a.md", text("A", body=f'<p>Tea <img src="/blog/img/{name}"></p>'))
    done = desk.run("build", "--url", "https://example.org/blog/")
    assert done.codes == ["IMG011"]
    assert f"img/{near}?" in done.err


ELSEWHERE = {
    "beside an article with another address": "/tea/green/pot.png",
    "in a linked folder": "/linked/pot.png",
    "by a link": "/img/linked.png",
    "in a folder that has no name for a file": f"{'b' * 300}/pot.png",
}


@pytest.mark.parametrize("src", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_picture_that_may_come_from_elsewhere_is_not_told(src: str, desk: Desk) -> None:
    outside = desk.root / "outside"
    outside.mkdir()
    (outside / "pot.png").write_bytes(png(300, 200))
    (desk.root / "static" / "linked").symlink_to(outside)
    (desk.root / "content" / "img").mkdir(parents=True)
    (desk.root / "static" / "img" / "linked.png").symlink_to(outside / "pot.png")
    desk.write("tea/oolong/a.md", text("A", slug="green", body=f'<p>Tea <img src="{src}"></p>'))
    assert desk.run("build").codes == []


def test_a_picture_in_a_folder_of_the_content_that_is_a_link_is_not_told(desk: Desk) -> None:
    (desk.root / "outside").mkdir()
    desk.write("a.md", text("A", body='<p>Tea <img src="/pots/pot.png"> <img src="/pots/cup.png"></p>'))
    (desk.root / "content" / "pots").symlink_to(desk.root / "outside")
    assert "IMG011" not in desk.run("build").codes
