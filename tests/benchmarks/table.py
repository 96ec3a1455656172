"""Print how fast feedwright is, beside Hugo and beside bare Python, as a table in Markdown.

    python tests/benchmarks/table.py [--articles 10000] [--rounds 3] [--hugo PATH | --peers DIR] [--large]

Measures whole processes of the interpreter that runs it. What is compared runs in turn in each round,
so that ratios hold on a noisy machine; the table has medians, with minimum and maximum. POSIX only.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import builds
import hugo
import measure

from feedwright._version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hugo import HugoSite
    from measure import Run

ENGINES = ("bleach", "nh3")
_SHORT_RUNS = 5
"""Pairs of short runs in a round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What is measured, against what, and the aims for each of `ENGINES`, set for 10,000 articles.

    An aim is the most that a "time" may be of the yardstick's, in wall and CPU time; of "growth" the same for
    an article's CPU time; of "faster" the least in wall time; of "memory" MiB. A "floor" has none: it is what
    the libraries alone take.
    """

    what: str
    against: str
    aims: tuple[float, ...]
    kind: str = "time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All that was measured: pairs of a run and its yardstick, by row and engine."""

    pairs: dict[tuple[str, str], list[tuple[Run, Run | None]]] = field(default_factory=dict)

    def add(self, row: str, engine: str, own: Run, yardstick: Run | None) -> None:
        """Keep a pair, and say so."""
        self.pairs.setdefault((row, engine), []).append((own, yardstick))
        beside = f" against {yardstick.wall:.3f} s" if yardstick else ""
        print(f"{row}, {engine}: {own.wall:.3f} s, CPU {own.cpu:.3f} s{beside}", file=sys.stderr)


