"""The output formats: a table from a format's name to what renders it, checks it and reads it back.

A new format is one module here and its line in `FORMATS`. Importing the table is cheap: what a format
needs is imported when it first renders.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from feedwright.formats import atom, json_feed, opml, page, rss

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from feedwright.model import Document, Feed, PublishedFeed, SiteIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One output format: `file` is written in each feed's folder, with `once` only in the site's own.

    `render` makes its bytes from a feed and what stands beside it, `check` tells what is wrong with such
    bytes. `mark` is found in every document that feedwright made.
    """

    name: str
    file: str
    media_type: str
    render: Callable[[Feed, SiteIndex], bytes]
    check: Callable[[Document], tuple[str, ...]]
    mark: bytes
    once: bool = False


def _check_xml(document: Document) -> tuple[str, ...]:
    from feedwright.formats.check import check

    return check(document)


def _read_xml(data: bytes) -> PublishedFeed:
    from feedwright.formats.xml_reader import read

    return read(data)


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "rss": Format(
            name="rss",
            file=rss.FILE,
            media_type=rss.MEDIA_TYPE,
            render=rss.render,
            check=_check_xml,
            mark=b"<generator>feedwright</generator>",
        ),
        "atom": Format(
            name="atom",
            file=atom.FILE,
            media_type=atom.MEDIA_TYPE,
            render=atom.render,
            check=_check_xml,
            mark=b"<generator>feedwright</generator>",
        ),
        "json": Format(
            name="json",
            file=json_feed.FILE,
            media_type=json_feed.MEDIA_TYPE,
            render=json_feed.render,
            check=json_feed.check,
            mark=b'"_feedwright"',
        ),
        "opml": Format(
            name="opml",
            file=opml.FILE,
            media_type=opml.MEDIA_TYPE,
            render=opml.render,
            check=opml.check,
            mark=b"<!-- feedwright -->",
            once=True,
        ),
        "page": Format(
            name="page",
            file=page.FILE,
            media_type=page.MEDIA_TYPE,
            render=page.render,
            check=page.check,
            mark=b'name="generator" content="feedwright"',
        ),
        "style": Format(
            name="style",
            file=page.STYLE_FILE,
            media_type="text/css",
            render=page.style,
            check=page.check_style,
            mark=b"/* feedwright",
            once=True,
        ),
    }
)
"""Every format by the name it has in the setting `formats`; "style" comes with "page"."""

READ_BACK: Mapping[str, Callable[[bytes], PublishedFeed]] = MappingProxyType(
    {"atom": _read_xml, "json": json_feed.read, "rss": _read_xml}
)
"""The formats that hold what readers show, those that tell most first, and what reads their documents back.

Raises ValueError for what is no such document of feedwright's.
"""


def of(path: str, data: bytes) -> Format | None:
    """Return the format of a document that may stand at an address of any name; None where none is told."""
    name = path[path.rfind("/") + 1 :]
    found = next((one for one in FORMATS.values() if one.file == name), None)
    return found or next((one for one in FORMATS.values() if one.mark in data), None)
