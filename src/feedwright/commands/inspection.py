"""A look before publishing: is the output folder what the content says, and what would subscribers see?

Nothing is written, not even to the cache.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from feedwright import disk, workers
from feedwright.articles import catalogue
from feedwright.commands import seen
from feedwright.commands.plan import make_plan, preloaded
from feedwright.commands.recall import BuildCache
from feedwright.problems import GuardError, Problem
from feedwright.publication import guards, publish, record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from typing import Literal

    from feedwright.commands.plan import Plan
    from feedwright.publication.changes import FeedChange
    from feedwright.publication.record import Record
    from feedwright.settings.load import Site

_AGAIN = "build again: feedwright build"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What a look found: problems of articles, those of the output folder, and what would change.

    `stale` are documents that are not made any more and stay as they are; `hurt` is the guard that a build
    would stop at. The changes count only for `diff`.
    """

    problems: tuple[Problem, ...]
    findings: tuple[Problem, ...] = ()
    changes: tuple[FeedChange, ...] = ()
    stale: tuple[str, ...] = ()
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
    changes = seen.changes(plan, previous, _reader(site))
    hurt = _hurt(plan, previous, changes)
    is_new = False
    try:
        is_new = _is_new(plan, previous, site)
    except GuardError as error:
        is_new = previous is None and seen.are_ours(plan, _reader(site))
        hurt = hurt or (None if is_new else error)
    findings = [*_findings(plan, previous, site), *_frozen(plan, previous, site)]
    if is_new:
        findings.append(_of_record(previous, site))
    stale = _left(plan, previous) if site.stale == "keep" else ()
    return Inspection(
        problems=_sorted(plan.problems),
        findings=tuple(findings),
        changes=changes,
        stale=tuple(path for path in stale if _reader(site)(path) is not None),
        hurt=hurt,
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
    """Return the recorded documents that are not made any more, sorted.

    Raises as `check` does, and `GuardError` where a build would stop: what is missing by mistake is
    not stale.
    """
    previous = record.load(site.record)
    plan = _plan(site, previous, now=now, drafts=drafts, future=future, jobs=jobs)
    hurt = _hurt(plan, previous, seen.changes(plan, previous, _reader(site)))
    if hurt:
        raise hurt
    return _left(plan, previous)


def _left(plan: Plan, previous: Record | None) -> tuple[str, ...]:
    """The recorded documents that are not made any more, sorted."""
    made = {document.path for document in plan.rendered.documents}
    return tuple(sorted(previous.files.keys() - made)) if previous else ()


def _plan(
    site: Site, previous: Record | None, *, now: datetime, drafts: bool, future: bool, jobs: int | None
) -> Plan:
    choice = catalogue.SelectionOptions(now=now, drafts=drafts, future=future)
    with workers.processes(jobs, preload=preloaded(site)) as spread:
        recall = BuildCache(None, {}, jobs=jobs)
        return make_plan(site, choice=choice, previous=previous, recall=recall, spread=spread)


def _sorted(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    return tuple(sorted(set(problems), key=lambda problem: problem.place))


def _reader(site: Site) -> Callable[[str], bytes | None]:
    def published(path: str) -> bytes | None:
        try:
            return disk.read_bytes(site.output / path, follow=False)
        except OSError:
            return None

    return published


def _hurt(plan: Plan, previous: Record | None, changes: tuple[FeedChange, ...]) -> GuardError | None:
    try:
        if not plan.feeds:
            guards.check_emptiness(previous, plan.found.files, frozenset())
        if previous is None or guards.is_risky(previous, plan.ids, plan.held):
            guards.check_changes(changes, frozenset())
    except GuardError as error:
        return error
    return None


def _is_new(plan: Plan, previous: Record | None, site: Site) -> bool:
    """Whether a build would write the record; raises `GuardError` for what it would not replace."""
    return bool(plan.feeds) and publish.look_at(
        plan.rendered.documents,
        output=site.output,
        record=plan.record,
        record_path=site.record,
        previous=previous,
    )


def _findings(plan: Plan, previous: Record | None, site: Site) -> Iterator[Problem]:
    """What a build would make anew in the output folder, by path."""
    listed = previous.files if previous else {}
    for document in sorted(plan.rendered.documents, key=lambda document: document.path):
        path = document.path
        data = _reader(site)(path)
        if data is None:
            yield _finding("OUT001", path, site, "is missing")
        elif data == document.data:
            continue
        elif fault := _fault(path, data, site):
            yield _finding("OUT003", path, site, f"is malformed: {fault}")
        elif listed.get(path) == disk.document_hash(data):
            yield _finding("OUT002", path, site, "is not what the articles say any more")
        else:
            yield _finding("OUT004", path, site, "was changed by something else than feedwright")


def _frozen(plan: Plan, previous: Record | None, site: Site) -> Iterator[Problem]:
    """What is wrong with documents that are not made any more, by path."""
    again = "put it back from version control, or delete it: feedwright clean"
    for path in _left(plan, previous):
        data = _reader(site)(path)
        if data is None or previous is None:
            continue
        if site.stale == "delete":
            yield _finding("OUT002", path, site, "is not made any more")
        elif fault := _fault(path, data, site):
            yield _finding("OUT003", path, site, f"is malformed: {fault}", again)
        elif previous.files[path] != disk.document_hash(data):
            yield _finding("OUT004", path, site, "was changed by something else than feedwright", again)


def _of_record(previous: Record | None, site: Site) -> Problem:
    code, told = ("OUT002", "is not what a build would leave") if previous else ("OUT001", "is missing")
    return Problem(
        severity="warning",
        code=code,
        message=f"the record {told}",
        file=str(site.record),
        hint=_AGAIN,
    )


def _fault(path: str, data: bytes, site: Site) -> str:
    """Why the document is not one of its format, "" if it is."""
    from feedwright.formats import table

    format_ = table.FORMATS[site.aliases[path]] if path in site.aliases else table.of(path, data)
    if format_ is None:
        return "nothing in it tells its format"
    try:
        format_.read(data)
    except ValueError as error:
        return str(error)
    return ""


def _finding(code: str, path: str, site: Site, message: str, hint: str = _AGAIN) -> Problem:
    return Problem(
        severity="warning",
        code=code,
        message=f"the document {message}",
        file=str(site.output / path),
        hint=hint,
    )
