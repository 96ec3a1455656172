"""The command `check`: whether the output folder is up to date, and whether publishing would hurt."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from feedwright import disk, workers
from feedwright.cache.memo import BuildCache
from feedwright.commands.context import Context
from feedwright.commands.inspection import Inspection, inspect
from feedwright.commands.pages import built_site, problems_of
from feedwright.commands.result import Result
from feedwright.commands.stages import Stages
from feedwright.commands.stale import stale_notes
from feedwright.formats import table as formats
from feedwright.model import replace
from feedwright.problems import GuardError, Problem
from feedwright.publication import publish
from feedwright.site import Site
from feedwright.text import count

_BUILD = "build again: feedwright build"
_RESTORE = "put it back from version control, or delete it: feedwright clean"
_EDITED = "was changed by something other than feedwright"


def check(context: Context, *, pages: str | None = None) -> Result:
    """Do everything that a build does except writing, and compare the output folder with the result.

    `pages` is the folder of the built site, in which every entry must have its page. Every document is read
    again and held to what its format requires. The exit code is 4 if publishing would hurt, 5 if something
    differs or a page is missing, 1 if an article is held, else 0. Raises `UsageError`, `MachineError`, or
    `GuardError` if the record cannot be used.
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
    dead = tuple(_dead_links(inspection, Path(context.start) / pages)) if pages else ()
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
        exit_code=4 if guard else 5 if findings or dead else int(is_held),
        problems=(*site.warnings, *context.locate((*plan.problems, *dead), site), *located),
        notes=tuple(f"stale: {note}" for note in stale_notes(stale, inspection.live())),
        facts={"stale": stale},
        changes=changes,
        summary=", ".join([differ if findings else "every document is up to date", *_of_pages(pages, dead)]),
        error=guard,
    )


def _dead_links(inspection: Inspection, folder: Path) -> Iterator[Problem]:
    """The entries whose links lead to no page."""
    site, plan = inspection.site, inspection.plan
    pages = built_site(folder, site)
    links = {entry.id: entry.link for feed in plan.feeds for entry in feed.entries}
    paths = {entry_id: path for path, entry_id in plan.ids.items()}
    missing = {paths[entry_id]: link for entry_id, link in links.items() if not pages.has(link)}
    yield from problems_of(missing, pages, Stages(site, BuildCache(), workers.serial, jobs=1))


def _of_pages(pages: str | None, dead: tuple[Problem, ...]) -> list[str]:
    if not pages:
        return []
    return [f"{count(len(dead), 'entry', 'entries')} without a page" if dead else "every entry has its page"]


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
    name = site.every_alias.get(path)
    format_ = formats.FORMATS[name] if name else formats.of(path, data)
    if format_ is None:
        return "its format is not recognizable"
    return formats.fault(format_, data)


def _finding(code: str, path: str, site: Site, state: str, hint: str = _BUILD) -> Problem:
    file = os.path.normpath(site.output / path)
    return Problem.warning(code, f"the document {state}", file, hint=hint)
