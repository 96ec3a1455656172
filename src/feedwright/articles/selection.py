"""The selection of articles that are published now, and the reason for all others.

A draft with something missing is a problem only when drafts are built.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal, get_args

from msgspec import Struct

from feedwright.model import ArticleSummary, Hiding, ReadResult, replace
from feedwright.problems import Problem, folded


class SelectionOptions(Struct, frozen=True, kw_only=True):
    """Options of the selection: `now` is aware; the flags include drafts and articles of the future."""

    now: datetime
    drafts: bool = False
    future: bool = False


Reason = Literal["drafts", "hidden", "locked", "pages", "scheduled", "expired", "skipped", "pageless"]
"""Why a file is left out: "skipped" has no front matter, "pageless" no page in the built site."""

_REASONS: Mapping[Hiding, Reason] = {"": "drafts", "hidden": "hidden", "locked": "locked", "page": "pages"}


class Selection(Struct, frozen=True, kw_only=True):
    """The articles that are due, in path order, and what became of all other files.

    `others` are the articles that are left out, as far as they could be read; `left_out` names the files by
    the reason. `held` names those with an error. `files` counts all but pages. `next_due` is when the next
    scheduled article will be; `naive` the first file with a date that names no zone. The selection is the
    same at any moment from `since` until before `until`.
    """

    articles: tuple[ArticleSummary, ...]
    others: tuple[ArticleSummary, ...]
    problems: tuple[Problem, ...]
    held: frozenset[str]
    files: int
    left_out: Mapping[Reason, tuple[str, ...]]
    next_due: datetime | None = None
    naive: str = ""
    since: datetime | None = None
    until: datetime | None = None


def select(results: Iterable[ReadResult], options: SelectionOptions, pages: Iterable[str] = ()) -> Selection:
    """Return the articles among the files that are due, and what becomes of all others.

    `pages` are files that were not read since no articles lie there.
    """
    now = options.now
    due: list[ArticleSummary] = []
    others: list[ArticleSummary] = []
    problems: list[Problem] = []
    waiting: list[datetime] = []
    since: datetime | None = None
    until: datetime | None = None
    left_out: defaultdict[Reason, list[str]] = defaultdict(list, {"pages": [*pages]})
    held: set[str] = set()
    files = 0
    naive = ""
    for result in results:
        files += result.hiding != "page"
        article = result.article
        if result.hiding or (result.draft and not options.drafts):
            left_out[_REASONS[result.hiding]].append(result.path)
            problems += result.problems if result.hiding else ()
            if article:
                others.append(article)
            continue
        problems += result.problems
        naive = naive or (result.path if result.naive else "")
        if article is None:
            if result.skipped:
                left_out["skipped"].append(result.path)
            else:
                held.add(result.path)
            continue
        for moment in (article.due, article.updated, article.expires):
            if moment is None:
                continue
            if moment <= now:
                since = moment if since is None or moment > since else since
            else:
                until = moment if until is None or moment < until else until
        if article.due > now and not options.future:
            waiting.append(article.due)
            left_out["scheduled"].append(article.path)
            others.append(article)
        elif article.expires is not None and article.expires <= now:
            left_out["expired"].append(article.path)
            others.append(article)
        elif article.updated > now and not options.future:
            # an update that is dated in the future has not happened yet
            message = f"updated is in the future ({article.updated.isoformat()}); until then date counts"
            problems.append(Problem.warning("DATE009", message, article.path, field="updated"))
            due.append(replace(article, updated=article.published))
        else:
            due.append(article)
    return Selection(
        articles=tuple(due),
        others=tuple(others),
        problems=tuple(folded(problems, ("FM018", "FM024", "FM025", "TTL005"))),
        held=frozenset(held),
        files=files,
        left_out={reason: tuple(left_out[reason]) for reason in get_args(Reason) if left_out[reason]},
        next_due=min(waiting, default=None),
        naive=naive,
        since=since,
        until=until,
    )
