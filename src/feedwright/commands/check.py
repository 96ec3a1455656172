"""The command `check`: is the output folder what the articles say, and would publishing hurt?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from feedwright import disk
from feedwright.commands.context import Context
from feedwright.commands.inspection import (
    are_ours,
    guard_of,
    no_longer_made,
    plan_of,
    reader,
    sorted_problems,
)
from feedwright.commands.plan import Plan
from feedwright.commands.result import Result
from feedwright.problems import GuardError, Problem
from feedwright.publication import publish, record
from feedwright.publication.record import Record
from feedwright.site import Site
from feedwright.text import visible

_BUILD = "build again: feedwright build"
_RESTORE = "put it back from version control, or delete it: feedwright clean"


def check(context: Context) -> Result:
    """Do everything that a build does except writing, and compare the output folder with the result.

    Every document there is read again and held to what its format requires. The exit code is 4 where
    publishing would hurt, 5 where something differs, 1 where an article is held, else 0. Raises `UsageError`,
    `MachineError`, or `GuardError` where the record cannot be used.
    """
    site = context.load_site()
    previous = record.load(site.record)
    plan = plan_of(site, previous, context)
    guard, changes = guard_of(plan, previous, site)
    try:
        is_new = _is_new(plan, previous, site)
    except GuardError as error:
        is_new = previous is None and are_ours(plan, reader(site))
        guard = guard or (None if is_new else error)
    findings = [*_differences(plan, previous, site), *_frozen(plan, previous, site)]
    if is_new:
        findings.append(_record_finding(previous, site))
    problems = sorted_problems(plan)
    is_held = any(problem.severity == "error" for problem in problems)
    left = no_longer_made(plan, previous) if site.stale == "keep" else ()
    stale = [path for path in left if reader(site)(path) is not None]
    differ = "1 file differs" if len(findings) == 1 else f"{len(findings)} files differ"
    located = tuple(replace(finding, file=context.relative(finding.file)) for finding in findings)
    return Result(
        exit_code=4 if guard else 5 if findings else int(is_held),
        problems=(*site.warnings, *context.locate(problems, site), *located),
        notes=tuple(f"stale: {visible(path)} is no longer generated" for path in stale),
        facts={"stale": stale},
        changes=changes,
        summary=differ if findings else "every document is what the articles say",
        error=guard,
    )


def _is_new(plan: Plan, previous: Record | None, site: Site) -> bool:
    """Whether a build would write the record. Raises `GuardError` for what it would not replace."""
    return bool(plan.feeds) and publish.would_write_record(
        plan.rendered.documents, publish.Destination.of(site), record=plan.record, previous=previous
    )


def _differences(plan: Plan, previous: Record | None, site: Site) -> Iterator[Problem]:
    """The documents that a build would write, by path."""
    listed = previous.files if previous else {}
    read = reader(site)
    for document in sorted(plan.rendered.documents, key=lambda document: document.path):
        path = document.path
        data = read(path)
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
    """What is wrong with documents that are no longer generated, by path."""
    read = reader(site)
    for path in no_longer_made(plan, previous):
        data = read(path)
        if data is None or previous is None:
            continue
        if site.stale == "delete":
            yield _finding("OUT002", path, site, "is no longer generated")
        elif fault := _fault(path, data, site):
            yield _finding("OUT003", path, site, f"is malformed: {fault}", _RESTORE)
        elif previous.files[path] != disk.document_hash(data):
            yield _finding("OUT004", path, site, "was changed by something else than feedwright", _RESTORE)


def _record_finding(previous: Record | None, site: Site) -> Problem:
    code, state = ("OUT002", "is not what a build would leave") if previous else ("OUT001", "is missing")
    message = f"the record {state}"
    return Problem.warning(code, message, str(site.record), hint=_BUILD)


def _fault(path: str, data: bytes, site: Site) -> str:
    """Why the document is not one of its format, "" if it is."""
    from feedwright.formats import table as formats

    format_ = formats.FORMATS[site.aliases[path]] if path in site.aliases else formats.of(path, data)
    if format_ is None:
        return "nothing in it tells its format"
    try:
        format_.read(data)
    except ValueError as error:
        return str(error)
    return ""


def _finding(code: str, path: str, site: Site, state: str, hint: str = _BUILD) -> Problem:
    file, message = str(site.output / path), f"the document {state}"
    return Problem.warning(code, message, file, hint=hint)
