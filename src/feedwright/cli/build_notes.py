"""What the author of a site reads at the terminal of each build of a preview."""

from __future__ import annotations

from feedwright.articles.files import line_of
from feedwright.cli import problem_list, report
from feedwright.commands.preview.build import Build
from feedwright.text import count


def notes(build: Build, before: Build | None, seconds: float) -> str:
    """Return the problems that the build before did not have, and a line on what was done."""
    known = {*before.problems} if before else set()
    new = [problem for problem in build.problems if problem not in known]
    if build.error:
        errors = (build.error, *build.error.also)
        stopped = f"{_clock(build)} stopped; what was there is still shown"
        return "\n\n".join([*(report.stopped(error, line_of) for error in errors), stopped])
    what = f"{count(len(build.changed), 'document')}{' changed' if before else ''}"
    return "\n\n".join([*problem_list.blocks(new, line_of), _line(build, what, seconds)])


def _line(build: Build, what: str, seconds: float) -> str:
    parts = [count(build.plan.selection.files, "article"), what, f"{seconds * 1000:,.0f} ms"]
    parts += [count(len(build.problems), "problem")] if build.problems else []
    return f"{_clock(build)} {' · '.join(parts)}"


def _clock(build: Build) -> str:
    return f"{build.at.astimezone():%H:%M:%S}"
