"""The dates of article files: nothing is guessed, and no clock is looked at.

Rule 1: a date that names its zone keeps it; any other is in the site's zone.
Rule 2: RFC 822 dates, ISO 8601 dates and YAML's, English ones that name the month, and the formats that the
settings name; nothing else.
Rule 3: a time that a clock change skips moves forward by the gap; one that happens twice is the first.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

from msgspec import Struct

from feedwright.model import replace
from feedwright.patterns import lazy_pattern

_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
_TIME = (
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:[.,]\d+)?)?)?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm](?:\.|\b))?"
)
# of texts on one line, with single spaces
_PLACE = r" ?\[?(?P<place>[A-Za-z_]+/[A-Za-z0-9_+/-]+)\]?"
_ZONE = rf"(?P<zone>[+-]\d{{1,2}}(?::?\d{{2}})?|[A-Za-z]++(?![/_]))?(?:{_PLACE})?"
_RFC822 = lazy_pattern(
    rf"(?:[A-Za-z]{{3,9}}(?: ?, | ))?(?P<day>\d{{1,2}}) (?P<name>[A-Za-z]{{3,9}})\.? (?P<year>\d{{4}})"
    rf"(?: {_TIME} ?{_ZONE})?",
    re.ASCII,
)
_ENGLISH = lazy_pattern(
    rf"(?:[A-Za-z]{{3,9}}(?: ?, | ))?(?P<name>[A-Za-z]{{3,9}})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? "
    rf"(?P<year>\d{{4}})(?:,? (?:at )?{_TIME} ?{_ZONE})?",
    re.ASCII,
)
_ISO8601 = lazy_pattern(
    rf"(?P<year>\d{{4}})(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})"
    rf"(?:[Tt ]{_TIME} ?{_ZONE})?",
    re.ASCII,
)
_BASIC = lazy_pattern(r"\d{8}(?:T\d{4}(?:\d{2})?(?:Z|[+-]\d{4})?)?|\d{4}-?W\d\d-?\d", re.ASCII)
_EPOCH = r"(?a)[+-]?\d{9,}(?:\.\d+)?"
_AMBIGUOUS = r"(?a)\d{1,2}([-/.])\d{1,2}\1\d{2,4}(?:\s.*)?"
_OFFSET = lazy_pattern(r"([+-])(\d{1,2}):?(\d{2})?", re.ASCII)
_NUMBERS = ("year", "day", "hour", "minute", "second")
_UTC_NAMES = frozenset(("z", "gmt", "ut", "utc"))
_QUOTES = "“”„‟‘’‚‛«»‹›「」『』＂＇"


class DateError(ValueError):
    """The text is not a date that can be published; `code`, and a `hint` what to write, "" for any date."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


class Moment(Struct, frozen=True):
    """An aware moment, to the second; the repair, "" if none was needed; whether it named no zone."""

    at: datetime
    repair: str = ""
    naive: bool = False


def read(text: str, *, zone: tzinfo, formats: tuple[str, ...] = ()) -> Moment:
    """Return the moment that a date field means.

    `zone` is the site's, for dates without one; `formats` are `strptime` patterns tried first.
    Raises `DateError` with DATE001 (not a date), DATE002 (ambiguous), DATE003 (ambiguous zone),
    DATE005 (out of range) or DATE006 (a count of seconds).
    """
    text = " ".join(text.split())
    try:
        moment = _by_format(text, formats, zone) or _by_grammar(text, zone)
        at = _in_range(moment.at)
    except DateError as error:
        error.hint = error.hint or _forms(zone)
        raise
    return moment if at is moment.at else replace(moment, at=at)


def from_name(name: str, *, zone: tzinfo) -> datetime | None:
    """Return the date that a file name begins with (`2019-12-15-title`), at midnight in `zone`."""
    parts = re.match(r"(\d{4})-(\d{1,2})-(\d{1,2})(?![\d])", name, re.ASCII)
    try:
        date = parts and datetime(int(parts[1]), int(parts[2]), int(parts[3]))  # noqa: DTZ001 - the zone follows
        return date and _in_range(_in_zone(date, zone).at)
    except ValueError:
        return None


def in_zone(clock: datetime, *, zone: tzinfo) -> datetime:
    """Return the moment at which clocks in `zone` show `clock`, which is naive. Raises `DateError`."""
    return _in_range(_in_zone(clock, zone).at)


def _by_format(text: str, formats: tuple[str, ...], zone: tzinfo) -> Moment | None:
    for pattern in formats:
        with suppress(ValueError):
            return _aware(datetime.strptime(text, pattern), zone)  # noqa: DTZ007 - the zone follows
    return None


def _by_grammar(text: str, zone: tzinfo) -> Moment:
    begins_with_year = text[:4].isdigit()  # no other form does
    if not begins_with_year and (parts := _RFC822.fullmatch(text) or _ENGLISH.fullmatch(text)):
        return _from_parts(parts, _MONTHS.get(parts["name"][:3].lower(), 0), zone)
    if parts := _ISO8601.fullmatch(text):
        return _from_parts(parts, int(parts["month"]), zone)
    if not _BASIC.fullmatch(text):
        raise _not_a_date(text)
    try:
        return _aware(datetime.fromisoformat(text), zone)
    except ValueError as error:
        raise DateError("DATE001", f"{text!r} is not a date: {error}") from None


