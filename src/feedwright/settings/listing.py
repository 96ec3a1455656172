"""All settings of a site as texts for people: each with its value and where it comes from."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from feedwright.model import Author
from feedwright.settings.reference import SETTINGS
from feedwright.site import Site


class Listed(Struct, frozen=True, kw_only=True):
    """A setting: its name, its value as the file would have it, and where that comes from."""

    name: str
    value: str
    origin: str


def settings_of(site: Site) -> Iterator[Listed]:
    """Yield every setting, in the order of the documentation."""
    for name in SETTINGS:
        value = _as_text(getattr(site, name), site.root)
        yield Listed(name=name, value=value, origin=site.origins.get(name, "default"))


def listed(site: Site) -> Iterator[str]:
    """Yield `name = value (origin)` for every setting."""
    return (f"{row.name} = {row.value} ({row.origin})" for row in settings_of(site))


def _as_text(value: object, root: Path) -> str:
    if isinstance(value, Author):
        return json.dumps(value.name, ensure_ascii=False)
    if isinstance(value, Path):
        inside = value.is_relative_to(root)
        return json.dumps(os.path.relpath(value, root) if inside else str(value), ensure_ascii=False)
    if isinstance(value, Mapping):
        return f"{{{', '.join(json.dumps(key, ensure_ascii=False) for key in value)}}}"
    if isinstance(value, tuple):
        return f"[{', '.join(_as_text(item, root) for item in value)}]"
    return "–" if value is None else json.dumps(value, ensure_ascii=False)
