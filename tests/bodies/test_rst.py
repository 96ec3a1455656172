"""reStructuredText, where docutils is installed; where it is not, that is told, and nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desk import Desk
from feedwright.articles.front_matter import parse
from feedwright.bodies import rst

if TYPE_CHECKING:
    from pathlib import Path

ARTICLE = "A kettle\n========\n\n:date: 2026-01-03\n\nOn the *stove*.\n"


def _rendered(body: str) -> str:
    return rst.render(body, file="a.rst", line=1)[0]


def test_neither_files_nor_raw_html_get_in(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("a,secret", "utf-8")
    for directive in (f".. include:: {secret}", f".. csv-table::\n   :file: {secret}"):
        html, problems = rst.render(f"Before.\n\n{directive}\n", file="a.rst", line=5)
        assert "secret" not in html
        assert [(p.code, p.severity, p.line) for p in problems] == [("RST001", "warning", 7)]
    html, problems = rst.render(".. raw:: html\n\n   <script>x</script>\n\n:raw:`y`\n", file="a.rst", line=1)
    assert "script" not in html
    assert problems


def test_the_parts_of_a_body_become_the_elements_they_are() -> None:
    assert "<code" in _rendered("Text ``code``.")
    assert "<h2>" in _rendered("One\n===\n\nText.\n\nTwo\n===\n\nText.\n")
    assert "<pre" in _rendered(".. code-block:: python\n\n    x = 1\n")
    assert "a/b" in _rendered(":math:`a/b`")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("A kettle\n========\n", "A kettle"),
        ("\n========\nA kettle\n========\n", "A kettle"),
        ("========\n A kettle\n========\n", "A kettle"),
        (":title: A kettle\n", "A kettle"),
        ("Above\n=====\n:title: A kettle\n", "A kettle"),
        ("A\n=\n", "A"),
        ("A kettle\n===\n", None),
        ("===\nA kettle\n===\n", None),
        ("A kettle\nand a lid\n", None),
        ("========\nA kettle\n--------\n", None),
        ("---\ntitle: A kettle\n---\n", "A kettle"),
    ],
)
def test_the_title_of_a_document(text: str, title: str | None) -> None:
    parsed = parse.read(f"{text}\nText.\n", file="a.rst")
    assert (parsed and parsed.fields["title"].value) == title


def test_fields_have_positions_and_go_on_below() -> None:
    parsed = parse.read(
        "A\n=\n\n:summary: one\n    two\n:date: 2026-01-03\n:Date: x\n:tags: a; b\n\nText.", file="a.rst"
    )
    assert parsed is not None
    assert parsed.fields["summary"].value == "one\ntwo"
    assert (parsed.fields["published"].value_line, parsed.fields["published"].value_column) == (6, 8)
    assert parsed.fields["tags"].value == ["a", "b"]
    assert parsed.body_line == 10
    assert [problem.code for problem in parsed.problems] == ["FM012"]
    again = parse.read(":date: 1\n:date: 2\n", file="a.rst")
    assert again is not None
    assert [problem.code for problem in again.problems] == ["FM012"]


def test_without_docutils_nothing_is_read_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path)
    desk.configure()
    desk.write("kettle.rst", ARTICLE)
    assert desk.run("build").code == 0
    assert desk.titles() == ["A kettle"]
    monkeypatch.setattr(rst, "find_spec", lambda name: None)
    desk.write("lid.rst", ARTICLE)
    desk.write("new.md", "---\ntitle: New\ndate: 2026-01-04\n---\nText.\n")
    told = desk.run("build")
    assert "files that are not read: 2 .rst" in told.err
    assert 'pip install "feedwright[rst]"' in told.err
    assert (told.code, desk.titles()) == (0, ["New", "A kettle"])


def test_what_is_nested_too_deep_is_held(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.configure()
    quotes = "".join(f"{' ' * depth}x\n\n" for depth in range(400))
    desk.write("deep.rst", f"{ARTICLE}\n{quotes}")
    told = desk.run("build")
    assert told.code in (0, 1)
    assert {*told.codes} <= {"HTML002", "LIM001", "RST001"}
