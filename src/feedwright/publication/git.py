"""The door to the command `git`, which may be absent."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path


def program() -> str | None:
    """Return the path of git, None if there is none."""
    return shutil.which("git")


def run(
    folder: Path,
    *arguments: str,
    seconds: float,
    environ: Mapping[str, str] | None = None,
    given: bytes = b"",
) -> bytes:
    """Return the output of git in a folder, which is `given` its input; `environ` is in place of ours.

    Raises OSError or ValueError if it cannot be run, `subprocess.SubprocessError` if it fails or takes too
    long.
    """
    return subprocess.run(  # noqa: S603 - git itself, and words that no shell sees
        [program() or "git", "--no-pager", *arguments],
        cwd=folder,
        env=environ,
        input=given,
        capture_output=True,
        timeout=seconds,
        check=True,
    ).stdout
