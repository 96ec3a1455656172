"""The command `clean`: delete feedwright's documents that are no longer generated."""

from __future__ import annotations

from feedwright.commands.context import Context
from feedwright.commands.inspection import inspect
from feedwright.commands.result import Result
from feedwright.publication import publish
from feedwright.text import count, visible


def clean(context: Context) -> Result:
    """Delete the recorded documents that a build would not generate.

    Raises as `check` does, and `GuardError` if a build would stop: what is missing by mistake is not
    stale.
    """
    inspection = inspect(context)
    if guard := inspection.guard(inspection.changes()):
        raise guard
    removed: tuple[str, ...] = ()
    if stale := inspection.stale():
        destination = publish.Destination.of(inspection.site)
        removed = publish.remove(stale, destination, notify=context.notify)
    return Result(
        lines=tuple(f"removed: {visible(path)}" for path in removed),
        facts={"removed": list(removed)},
        summary=f"{count(len(removed), 'document')} removed",
    )
