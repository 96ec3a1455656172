"""What a whole process costs: time, CPU of all that it started, memory of the largest of them.

Worker processes are children of a server process, for which the command does not wait: on Linux, orphans come
to this process instead, which waits for them. Elsewhere `--jobs 1` tells the CPU time of a build.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from resource import struct_rusage

_PR_SET_CHILD_SUBREAPER = 36
_PEAKS_IN_MIB = 1 << (20 if sys.platform == "darwin" else 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Seconds until the command ended, CPU seconds of all processes, peak MiB of the largest; its output."""

    wall: float
    cpu: float
    peak: float
    output: str = ""


def adopt_orphans() -> None:
    """Make every process below this one its child when its parent ends; nothing where that is not known."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def run(command: Sequence[str | Path], folder: Path) -> Run:
    """Run a command in a folder; raises RuntimeError with what it said if it fails."""
    # what is installed lies there compiled; so must what is measured
    names = ("FEEDWRIGHT_", "HUGO_", "COV", "PYTHONDONTWRITEBYTECODE")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(names)}
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environ | {"TZ": "UTC", "PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        usages = [usage, *_orphans()]
        said.seek(0)
        output = said.read().decode(errors="replace")
    if process.returncode:
        raise RuntimeError(f"{process.args!r} failed: {output}")
    return Run(
        wall=wall,
        cpu=sum(one.ru_utime + one.ru_stime for one in usages),
        peak=max(one.ru_maxrss for one in usages) / _PEAKS_IN_MIB,
        output=output,
    )


def _orphans() -> list[struct_rusage]:
    found = []
    while True:
        try:
            found.append(os.wait4(-1, 0)[2])
        except ChildProcessError:
            return found
