"""Print how fast feedwright is, beside Hugo and beside bare Python, as a table in Markdown.

    python tests/benchmarks/table.py [--articles 10000] [--rounds 3] [--hugo PATH | --peers DIR]
                                     [--large] [--million]

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
from typing import TYPE_CHECKING, Any

import builds
import corpus
import hugo
import measure

import feedwright
from feedwright._version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hugo import HugoSite
    from measure import Run

ENGINES = ("bleach", "nh3")
_SHORT_RUNS = 5
"""Pairs of short runs in a round."""

_LONG_RUNS = 3
"""Runs beside one another, in a round, of what takes seconds and is compared closely."""

_FIRST = 15
"""Articles of a site that is built for the first time."""

_MILLION_PEAK = 1.2 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What is measured, against what, and the aims, set for 10,000 articles; 0 is none.

    `wall`, `cpu` and `memory` are the most that a run may be of its yardstick's, `peak` is the most MiB,
    `faster` how many times as long the yardstick must take. Times are those of an article where a run has
    `size` times as many.
    """

    what: str
    against: str
    wall: float = 0
    cpu: float = 0
    memory: float = 0
    peak: float = 0
    faster: float = 0
    size: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All that was measured: pairs of a run and its yardstick, by row and engine."""

    pairs: dict[tuple[str, str], list[tuple[Run, Run | None]]] = field(default_factory=dict)

    def add(self, row: str, engine: str, own: Run, yardstick: Run | None) -> None:
        """Keep a pair, and say so."""
        self.pairs.setdefault((row, engine), []).append((own, yardstick))
        beside = f" against {yardstick.wall:.3f} s" if yardstick else ""
        print(f"{row}, {engine or 'both'}: {own.wall:.3f} s, CPU {own.cpu:.3f} s{beside}", file=sys.stderr)


def rows(count: int) -> dict[str, Row]:
    """Return the rows of the table for `count` articles, with the aims for 10,000."""
    least, all_of, most = f"{count // 10:,}", f"{count // 5:,}", f"{count * 10:,}"
    walked = "Python, click, walk with stat"
    short = "articles of 2 kB"
    return {
        "clean": Row(what=f"clean build, {count:,}", against="Hugo", wall=1.2, cpu=1.35),
        "engines": Row(what="the same", against="with nh3", cpu=1.05),
        "parts": Row(
            what="the same",
            against="walk, read, hash, decode, libyaml; lexbor and nh3 of what is shown; write",
            cpu=7,
        ),
        "small": Row(what=f"clean build, {least}", against="Hugo", cpu=3.7),
        "small alone": Row(what="the same, one process", against="Hugo", cpu=2.9),
        "many": Row(
            what=f"clean build, {count:,}, {count // 5:,} tags and {corpus.AUTHORS} authors with feeds",
            against="Hugo",
            cpu=1.7,
            memory=0.25,
        ),
        "first": Row(what=f"first build, {_FIRST}", against="its libraries' import", cpu=1.5),
        "same": Row(what=f"nothing changed, {count:,}", against=walked, wall=1.6, cpu=1.6),
        "one": Row(
            what=f"one article changed, {count:,}",
            against="that and the libraries' import",
            wall=2.1,
            cpu=2.1,
        ),
        "restored": Row(
            what=f"fresh checkout, restored cache, {count:,}", against="Hugo, clean", wall=0.25, cpu=0.25
        ),
        "two": Row(
            what=f'clean, `limit = "all"`, {all_of}: two processes', against="one process", faster=1.4
        ),
        "all engines": Row(what="the same, two processes", against="with nh3", cpu=1.05),
        "large": Row(what=f"clean build, {most}", against="Hugo", wall=0.65, cpu=0.85, memory=0.13),
        "million": Row(
            what=f"clean build, {count * 100:,} {short}", against=most, cpu=1.1, peak=_MILLION_PEAK, size=10
        ),
        "million one": Row(what="one of them changed", against="", peak=_MILLION_PEAK),
        "--version": Row(what="`--version`", against='`python -c "import click"`', wall=1.4, cpu=1.4),
        "--help": Row(what="`--help`", against='`python -c "import click"`', wall=1.4, cpu=1.4),
    }


Sites = dict[str, builds.Site]
"""Sites that are the same except for the engine, by its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """The sites, and Hugo's by the name of theirs, where there is a Hugo."""

    folder: Path
    main: Sites
    small: Sites
    many: Sites
    first: Sites
    whole: Sites
    large: Sites
    million: Sites
    hugo: dict[str, HugoSite]
    libraries: dict[str, tuple[str, ...]] = field(default_factory=dict)