def _aware(date: datetime, zone: tzinfo) -> Moment:
    return Moment(date) if date.tzinfo else _in_zone(date, zone)


def _from_parts(parts: re.Match[str], month: int, zone: tzinfo) -> Moment:
    year, day, hour, minute, second = [int(number or 0) for number in parts.group(*_NUMBERS)]
    if half := parts["half"]:
        if not 1 <= hour <= 12:
            raise DateError("DATE001", f"{parts[0]!r} is not a date: there is no such hour")
        hour = hour % 12 + (12 if half in "Pp" else 0)
    leap = second == 60
    try:
        naive = datetime(year, month, day, hour, minute, 59 if leap else second)  # noqa: DTZ001 - the zone follows
    except ValueError as error:
        if year == 0:
            raise DateError("DATE005", f"{parts[0]!r} is in the year 0", "give the real year") from None
        raise DateError("DATE001", f"{parts[0]!r} is not a date: {error}") from None
    moment = _with_zone(naive, parts, zone)
    return replace(moment, repair="a leap second became :59") if leap else moment


def _with_zone(naive: datetime, parts: re.Match[str], zone: tzinfo) -> Moment:
    name, place = parts.group("zone", "place")
    if name and name.lower() in _UTC_NAMES:
        return Moment(naive.replace(tzinfo=UTC))
    if name and (offset := _OFFSET.fullmatch(name)):
        hours, minutes = int(offset[2]), int(offset[3] or 0)
        if hours > 14 or minutes > 59:
            raise DateError("DATE001", f"{parts[0]!r} has an offset that no place has")
        size = timedelta(hours=hours, minutes=minutes)
        return Moment(naive.replace(tzinfo=_fixed(-size if offset[1] == "-" else size)))
    if place:
        return replace(_in_zone(naive, _zone_of(place)), naive=False)
    if name:
        hint = "write the offset, as in +0800, or the place, as in Asia/Shanghai"
        raise DateError("DATE003", f"the zone {name!r} has more than one meaning", hint)
    return _in_zone(naive, zone)


@lru_cache(64)
def _zone_of(place: str) -> tzinfo:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(place)
    except (ValueError, OSError, KeyError):
        raise DateError("DATE003", f"there is no time zone {place!r}", "write it like Asia/Tokyo") from None


def _in_zone(naive: datetime, zone: tzinfo) -> Moment:
    """Return the moment a wall clock in `zone` shows, with a fixed offset, which alone feeds can write."""
    if zone is UTC:
        return Moment(naive.replace(tzinfo=UTC), naive=True)
    try:
        real = naive.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
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
    return DateError("DATE005", f"readers do not accept the year {moment.year}", "give the real year")


def _not_a_date(text: str) -> DateError:
    if re.fullmatch(_EPOCH, text):
        for unit, divisor in (("seconds", 1.0), ("milliseconds", 1e3)):
            if abs(seconds := float(text) / divisor) < 4_102_444_800:
                shown = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S +0000")
                hint = f"if you mean {shown}, write that"
                return DateError("DATE006", f"{text} is a count of {unit}", hint)
        return DateError("DATE006", f"{text[:40]} is a number, not a date")
    if re.fullmatch(_AMBIGUOUS, text):
        return DateError("DATE002", f"{text!r} can be read as more than one date", _readings(text))
    if (bare := text.strip(_QUOTES).strip()) != text:
        return DateError(
            "DATE001", f"{text!r} is in typographic quotes", f"write {bare}, or put it in \" or '"
        )
    if re.match(r"\d{4}\s*年", text):
        hint = 'write 2026-01-03, or allow this form: date_formats = ["%Y年%m月%d日"]'
        return DateError("DATE001", f"{text!r} is not a date that is read by itself", hint)
    return DateError("DATE001", f"{text[:80]!r} is not a date")


def example(zone: tzinfo, *, has_offset: bool = True) -> str:
    """Return a date as it can be written, with the offset that the site's zone has then."""
    return f"{datetime(2026, 1, 3, 12, 30, tzinfo=zone):%Y-%m-%d %H:%M:%S{' %z' * has_offset}}"


def _forms(zone: tzinfo) -> str:
    return f"write it as 2026-01-03, {example(zone)} or Sat, 03 Jan 2026 12:30:00 GMT"


def _readings(text: str) -> str:
    """What a date such as 03/01/2026 may mean, ready to be copied, and the setting that says so for good."""
    date, _, time = text.partition(" ")
    mark, year = date.strip("0123456789")[:1], "%Y" if date[-4:].isdecimal() else "%y"
    end = {0: "", 1: " %H:%M", 2: " %H:%M:%S"}.get(time.count(":"), "")
    ways = []
    for name, first, second in (("day first", "%d", "%m"), ("month first", "%m", "%d")):
        pattern = f"{first}{mark}{second}{mark}{year}{end}"
        with suppress(ValueError):
            shown = f"{datetime.strptime(text, pattern):%Y-%m-%d} {time}".rstrip()  # noqa: DTZ007
            ways.append(f'{shown} ({name}; for all articles: date_formats = ["{pattern}"])')
    return "write " + " or\n".join(ways) if ways else "write the year first: 2026-01-03"
