"""Reads the dates that article files carry; never guesses, never looks at a clock.

Rule 1: what names its zone keeps it; what does not is in the site's zone.
Rule 2: RFC 822 dates, ISO 8601 dates and YAML's, and the formats that the settings name; nothing else.
Rule 3: a time that a clock change skips moves forward by the gap; one that happens twice is the first.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple

_MONTHS = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)  # noqa: SIM905
}
_TIME = r"(?P<hour>\d{1,2})(?::(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?)?"
_PLACE = r"\s*\[?(?P<place>[A-Za-z_]+/[A-Za-z0-9_+/-]+)\]?"
_ZONE = rf"(?P<zone>[+-]\d{{1,2}}(?::?\d{{2}})?|[A-Za-z]+(?![A-Za-z/_]))?(?:{_PLACE})?"
_RFC822 = re.compile(
    rf"(?:[A-Za-z]{{3,9}}\s*,?\s+)?(?P<day>\d{{1,2}})\s+(?P<name>[A-Za-z]{{3,9}})\.?\s+(?P<year>\d{{4}})"
    rf"(?:\s+{_TIME}\s*{_ZONE})?",
    re.ASCII,
)
_ISO8601 = re.compile(
    rf"(?P<year>\d{{4}})(?P<mark>[-/])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})"
    rf"(?:(?:[Tt]|\s+){_TIME}\s*{_ZONE})?",
    re.ASCII,
)
_BASIC = re.compile(r"\d{8}(?:T\d{4}(?:\d{2})?(?:Z|[+-]\d{4})?)?|\d{4}-?W\d\d-?\d", re.ASCII)
_EPOCH = re.compile(r"[+-]?\d{9,}(?:\.\d+)?", re.ASCII)
_AMBIGUOUS = re.compile(r"\d{1,2}([-/.])\d{1,2}\1\d{2,4}(?:\s.*)?", re.ASCII)
_CHINESE = re.compile(r"\d{4}\s*年")
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})?", re.ASCII)
_UTC_NAMES = frozenset(("z", "gmt", "ut", "utc"))
_FORMS = "write it as 2026-01-03, 2026-01-03 12:30:00 +0800 or Sat, 03 Jan 2026 12:30:00 GMT"


class DateError(ValueError):
    """The text is no date that may be published; `code`, and a `hint` what to write instead."""

    def __init__(self, code: str, message: str, hint: str = _FORMS) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


class Moment(NamedTuple):
    """An aware moment, to the second; what was repaired, "" if nothing; whether it named no zone itself."""

    at: datetime
    repair: str = ""
    naive: bool = False


def read(text: str, *, zone: tzinfo, formats: tuple[str, ...] = ()) -> Moment:
    """Return the moment that a date field means.

    `zone` is the site's, for dates without one; `formats` are `strptime` patterns tried first.
    Raises `DateError` with DATE001 (no date), DATE002 (ambiguous), DATE003 (ambiguous zone),
    DATE005 (out of range) or DATE006 (a count of seconds).
    """
    text = " ".join(text.split())
    found = _formatted(text, formats, zone) or _written(text, zone)
    at = _in_range(found.at)
    return found if at is found.at else found._replace(at=at)


def from_name(name: str, *, zone: tzinfo) -> datetime | None:
    """Return the date that a file name begins with (`2019-12-15-title`), at midnight in `zone`."""
    found = re.match(r"(\d{4})-(\d{1,2})-(\d{1,2})(?![\d])", name, re.ASCII)
    if not found:
        return None
    try:
        year, month, day = map(int, found.groups())
        return _in_range(_placed(datetime(year, month, day), zone).at)  # noqa: DTZ001 - the zone follows
    except ValueError:
        return None


def _formatted(text: str, formats: tuple[str, ...], zone: tzinfo) -> Moment | None:
    for pattern in formats:
        try:
            found = datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone follows
        except ValueError:
            continue
        return Moment(found) if found.tzinfo else _placed(found, zone)
    return None


def _written(text: str, zone: tzinfo) -> Moment:
    if found := _RFC822.fullmatch(text):
        return _from_parts(found, _MONTHS.get(found["name"][:3].lower(), 0), zone)
    if found := _ISO8601.fullmatch(text):
        return _from_parts(found, int(found["month"]), zone)
    if _BASIC.fullmatch(text):
        return _basic(text, zone)
    raise _no_date(text)


def _basic(text: str, zone: tzinfo) -> Moment:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise DateError("DATE001", f"{text!r} is not a date: {error}") from None
    return Moment(found) if found.tzinfo else _placed(found, zone)


def _from_parts(parts: re.Match[str], month: int, zone: tzinfo) -> Moment:
    text, year, day, hour, minute, second, name, place = parts.group(
        0, "year", "day", "hour", "minute", "second", "zone", "place"
    )
    leap = second == "60"
    try:
        naive = datetime(  # noqa: DTZ001 - the zone follows
            int(year), month, int(day), int(hour or 0), int(minute or 0), 59 if leap else int(second or 0)
        )
    except ValueError as error:
        if int(year) == 0:
            raise DateError("DATE005", f"{text!r} is in the year 0", "give the real year") from None
        raise DateError("DATE001", f"{text!r} is not a date: {error}") from None
    found = _zoned(naive, name, place, text, zone)
    return found._replace(repair="a leap second became :59") if leap else found


def _zoned(naive: datetime, name: str | None, place: str | None, text: str, zone: tzinfo) -> Moment:
    if name and name.lower() in _UTC_NAMES:
        return Moment(naive.replace(tzinfo=UTC))
    if name and (found := _OFFSET.fullmatch(name)):
        return Moment(naive.replace(tzinfo=_offset(found, text)))
    if name and not place:
        hint = "write the offset, as in +0800, or the place, as in Asia/Shanghai"
        raise DateError("DATE003", f"the zone {name!r} has more than one meaning", hint)
    if place:
        return _placed(naive, _place(place, text))._replace(naive=False)
    return _placed(naive, zone)


def _offset(found: re.Match[str], text: str) -> timezone:
    hour, minute = int(found[2]), int(found[3] or 0)
    if hour > 14 or minute > 59:
        raise DateError("DATE001", f"{text!r} has an offset that no place has")
    size = timedelta(hours=hour, minutes=minute)
    return _fixed(-size if found[1] == "-" else size)


@lru_cache(64)
def _place(name: str, text: str) -> tzinfo:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        hint = "names look like Asia/Shanghai"
        raise DateError("DATE003", f"there is no time zone {name!r}", hint) from None


def _placed(naive: datetime, zone: tzinfo) -> Moment:
    """The moment a wall clock in `zone` shows, with a fixed offset, which alone feeds can write."""
    if zone is UTC:
        return Moment(naive.replace(tzinfo=UTC), naive=True)
    local = naive.replace(tzinfo=zone)
    try:
        real = local.astimezone(UTC).astimezone(zone)
    except OverflowError:
        raise _out_of_range(naive) from None
    fixed = real.replace(tzinfo=_fixed(real.utcoffset() or timedelta()))
    if real.replace(tzinfo=None, fold=0) != naive:
        return Moment(fixed, "the clocks skip this time; it moved forward", naive=True)
    return Moment(fixed.replace(fold=0), naive=True)


@lru_cache(64)
def _fixed(offset: timedelta) -> timezone:
    return timezone(offset) if offset else UTC


def _in_range(moment: datetime) -> datetime:
    if not 1900 < moment.year < 9998:  # in the years between, it is in range in UTC too
        try:
            year = moment.astimezone(UTC).year
        except OverflowError:
            raise _out_of_range(moment) from None
        if not 1900 <= year <= 9998:
            raise _out_of_range(moment)
    return moment.replace(microsecond=0) if moment.microsecond else moment


def _out_of_range(moment: datetime) -> DateError:
    message = f"the year {moment.year} is not one that readers accept"
    return DateError("DATE005", message, "give the real year")


def _no_date(text: str) -> DateError:
    if _EPOCH.fullmatch(text):
        return _count(text)
    if _AMBIGUOUS.fullmatch(text):
        hint = 'write the year first, or say what it means: date_formats = ["%d/%m/%Y"]'
        return DateError("DATE002", f"{text!r} can be read as more than one date", hint)
    if _CHINESE.match(text):
        hint = 'write 2026-01-03, or allow this form: date_formats = ["%Y年%m月%d日"]'
        return DateError("DATE001", f"{text!r} is not a date that is read by itself", hint)
    return DateError("DATE001", f"{text[:80]!r} is not a date")


def _count(text: str) -> DateError:
    number = float(text)
    for unit, divisor in (("seconds", 1.0), ("milliseconds", 1e3)):
        if abs(number / divisor) < 4_102_444_800:
            shown = datetime.fromtimestamp(number / divisor, UTC).strftime("%Y-%m-%d %H:%M:%S +0000")
            return DateError("DATE006", f"{text} is a count of {unit}", f"if you mean {shown}, write that")
    return DateError("DATE006", f"{text[:40]} is a number, not a date")
