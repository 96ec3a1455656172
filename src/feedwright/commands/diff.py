"""The command `diff`: show what subscribers would see if the site were published now."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from feedwright import disk
from feedwright.commands.context import Context
from feedwright.commands.inspection import Reader, inspect
from feedwright.commands.result import Result
from feedwright.commands.stale import switched_off_notes
from feedwright.problems import UsageError
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
    inspection = inspect(context)
    site, plan = inspection.site, inspection.plan
    if not against:
        inspection.check_record()
    read, record = _elsewhere(against, context.start, site) if against else (None, None)
    changes = inspection.changes(read, record)
    off = inspection.switched_off(record)
    return Result(
        exit_code=5 if changes or off else 0,
        problems=(*site.warnings, *context.locate(plan.problems, site)),
        lines=switched_off_notes(off, deleted=site.stale == "delete"),
        facts={"switched_off": off},
        changes=changes,
        summary="" if changes or off else "subscribers would see no change",
    )


def _elsewhere(against: str, start: str, site: Site) -> tuple[Reader, Record | None]:
    """The reader of the documents in another folder or at an address, and the record there, if any."""
    from feedwright.publication.fetch import Download  # few comparisons need it

    is_web, folder, address = against.startswith(WEB), Path(start) / against, against.rstrip("/")
    if not is_web and not folder.is_dir():
        message = f"there is no folder {visible(against)}"
        raise UsageError(message, code="USE002", hint="name a folder with feeds, or an address")
    download = Download() if is_web else None

    def read(path: str) -> bytes | None:
        try:
            return download.find(f"{address}/{quote(path)}") if download else disk.read_bytes(folder / path)
        except OSError:
            return None

    name = Destination.of(site).record_name
    data = download.find(f"{address}/{quote(name)}", record.LARGEST_ELSEWHERE) if download else read(name)
    return read, None if data is None else record.read(data, name=f"{address}/{name}")
