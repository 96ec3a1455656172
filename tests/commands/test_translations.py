"""A site of several languages: each has a feed of its own, whatever happens to its articles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desk import Desk
from sites import text

if TYPE_CHECKING:
    from pathlib import Path

FRENCH = ('dialect = "hugo"', 'permalink = "hugo"', "[languages.fr]")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A site with two articles, of which one is translated into French."""
    desk = Desk(tmp_path)
    desk.configure(*FRENCH)
    for name, title in (("rain.md", "Rain"), ("rain.fr.md", "Pluie"), ("snow.md", "Snow")):
        desk.write(name, text(title))
    return desk


def _titles(desk: Desk, path: str) -> set[str]:
    return {entry.title for entry in desk.entries(path)}


@pytest.mark.parametrize("formats", ['["atom"]', '["rss"]', '["json"]'])
def test_a_broken_article_stays_in_the_feed_of_its_language(desk: Desk, formats: str) -> None:
    desk.configure(f"formats = {formats}", *FRENCH)
    assert desk.run("build").code == 0
    before = desk.published()
    desk.write("rain.fr.md", text("Pluie").replace("date:", "date: never"))
    broken = desk.run("build")
    assert (broken.code, broken.codes) == (1, ["DATE001"])
    del before["feedwright.lock.json"]
    assert {path: data for path, data in desk.published().items() if path in before} == before


def test_where_nothing_is_in_the_main_language_nothing_is_divided(desk: Desk) -> None:
    for name in ("rain.md", "snow.md"):
        (desk.content / name).unlink()
    assert desk.run("build").code == 0
    assert _titles(desk, "atom.xml") == {"Pluie"}
    assert not (desk.output / "fr").exists()


def test_a_category_keeps_the_address_that_a_language_would_have(desk: Desk) -> None:
    desk.configure('dialect = "hugo"', 'permalink = "hugo"')
    desk.write("frame.md", text("Frame", categories="fr"))
    assert desk.run("build").code == 0
    assert _titles(desk, "fr/atom.xml") == {"Frame"}
    desk.configure(*FRENCH)
    assert desk.run("build").code == 0
    assert _titles(desk, "fr/atom.xml") == {"Frame"}
    assert _titles(desk, "language-fr/atom.xml") == {"Pluie"}
    assert _titles(desk, "atom.xml") == {"Frame", "Rain", "Snow"}


def test_a_feed_of_a_language_that_somebody_elses_file_blocks_is_left_out(desk: Desk) -> None:
    (desk.output).mkdir()
    (desk.output / "fr").write_text("not a folder", "utf-8")
    done = desk.run("build")
    assert (done.code, done.codes) == (0, ["CAT012"])
    assert "'fr'" in done.err
    assert _titles(desk, "atom.xml") == {"Rain", "Snow"}
