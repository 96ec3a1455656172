"""The problems of a command for people: warnings before errors, many of one kind folded, and a tally."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from feedwright.cli import report
from feedwright.problems import Problem
from feedwright.text import count

_MOST = 20
"""Problems of one code that are shown before the others are only counted."""

_FEWER = {"OUT002": 1}
"""The same for codes whose problems one command mends together."""

_TALLY_FROM = 6
"""Problems from which on they are tallied: fewer are seen at a glance."""


def blocks(
    problems: Sequence[Problem], line_of: Callable[[str, int], str | None], *, every: bool = False
) -> Iterator[str]:
    """Yield the text of each problem, of `every` one or the first few of one code, and the tally.

    What is most urgent comes last, where a terminal shows it. `line_of` is as in `report.full`.
    """
    ordered = sorted(problems, key=lambda problem: problem.severity == "error")
    numbers: Counter[tuple[str, str]] = Counter((problem.severity, problem.code) for problem in ordered)
    shown: Counter[tuple[str, str]] = Counter()
    for problem in ordered:
        kind = (problem.severity, problem.code)
        shown[kind] += 1
        most = _FEWER.get(problem.code, _MOST)
        if every or shown[kind] <= most:
            yield report.full(problem, line_of)
        elif shown[kind] == numbers[kind]:
            yield f"{numbers[kind] - most} more {problem.code}: `--report concise` lists them all"
    if len(ordered) >= _TALLY_FROM:
        yield tally(numbers)


def tally(numbers: Counter[tuple[str, str]]) -> str:
    """Return how many warnings and errors there are, and of which codes."""
    rows = []
    for severity in ("warning", "error"):
        codes = {code: number for (kind, code), number in numbers.most_common() if kind == severity}
        if codes:
            listed = ", ".join(f"{number} {code}" for code, number in codes.items())
            rows.append(f"{count(sum(codes.values()), severity)}: {listed}")
    return "\n".join(rows)
