"""The command `restore`: download the published feeds and their record into the output folder."""

from __future__ import annotations

from dataclasses import replace

from feedwright.commands.context import Context
from feedwright.commands.result import Result
from feedwright.publication import publish
from feedwright.publication import restore as restoring
from feedwright.text import count


def restore(context: Context, *, url: str | None) -> Result:
    """Fetch the record and the documents it lists, from `url` or the site's `feeds_url`.

    Raises what `publication.restore` raises.
    """
    site = context.load_site()
    restored, problems = restoring.restore(
        url or site.feeds_url,
        publish.Destination.of(site),
        aliases=site.every_alias,
        accept=context.options.accept,
        notify=context.notify,
    )
    written = count(len(restored.written), "document")
    return Result(
        problems=tuple(replace(p, file=context.relative(p.file)) for p in problems),
        facts={"written": list(restored.written), "unchanged": list(restored.unchanged)},
        summary=f"{written} restored, {len(restored.unchanged)} there already",
    )
