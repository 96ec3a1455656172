"""The output formats by name, made from the modules of this package.

A format imports the libraries that write its documents when it first renders one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import wraps
from importlib import import_module
from types import MappingProxyType
from typing import Any

from msgspec import Struct

from feedwright import formats
from feedwright.formats.parts import Parts
from feedwright.model import Feed, PublishedFeed, SiteIndex

_MACHINERY = {
    *("earlier", "faults", "layout", "page_colours", "page_content", "page_reader", "parts", "render"),
    *("resources", "shared_entries", "table", "web_readers", "wire", "xml_reader"),
}
"""Modules that are not formats, and are not imported to find that out."""


class Format(Struct, frozen=True, kw_only=True):
    """An output format; each field is the constant or function of that name in its module."""

    name: str
    file: str
    media_type: str
    mark: bytes
    order: int
    render: Callable[[Feed, SiteIndex], bytes]
    read: Callable[[bytes], Any]
    once: bool = False
    comes_with: str = ""
    needs: tuple[str, ...] = ()
    shows_content: bool = False
    parts: Parts | None = None
    label: str = ""
    opml_version: str = ""
    fidelity: int = 0


def _formats() -> Iterator[Format]:
    files = {name for folder in formats.__path__ for name in os.listdir(folder) if name[0] != "_"}
    for name in sorted(file[:-3] for file in files if file.endswith(".py")):  # as in `generators.table`
        if name not in _MACHINERY:
            module = import_module(f"{formats.__name__}.{name}")
            members = {key.lower(): member for key, member in vars(module).items()}
            members["read"] = faults_only(module.read)
            yield Format(**{name: members[name] for name in Format.__struct_fields__ if name in members})


def faults_only(read: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
    """Return the function, for which whatever it fails at is a fault of the document: a ValueError."""

    @wraps(read)
    def judge(data: bytes) -> Any:
        try:
            return read(data)
        except ValueError:
            raise
        except Exception as error:
            raise ValueError(f"it cannot be read: {type(error).__name__}") from error

    return judge


FORMATS: Mapping[str, Format] = MappingProxyType(
    {format_.name: format_ for format_ in sorted(_formats(), key=lambda format_: format_.order)}
)
"""Every format by name."""
DOCUMENTS: Mapping[str, str] = MappingProxyType({name: format_.file for name, format_ in FORMATS.items()})
"""The file of every format, by the format's name."""
NAMES = tuple(name for name, format_ in FORMATS.items() if not format_.comes_with)
"""The formats that the setting `formats` may list."""
FEED_NAMES = tuple(name for name in NAMES if FORMATS[name].fidelity)
"""The formats that hold what feed readers show."""
READ_BACK: Mapping[str, Callable[[bytes], PublishedFeed]] = MappingProxyType(
    {name: FORMATS[name].read for name in sorted(FEED_NAMES, key=lambda name: -FORMATS[name].fidelity)}
)
"""The functions that read documents of these formats back, the most complete first."""


def preferred(names: Collection[str]) -> list[Format]:
    """Return the formats of those named that feed readers take, the best first: XML, which all read."""
    written = [FORMATS[name] for name in FEED_NAMES if name in names]
    return sorted(written, key=lambda f: (f.media_type.endswith("xml"), f.fidelity), reverse=True)


def fault(format_: Format, data: bytes) -> str:
    """Return why a document is none of a format, "" if it is one."""
    try:
        format_.read(data)
    except ValueError as error:
        return str(error)
    return ""


def of(path: str, data: bytes) -> Format | None:
    """The format of a document, by its file's name, else by its mark; None where neither tells."""
    file = path.rpartition("/")[2]
    by_name = next((format_ for format_ in FORMATS.values() if format_.file == file), None)
    return by_name or next((format_ for format_ in FORMATS.values() if format_.mark in data), None)
