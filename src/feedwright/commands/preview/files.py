"""The site's own pictures, sounds and films, as far as a preview shows them; no other file is opened.

Rule: what is served lies in a folder of the site or in one that the settings allow, whatever links lead to
it; no part of its path is hidden, and its name, also where a link leads, is that of a medium.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from feedwright import media_types
from feedwright.articles.files import place_of
from feedwright.disk import is_plain_path
from feedwright.site import Site

_SERVED = ("static", "source", "public", "assets")
"""Folders beside the settings whose files are at the root of sites."""

_INNER = ("static", "source")
"""The same in the content folder."""

_MEDIA = ("image/", "audio/", "video/")
_FLAGS = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY")
)


def static_folders(site: Site) -> list[Path]:
    """Return the folders whose files the site shows at its root, beside the content folder."""
    usual = (site.root / name for name in _SERVED)
    return [*filter(None, (site.site_output, site.site_root)), *(f for f in usual if os.path.isdir(f))]


def is_medium(path: str) -> bool:
    """Tell whether a file is a picture, a sound or a film by its name."""
    return media_types.type_of(path).startswith(_MEDIA)


def open_medium(path: str, site: Site, beside: Iterable[str] = ()) -> BinaryIO | None:
    """Open the file that the site shows at a decoded path below its root, None where there is none to show.

    `beside` are the folders, below the content folder, of the articles whose pages' address begins so, each
    with a `/` at its end and the rest of the path after it.
    """
    inner = [site.content, *(site.content / name for name in _INNER)]
    candidates = [(folder, path) for folder in (*inner, *static_folders(site))]
    candidates += [(site.content, other) for other in beside]
    for folder, relative in candidates:
        if file := _open(folder, relative, (folder, *site.follow_symlinks)):
            return file
    return None


def _open(folder: Path, path: str, allowed: Iterable[Path]) -> BinaryIO | None:
    if not is_medium(path) or not is_plain_path(path) or _is_hidden(path):
        return None
    file = os.path.join(folder, path)
    try:
        handle = os.open(file, _FLAGS)
    except (OSError, ValueError):
        return None
    place = place_of(handle, file)
    is_shown = any(_is_shown(place, os.path.join(os.path.realpath(root), "")) for root in allowed)
    if is_shown and stat.S_ISREG(os.fstat(handle).st_mode):
        return os.fdopen(handle, "rb")
    os.close(handle)
    return None


def _is_shown(place: str, root: str) -> bool:
    return place.startswith(root) and is_medium(place) and not _is_hidden(place.removeprefix(root))


def _is_hidden(path: str) -> bool:
    return any(part.startswith(".") for part in path.replace(os.sep, "/").split("/"))
