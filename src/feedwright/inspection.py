"""A look before publishing: is the output folder what the content says, and what would subscribers see?

Nothing is written, not even to the cache.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from feedwright import catalogue, guard, planning, record, seen, workers
from feedwright.problems import GuardError, Problem
from feedwright.recall import Recall

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from typing import Literal

    from feedwright.changes import FeedChange
    from feedwright.planning import Plan
    from feedwright.record import Record
    from feedwright.settings import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What a look found: problems of articles, those of the output folder, and what would change.

    `hurt` is the guard that a build would stop at; the differences count only for `diff`.
    """

    problems: tuple[Problem, ...]
    findings: tuple[Problem, ...] = ()
    changes: tuple[FeedChange, ...] = ()
    hurt: GuardError | None = None

    @property
    def exit_code(self) -> Literal[0, 1, 4, 5]:
        """4 where publishing would hurt, 5 where something differs, 1 where an article is held, else 0."""
        if self.hurt:
            return 4
        if self.findings:
            return 5
        return 1 if any(problem.severity == "error" for problem in self.problems) else 0


def check(
    site: Site, *, now: datetime, drafts: bool = False, future: bool = False, jobs: int | None = None
) -> Inspection:
    """Do all that a build does but writing, and compare the output folder with what comes out.

    Every document there is read again and held to what its format requires. Raises `UsageError`,
    `MachineError`, or `GuardError` where the record cannot be used.
    """
    previous = record.load(site.record)
    plan = _plan(site, previous, now=now, drafts=drafts, future=future, jobs=jobs)
    published = _reader(site)
    changes = seen.changes(plan, previous, published)
    return Inspection(
        problems=_sorted(plan.problems),
        findings=tuple(_findings(plan, previous, site)),
        changes=changes,
        hurt=_hurt(plan, previous, changes),
    )


def differences(
    site: Site,
    *,
    now: datetime,
    drafts: bool = False,
    future: bool = False,
    jobs: int | None = None,
    published: Callable[[str], bytes | None] | None = None,
    previous: Record | None = None,
) -> Inspection:
    """Return what subscribers would see if the site were published now.

    `published` gives the documents that they have, and `previous` the record beside these, where that is not
    the site's output folder. Raises as `check` does.
    """
    own = record.load(site.record)
    plan = _plan(site, own, now=now, drafts=drafts, future=future, jobs=jobs)
    beside = own if published is None else previous
    changes = seen.changes(plan, beside, published or _reader(site))
    return Inspection(problems=_sorted(plan.problems), changes=changes)


def stale(
    site: Site, *, now: datetime, drafts: bool = False, future: bool = False, jobs: int | None = None
) -> tuple[str, ...]:
    """Return the recorded documents that are not made any more, sorted. Raises as `check` does."""
    previous = record.load(site.record)
    plan = _plan(site, previous, now=now, drafts=drafts, future=future, jobs=jobs)
    made = {document.path for document in plan.rendered.documents}
    if not plan.feeds:
        guard.judge_emptiness(previous, plan.found.files, frozenset())
    return tuple(sorted(previous.documents.keys() - made)) if previous else ()


def _plan(
    site: Site, previous: Record | None, *, now: datetime, drafts: bool, future: bool, jobs: int | None
) -> Plan:
    choice = catalogue.Choice(now=now, drafts=drafts, future=future)
    with workers.processes(jobs, preload=planning.preloaded(site)) as spread:
        recall = Recall(None, {})
        return planning.plan(site, choice=choice, previous=previous, recall=recall, spread=spread)


def _sorted(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    return tuple(sorted(set(problems), key=lambda problem: problem.place))


def _reader(site: Site) -> Callable[[str], bytes | None]:
    def published(path: str) -> bytes | None:
        try:
            return (site.output / path).read_bytes()
        except OSError:
            return None

    return published


def _hurt(plan: Plan, previous: Record | None, changes: tuple[FeedChange, ...]) -> GuardError | None:
    try:
        if not plan.feeds:
            guard.judge_emptiness(previous, plan.found.files, frozenset())
        if previous:
            guard.judge(changes, frozenset())
    except GuardError as error:
        return error
    return None


def _findings(plan: Plan, previous: Record | None, site: Site) -> Iterator[Problem]:
    """What is not in the output folder as it should be, by path."""
    listed = previous.documents if previous else {}
    wanted = {document.path: document.data for document in plan.rendered.documents}
    for path in sorted(wanted):
        data = _reader(site)(path)
        if data is None:
            yield _finding("OUT001", path, site, "is missing")
        elif data == wanted[path]:
            continue
        elif fault := _fault(path, data):
            yield _finding("OUT003", path, site, f"is malformed: {fault}")
        elif listed.get(path) == f"sha256:{hashlib.sha256(data).hexdigest()}":
            yield _finding("OUT002", path, site, "is not what the articles say any more")
        else:
            yield _finding("OUT004", path, site, "was changed by something else than feedwright")
    for path in sorted(listed.keys() - wanted.keys()):
        data = _reader(site)(path)
        if data is not None and (fault := _fault(path, data)):
            yield _finding("OUT003", path, site, f"is malformed: {fault}")


def _fault(path: str, data: bytes) -> str:
    """What the format forbids in a document, "" if nothing."""
    from feedwright.formats.check import check as check_document
    from feedwright.model import Document

    faults = check_document(Document(path=path, data=data))
    return faults[0].partition(": ")[2] if faults else ""


def _finding(code: str, path: str, site: Site, message: str) -> Problem:
    hint = "build again: feedwright build"
    return Problem(
        severity="warning",
        code=code,
        message=f"the document {message}",
        file=str(site.output / path),
        hint=hint,
    )
