"""Dates and addresses as all formats write them, and as they are read back."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

# strftime's names follow the locale; email.utils, which has these words too, costs 14 ms to import
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_MINUTE = timedelta(minutes=1)
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:[0-5]\d)", re.ASCII)


def exact(moment: datetime) -> datetime:
    """The same moment in a zone that RFC 822 and RFC 3339 can write: whole minutes, else UTC."""
    offset = moment.utcoffset()
    return moment if offset is not None and not offset % _MINUTE else moment.astimezone(UTC)


def rfc822(moment: datetime) -> str:
    """Return the date of RFC 822 §5, the year with four digits: `Sat, 09 Apr 2022 21:05:33 +0800`."""
    written = moment.isoformat(timespec="seconds")  # strftime takes twice as long
    day, month, zone = DAYS[moment.weekday()], MONTHS[moment.month - 1], written[19:].replace(":", "")
    return f"{day}, {written[8:10]} {month} {written[:4]} {written[11:19]} {zone}"


def rfc3339(text: str) -> datetime:
    """Return the moment that a date of RFC 3339 §5.6 names; raises ValueError for anything else."""
    try:
        return datetime.fromisoformat(text if _RFC3339.fullmatch(text) else "")
    except ValueError:
        raise ValueError(f"{text[:80]!r} is no date of RFC 3339") from None


def web(url: str) -> str:
    """Return the address as it is; raises ValueError for what `urls` would not let into a feed."""
    from feedwright import urls  # a format that is only written has no need of it

    if not url.isprintable() or " " in url or urls.web(url, url) is None:
        raise ValueError(f"{url[:80]!r} is no address of http(s)")
    return url


def folder(url: str) -> str:
    """Return the address of the folder that a document stands in."""
    return url[: url.rindex("/") + 1]
