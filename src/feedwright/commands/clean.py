"""The command `clean`: delete the documents that are no longer generated, as far as they are feedwright's."""

from __future__ import annotations

from feedwright.commands.context import Context
from feedwright.commands.inspection import guard_of, no_longer_made, plan_of
from feedwright.commands.result import Result
from feedwright.publication import publish, record
from feedwright.text import count, visible


def clean(context: Context) -> Result:
    """Delete the recorded documents that a build would not make.

    Raises as `check` does, and `GuardError` where a build would stop: what is missing by mistake is not
    stale.
    """
    site = context.load_site()
    previous = record.load(site.record)
    plan = plan_of(site, previous, context)
    guard, _ = guard_of(plan, previous, site)
    if guard:
        raise guard
    stale, removed = no_longer_made(plan, previous), tuple[str, ...]()
    if stale:
        removed = publish.remove(stale, publish.Destination.of(site), notify=context.notify)
    return Result(
        lines=tuple(f"removed: {visible(path)}" for path in removed),
        facts={"removed": list(removed)},
        summary=f"{count(len(removed), 'document')} removed",
    )
