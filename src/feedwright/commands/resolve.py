"""The command `resolve`: end a merge in which both sides have published."""

from __future__ import annotations

import os
from pathlib import Path

from feedwright.commands.build import build_here
from feedwright.commands.context import Context
from feedwright.commands.result import Result
from feedwright.model import Document
from feedwright.problems import UsageError
from feedwright.publication import conflicts, record
from feedwright.publication.atomic_writes import Change, replace_all
from feedwright.publication.conflicts import Conflict
from feedwright.publication.record import Record
from feedwright.site import Site
from feedwright.text import count, some, visible


def resolve(context: Context) -> Result:
    """Join both sides' records, take either side of the documents, build, and tell git that it is done.

    Ids and addresses of both sides are kept. Raises `UsageError` GIT001 (git is of no help), GIT002 (other
    files are in conflict too), and what `build` raises: the files hold no conflict any more then.
    """
    site = context.load_site()
    tree = conflicts.work_tree(site.output)
    found = {conflict.path: conflict for conflict in conflicts.find_conflicts(tree)}
    if not found:
        record.load(site.record)
        return Result(summary="nothing to resolve")
    record_path = _in_tree(site.record, tree)
    both = _record_of_both(found.get(record_path), site, tree)
    files = {_in_tree(site.output / path, tree) for path in both.files}
    if others := sorted(found.keys() - files - {record_path}):
        message = f"in conflict, and none of feedwright's: {some([visible(path) for path in others])}"
        hint = "resolve these by hand and `git add` them, then: feedwright resolve"
        raise UsageError(message, code="GIT002", hint=hint)
    sides = {path: conflict.ours or conflict.theirs for path, conflict in found.items()}
    documents = [
        Document(path=path, data=conflicts.read_side(tree, side))
        for path, side in sides.items()
        if side and path != record_path
    ]
    if record_path in found:
        documents.insert(0, Document(path=record_path, data=record.dump(both)))
    replace_all([_change(document, tree) for document in documents], site.output)
    outcome = build_here(context)
    published = (*outcome.written, *outcome.unchanged)
    paths = {_in_tree(site.output / path, tree) for path in published}
    conflicts.mark_resolved(tree, {*found, record_path, *paths})
    return Result(
        exit_code=outcome.exit_code,
        problems=(*outcome.warnings, *outcome.problems),
        lines=tuple(f"resolved: {visible(path)}" for path in found),
        facts={"resolved": list(found), "written": list(outcome.written)},
        summary=f"{count(len(found), 'file')} resolved; now: git commit",
    )


def _record_of_both(conflict: Conflict | None, site: Site, tree: Path) -> Record:
    """The joined record; that of one side where only that one has it, or that of git's own merge."""
    sides = (conflict.ours, conflict.theirs) if conflict else ()
    read = [record.read(conflicts.read_side(tree, side), name=str(site.record)) for side in sides if side]
    if not read and (loaded := record.load(site.record)):
        read = [loaded]
    if not read:
        hint = f"take one side of {site.record}, then: feedwright resolve"
        raise UsageError("there is no record to go by", code="GIT002", hint=hint)
    return conflicts.merged(read[0], read[-1])


def _change(document: Document, tree: Path) -> Change:
    file = tree / document.path
    return Change(file=file, document=document, mode=file.stat().st_mode & 0o7777 if file.exists() else None)


def _in_tree(file: Path, tree: Path) -> str:
    """The path of a file as git has it, whatever links lead to the work tree."""
    return Path(os.path.relpath(os.path.realpath(file), os.path.realpath(tree))).as_posix()
