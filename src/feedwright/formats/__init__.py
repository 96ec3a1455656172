"""The output formats: a table from a format's name to what renders it.

A new format is one module here and its line in `FORMATS`. Importing the table is cheap: what a format
needs is imported when it first renders.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from feedwright.formats import atom, rss

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from feedwright.model import Feed


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One output format: `file` is written in each feed's folder; `render` makes its bytes from a feed."""

    name: str
    file: str
    media_type: str
    render: Callable[[Feed], bytes]


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "rss": Format(name="rss", file=rss.FILE, media_type=rss.MEDIA_TYPE, render=rss.render),
        "atom": Format(name="atom", file=atom.FILE, media_type=atom.MEDIA_TYPE, render=atom.render),
    }
)
"""Every format by the name it has in the setting `formats`."""
