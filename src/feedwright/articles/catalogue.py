"""A content folder becomes its articles: the front matter of every file, and which of them are due.

Bodies are not looked at here. What a draft lacks is no problem unless drafts were asked for.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from feedwright import disk
from feedwright.articles import article, files
from feedwright.articles.front_matter import parse
from feedwright.problems import Problem, failure

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from feedwright.articles.article import Head
    from feedwright.articles.field_reader import ReadOptions
    from feedwright.model import ArticleSummary, Hiding


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionOptions:
    """Which articles may be published now: `now` is aware; the flags take in what else stays out."""

    now: datetime
    drafts: bool = False
    future: bool = False


class Listed(NamedTuple):
    """What one file is, for sorting: an article, or why it is none; the rest is as in `Head`."""

    path: str
    card: ArticleSummary | None = None
    problems: tuple[Problem, ...] = ()
    draft: bool = False
    hiding: Hiding = ""
    skipped: bool = False
    naive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The articles that are due, in path order, and what became of all other files.

    `others` are drafts, articles that are hidden or locked, and those that are not due yet or not any more.

    `held` names the files with an error, `skipped` those without front matter. `next_due` is when the next
    scheduled article will be; `naive` the first file with a date that names no zone. The
    same comes out at any moment from `since` until before `until`.
    """

    articles: tuple[ArticleSummary, ...]
    others: tuple[ArticleSummary, ...]
    problems: tuple[Problem, ...]
    held: frozenset[str]
    files: int
    drafts: int = 0
    hidden: int = 0
    locked: int = 0
    scheduled: int = 0
    expired: int = 0
    skipped: frozenset[str] = frozenset()
    next_due: datetime | None = None
    naive: str = ""
    since: datetime | None = None
    until: datetime | None = None


def read_head(path: str, *, content: Path, reading: ReadOptions) -> Head:
    """Return what the first 64 KiB of one file say about its article."""
    try:
        return _read_head(path, content, reading)
    except files.FileError as error:
        problem = error.problem
    except ImportError:
        raise  # no fault of the file
    except Exception as error:  # one file never takes the others with it, whatever parsers make of it
        problem = failure(path, error)
    return article.Head(path=path, problems=(problem,), draft=article.is_below_drafts(path))


def _read_head(path: str, content: Path, reading: ReadOptions) -> Head:
    data, whole = files.read(content, path, limit=files.HEAD_SIZE)
    seal = disk.sha256(data) if whole else disk.file_sha256(os.path.join(content, path))
    text, problems = files.decode(data, path=path, encoding=reading.encoding, whole=whole)
    found = parse.read(text, file=path, dialect=reading.dialect, whole=whole)
    if found is None:
        problem = _without_front_matter(path, text)
        draft = article.is_below_drafts(path)
        return article.Head(path=path, problems=(problem,), draft=draft, skipped=True, seal=seal)
    return article.read(found, path=path, reading=reading, problems=problems, seal=seal)


def lost(path: str, by: Literal["time", "memory", "death"]) -> Head:
    """Return what is left of a file whose process was stopped, or died: the problem."""
    code, message = ("LIM002", "the process that read the front matter died")
    if by != "death":
        code, message = "LIM001", f"the front matter took too much {by} and was given up"
    problem = Problem(severity="error", code=code, message=message, file=path, hint="simplify it")
    return article.Head(path=path, problems=(problem,), draft=article.is_below_drafts(path))


def facts(path: str, *, content: Path, reading: ReadOptions) -> tuple[str, datetime | None]:
    """Return title and date of a file's front matter as far as they can be read, though it be broken."""
    try:
        data, whole = files.read(content, path, limit=files.HEAD_SIZE)
        text, _ = files.decode(data, path=path, encoding=reading.encoding, whole=whole)
    except files.FileError:
        return "", None
    found = parse.read(text, file=path, dialect=reading.dialect, whole=whole)
    return article.facts(found, text, path=path, reading=reading) if found else ("", None)


def located(problems: Iterable[Problem], *, content: Path, reading: ReadOptions) -> list[Problem]:
    """Return the problems with the line and column of the field they name, where they have none yet.

    What is found out only when all articles are known has no position; few articles have such a problem, so
    their front matter is read once more.
    """
    return [_located(p, content, reading) if p.field and p.file and not p.line else p for p in problems]


def _located(problem: Problem, content: Path, reading: ReadOptions) -> Problem:
    try:
        data, whole = files.read(content, problem.file, limit=files.HEAD_SIZE)
        text, _ = files.decode(data, path=problem.file, encoding=reading.encoding, whole=whole)
    except files.FileError:
        return problem
    found = parse.read(text, file=problem.file, dialect=reading.dialect, whole=whole)
    at = found.fields.get(problem.field) if found else None
    return replace(problem, line=at.value_line, column=at.value_column) if at else problem


def _without_front_matter(path: str, text: str) -> Problem:
    if not text.strip():
        message, code = "the file is empty; skipped", "FM007"
    else:
        message, code = "there is no front matter; skipped", "FM001"
    hint = "an article begins with\n---\ntitle: A title\ndate: 2026-01-03 12:00:00 +0800\n---"
    return Problem(severity="warning", code=code, message=message, file=path, line=1, column=1, hint=hint)


def select(listed: Iterable[Listed], choice: SelectionOptions) -> Selection:
    """Return the articles among the files that are due, and what becomes of all others."""
    due: list[ArticleSummary] = []
    others: list[ArticleSummary] = []
    problems: list[Problem] = []
    held: set[str] = set()
    waiting: list[datetime] = []
    changes: list[datetime] = []
    count = expired = 0
    unseen: Counter[Hiding] = Counter()
    skipped: set[str] = set()
    naive = ""
    for file in listed:
        count += 1
        if file.hiding or (file.draft and not choice.drafts):
            unseen[file.hiding] += 1
            if file.card:
                others.append(file.card)
            continue
        problems += file.problems
        if file.naive and not naive:
            naive = file.path
        found = file.card
        if found is None:
            (skipped if file.skipped else held).add(file.path)
            continue
        changes += (
            (found.due, found.updated) if found.expires is None else (found.due, found.updated, found.expires)
        )
        if found.due > choice.now and not choice.future:
            waiting.append(found.due)
            others.append(found)
        elif found.expires is not None and found.expires <= choice.now:
            expired += 1
            others.append(found)
        else:
            due.append(_not_yet_updated(found, choice, problems))
    return Selection(
        articles=tuple(due),
        others=tuple(others),
        problems=tuple(problems),
        held=frozenset(held),
        files=count,
        drafts=unseen[""],
        hidden=unseen["hidden"],
        locked=unseen["locked"],
        scheduled=len(waiting),
        expired=expired,
        skipped=frozenset(skipped),
        next_due=min(waiting, default=None),
        naive=naive,
        since=max((moment for moment in changes if moment <= choice.now), default=None),
        until=min((moment for moment in changes if moment > choice.now), default=None),
    )


def _not_yet_updated(
    found: ArticleSummary, choice: SelectionOptions, problems: list[Problem]
) -> ArticleSummary:
    """An update that is dated in the future has not happened yet: `updated` stays at the publication."""
    if found.updated <= choice.now or choice.future:
        return found
    problems.append(
        Problem(
            severity="warning",
            code="DATE009",
            message=f"updated is in the future ({found.updated.isoformat()}); until then date counts",
            file=found.path,
            field="updated",
        )
    )
    return found._replace(updated=found.published)
