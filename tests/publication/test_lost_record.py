"""A record that is not where it should be: nothing is published before somebody says what to do."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from desk import Desk
from feedwright.disk import CACHE_FOLDER
from sites import text

if TYPE_CHECKING:
    from pathlib import Path

RECORD = "feedwright.lock.json"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A published site whose files were renamed since: no id can be derived."""
    desk = Desk(tmp_path)
    desk.configure()
    for n in (1, 2, 3):
        desk.write(f"{n}.md", text(f"Day {n}", f"2026-01-0{n}", f"Text {n}", categories="x"))
    assert desk.run("build").code == 0
    (desk.content).rename(desk.root / "old")
    (desk.root / "old").rename(desk.root / "content")
    for n in (1, 2, 3):
        (desk.content / f"{n}.md").rename(desk.content / f"renamed-{n}.md")
    assert desk.run("build").code == 0
    return desk


@pytest.mark.parametrize("cached", [True, False])
@pytest.mark.parametrize(
    ("setting", "feeds", "record"),
    [
        ('output = "public/feeds"', "public/feeds", f"public/feeds/{RECORD}"),
        (f'record = "state/{RECORD}"', "feeds", f"state/{RECORD}"),
    ],
)
def test_a_record_left_behind_is_found(
    desk: Desk, setting: str, feeds: str, record: str, *, cached: bool
) -> None:
    ids = desk.ids()
    if not cached:
        shutil.rmtree(desk.root / CACHE_FOLDER)
    desk.configure(setting)
    place = desk.output / RECORD
    for command in ("diff", "build", "clean", "check"):
        output = desk.run(command)
        assert (output.code, output.codes[-1]) == (4, "PUB014")
        assert str(place) in output.err
    (desk.root / record).parent.mkdir(parents=True)
    shutil.move(place, desk.root / record)
    assert desk.run("build").code == 0
    assert {entry.title: entry.id for entry in desk.entries(str(desk.root / feeds / "atom.xml"))} == ids


def test_a_record_that_a_generator_wiped_is_missed(desk: Desk) -> None:
    shutil.rmtree(desk.output)
    output = desk.run("build")
    assert (output.code, output.codes) == (4, ["PUB014"])
    assert "feedwright restore" in output.err
    assert "--accept record" in output.err
    assert not desk.output.exists()
    assert desk.run("build", "--accept", "record").code == 0
    assert desk.run("build").code == 0


def test_a_first_build_and_a_fresh_clone_are_not_stopped(desk: Desk) -> None:
    shutil.rmtree(desk.root / CACHE_FOLDER)
    assert desk.run("build").code == 0
    shutil.rmtree(desk.root / CACHE_FOLDER)
    shutil.rmtree(desk.output)
    assert desk.run("build").code == 0


def test_the_record_of_another_site_in_the_folder_is_not_missed(desk: Desk) -> None:
    other = Desk(desk.root / "docs")
    other.configure()
    other.write("page.md", text("Page", "2026-01-01"))
    assert other.run("build").code == 0
    shutil.rmtree(desk.root / CACHE_FOLDER)
    shutil.rmtree(desk.output)
    assert desk.run("build").code == 0
    shutil.rmtree(desk.root / CACHE_FOLDER)
    shutil.rmtree(desk.output)
    (other.output / RECORD).write_text("{", "utf-8")
    assert desk.run("build").codes == ["PUB014"]


def test_a_note_is_no_link_and_no_more_than_a_place(desk: Desk) -> None:
    note = desk.root / CACHE_FOLDER / "record"
    assert note.read_text("utf-8") == str(desk.output / RECORD)
    shutil.rmtree(desk.output)
    note.write_bytes(b"\xff\x00")
    assert desk.run("build").code == 0


def test_feeds_that_stand_in_no_record_are_read(desk: Desk) -> None:
    """Adopting the site's own feeds gives all their ids back, and nothing is called foreign."""
    ids = {path: desk.ids(path) for path in ("atom.xml", "x/atom.xml")}
    (desk.output / RECORD).unlink()
    shutil.rmtree(desk.root / CACHE_FOLDER)
    output = desk.run("build")
    assert (output.code, output.codes) == (4, ["PUB009"])
    assert "feedwright adopt 'feeds/**/atom.xml'" in output.err
    assert desk.run("adopt", "feeds/**/atom.xml").code == 0
    output = desk.run("build")
    assert (output.code, [code for code in output.codes if code != "PUB012"]) == (0, [])
    assert {path: desk.ids(path) for path in ids} == ids
    assert desk.run("build").codes == []


def test_what_a_record_does_not_list_is_judged_as_if_there_were_none(desk: Desk) -> None:
    (desk.output / RECORD).unlink()
    shutil.rmtree(desk.root / CACHE_FOLDER)
    desk.configure("limit = 1")
    assert desk.run("adopt", "feeds/x/atom.xml").code == 0
    (desk.output / RECORD).write_text(
        (desk.output / RECORD).read_text("utf-8").replace("2026-01-02:2.md", "2026-01-02:other.md"), "utf-8"
    )
    desk.configure()
    output = desk.run("build")
    assert (output.code, output.codes) == (4, ["PUB009"])
