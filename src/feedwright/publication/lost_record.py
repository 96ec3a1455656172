"""The record of the last publication where there is none now: wiped, or left behind in another folder.

Each publication notes in the cache where its record is: that is told, and nothing else is taken from it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from feedwright import disk
from feedwright.problems import FeedwrightError, GuardError
from feedwright.publication.record import load
from feedwright.site import RECORD_NAME, Site
from feedwright.text import visible

_NOTE = "record"
_ANEW = "to begin a new one: --accept record"


def note(cache: Path, record: Path) -> None:
    """Note in the cache where the record of this publication is. Hold the lock."""
    file, place = cache / _NOTE, str(record.absolute())
    if _noted(cache) != place:
        with suppress(OSError):
            file.unlink(missing_ok=True)
            with open(file, "x", encoding="utf-8") as new:  # no link is followed
                new.write(place)


def check(site: Site, accept: frozenset[str], *, has_feeds: bool) -> None:
    """Raise `GuardError` PUB014 if the site has no record, and had one ("record").

    It did if one lies in another folder of the site, or if the cache says so. The latter does not count if
    the site `has_feeds`: they tell what was published.
    """
    if "record" in accept or site.record.exists():
        return
    place = next(_places(site), None)
    if place is not None:
        message = f"The record of what was published is at {visible(str(place))}, not at {site.record}."
        hint = f"Move it there, or name it: record = {visible(str(place))!r}; {_ANEW}"
        raise GuardError(message, code="PUB014", hint=hint, file=str(site.record))
    noted = "" if has_feeds else _noted(site.cache)
    if noted:
        message = f"The record of what was published is gone: {visible(noted)}."
        hint = (
            "Bring it back, from version control or with `feedwright restore`, and keep it where no\n"
            f"generator deletes it: record = {RECORD_NAME!r}; {_ANEW}"
        )
        raise GuardError(message, code="PUB014", hint=hint, file=str(site.record))


def _places(site: Site) -> Iterator[Path]:
    """Records elsewhere: the one that was noted, then those in the site's folder and two levels below."""
    noted = _noted(site.cache)
    if noted and os.path.isfile(noted):
        yield Path(noted)
    for folder in _folders(site.root, site.content, depth=2):
        if (path := folder / RECORD_NAME).is_file() and _is_of(site, path):
            yield path


def _folders(folder: Path, content: Path, *, depth: int) -> Iterator[Path]:
    """The folder and those below it, but for the content, which has many files and no record."""
    yield folder
    with suppress(OSError):
        entries = os.scandir(folder) if depth and folder != content else ()
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir(follow_symlinks=False):
                yield from _folders(folder / entry.name, content, depth=depth - 1)


def _is_of(site: Site, path: Path) -> bool:
    """Whether a record is that of this site: it names a file in the content folder, or cannot be read."""
    try:
        record = load(path)
    except FeedwrightError:
        return True
    return record is not None and any((site.content / source).exists() for source in record.sources.values())


def _noted(cache: Path) -> str:
    try:
        return disk.read_bytes(cache / _NOTE, follow=False).decode()
    except (OSError, ValueError):
        return ""
