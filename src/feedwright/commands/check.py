"""The command `check`: whether the output folder is up to date, and whether publishing would hurt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from feedwright import disk
from feedwright.commands.context import Context
from feedwright.commands.inspection import Inspection, inspect
from feedwright.commands.result import Result
from feedwright.formats import table as formats
from feedwright.problems import GuardError, Problem
from feedwright.publication import publish
from feedwright.site import Site
from feedwright.text import visible

_BUILD = "build again: feedwright build"
_RESTORE = "put it back from version control, or delete it: feedwright clean"
_EDITED = "was changed by something other than feedwright"


def check(context: Context) -> Result:
    """Do everything that a build does except writing, and compare the output folder with the result.

    Every document there is read again and held to what its format requires. The exit code is 4 if publishing
    would hurt, 5 if something differs, 1 if an article is held, else 0. Raises `UsageError`, `MachineError`,
    or `GuardError` if the record cannot be used.
    """
    inspection = inspect(context)
    site, previous, plan = inspection.site, inspection.previous, inspection.plan
    changes = inspection.changes()
    guard = inspection.guard(changes)
    try:
        is_new = bool(plan.feeds) and publish.would_write_record(
            plan.rendered.documents, publish.Destination.of(site), record=plan.record, previous=previous
        )
    except GuardError as error:
        is_new = inspection.are_ours(inspection.unlisted())
        guard = guard or (None if is_new else error)
    findings = [*_differences(inspection), *_frozen(inspection)]
    if is_new:
        code, state = ("OUT002", "is out of date") if previous else ("OUT001", "is missing")
        findings.append(Problem.warning(code, f"the record {state}", str(site.record), hint=_BUILD))
    is_held = any(problem.severity == "error" for problem in plan.problems)
    left = inspection.stale() if site.stale == "keep" else ()
    stale = [path for path in left if inspection.published(path) is not None]
    differ = "1 file differs" if len(findings) == 1 else f"{len(findings)} files differ"
    located = (replace(finding, file=context.relative(finding.file)) for finding in findings)
    return Result(
        exit_code=4 if guard else 5 if findings else int(is_held),
        problems=(*site.warnings, *context.locate(plan.problems, site), *located),
        notes=tuple(f"stale: {visible(path)} is no longer generated" for path in stale),
        facts={"stale": stale},
        changes=changes,
        summary=differ if findings else "every document is up to date",
        error=guard,
    )


def _differences(inspection: Inspection) -> Iterator[Problem]:
    """The documents that a build would write, by path."""
    site, listed = inspection.site, inspection.previous.files if inspection.previous else {}
    for document in sorted(inspection.plan.rendered.documents, key=lambda document: document.path):
        path, data = document.path, inspection.published(document.path)
        if data is None:
            yield _finding("OUT001", path, site, "is missing")
        elif data == document.data:
            continue
        elif fault := _fault(path, data, site):
            yield _finding("OUT003", path, site, f"is malformed: {fault}")
        elif listed.get(path) == disk.document_hash(data):
            yield _finding("OUT002", path, site, "is out of date")
        else:
            yield _finding("OUT004", path, site, _EDITED)


def _frozen(inspection: Inspection) -> Iterator[Problem]:
    """The problems of documents that are no longer generated, by path."""
    site, listed = inspection.site, inspection.previous.files if inspection.previous else {}
    for path in inspection.stale():
        data = inspection.published(path)
        if data is None:
            continue
        if site.stale == "delete":
            yield _finding("OUT002", path, site, "is no longer generated")
        elif fault := _fault(path, data, site):
            yield _finding("OUT003", path, site, f"is malformed: {fault}", _RESTORE)
        elif listed[path] != disk.document_hash(data):
            yield _finding("OUT004", path, site, _EDITED, _RESTORE)


def _fault(path: str, data: bytes, site: Site) -> str:
    """Why the document is not one of its format, "" if it is."""
    format_ = formats.FORMATS[site.aliases[path]] if path in site.aliases else formats.of(path, data)
    if format_ is None:
        return "its format is not recognizable"
    try:
        format_.read(data)
    except ValueError as error:
        return str(error)
    return ""


def _finding(code: str, path: str, site: Site, state: str, hint: str = _BUILD) -> Problem:
    return Problem.warning(code, f"the document {state}", str(site.output / path), hint=hint)
