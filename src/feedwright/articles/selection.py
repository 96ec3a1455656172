"""The selection of articles that are published now, and the reason for all others.

A draft with something missing is a problem only when drafts are built.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from msgspec import structs

from feedwright.model import ArticleSummary, Hiding, ReadResult
from feedwright.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionOptions:
    """Options of the selection: `now` is aware; the flags include drafts and articles of the future."""

    now: datetime
    drafts: bool = False
    future: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The articles that are due, in path order, and what became of all other files.

    `others` are drafts, articles that are hidden or locked, and those that are not due yet or have expired.
    `held` names the files with an error, `skipped` those without front matter, `pageless` those that have no
    page in the built site. `next_due` is when the next
    scheduled article will be; `naive` the first file with a date that names no zone. The selection is the
    same at any moment from `since` until before `until`.
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
    pageless: frozenset[str] = frozenset()
    next_due: datetime | None = None
    naive: str = ""
    since: datetime | None = None
    until: datetime | None = None


def select(results: Iterable[ReadResult], options: SelectionOptions) -> Selection:
    """Return the articles among the files that are due, and what becomes of all others."""
    now = options.now
    due: list[ArticleSummary] = []
    others: list[ArticleSummary] = []
    problems: list[Problem] = []
    waiting: list[datetime] = []
    changes: list[datetime] = []
    kept_back: Counter[Hiding] = Counter()
    held: set[str] = set()
    skipped: set[str] = set()
    files = expired = 0
    naive = ""
    for result in results:
        files += 1
        article = result.article
        if result.hiding or (result.draft and not options.drafts):
            kept_back[result.hiding] += 1
            if article:
                others.append(article)
            continue
        problems += result.problems
        naive = naive or (result.path if result.naive else "")
        if article is None:
            (skipped if result.skipped else held).add(result.path)
            continue
        changes += filter(None, (article.due, article.updated, article.expires))
        if article.due > now and not options.future:
            waiting.append(article.due)
            others.append(article)
        elif article.expires is not None and article.expires <= now:
            expired += 1
            others.append(article)
        elif article.updated > now and not options.future:
            # an update that is dated in the future has not happened yet
            message = f"updated is in the future ({article.updated.isoformat()}); until then date counts"
            problems.append(Problem.warning("DATE009", message, article.path, field="updated"))
            due.append(structs.replace(article, updated=article.published))
        else:
            due.append(article)
    return Selection(
        articles=tuple(due),
        others=tuple(others),
        problems=tuple(problems),
        held=frozenset(held),
        files=files,
        drafts=kept_back[""],
        hidden=kept_back["hidden"],
        locked=kept_back["locked"],
        scheduled=len(waiting),
        expired=expired,
        skipped=frozenset(skipped),
        next_due=min(waiting, default=None),
        naive=naive,
        since=max((moment for moment in changes if moment <= now), default=None),
        until=min((moment for moment in changes if moment > now), default=None),
    )
