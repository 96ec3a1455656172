"""Many glob patterns at once."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwright.articles import globs, sections
from feedwright.articles.globs import Globs
from feedwright.problems import HeldError

if TYPE_CHECKING:
    from pathlib import Path

_PATTERNS = st.text("ab/*?[]!.", max_size=8)


@given(st.lists(_PATTERNS, max_size=8), st.text("ab/.[", max_size=8))
def test_a_path_matches_what_it_does_in_fnmatch(patterns: list[str], path: str) -> None:
    expected = [number for number, pattern in enumerate(patterns) if fnmatchcase(path, pattern)]
    assert Globs(patterns).matches(path) == expected


def test_patterns_of_other_folders_are_never_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def counted(pattern: str) -> str:
        asked.append(pattern)
        return re.escape(pattern)

    every = Globs([*(f"{number}/*" for number in range(2000)), "7/?.md"])
    monkeypatch.setattr(globs, "translate", counted)
    every.matches("7/a.md")
    assert asked == ["7/*", "7/?.md"]


def test_folders_are_plain_patterns() -> None:
    assert [p for p in ("a/*", "a/**", "a", "*", "*.md", "a?", "[a]") if globs.is_plain(p)] == [
        *("a/*", "a/**", "a", "*")
    ]


def test_an_article_has_not_more_defaults_than_it_could_write() -> None:
    rows = {"a/*": {"tags": "x" * 9000}, "*": {"author": "x" * 9000}}
    assert len(sections.defaults_for("b.md", rows)) == 1
    with pytest.raises(HeldError) as caught:
        sections.defaults_for("a/b.md", rows)
    assert [problem.file for problem in caught.value.problems] == ["a/b.md"]


def test_articles_below_targets_beyond_the_limit_are_held(tmp_path: Path) -> None:
    rows = "".join(f"- target: {{path: '/*x{number}*'}}\n  tags: a\n" for number in range(400))
    for name in "abcd":
        (tmp_path / name).mkdir()
        (tmp_path / name / "_index.md").write_text(
            f"---\ncascade:\n{rows.replace('x', name)}- tags: b\n---\n"
        )
    found = sections.cascades(tmp_path, "hugo")
    assert sum(not globs.is_plain(pattern) for pattern in found) == globs.MOST
    assert {"a/*", "b/*", "c/*", "d/*"} < found.keys()
    assert sections.defaults_for("b/a.md", found) == {"tags": "b"}
    with pytest.raises(HeldError) as held:
        sections.defaults_for("c/a.md", found)
    assert [problem.code for problem in held.value.problems] == ["FM029"]


BROKEN = "---\ntitle: S\n%s: [true\n---\n"


@pytest.mark.parametrize(
    ("dialect", "word", "held"),
    [("hugo", "cascade", True), ("hugo", "tags", False), ("zola", "draft", True), ("zola", "tags", False)],
)
def test_what_an_unreadable_section_may_hide_is_held(
    dialect: str, word: str, held: bool, tmp_path: Path
) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "_index.md").write_text(BROKEN % word)
    found = sections.cascades(tmp_path, dialect)
    assert sections.defaults_for("other.md", found) == {}
    if not held:
        assert sections.defaults_for("a/b/c.md", found) == {}
        return
    with pytest.raises(HeldError) as caught:
        sections.defaults_for("a/b/c.md", found)
    [problem] = caught.value.problems
    assert (problem.code, problem.file) == ("FM029", "a/b/c.md")
    assert "a/_index.md:3:" in problem.message
