"""Old addresses of feeds, in `aliases` and `was`: checks that keep subscribers there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from feedwright.feeds.slugs import is_slug, slug
from feedwright.patterns import lazy_pattern
from feedwright.settings.checks import SettingError, format_name, mistyped, quoted, text
from feedwright.text import caseless

EXAMPLE = '"old/feed.xml" = "rss"'
_ORIGIN = lazy_pattern(r"[a-z][a-z0-9+.-]{0,30}://[^/]*", re.IGNORECASE)


def alias(path: str, value: object) -> str:
    """Return the format of one alias.

    The path must be that of a document, below the output folder or, after a "/", the site's root, and of no
    document of the site's own but that very feed's.
    """
    from feedwright.formats.layout import path_fault  # few sites have old addresses

    if not isinstance(value, str):
        raise mistyped("the name of a format", value, _unquoted(path, value))
    name = format_name(value)
    if message := path_fault(path.removeprefix("/")):
        raise SettingError("CFG018", message, _corrected(path, name))
    for own, file in _documents().items():
        if caseless(path) == file and (path, name) != (file, own):
            raise SettingError("CFG018", f"is the site's own {own} document", f'"{file}" = "{own}"')
    return name


def without_documents(aliases: Mapping[str, str]) -> dict[str, str]:
    """Return the aliases in order, without documents of the site's own feed, which are written anyhow."""
    return {path: name for path, name in sorted(aliases.items()) if path != _documents()[name]}


def from_output(path: str, home: str) -> str:
    """Return the path of an alias as seen from the output folder, which is at `home` in the site's root.

    Raises `SettingError` if it leads through the root into the output folder.
    """
    if not path.startswith("/"):
        return path
    if caseless(path[1:]).startswith(caseless(home)) and home:
        inside = path[1 + len(home) :]
        raise SettingError("CFG018", "leads back into the output folder", f'"{inside}" = …')
    return "../" * home.count("/") + path[1:]


def _documents() -> Mapping[str, str]:
    from feedwright.formats.table import DOCUMENTS  # few sites have old addresses

    return DOCUMENTS


def _unquoted(path: str, value: object) -> str:
    """The line that was meant by a path without quotes, which TOML splits at dots."""
    while isinstance(value, dict) and value:
        part, value = next(iter(value.items()))
        path = f"{path}.{part}"
    return f'"{path}" = "{value if isinstance(value, str) and value else "rss"}"'


def _corrected(path: str, name: str) -> str:
    """The line to write instead, for the same file if it is recognizable."""
    from urllib.parse import unquote

    from feedwright.formats.layout import path_fault

    written = unquote(_ORIGIN.sub("", path)).replace("\\", "/")
    meant = "/".join(filter(None, (part.strip(" .") for part in written.split("/"))))
    if not PurePosixPath(meant).suffix:
        meant += "/index.xml" if written.endswith("/") else ".xml"
    above = written.removeprefix("../")
    if above != written and not path_fault(above):
        return f'"/{above}" = "{name}", and site_root = "…", the folder above `output`'
    if ".." in written.split("/") or path_fault(meant) or meant in _documents().values():
        return EXAMPLE
    return f'"{meant}" = "{name}"'


def slug_path(value: object) -> str:
    """Return a slug path below the output folder that is not for a tag or an author."""
    path = text(value)
    parts = path.split("/")
    if (first := parts[0].casefold()) in ("tags", "authors"):
        reason = f"the feeds of {first} are there"
    elif not all(map(is_slug, parts)):
        reason = "an old address is one slug, or slugs with `/` between"
    else:
        return path
    message = f"cannot contain {quoted(path)}: {reason}"
    raise SettingError("CFG015", message, f'{{name}} = ["{_slugged(path)}"]')


def _slugged(path: str) -> str:
    """The slug path that was probably meant by an address, a file's path or a label."""
    parts = [part for part in re.split(r"[/\\]", _ORIGIN.sub("", path)) if part.strip(". ")]
    if len(parts) > 1 and parts[-1].casefold() in _documents().values():
        parts.pop()
    return "/".join(map(slug, parts)) or "old"
