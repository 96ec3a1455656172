"""The command `diff`: what subscribers would see if the site were published now."""

from __future__ import annotations

from pathlib import Path

from feedwright import disk
from feedwright.commands.context import Context
from feedwright.commands.inspection import Reader, changes_of, plan_of, reader, sorted_problems
from feedwright.commands.result import Result
from feedwright.publication import record
from feedwright.publication.publish import Destination
from feedwright.publication.record import Record
from feedwright.site import Site
from feedwright.text import visible

WEB = ("http://", "https://")


def diff(context: Context, *, against: str | None) -> Result:
    """Return what subscribers would see, compared with the output folder or with what is published elsewhere.

    `against` is a folder or an address. Raises what `check` raises, and for an address what `fetch` raises.
    """
    site = context.load_site()
    previous = record.load(site.record)
    plan = plan_of(site, previous, context)
    published, elsewhere = _elsewhere(against, context.start, site) if against else (reader(site), previous)
    changes = changes_of(plan, elsewhere, published)
    return Result(
        exit_code=5 if changes else 0,
        problems=(*site.warnings, *context.locate(sorted_problems(plan), site)),
        changes=changes,
        summary="" if changes else "subscribers would see no change",
    )


def _elsewhere(against: str, start: str, site: Site) -> tuple[Reader, Record | None]:
    """What reads the documents of another folder or address, and the record beside them, else the site's."""
    from urllib.parse import quote

    from feedwright.problems import UsageError
    from feedwright.publication import fetch

    folder = Path(start) / against
    if not against.startswith(WEB) and not folder.is_dir():
        message = f"there is no folder {visible(against)}"
        raise UsageError(message, code="USE002", hint="name a folder with feeds, or an address")

    def published(path: str) -> bytes | None:
        try:
            if not against.startswith(WEB):
                return disk.read_bytes(folder / path)
            return fetch.find(f"{against.rstrip('/')}/{quote(path)}")
        except OSError:
            return None

    name = Destination.of(site).record_name
    if data := published(name):
        return published, record.read(data, name=f"{against.rstrip('/')}/{name}")
    return published, record.load(site.record)
