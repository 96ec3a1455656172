"""The command `diff`: show what subscribers would see if the site were published now."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from urllib.parse import quote

from feedwright import disk
from feedwright.commands import foreign
from feedwright.commands.context import Context
from feedwright.commands.foreign import WEB
from feedwright.commands.inspection import ForeignReader, Reader, inspect
from feedwright.commands.result import Result
from feedwright.commands.stale import switched_off_notes
from feedwright.formats.table import FORMATS, READ_BACK
from feedwright.problems import UsageError
from feedwright.publication import record
from feedwright.publication.foreign_feeds import ForeignEntry
from feedwright.publication.publish import Destination
from feedwright.publication.record import Record
from feedwright.settings.checks import suggestion
from feedwright.settings.neighbours import neighbour
from feedwright.site import Site
from feedwright.text import visible


def diff(context: Context, *, against: str | None) -> Result:
    """Return what subscribers would see, compared with the output folder or with what is published elsewhere.

    `against` is a folder or an address; what another program published is read as `adopt` does, also a feed
    by its own name, or those that a page names. Raises what `check` raises, and what `adopt` does for feeds.
    """
    inspection = inspect(context, cached=True)
    site, plan = inspection.site, inspection.plan
    if not against:
        inspection.check_record()
    read, record, read_foreign = _elsewhere(against, context.start, site) if against else (None, None, None)
    changes = inspection.changes(read, record, read_foreign)
    off = inspection.switched_off(record)
    return Result(
        exit_code=5 if changes or off else 0,
        problems=(*site.warnings, *context.locate(plan.problems, site)),
        lines=switched_off_notes(off, deleted=site.stale == "delete"),
        facts={"switched_off": off},
        changes=changes,
        summary="" if changes or off else "subscribers would see no change",
    )


def _elsewhere(against: str, start: str, site: Site) -> tuple[Reader, Record | None, ForeignReader]:
    """The readers of the documents in another folder or at an address, and the record there, if any."""
    from feedwright.publication.fetch import Download  # few comparisons need it

    is_web, folder, address = against.startswith(WEB), Path(start) / against, against.rstrip("/")
    if not is_web and not folder.exists():
        message = f"there is no folder {visible(against)}"
        hint = suggestion(neighbour(folder), "name a folder with feeds, a feed, or an address")
        raise UsageError(message, code="USE002", hint=hint)
    download = Download() if is_web else None

    @cache
    def read(path: str) -> bytes | None:
        try:
            return download.find(f"{address}/{quote(path)}") if download else disk.read_bytes(folder / path)
        except OSError:
            return None

    name = Destination.of(site).record_name
    data = download.find(f"{address}/{quote(name)}", record.LARGEST) if download else read(name)
    parse = record.read_elsewhere if download else record.read
    there = None if data is None else parse(data, name=f"{address}/{name}")

    def read_foreign(path: str) -> Sequence[ForeignEntry]:
        documents = [(path + FORMATS[name].file, FORMATS[name].media_type) for name in READ_BACK]
        for file, media_type in documents:
            if media_type.endswith("xml") and (data := read(file)) is not None:
                return foreign.entries_in(data, name=file) or ()
        if path or there is not None:
            return ()
        if download:
            page = download.find(against)
            return foreign.entries_in(page, name=against) or () if page is not None else ()
        return foreign.entries_of(against, start) if folder.is_file() else ()

    return read, there, read_foreign
