"""Print how long it takes from a save to the new bytes over HTTP, with `feedwright serve`.

    python tests/benchmarks/saves.py [--articles 10000] [--saves 50]

Each save writes the newest article anew with another body, waits for the news of the build, and fetches the
site's feed, which must have that body. Linux only: CPU times are read from /proc.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles
from typing import IO, TYPE_CHECKING

import builds
import corpus
import measure

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAUSE = 0.3
"""Seconds between two saves: a person is slower still."""


def main() -> None:
    """Measure as the arguments say, and print a line for each kind of save."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--saves", type=int, default=50)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="feedwright-saves-") as name:
        folder = Path(name)
        builds.site(folder, options.articles, engine="bleach")
        measure.run([sys.executable, "-m", "feedwright", "build", "-q"], folder)
        for what in ("body", "title"):
            print(_measured(what, folder, options.articles, options.saves))


def _measured(what: str, folder: Path, articles: int, saves: int) -> str:
    """A line with the times of so many saves of another body, or of another title too."""
    command = [sys.executable, "-m", "feedwright", "serve", "--port", "0"]
    process = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    assert process.stderr
    try:
        port = _port(process.stderr)
        events = _events(port)
        next(events)
        times = [_save(what, turn, folder, articles, port, events, process.pid) for turn in range(saves + 1)]
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    wall, cpu = zip(*times[1:], strict=True)  # the first one imports libraries
    return (
        f"{articles:,} articles, {saves} saves of another {what}: median {median(wall) * 1000:.0f} ms, "
        f"p95 {quantiles(wall, n=20)[-1] * 1000:.0f} ms, CPU {median(cpu) * 1000:.0f} ms"
    )


def _port(stderr: IO[str]) -> int:
    for line in stderr:
        if line.startswith("→ "):
            return int(line.split(":")[2].partition("/")[0])
    raise RuntimeError("the server did not start")


def _events(port: int) -> Iterator[str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/-/events")
    for row in connection.getresponse():
        if row.startswith(b"data: "):
            yield row.decode()


def _save(
    what: str, turn: int, folder: Path, articles: int, port: int, events: Iterator[str], pid: int
) -> tuple[float, float]:
    """Save, and return the seconds until the new bytes are here and those that a processor worked."""
    number = corpus.newest(articles)
    mark = f"<p>{what} {turn}</p>"
    text = f"{corpus.written(corpus.article(number), 'hexo')}\n{mark}\n"
    if what == "title":
        text = text.replace("title: '", f"title: '{turn} ", 1)
    time.sleep(_PAUSE)
    worked, began = _cpu(pid), time.perf_counter()
    (folder / "content" / corpus.name(number, "hexo")).write_text(text, "utf-8", newline="\n")
    while True:
        next(events)
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", "/feeds/rss.xml")
        data = connection.getresponse().read()
        ended = time.perf_counter()
        connection.close()
        if f"{what} {turn}&lt;/p".encode() in data or mark.encode() in data:
            time.sleep(_PAUSE)  # until what comes after the answer is done too
            return ended - began, _cpu(pid) - worked


def _cpu(pid: int) -> float:
    """The seconds that a process has worked."""
    facts = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(facts[11]) + int(facts[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
