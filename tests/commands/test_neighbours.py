"""What was probably meant: folders, words of options, and categories in the settings."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from desk import Desk, desk_with_tea
from sites import text

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_with_tea(tmp_path)


@pytest.mark.parametrize(
    ("words", "code", "hint"),
    [
        (("build", "contnt"), "USE001", 'did you mean "content"?'),
        (("build", "zzz"), "USE001", "feedwright build CONTENT"),
        (("check", "--site", "feedz"), "USE003", 'did you mean "feeds"?'),
        (("diff", "--against", "feedz"), "USE002", 'did you mean "feeds"?'),
    ],
)
def test_a_folder_that_is_missing_has_a_neighbour(
    desk: Desk, words: tuple[str, ...], code: str, hint: str
) -> None:
    desk.run("build")
    output = desk.run(*words)
    assert (output.code, output.codes) == (2, [code])
    assert hint in output.err


def test_folders_with_articles_are_named_where_there_is_no_content_folder(desk: Desk) -> None:
    (desk.root / "writing").mkdir()
    desk.content.rename(desk.root / "writing" / "all")
    assert "articles were found in writing/all (2)" in desk.run("build").err


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("build", "--accept", "foriegn"), "foreign"),
        (("build", "--report", "jsn"), "json"),
        (("list", "feds"), "feeds"),
        (("completion", "bsh"), "bash"),
    ],
)
def test_a_word_that_does_not_fit_has_a_neighbour(desk: Desk, words: tuple[str, ...], meant: str) -> None:
    output = desk.run(*words)
    assert output.code == 2
    assert f'Did you mean "{meant}"?' in output.err


def test_a_word_like_no_other_has_none(desk: Desk) -> None:
    assert "Did you mean" not in desk.run("build", "--accept", "xyz").err


def test_settings_of_a_category_that_no_article_has_are_told(
    desk: Desk,
) -> None:
    desk.write("b.md", text("B", "2026-01-02", categories="Gardening", draft="true"))
    desk.configure('[categories."Tae"]', 'slug = "x"', '[categories."gardning"]', '[categories."Music"]')
    output = desk.run("build")
    assert (output.code, output.codes) == (0, ["CFG036", "CFG036"])
    assert 'did you mean "Tea"?' in output.err
    assert 'did you mean "Gardening"?' in output.err
    assert "Music" not in output.err
    assert "--> feedwright.toml:4:2\n" in output.err
    assert "--> feedwright.toml:6:2\n" in output.err


def test_what_is_wrong_in_the_settings_stays_told_where_nothing_changed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.configure('[categories."Tae"]')
    os.utime(desk.content, ns=(0, 0))
    for file in desk.content.rglob("*"):
        os.utime(file, ns=(0, 0))
    first = desk.run("build").err.partition("2 articles")[0]
    monkeypatch.setattr("feedwright.commands.build._publish", None)
    assert desk.run("build").err.startswith(first)


def test_tables_of_levels_count_as_used(desk: Desk) -> None:
    desk.write("b.md", text("B", "2026-01-02", categories="Making/Bicycles"))
    desk.configure('hierarchy = "/"', '[categories."Making"]', '[categories."MAKING/bicycles"]')
    assert desk.run("build").codes == []
