"""The command `clean`: delete feedwright's documents that are no longer generated, and forget what is old."""

from __future__ import annotations

from feedwright.commands.content_files import content_files
from feedwright.commands.context import Context
from feedwright.commands.inspection import inspect
from feedwright.commands.result import Result
from feedwright.publication import publish
from feedwright.text import count, nfc, visible


def clean(context: Context) -> Result:
    """Delete the recorded documents that a build would not generate, and ids whose files are long gone.

    The record notes the day on which a file was first missed here, and forgets its entry a year later. Raises
    as `check` does, and `GuardError` if a build would stop: what is missing by mistake is not stale.
    """
    inspection = inspect(context)
    if guard := inspection.guard(inspection.changes()):
        raise guard
    destination = publish.Destination.of(inspection.site)
    removed: tuple[str, ...] = ()
    if stale := inspection.stale():
        removed = publish.remove(stale, destination, notify=context.notify)
    forgotten: list[str] = []
    if inspection.previous and inspection.previous.withdrawn:
        files = set(map(nfc, content_files(inspection.site).paths))
        old = publish.forget(files, destination, context.now.date(), notify=context.notify)
        forgotten = sorted(entry.id for entry in old)
    ids = f", {count(len(forgotten), 'id')} forgotten" if forgotten else ""
    return Result(
        lines=(
            *(f"removed: {visible(path)}" for path in removed),
            *(f"forgotten: {visible(entry_id)}" for entry_id in forgotten),
        ),
        facts={"removed": list(removed), "forgotten": forgotten},
        summary=f"{count(len(removed), 'document')} removed{ids}",
    )
