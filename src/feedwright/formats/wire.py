"""Names, characters, dates and addresses in the form that documents carry, written and read back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from html import escape
from typing import Any, TypeVar
from urllib.parse import quote, unquote

from msgspec import Struct

from feedwright import urls
from feedwright.formats import style
from feedwright.model import Archived, Feed, PublishedEntry, PublishedFeed, SiteIndex, replace
from feedwright.patterns import lazy_pattern
from feedwright.text import FORBIDDEN

_Node = TypeVar("_Node")

Element = tuple[str, dict[str, str], str | None]
"""An XML element: tag in Clark notation, attributes, text."""

NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "fh": "http://purl.org/syndication/history/1.0",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
}
"""XML namespaces by their usual prefix, those that RSS and Atom are extended with."""

# Clark notation, as lxml takes names
ATOM = "{http://www.w3.org/2005/Atom}"
CREATOR = f"{{{NAMESPACES['dc']}}}creator"
DC_LANGUAGE = f"{{{NAMESPACES['dc']}}}language"
ARCHIVE = f"{{{NAMESPACES['fh']}}}archive"
ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"
NEW_URL = f"{{{NAMESPACES['itunes']}}}new-feed-url"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
THUMBNAIL = f"{{{NAMESPACES['media']}}}thumbnail"

# strftime follows the locale; email.utils, which has these names too, takes 14 ms to import
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_SINCE = 2026
"""The year of all tag URIs that hold an id: a later one of the same authority is no other thing."""

_HOLDS_ID = lazy_pattern(rf"tag:[^,/]*,{_SINCE}:guid/")

_MINUTE = timedelta(minutes=1)
_RFC3339 = lazy_pattern(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:[0-5]\d)", re.ASCII)
_RFC822 = lazy_pattern(
    rf"\w{{3}}, (\d\d) ({'|'.join(_MONTHS)}) (\d{{4}}) (\d\d:\d\d:\d\d) ([+-]\d\d)([0-5]\d)", re.ASCII
)


def legal(value: Any) -> Any:
    """The value, or structure of values, with U+FFFD for every character that XML 1.0 forbids (§2.2)."""
    if isinstance(value, str):
        return FORBIDDEN.sub("\ufffd", value)
    if isinstance(value, tuple):
        return tuple(map(legal, value))
    if isinstance(value, Struct):
        return replace(value, **{name: legal(getattr(value, name)) for name in value.__struct_fields__})
    return value


def atom_id(entry_id: str, authority: str) -> str:
    """The id as an IRI, which Atom needs (RFC 4287 §4.2.6): a tag URI (RFC 4151) that holds what is none."""
    if urls.is_absolute_iri(entry_id) and not _HOLDS_ID.match(entry_id):
        return entry_id
    return f"tag:{authority},{_SINCE}:guid/{quote(entry_id, safe='')}"


def read_atom_id(iri: str) -> str:
    """The id that `atom_id` made an IRI of."""
    match = _HOLDS_ID.match(iri)
    return unquote(iri[match.end() :]) if match else iri


def has_id(text: bytes, entry_id: str) -> bool:
    """Tell whether a document, or an entry of one, has an id just as it is.

    No format has these marks around a word within its texts.
    """
    as_xml, as_json = f">{escape(entry_id, quote=False)}<", f'"{entry_id}"'
    return as_xml.encode("utf-8", "replace") in text or as_json.encode("utf-8", "replace") in text


def own_address(feed: Feed, index: SiteIndex, name: str, file: str, media_type: str) -> tuple[str, str]:
    """The address and the type that a document gives as its own: of a retired format, its successor's."""
    file, media_type = index.successors.get(name, (file, media_type))
    return feed.url + file, media_type


def archive_links(feed: Feed, file: str) -> dict[str, str]:
    """The addresses of the documents around this one, by relation (RFC 5005 §4)."""
    around = feed.archived or Archived()
    folders = {"current": around.current, "prev-archive": around.previous, "next-archive": around.next}
    return {relation: folder + file for relation, folder in folders.items() if folder}


def way_home(feed: Feed, index: SiteIndex) -> str:
    """The relative address of the output folder as seen from a feed's folder, which may lie above it."""
    up = "../" * index.home.count("/")
    if up and feed.path.startswith(up):
        return "../" * feed.path.removeprefix(up).count("/") + quote(index.home)
    return "../" * feed.path.count("/")