def prepared(folder: Path, count: int, program: str | None, *, large: bool, million: bool) -> Bench:
    """Make all sites, and run what is run for the first time."""

    def sites(name: str, number: int, engines: Sequence[str] = ENGINES, **more: Any) -> Sites:
        return {
            engine: builds.site(folder / f"{name}-{engine}", number, engine=engine, **more)
            for engine in engines
        }

    counts = {"main": count, "small": count // 10, "many": count, **({"large": count * 10} if large else {})}
    tags = {"many": count // 5}
    peers = {
        name: hugo.site(folder / f"hugo-{name}", number, program, tags=tags.get(name, 0))
        for name, number in counts.items()
        if program
    }
    bench = Bench(
        folder=folder,
        main=sites("main", count),
        small=sites("small", count // 10),
        many=sites("many", count, tags=tags["many"]),
        first=sites("first", _FIRST),
        whole=sites("whole", count // 5, limit='"all"'),
        large=sites("large", count * 10) if large else {},
        million={
            size: builds.site(folder / size, number, engine=ENGINES[0], median=corpus.SHORT)
            for size, number in (("million", count * 100), ("its tenth", count * 10))
            if million
        },
        hugo=peers,
    )
    for engine, site in bench.main.items():
        site.clean()
        bench.libraries[engine] = site.libraries(0)
    return bench


def measure_round(bench: Bench, figures: Figures, turn: int) -> None:
    """Measure everything once; every other round goes through the engines the other way round."""
    engines = ENGINES[:: -1 if turn % 2 else 1]
    for _ in range(_LONG_RUNS):
        beside = _beside(bench, "main")
        clean = {engine: bench.main[engine].clean() for engine in engines}
        for engine in engines:
            figures.add("clean", engine, clean[engine], beside)
        figures.add("engines", "", clean["bleach"], clean["nh3"])
    for engine in engines:
        _measure_main(bench, figures, engine, clean[engine], turn)
        beside = _beside(bench, "small")
        figures.add("small", engine, bench.small[engine].clean(), beside)
        figures.add("small alone", engine, bench.small[engine].clean("--jobs", "1"), beside)
        figures.add("many", engine, bench.many[engine].clean(), _beside(bench, "many"))
        for _ in range(_SHORT_RUNS):
            figures.add("first", engine, bench.first[engine].clean(), bench.first[engine].imports())
    for _ in range(_LONG_RUNS):
        one = {engine: bench.whole[engine].clean("--jobs", "1") for engine in engines}
        two = {engine: bench.whole[engine].clean("--jobs", "2") for engine in engines}
        for engine in engines:
            figures.add("two", engine, two[engine], one[engine])
        figures.add("all engines", "", two["bleach"], two["nh3"])
    for engine, site in bench.large.items():
        figures.add("large", engine, site.clean(), _beside(bench, "large"))
    if bench.million:
        _measure_million(bench.million, figures, turn)
    for option in ("--version", "--help"):
        for _ in range(_SHORT_RUNS):
            figures.add(option, "", builds.bare(bench.folder, option), builds.click(bench.folder))


def _beside(bench: Bench, name: str) -> Run | None:
    """Build Hugo's site that is the same, where there is one."""
    return bench.hugo[name].clean() if name in bench.hugo else None


def _measure_main(bench: Bench, figures: Figures, engine: str, clean: Run, turn: int) -> None:
    """Measure the parts of a clean build, and builds after nothing, one article, or all files changed."""
    site, libraries = bench.main[engine], bench.libraries[engine]
    figures.add("parts", engine, clean, site.parts())
    for _ in range(_SHORT_RUNS):
        figures.add("same", engine, site.again(), site.walk())
    for number in range(_SHORT_RUNS):
        site.edit(1 + turn * _SHORT_RUNS + number)
        figures.add("one", engine, site.again(), site.walk(libraries))
    site.check_out()
    figures.add("restored", engine, site.again(), _beside(bench, "main"))


def _measure_million(sites: Sites, figures: Figures, turn: int) -> None:
    million = sites["million"]
    figures.add("million", ENGINES[0], million.clean(), sites["its tenth"].clean())
    million.edit(turn)
    figures.add("million one", ENGINES[0], million.again(), None)


def spread(values: Sequence[float], form: str = "{:.2f}") -> str:
    """Return the median of values, with minimum and maximum."""
    told = [form.format(one) for one in (median(values), min(values), max(values))]
    return f"{told[0]} ({told[1]}–{told[2]})"


def line(row: Row, engine: str, pairs: Sequence[tuple[Run, Run | None]]) -> str:
    """Return one line of the table; the medians decide which aims are met."""
    own = [run for run, _ in pairs]
    both = [(run, yardstick) for run, yardstick in pairs if yardstick]
    measured = (
        f"{_seconds([run.wall for run in own])}, CPU {_seconds([run.cpu for run in own])}, "
        f"{median(run.peak for run in own):.0f} MiB"
    )
    wall = [run.wall / yardstick.wall / row.size for run, yardstick in both]
    cpu = [run.cpu / yardstick.cpu / row.size for run, yardstick in both]
    memory = [run.peak / yardstick.peak for run, yardstick in both]
    most = (("wall", row.wall, wall), ("CPU", row.cpu, cpu), ("memory", row.memory, memory))
    aims = [
        (f"{name} ≤ {aim:g}", median(ratios) <= aim if ratios else None) for name, aim, ratios in most if aim
    ]
    if row.peak:
        aims.append((f"≤ {row.peak:,.0f} MiB", median(run.peak for run in own) <= row.peak))
    if row.faster:
        aims.append((f"{row.faster:g} × faster", 1 / median(wall) >= row.faster))
    told = [spread(ratios) if ratios else "–" for ratios in (wall, cpu, memory)]
    if row.against and "Hugo" not in row.against and not row.memory:
        told[2] = "–"
    return _cells(
        row.what,
        engine or "–",
        measured,
        row.against or "–",
        *told,
        ", ".join(name for name, _ in aims),
        ", ".join("–" if met is None else "yes" if met else "no" for _, met in aims),
    )


def _seconds(values: Sequence[float]) -> str:
    middle = median(values)
    return f"{middle:.2f} s" if middle >= 1 else f"{middle * 1000:.0f} ms"


def _cells(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def table(count: int, figures: Figures) -> str:
    """Return the whole table; what was not measured is left out."""
    head = ("What, articles", "Sanitizer", "Measured", "Against", "Wall ×", "CPU ×", "Memory ×", "Aim", "Met")
    lines = [_cells(*head), _cells(*("---" for _ in head))]
    for name, row in rows(count).items():
        measured = [engine for engine in (*ENGINES, "") if (name, engine) in figures.pairs]
        lines += [line(row, engine, figures.pairs[name, engine]) for engine in measured]
    return "\n".join(lines)


def machine(bench: Bench, program: str | None, rounds: int) -> str:
    """Return what the figures were measured on and with."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    lib = Path(feedwright.__file__).parents[1]
    how = "installed" if any(lib.glob("feedwright-*.dist-info")) else "in a checkout"
    projects = [f"feedwright {__version__} ({how})", *(f"{name} {version(name)}" for name in ENGINES)]
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
    parser.add_argument("--million", action="store_true", help="also a hundred times as many, short ones")
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
        options = {"large": arguments.large, "million": arguments.million}
        bench = prepared(Path(folder), arguments.articles, program, **options)
        for turn in range(arguments.rounds):
            measure_round(bench, figures, turn)
        print(table(arguments.articles, figures))
        print(f"\n{machine(bench, program, arguments.rounds)}")


if __name__ == "__main__":
    main()
