"""Categories that are slips of the pen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk import Desk
from feedwright.commands.category_slips import _is_one_slip
from sites import text

if TYPE_CHECKING:
    from pathlib import Path


def desk_with(folder: Path, usual: str, rare: str, *settings: str) -> Desk:
    desk = Desk(folder)
    desk.configure(*settings)
    for number in range(3):
        desk.write(f"{number}.md", text(f"A{number}", categories=usual))
    desk.write("rare.md", text("Rare", categories=rare))
    return desk


@pytest.mark.parametrize(
    "rare", ["Nwes from home", "News fromhome", "News from homee", "New from home", "News from hone"]
)
def test_a_category_that_is_a_slip_is_told_with_the_one_that_was_meant(rare: str, tmp_path: Path) -> None:
    done = desk_with(tmp_path, "News from home", rare).run("build", COLUMNS="")
    assert (done.code, done.codes) == (0, ["CAT013"])
    assert "rare.md" in done.err
    assert f'the category "{rare}"' in done.err
    assert 'did you mean "News from home", as in 3 articles?' in done.err


@pytest.mark.parametrize(
    ("usual", "rare"),
    [("Java", "Lava lamps"), ("Year 2024", "Year 2023"), ("茶馆", "茶楼"), ("News", "Views"), ("Cat", "Car")],
)
def test_another_category_is_not(usual: str, rare: str, tmp_path: Path) -> None:
    assert desk_with(tmp_path, usual, rare).run("build").codes == []


def test_one_that_the_settings_know_is_none(tmp_path: Path) -> None:
    desk = desk_with(tmp_path, "Stone", "Stony", '[categories."Stony"]', 'title = "Stony ways"')
    assert desk.run("build").codes == []


def test_of_two_articles_it_is_none(tmp_path: Path) -> None:
    desk = desk_with(tmp_path, "Stone", "Stony")
    desk.write("more.md", text("More", categories="Stony"))
    assert desk.run("build").codes == []


WORDS = st.text(alphabet="abxy", max_size=7)


@given(name=WORDS, at=st.integers(0, 7), letter=st.sampled_from("abxyz"))
def test_every_slip_is_one_from_both_sides(name: str, at: int, letter: str) -> None:
    slips = [name[:at] + letter + name[at:], name[:at] + letter + name[at + 1 :]]
    slips.append(name[:at] + name[at : at + 2][::-1] + name[at + 2 :])
    for slip in slips:
        assert _is_one_slip(name, slip)
        assert _is_one_slip(slip, name)


@given(name=WORDS, other=WORDS)
def test_what_is_two_letters_away_is_none(name: str, other: str) -> None:
    assert not _is_one_slip(f"pq{name}", f"rs{other}")