def serialize(write: Callable[[Feed, SiteIndex], bytes], feed: Feed, index: SiteIndex) -> bytes:
    """The document that `write` makes of the feed; characters that XML 1.0 forbids (§2.2) become U+FFFD.

    Where there are pages for people, an instruction points browsers to the stylesheet in the output folder
    (xml-stylesheet §3), which makes the document readable.

    Articles are scrubbed when they are read, so lxml's own check is relied on and the feed is searched only
    after it has refused: a search of every text would cost as much as writing it.
    """
    try:
        document = write(feed, index)
    except ValueError:
        document = write(legal(feed), index)
    if style.COMES_WITH not in index.formats:
        return document
    href = way_home(feed, index) + style.FILE
    instruction = f'\n<?xml-stylesheet type="text/css" href="{href}"?>\n'
    return document.replace(b"\n", instruction.encode(), 1)


def exact(moment: datetime) -> datetime:
    """The same moment in a zone that RFC 822 and RFC 3339 can write: whole minutes, else UTC."""
    offset = moment.utcoffset()
    return moment if offset is not None and not offset % _MINUTE else moment.astimezone(UTC)


def write_rfc822(moment: datetime) -> str:
    """A date by RFC 822 §5, the year with four digits: `Sat, 09 Apr 2022 21:05:33 +0800`."""
    moment = exact(moment)
    iso = moment.isoformat(timespec="seconds")  # strftime takes twice as long
    day, month, zone = _DAYS[moment.weekday()], _MONTHS[moment.month - 1], iso[19:].replace(":", "")
    return f"{day}, {iso[8:10]} {month} {iso[:4]} {iso[11:19]} {zone}"


def read_rfc822(text: str) -> datetime:
    """The moment named by a date in the form of `write_rfc822`; raises ValueError for anything else."""
    iso = ""
    if match := _RFC822.fullmatch(text):
        month = _MONTHS.index(match[2]) + 1
        iso = f"{match[3]}-{month:02}-{match[1]}T{match[4]}{match[5]}:{match[6]}"
    moment = _moment(iso, text, "RFC 822")
    if _DAYS[moment.weekday()] != text[:3]:
        raise ValueError(f"{text[:80]!r} does not fall on a {text[:3]}")
    return moment


def read_rfc3339(text: str) -> datetime:
    """The moment named by a date of RFC 3339 §5.6; raises ValueError for anything else."""
    return _moment(text if _RFC3339.fullmatch(text) else "", text, "RFC 3339")


def _moment(iso: str, text: str, rule: str) -> datetime:
    try:
        return datetime.fromisoformat(iso)
    except ValueError:
        raise ValueError(f"{text[:80]!r} is not a date of {rule}") from None


@lru_cache(4096)  # one entry stands in several feeds, and in each format
def web(url: str) -> str:
    """The address unchanged; raises ValueError unless it is an absolute http(s) address."""
    if not url.isprintable() or " " in url or urls.web(url, url) is None:
        raise ValueError(f"{url[:80]!r} is not an http(s) address")
    return url


def other_language(entry: PublishedEntry, feed: PublishedFeed) -> str:
    """The language of an entry, "" where it is that of its feed."""
    return entry.language if entry.language != feed.language else ""


def folder(path: str) -> str:
    """The folder that holds a document, of its address or path; ends in "/" unless it is ""."""
    return path[: path.rfind("/") + 1]


def read_entries(
    read: Callable[[_Node], PublishedEntry], elements: Iterable[_Node], noun: str
) -> tuple[PublishedEntry, ...]:
    """All entries of a document; raises ValueError naming the faulty one, or an id that occurs twice."""
    entries = []
    for number, element in enumerate(elements, start=1):
        try:
            entries.append(read(element))
        except ValueError as error:
            raise ValueError(f"{noun} {number}: {error}") from error
    check_ids(entry.id for entry in entries)
    return tuple(entries)


def check_ids(ids: Iterable[str]) -> None:
    """Raise ValueError if two entries of a document have one id."""
    for entry_id, count in Counter(ids).items():
        if count > 1:
            raise ValueError(f"{entry_id[:80]!r} is the id of {count} entries")
