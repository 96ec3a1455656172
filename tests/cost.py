"""Look for sites that cost too much: `python tests/cost.py [--seconds N] [--seed N] [--keep DIR]`.

Each input is one site of `costly_sites`; a process of its own builds it. The CPU time and the memory of every
process of the build are compared with what any input may cost.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from costly_sites import FORMS, Files, site

CPU = 10.0
MEMORY = 500 * 2**20
_GRACE = 2.0
"""Seconds that a process may take besides the ten: it starts, and is stopped by the clock on the wall."""

_EVERY = 0.05
"""Seconds between two looks at the processes of a build."""

_ENOUGH = 4 * CPU
"""Seconds of CPU after which a build is ended: it has cost too much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What the most expensive process of a build took: seconds of CPU and bytes of memory."""

    cpu: float
    memory: int
    exit_code: int
    codes: str = ""

    @property
    def is_too_much(self) -> bool:
        """Whether it is more than any site may cost, or the build did not end as it should."""
        is_refused = self.exit_code == 2 and self.codes.startswith("CFG")
        has_ended = self.exit_code in (0, 1) or is_refused
        return self.cpu > CPU + _GRACE or self.memory > MEMORY or not has_ended


def cost(files: Files) -> Cost:
    """Build a site of these files and return what the most expensive process took."""
    words = ["build", "content", "-o", "feeds", "--url", "https://example.org/", "--report", "json", "-q"]
    with tempfile.TemporaryDirectory(prefix="feedwright-cost-") as root:
        for name, data in files.items():
            path = Path(root, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        with open(Path(root, "report"), "wb") as report:
            build = subprocess.Popen(
                [sys.executable, "-m", "feedwright", *words],
                cwd=root,
                stdout=report,
                stderr=report,
                start_new_session=True,
            )
            used: dict[str, tuple[float, int]] = {}
            while build.poll() is None:
                for process, (seconds, most) in _processes(build.pid).items():
                    before = used.get(process, (0.0, 0))
                    used[process] = max(before[0], seconds), max(before[1], most)
                if any(seconds > _ENOUGH for seconds, _ in used.values()):
                    os.killpg(build.pid, signal.SIGKILL)
                time.sleep(_EVERY)
        cpu, memory = (
            (max(values, default=0) for values in zip(*used.values(), strict=True)) if used else (0, 0)
        )
        codes = dict.fromkeys(re.findall(rb'"code": ?"(\w+)"', Path(root, "report").read_bytes()))
        return Cost(cpu=cpu, memory=memory, exit_code=build.returncode, codes=b" ".join(codes).decode())


def _processes(session: int) -> dict[str, tuple[float, int]]:
    """Return the CPU time and the greatest memory of every process of a session, by its number."""
    used = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError, ValueError, IndexError):
                facts = (folder / "stat").read_text().rpartition(")")[2].split()
                if int(facts[3]) == session:
                    memory = re.search(r"VmHWM:\s*(\d+)", (folder / "status").read_text())
                    cpu = (int(facts[11]) + int(facts[12])) / os.sysconf("SC_CLK_TCK")
                    used[folder.name] = cpu, int(memory[1]) * 1024 if memory else 0
    return used


def search(
    seeds: range, *, seconds: float = float("inf"), keep: Path | None = None
) -> list[tuple[int, Cost]]:
    """Return the seeds of sites that cost too much, and what they cost; their files go to `keep`."""
    found = []
    end = time.monotonic() + seconds
    for seed in seeds:
        if time.monotonic() > end:
            break
        files = site(seed)
        used = cost(files)
        if used.is_too_much or "LIM" in used.codes or "BUG" in used.codes:
            sizes = [f"{name}: {len(data)}" for name, data in files.items()]
            form = FORMS[seed % len(FORMS)].__name__.strip("_")
            print(seed, form, used, *sizes[:4], f"{len(sizes)} files", flush=True)
        if used.is_too_much:
            found.append((seed, used))
            for name, data in files.items() if keep else ():
                assert keep is not None
                path = keep / str(seed) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
    print(f"{seed - seeds.start + 1} sites, {len(found)} cost too much", flush=True)
    return found


def main() -> None:
    """Search until the time is up; exit 1 if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    sys.exit(bool(search(range(asked.seed, sys.maxsize), seconds=asked.seconds, keep=asked.keep)))


if __name__ == "__main__":
    main()
