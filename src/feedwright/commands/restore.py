"""The command `restore`: download the published feeds and their record into the output folder."""

from __future__ import annotations

from feedwright.cache.spool import Spool
from feedwright.commands.context import Context
from feedwright.commands.result import Result
from feedwright.model import replace
from feedwright.problems import MachineError
from feedwright.publication import publish
from feedwright.publication import restore as restoring
from feedwright.text import count, visible


def restore(context: Context, *, url: str | None, if_published: bool = False) -> Result:
    """Fetch the record and the documents it lists, from `url` or the site's `feeds_url`.

    With `if_published` there may be nothing yet: neither a record nor a feed. Raises what
    `publication.restore` raises.
    """
    site = context.load_site()
    address = url or site.feeds_url
    try:
        restored, problems = restoring.restore(
            address,
            publish.Destination.of(site),
            aliases=site.every_alias,
            spool=Spool().put,
            accept=context.options.accept,
            notify=context.notify,
        )
    except MachineError as error:
        if error.code != "RES001" or not if_published:
            raise
        if restoring.has_feeds(address):
            error.hint = "feeds are there: upload feedwright.lock.json with them, or `feedwright adopt` them"
            raise
        nothing: dict[str, object] = {"written": [], "unchanged": []}
        return Result(facts=nothing, summary=f"nothing is published at {visible(address)} yet")
    written = count(len(restored.written), "document")
    return Result(
        problems=tuple(replace(p, file=context.relative(p.file)) for p in problems),
        facts={"written": list(restored.written), "unchanged": list(restored.unchanged)},
        summary=f"{written} restored, {len(restored.unchanged)} there already",
    )
