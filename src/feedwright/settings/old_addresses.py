"""Where feeds were before: what `aliases` and `was` may say, so that subscribers of an old address stay."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from feedwright.formats.table import DOCUMENTS
from feedwright.settings.checks import Refused, choice, described, quoted, texts
from feedwright.text import FORBIDDEN, fold_space

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["DOCUMENTS", "alias", "no_table", "slug_paths"]

_EXAMPLE = '"old/feed.xml" = "rss"'
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^/]*", re.IGNORECASE)
_HASHED = re.compile(r"(.+)-[0-9a-f]{8}", re.DOTALL)
_LONGEST = 98  # bytes; 80 and two hashes, see `slugs`


def no_table(value: object) -> object:
    """Refuse what is no table of aliases."""
    raise Refused("CFG007", f"must be a table, not {described(value)}", f"{{name}} = {{ {_EXAMPLE} }}")


def alias(*formats: str) -> Callable[[str, object], str]:
    """Return a check for one alias: a path below the output folder, and one of the formats.

    The path must be one for every platform, end in a file name with a suffix, have no hidden part, and be no
    document of the site's own, unless it is that very feed.
    """
    known = choice(*formats)

    def check(path: str, value: object) -> str:
        if not isinstance(value, str):
            whole, name = _unquoted(path, value)
            message = f"must be the name of a format, not {described(value)}"
            raise Refused("CFG007", message, f'"{whole}" = "{name or formats[0]}"')
        name = known(value)
        _check_path(path, name)
        _check_free(path, name)
        return name

    return check


def _unquoted(path: str, value: object) -> tuple[str, str]:
    """The path and the format that were meant by a path without quotes, which TOML takes apart at dots."""
    while isinstance(value, dict) and value:
        part, value = next(iter(value.items()))
        path = f"{path}.{part}"
    return path, value if isinstance(value, str) else ""


def _check_path(path: str, name: str) -> None:
    if not _is_plain(path):
        message = "is no plain path below the output folder"
    elif any(part.startswith(".") for part in path.split("/")):
        message = "begins with a dot, or has a folder that does: servers do not show such files"
    elif not PurePosixPath(path).suffix:
        message = "does not end in a file name with a suffix"
    else:
        return
    raise Refused("CFG018", message, _line(path, name))


def _is_plain(path: str) -> bool:
    """Whether the path is one everywhere, and no address with its percent signs."""
    from feedwright.disk import is_plain_path

    return is_plain_path(path) and fold_space(path) == path and not FORBIDDEN.search(path) and "%" not in path


def _line(path: str, name: str) -> str:
    """The line to write instead, of the same file where that can be told."""
    from urllib.parse import unquote

    written = unquote(_ORIGIN.sub("", path)).replace("\\", "/")
    parts = [part.strip(" .") for part in written.split("/")]
    meant = "/".join(filter(None, parts))
    if not PurePosixPath(meant).suffix:
        meant += "/index.xml" if written.endswith("/") else ".xml"
    good = _is_plain(meant) and not meant.startswith(".") and meant not in DOCUMENTS.values()
    return f'"{meant}" = "{name}"' if good and ".." not in written.split("/") else _EXAMPLE


def _check_free(path: str, name: str) -> None:
    from feedwright.text import caseless

    for own, file in DOCUMENTS.items():
        if caseless(path) == file and (path, name) != (file, own):
            raise Refused("CFG018", f"is the site's own {own} document", f'"{file}" = "{own}"')


def slug_paths(value: object) -> tuple[str, ...]:
    """Return slug paths below the output folder, each once; none is where feeds of tags or authors are."""
    paths = texts(value)
    for path in paths:
        parts = path.split("/")
        if parts[0].casefold() in ("tags", "authors"):
            message = f"cannot have {quoted(path)}: the feeds of {parts[0].casefold()} are there"
        elif not all(map(_is_slug, parts)):
            message = f"cannot have {quoted(path)}: an old address is one slug, or slugs with `/` between"
        else:
            continue
        raise Refused("CFG015", message, f'{{name}} = ["{_slugged(path)}"]')
    return paths


def _is_slug(part: str) -> bool:
    """Whether a slug path may have that part; one that was cut is longer than what `slug` leaves alone."""
    from feedwright.feeds.slugs import slug

    if slug(part) == part:
        return True
    base = _HASHED.fullmatch(part)
    return base is not None and len(part.encode()) <= _LONGEST and _is_slug(base[1])


def _slugged(path: str) -> str:
    """The slug path that was probably meant by an address, a file's path or a label."""
    from feedwright.feeds.slugs import slug

    parts = [part for part in re.split(r"[/\\]", _ORIGIN.sub("", path)) if part.strip(". ")]
    if len(parts) > 1 and parts[-1].casefold() in DOCUMENTS.values():
        parts.pop()
    return "/".join(map(slug, parts)) or "old"
