"""Problems and results as text for people, as lines for tools and as JSON for programs."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from click import unstyle
from hypothesis import given
from hypothesis import strategies as st

from feedwright.cli import output, report
from feedwright.commands.outcome import Outcome
from feedwright.problems import GuardError, Problem, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

ANY_TEXT = st.text(st.characters(), max_size=60)


def _problem(**facts: Any) -> Problem:
    return Problem(**{"severity": "error", "code": "DATE001", "message": "no date", "file": "a.md", **facts})


def _full(source: str | None = None, /, **facts: Any) -> list[str]:
    return unstyle(report.full(_problem(**facts), lambda file, number: source)).split("\n")


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        ({"line": 3, "column": 7}, "a.md:3:7: error DATE001 no date"),
        ({"severity": "warning"}, "a.md:1:1: warning DATE001 no date"),
        ({"file": ""}, "feedwright: error DATE001 no date"),
        ({"file": "a\n\x1b[31m.md"}, "a\\n\\x1b[31m.md:1:1: error DATE001 no date"),
        ({"code": "X\n1"}, "a.md:1:1: error X\\n1 no date"),
        ({"file": "a\udcff.md", "message": "x\ny"}, "a\\udcff.md:1:1: error DATE001 x\\ny"),
    ],
)
def test_concise(facts: dict[str, Any], shown: str) -> None:
    assert report.concise(_problem(**facts)) == shown


@pytest.mark.parametrize("print_text", [output.print_stderr, output.print_stdout])
@pytest.mark.parametrize(
    ("words", "printed"),
    [
        ("::error::x", r"\x3a:error::x"),
        ("a\n  ::stop-commands::x", "a\n  \\x3a:stop-commands::x"),
        ("a\n\n::a\n::b", "a\n\n\\x3a:a\n\\x3a:b"),
        ("a ::b", "a ::b"),
        (":a: ::", ":a: ::"),
    ],
)
def test_no_line_that_is_printed_begins_with_a_command(
    capsys: pytest.CaptureFixture[str], print_text: Callable[[str], None], words: str, printed: str
) -> None:
    print_text(words)
    assert "".join(capsys.readouterr()) == f"{printed}\n"


def test_full_without_a_place() -> None:
    assert _full(hint="do this") == [
        "error[DATE001]: no date",
        "  --> a.md",
        "   = note: not published",
        "   = help: do this",
    ]
    assert _full(severity="warning", file="") == ["warning[DATE001]: no date"]


def test_full_with_the_line_and_a_hint_of_many_lines() -> None:
    assert _full("date: tomorrow", line=12, column=7, hint="write\n  this\x1b") == [
        "error[DATE001]: no date",
        "  --> a.md:12:7",
        "    |",
        " 12 | date: tomorrow",
        "    |       ^",
        "   = note: not published",
        "   = help: write",
        "             this\\x1b",
    ]


def test_an_unreadable_line_is_omitted() -> None:
    assert _full(None, line=12, column=7, severity="warning") == [
        "warning[DATE001]: no date",
        "  --> a.md:12:7",
    ]


@pytest.mark.parametrize("line", ["", "   "])
def test_a_blank_line_is_not_shown(line: str) -> None:
    assert _full(line, line=3) == ["error[DATE001]: no date", "  --> a.md:3", "   = note: not published"]


def test_a_line_without_a_column_has_no_mark() -> None:
    assert _full("text", line=2)[2:5] == ["   |", " 2 | text", "   = note: not published"]


@pytest.mark.parametrize(
    ("line", "column", "shown", "spaces"),
    [
        ("标题：明天", 4, "标题：明天", 6),
        ("ａb：x", 4, "ａb：x", 5),
        ("e\u0301: x", 5, "e\u0301: x", 3),
        ("क्‍ष: x", 0, "", 0),
        ("❤\ufe0f x", 4, "❤\ufe0f x", 2),
        ("a\tb", 3, "a b", 2),
        ("\x1b[1m: x", 7, "\\x1b[1m: x", 9),
        ("x\u202ey", 3, "x\\u202ey", 7),
        ("ends", 5, "ends", 4),
    ],
)
def test_the_mark_is_below_its_column(line: str, column: int, shown: str, spaces: int) -> None:
    rows = _full(line, line=1, column=column)
    if column:
        assert rows[3:5] == [f" 1 | {shown}", f"   | {' ' * spaces}^"]
    else:
        assert not any("^" in row for row in rows)


@pytest.mark.parametrize("column", [1, 40, 200, 5000])
def test_the_excerpt_of_a_long_line(column: int) -> None:
    line = "".join(chr(ord("a") + n % 26) for n in range(5000))
    rows = _full(line, line=1, column=column)
    place = rows[4].index("^")
    assert len(rows[3]) <= 105
    assert rows[3][place] == line[column - 1]


@pytest.mark.parametrize("width", [10, 40, 80])
@pytest.mark.parametrize("column", [1, 8, 30, 60, 61])
def test_the_excerpt_fits_the_terminal(monkeypatch: pytest.MonkeyPatch, width: int, column: int) -> None:
    monkeypatch.setattr(report, "status_width", lambda: width)
    line = "title: " + "雨天茶山" * 13 + "x"
    rows = _full(line, line=1, column=column)
    assert report.columns(rows[3]) <= max(width, 25)
    marked = report.columns(rows[4].partition("^")[0])
    before = next(n for n in range(len(rows[3]) + 1) if report.columns(rows[3][:n]) == marked)
    assert rows[3][before : before + 1] == line[column - 1 : column]


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT, st.integers(0, 80))
def test_nothing_from_a_file_reaches_the_terminal_raw(
    line: str, message: str, name: str, column: int
) -> None:
    rows = _full(line, line=1, column=column, message=message, file=name, hint=message)
    assert all(row.isprintable() for row in rows)
    assert report.concise(_problem(message=message, file=name)).isprintable()
    error = GuardError(message, code="X001", hint=message, file=name)
    assert all(
        row.isprintable() for row in unstyle(report.stopped(error, lambda file, line: None)).split("\n")
    )


def test_stopped() -> None:
    error = UsageError(
        "not a setting", code="CFG006", hint="did you mean `url`?\nor\x07", file="f.toml", line=2, column=1
    )
    assert unstyle(report.stopped(error, lambda file, line: None)).split("\n") == [
        "error[CFG006]: not a setting",
        "  --> f.toml:2:1",
        "   = help: did you mean `url`?",
        "           or\\x07",
    ]
    assert unstyle(report.stopped(UsageError("x", code="C"), lambda file, line: None)) == "error[C]: x"
    rows = unstyle(report.stopped(error, lambda file, line: f"urll = {line}")).split("\n")
    assert rows[2:5] == ["   |", " 2 | urll = 2", "   | ^"]


def _outcome(**facts: Any) -> Outcome:
    return Outcome(**{"problems": (), "held": frozenset(), "files": 1, "published": 1, **facts})


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        ({}, "1 article, 1 published · 0 documents written, 0 unchanged · 0.50 s"),
        (
            {
                "files": 9,
                "held": frozenset("a"),
                "left_out": {"drafts": ("d",), "expired": ("e", "f"), "skipped": ("g", "h", "i")},
                "written": ("a",),
            },
            (
                "9 articles, 1 published, 1 held back, 1 draft, 2 expired, 3 skipped · "
                "1 document written, 0 unchanged · 0.50 s"
            ),
        ),
        (
            {
                "left_out": {"scheduled": ("s", "t")},
                "next_due": datetime(2027, 1, 1, tzinfo=UTC),
                "unchanged": ("a", "b"),
                "stale": ("c",),
            },
            (
                "1 article, 1 published, 2 scheduled (next due 2027-01-01T00:00:00+00:00) · "
                "0 documents written, 2 unchanged, 1 stale · 0.50 s"
            ),
        ),
        (
            {"left_out": {"drafts": ("d", "e"), "scheduled": ("s",)}},
            "1 article, 1 published, 2 drafts, 1 scheduled · 0 documents written, 0 unchanged · 0.50 s",
        ),
    ],
)
def test_summary(facts: dict[str, Any], shown: str) -> None:
    assert report.build_summary(_outcome(**facts), 0.5).split("\n")[-1] == shown


def test_the_summary_lists_documents() -> None:
    outcome = _outcome(written=("a\x1b",), unchanged=("b",), stale=("c",), removed=("d",))
    *documents, _ = report.build_summary(outcome, 0.5, verbose=True).split("\n")
    assert [line.split()[:2] for line in documents] == [
        ["stale:", "c"],
        ["removed:", "d"],
        ["written:", "a\\x1b"],
        ["unchanged:", "b"],
    ]
    assert "feedwright clean" in documents[0]
    short = report.build_summary(outcome, 0.5).split("\n")
    assert [line.split(":")[0] for line in short[:-1]] == ["stale", "removed"]


def test_the_summary_of_a_strict_build_says_that_nothing_was_published() -> None:
    assert "--strict" in report.build_summary(_outcome(strict=True, problems=(_problem(),)), 0.5)
    assert "--strict" not in report.build_summary(_outcome(strict=True), 0.5)
    assert "--strict" not in report.build_summary(_outcome(problems=(_problem(),)), 0.5)


PROBLEM_KEYS = ["severity", "code", "message", "file", "line", "column", "field", "hint", "kept"]
ERROR_KEYS = ["code", "message", "file", "line", "column", "hint"]
ARTICLE_KEYS = ["files", "published", "held", "drafts", "hidden", "locked", "pages"]
ARTICLE_KEYS += ["scheduled", "expired", "skipped", "pageless", "next_due", "left_out", "withdrawn"]


def _json(*results: Any) -> Any:
    return json.loads(report.as_json(*results))


def test_json_of_a_build() -> None:
    due = datetime(2027, 1, 1, tzinfo=UTC)
    outcome = _outcome(held=frozenset({"b.md", "a.md"}), next_due=due, written=("atom.xml",))
    output = _json(1, [_problem(line=2)], report.build_facts(outcome))
    assert list(output) == ["schema_version", "exit_code", "articles", "documents", "problems"]
    assert (output["schema_version"], output["exit_code"]) == (1, 1)
    assert list(output["articles"]) == ARTICLE_KEYS
    assert output["articles"]["held"] == ["a.md", "b.md"]
    assert output["articles"]["next_due"] == "2027-01-01T00:00:00+00:00"
    assert output["documents"] == {"written": ["atom.xml"], "unchanged": [], "stale": [], "removed": []}
    assert [list(problem) for problem in output["problems"]] == [PROBLEM_KEYS]
    assert output["problems"][0]["line"] == 2
    assert _json(0, [], report.build_facts(_outcome()))["articles"]["next_due"] is None


def test_json_of_a_build_that_was_stopped() -> None:
    error = UsageError("no", code="CFG001", file="f", line=1, column=2, hint="h")
    output = _json(2, [report.as_problem(error)], {}, error)
    assert list(output) == ["schema_version", "exit_code", "error", "problems"]
    assert list(output["error"]) == ERROR_KEYS
    assert {**output["error"], "severity": "error", "field": "", "kept": ""} == output["problems"][0]


@given(ANY_TEXT)
def test_json_carries_any_name(name: str) -> None:
    output = report.as_json(1, [_problem(file=name)], {})
    file = json.loads(output.encode("utf-8"))["problems"][0]["file"]
    assert file.encode("utf-16", "surrogatepass") == name.encode("utf-16", "surrogatepass")
