"""The site's own addresses: aliases above the output folder, in the folder that `site_root` names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from configured import URL, load, refused
from desk import Desk, served
from sites import files_of, text

if TYPE_CHECKING:
    from pathlib import Path

RECORD = 'record = "feedwright.lock.json"'
ROOT = ('site_root = "public"', 'output = "public/feeds"', RECORD)
ALIASES = (
    'aliases = { "/atom.xml" = "atom", "/feed/index.xml" = "rss", "rss2.xml" = "rss" }',
    '[categories."Tea"]',
    'aliases = { "/category/tea/feed/index.xml" = "rss" }',
)
ABOVE = {"atom.xml": "atom.xml", "feed/index.xml": "rss.xml", "category/tea/feed/index.xml": "tea/rss.xml"}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A site that its generator has written into `public`; two articles, one of them on tea."""
    desk = Desk(tmp_path)
    desk.configure(*ROOT, *ALIASES)
    desk.write("a.md", text("A", "2026-01-01"))
    desk.write("tea.md", text("Tea", "2026-01-02", categories="Tea"))
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "index.html").write_text("theirs", "utf-8")
    return desk


def test_the_sites_own_addresses_are_written(desk: Desk) -> None:
    assert desk.run("diff").code == 5
    assert desk.run("build").code == 0
    made = files_of(desk.root / "public")
    for path, original in ABOVE.items():
        assert made[path] == made[f"feeds/{original}"]
        assert f"https://example.org/feeds/{original}".encode() in made[path]
    assert made["index.html"] == b"theirs"
    assert (desk.run("check").code, desk.run("diff").code) == (0, 0)
    assert "0 documents written" in desk.run("build").err
    record = json.loads((desk.root / "feedwright.lock.json").read_bytes())
    assert {path for path in record["documents"] if path.startswith("../")} == {
        f"../{path}" for path in ABOVE
    }
    desk.write("b.md", text("B", "2026-01-03"))
    assert "5 documents written" in desk.run("build").err


def test_the_stylesheet_is_found_from_there(desk: Desk) -> None:
    desk.configure('formats = ["rss", "atom", "page"]', *ROOT, *ALIASES)
    assert desk.run("build").code == 0
    made = files_of(desk.root / "public")
    assert b'href="feeds/feed.css"' in made["atom.xml"]
    assert b'href="../../../feeds/feed.css"' in made["category/tea/feed/index.xml"]
    assert b'href="../feed.css"' in made["feeds/tea/rss.xml"]


@pytest.mark.parametrize("path", ["atom.xml", "category/tea/feed/index.xml"])
def test_a_foreign_file_is_not_replaced_in_silence(desk: Desk, path: str) -> None:
    file = desk.root / "public" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("theirs", "utf-8")
    told = desk.run("build")
    assert (told.code, told.codes) == (4, ["FS010"])
    assert f"../{path}" in told.err
    assert f"--> {file}\n" in told.err
    assert files_of(desk.root / "public").keys() == {"index.html", path}
    assert desk.run("build", "--accept", "foreign").code == 0
    assert file.read_bytes() == (desk.root / "public" / "feeds" / ABOVE[path]).read_bytes()