def rows(count: int) -> dict[str, Row]:
    """Return the rows of the table for `count` articles, with the aims for 10,000."""
    least, all_of, most = f"{count // 10:,}", f"{count // 5:,}", f"{count * 10:,}"
    walked = "Python, click, walk with stat"
    return {
        "clean": Row(what=f"clean build, {count:,}", against="Hugo", aims=(1.0, 0.55)),
        "small": Row(what=f"clean build, {least}", against="Hugo", aims=(2.0, 1.0)),
        "floor": Row(
            what=f"the libraries alone, {count:,}: all front matter, the bodies shown",
            against="Hugo",
            aims=(0, 0),
            kind="floor",
        ),
        "small floor": Row(what=f"the same, {least}", against="Hugo", aims=(0, 0), kind="floor"),
        "same": Row(what=f"nothing changed, {count:,}", against=walked, aims=(1.6, 1.6)),
        "one": Row(
            what=f"one article changed, {count:,}", against="that and the libraries' import", aims=(1.8, 1.8)
        ),
        "restored": Row(
            what=f"fresh checkout, restored cache, {count:,}", against="Hugo, clean", aims=(0.25, 0.25)
        ),
        "two": Row(
            what=f'clean, `limit = "all"`, {all_of}: two processes',
            against="one process, times faster",
            aims=(1.6, 1.3),
            kind="faster",
        ),
        "peak": Row(what=f"peak memory, clean, {count:,}", against="Hugo", aims=(100, 64), kind="memory"),
        "large peak": Row(what=f"peak memory, clean, {most}", against="", aims=(300, 256), kind="memory"),
        "growth": Row(
            what=f"CPU for an article, clean, {most}", against=f"{count:,}", aims=(1.2, 1.2), kind="growth"
        ),
        "--version": Row(what="`--version`", against='`python -c "import click"`', aims=(1.4,)),
        "--help": Row(what="`--help`", against='`python -c "import click"`', aims=(1.4,)),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """The sites, by engine, and Hugo's where there is a Hugo."""

    folder: Path
    count: int
    main: dict[str, builds.Site]
    small: dict[str, builds.Site]
    whole: dict[str, builds.Site]
    large: dict[str, builds.Site]
    hugo: HugoSite | None
    small_hugo: HugoSite | None
    libraries: dict[str, tuple[str, ...]] = field(default_factory=dict)


def prepared(folder: Path, count: int, program: str | None, *, large: bool) -> Bench:
    """Make all sites, and run what is run for the first time."""

    def sites(name: str, number: int, limit: str = "20") -> dict[str, builds.Site]:
        return {
            engine: builds.site(folder / f"{name}-{engine}", number, engine=engine, limit=limit)
            for engine in ENGINES
        }

    bench = Bench(
        folder=folder,
        count=count,
        main=sites("main", count),
        small=sites("small", count // 10),
        whole=sites("whole", count // 5, '"all"'),
        large=sites("large", count * 10) if large else {},
        hugo=hugo.site(folder / "hugo", count, program) if program else None,
        small_hugo=hugo.site(folder / "small-hugo", count // 10, program) if program else None,
    )
    for engine, site in bench.main.items():
        site.clean()
        bench.libraries[engine] = site.libraries(0)
    return bench


def measure_round(bench: Bench, figures: Figures, turn: int) -> None:
    """Measure everything once; every other round goes through the engines the other way round."""
    engines = ENGINES[:: -1 if turn % 2 else 1]
    beside = bench.hugo.clean() if bench.hugo else None
    for engine in engines:
        _measure_main(bench, figures, engine, beside, turn)
    beside = bench.small_hugo.clean() if bench.small_hugo else None
    for engine in engines:
        figures.add("small", engine, bench.small[engine].clean(), beside)
        figures.add("small floor", engine, bench.small[engine].alone(engine), beside)
    for engine in engines:
        one = bench.whole[engine].clean("--jobs", "1")
        figures.add("two", engine, bench.whole[engine].clean("--jobs", "2"), one)
    for option in ("--version", "--help"):
        for _ in range(_SHORT_RUNS):
            figures.add(option, ENGINES[0], builds.bare(bench.folder, option), builds.click(bench.folder))


def _measure_main(bench: Bench, figures: Figures, engine: str, beside: Run | None, turn: int) -> None:
    site, libraries = bench.main[engine], bench.libraries[engine]
    clean = site.clean()
    figures.add("clean", engine, clean, beside)
    figures.add("floor", engine, site.alone(engine), beside)
    figures.add("peak", engine, clean, beside)
    if bench.large:
        large = bench.large[engine].clean()
        figures.add("large peak", engine, large, None)
        figures.add("growth", engine, large, clean)
    for _ in range(_SHORT_RUNS):
        figures.add("same", engine, site.again(), site.walk())
    for number in range(_SHORT_RUNS):
        site.edit(1 + turn * _SHORT_RUNS + number)
        figures.add("one", engine, site.again(), site.walk(libraries))
    site.check_out()
    figures.add("restored", engine, site.again(), beside)


def spread(values: Sequence[float], form: str = "{:.2f}") -> str:
    """Return the median of values, with minimum and maximum."""
    told = [form.format(one) for one in (median(values), min(values), max(values))]
    return f"{told[0]} ({told[1]}–{told[2]})"


def line(row: Row, engine: str, aim: float, pairs: Sequence[tuple[Run, Run | None]]) -> str:
    """Return one line of the table; the median decides whether the aim is met."""
    own = [run for run, _ in pairs]
    both = [(run, yardstick) for run, yardstick in pairs if yardstick]
    if row.kind == "memory":
        measured = spread([run.peak for run in own], "{:.0f}") + " MiB"
        ratios = [spread([run.peak / yardstick.peak for run, yardstick in both]) if both else "–", "–"]
        met = _met([median(run.peak for run in own) <= aim])
        return _cells(row.what, engine, measured, row.against, *ratios, f"≤ {aim:g} MiB", met)
    measured = f"{_seconds([run.wall for run in own])}, CPU {_seconds([run.cpu for run in own])}"
    wall = [run.wall / yardstick.wall for run, yardstick in both]
    cpu = [run.cpu / yardstick.cpu for run, yardstick in both]
    sign = "≤"
    if row.kind == "faster":
        wall, sign = [1 / one for one in wall], "≥"
        verdict = [median(wall) >= aim]
    elif row.kind == "growth":
        wall, cpu = [one / 10 for one in wall], [one / 10 for one in cpu]
        verdict = [median(cpu) <= aim]
    else:
        verdict = [median(ratios) <= aim for ratios in (wall, cpu) if ratios]
    told = [spread(ratios) if ratios else "–" for ratios in (wall, cpu)]
    if row.kind == "floor":
        return _cells(row.what, engine, measured, row.against, *told, "–", "–")
    return _cells(row.what, engine, measured, row.against, *told, f"{sign} {aim:g}", _met(verdict))


def _seconds(values: Sequence[float]) -> str:
    middle = median(values)
    return f"{middle:.2f} s" if middle >= 1 else f"{middle * 1000:.0f} ms"


def _met(verdict: list[bool]) -> str:
    if not verdict:
        return "–"
    if len(set(verdict)) == 1:
        return "yes" if verdict[0] else "no"
    return "in wall time" if verdict[0] else "in CPU time"


def _cells(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def table(count: int, figures: Figures) -> str:
    """Return the whole table; what was not measured is left out."""
    head = ("What, articles", "Sanitizer", "Measured", "Against", "Wall time ×", "CPU time ×", "Aim", "Met")
    lines = [_cells(*head), _cells(*("---" for _ in head))]
    for name, row in rows(count).items():
        for engine, aim in zip(ENGINES, row.aims, strict=False):
            if (name, engine) in figures.pairs:
                shown = engine if len(row.aims) > 1 else "–"
                lines.append(line(row, shown, aim, figures.pairs[name, engine]))
    return "\n".join(lines)


def machine(bench: Bench, program: str | None, rounds: int) -> str:
    """Return what the figures were measured on and with."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    projects = [f"feedwright {__version__}", *(f"{name} {version(name)}" for name in ENGINES)]
    if program:
        told = subprocess.run([program, "version"], capture_output=True, text=True, check=True).stdout
        projects.append(f"Hugo {told.split()[1].partition('-')[0].removeprefix('v')}")
    system = f"{platform.system()} {platform.machine()}{_processor()}"
    tops = {
        engine: ", ".join(sorted({name.partition(".")[0] for name in names}))
        for engine, names in bench.libraries.items()
    }
    told = "; ".join(f"with {engine}: {names}" for engine, names in tops.items())
    return (
        f"{cores} cores ({system}), Python {platform.python_version()}, {', '.join(projects)}; "
        f"medians of {rounds} rounds, with minimum and maximum.\n\n"
        f"The libraries that a changed article needs, {told}."
    )


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return ""
    names = [row.partition(":")[2].strip() for row in text.splitlines() if row.startswith("model name")]
    return f", {names[0]}" if names else ""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Print how fast feedwright is, beside Hugo and bare Python.")
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--hugo", help="the program; default: the one on PATH, if there is one")
    parser.add_argument("--peers", help="a folder that has hugo")
    parser.add_argument("--large", action="store_true", help="also ten times as many articles")
    return parser.parse_args()


def _hugo(arguments: argparse.Namespace) -> str | None:
    wanted = arguments.hugo or "hugo"
    found = shutil.which(wanted, path=arguments.peers)
    if found is None and (arguments.hugo or arguments.peers):
        raise SystemExit(f"there is no {wanted}")
    return os.path.abspath(found) if found else None


def main() -> None:
    """Measure, and print the table to standard output, progress to standard error."""
    arguments = _arguments()
    program = _hugo(arguments)
    measure.adopt_orphans()
    figures = Figures()
    with tempfile.TemporaryDirectory(prefix="feedwright-benchmark-") as folder:
        bench = prepared(Path(folder), arguments.articles, program, large=arguments.large)
        for turn in range(arguments.rounds):
            measure_round(bench, figures, turn)
        print(table(arguments.articles, figures))
        print(f"\n{machine(bench, program, arguments.rounds)}")


if __name__ == "__main__":
    main()