def test_nothing_is_written_through_a_link_there(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (desk.root / "public" / "category").symlink_to(tmp_path / "elsewhere")
    assert desk.run("build").codes == ["FS012"]
    assert not any((tmp_path / "elsewhere").iterdir())


def test_what_is_wiped_or_edited_there_comes_back(desk: Desk) -> None:
    desk.run("build")
    before = files_of(desk.root / "public")
    (desk.root / "public" / "atom.xml").unlink()
    (desk.root / "public" / "feed" / "index.xml").write_text("edited", "utf-8")
    told = desk.run("check", "--report", "concise")
    assert (told.code, sorted(told.codes)) == (5, ["OUT001", "OUT003"])
    assert "public/atom.xml:1:1: warning OUT001" in told.err
    assert "2 documents written" in desk.run("build").err
    assert files_of(desk.root / "public") == before


def test_an_alias_that_is_taken_out_stays_until_clean(desk: Desk) -> None:
    desk.run("build")
    desk.configure(*ROOT)
    assert "stale: ../atom.xml is no longer generated" in desk.run("build").err
    assert set(desk.run("clean").out.splitlines()) == {
        "removed: rss2.xml",
        *(f"removed: ../{path}" for path in ABOVE),
    }
    assert {path for path in files_of(desk.root / "public") if not path.startswith("feeds/")} == {
        "index.html"
    }
    assert not (desk.root / "public" / "category").exists()


def test_without_the_root_nothing_above_is_touched(desk: Desk) -> None:
    """A record may come from anywhere, and must not decide which files are deleted."""
    desk.run("build")
    desk.configure('output = "public/feeds"', RECORD)
    assert "stale: ../atom.xml" in desk.run("build").err
    assert desk.run("clean").out == "removed: rss2.xml\n"
    assert ABOVE.keys() < files_of(desk.root / "public").keys()


def test_it_is_restored_from_where_it_is_served(desk: Desk, tmp_path: Path) -> None:
    desk.configure('site_root = "public"', 'output = "public/feeds"', *ALIASES)
    desk.run("build")
    before = files_of(desk.root / "public")
    with served(desk.root / "public") as address:
        there = Desk(tmp_path / "there")
        there.configure('site_root = "public"', 'output = "public/feeds"', *ALIASES)
        told = there.run("restore", f"{address}feeds/")
        assert told.code == 0, told.err
        bare = Desk(tmp_path / "bare")
        bare.configure()
        assert bare.run("restore", f"{address}feeds/").codes == ["PUB006"]
    del before["index.html"]
    assert files_of(there.root / "public") == before
    assert not list(bare.root.rglob("atom.xml"))


def test_the_output_folder_may_be_the_root(desk: Desk) -> None:
    desk.configure('site_root = "public"', 'output = "public"', RECORD, *ALIASES)
    assert desk.run("build").code == 0
    made = files_of(desk.root / "public")
    assert made["feed/index.xml"] == made["rss.xml"]
    assert b"https://example.org/rss.xml" in made["rss.xml"]


def test_the_address_of_the_feeds_follows(tmp_path: Path) -> None:
    site = load(tmp_path, f'{URL}site_root = "p"\noutput = "p/a b/f"\naliases = {{ "/x.xml" = "rss" }}\n')
    assert site.feeds_url == "https://example.org/a%20b/f/"
    assert site.home == "a b/f/"
    assert site.aliases == {"../../x.xml": "rss"}


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ('site_root = "other"', "does not hold the output folder"),
        ('site_root = "feeds/below"', "does not hold the output folder"),
        ('site_root = "."\nfeeds_url = "https://example.org/x/"', "does not fit `site_root`"),
        ('site_root = "."\naliases = { "/feeds/x.xml" = "rss" }', "leads back into the output folder"),
        ('site_root = "."\naliases = { "/x.xml" = "rss", "/X.xml" = "atom" }', "is the same file as"),
        ('site_root = "."\naliases = { "/x" = "rss" }', "does not end in a file name with a suffix"),
        (
            'site_root = "."\naliases = { "/x.xml" = "rss" }\n[categories.a]\naliases = { "/x.xml" = "rss" }',
            "is the same file as",
        ),
        ('site_root = "."\naliases = { "/../x.xml" = "rss" }', "is not a plain path"),
        ('[categories.a]\naliases = { "/x.xml" = "rss" }', "`site_root` is not set"),
    ],
)
def test_what_cannot_be(tmp_path: Path, lines: str, reason: str) -> None:
    error = refused(tmp_path, f"{URL}{lines}\n")
    assert reason in error.message


def test_a_link_to_the_output_folder_is_no_way_up(tmp_path: Path) -> None:
    (tmp_path / "elsewhere" / "feeds").mkdir(parents=True)
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "feeds").symlink_to(tmp_path / "elsewhere" / "feeds")
    error = refused(tmp_path, f'{URL}site_root = "public"\noutput = "public/feeds"\n')
    assert "through a link" in error.message
