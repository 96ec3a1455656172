"""The files of the site that pictures and recordings stand for: where they are looked for."""

from __future__ import annotations

import os
from bisect import bisect
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from unicodedata import normalize
from urllib.parse import unquote

from feedwright import media_types
from feedwright.bodies.options import BodyOptions
from feedwright.bodies.static_files import StaticFiles
from feedwright.model import Article
from feedwright.text import nearest, visible

NO_STATIC = StaticFiles()
"""The files of a site that has no folder for them beside its content."""

SHOWN = 80
"""Characters of a reference that a message shows."""

_SERVED = ("", "static", "source")
"""Folders whose files are at the root of the site, below the content folder."""

_NEAR = 100
"""The names before a missing one, and those behind it, among which it is looked for."""


class LeftOutError(Exception):
    """A picture that cannot be shown: the problem's code, message and hint."""


def at(url: str, options: BodyOptions, static: StaticFiles = NO_STATIC) -> Path | None:
    """Return the file that an absolute address on the site itself stands for, if any."""
    if not url.startswith(options.site_url):
        return None
    root, path = options.content.resolve(), path_of(url.removeprefix(options.site_url))
    file = Path(os.path.realpath(root / path))
    return file if file.is_relative_to(root) and os.path.isfile(file) else static.find(path)


def shown(url: str, article: Article, options: BodyOptions, static: StaticFiles = NO_STATIC) -> Path | None:
    """Return the file that an article shows by an absolute address, None where it comes from elsewhere.

    Below the article's own address it may lie beside the article too. Raises `LeftOutError` where the folder
    that the site would serve it from is there, and the file is not.
    """
    if (file := at(url, options, static)) or not url.startswith(options.site_url):
        return file
    home = article.link.rpartition("/")[0] + "/"
    if home != options.site_url and url.startswith(home):
        path = path_of(url.removeprefix(home))
        folder, _, name = path.rpartition("/")
        if name and (not folder or os.path.isdir((options.content / article.path).parent / folder)):
            return beside(path, article, options)
    return served("/" + path_of(url.split("/", 3)[3]), url, options, static)[0]


def beside(path: str, article: Article, options: BodyOptions) -> Path:
    """The file that a reference without "/" names, beside an article or in its own folder."""
    root = options.content.resolve()
    article_file = root / article.path
    file, tried = _first_inside(path, [article_file.parent, article_file.with_suffix("")], root)
    if file is None:
        raise _missing(tried, root)
    return file


def served(path: str, url: str, options: BodyOptions, static: StaticFiles) -> tuple[Path | None, str]:
    """The file that a reference with "/" names, None where the site has it from elsewhere; and its address.

    The path may have the site's own folder on its host or not. It may be from elsewhere where no folder of
    the site is there for it: generators serve what lies beside an article below the article's address.
    """
    root = options.content.resolve()
    home = "/" + path_of(options.site_url.split("/", 3)[3])
    below = path.removeprefix(home) if path.startswith(home) else path.lstrip("/")
    file, tried = _first_inside(below, [root / name for name in _SERVED], root)
    file = file or static.find(below)
    if file is not None:
        is_below = path.startswith(home)
        return file, url if is_below else options.site_url + url.split("/", 3)[3]
    folder = below.rpartition("/")[0]
    others = [each / below for each in static.folders]
    if not folder or not (os.path.isdir(root / folder) or static.has_folder(folder)):
        return None, url
    if any(map(os.path.exists, others)):  # by a link to a file that nothing reads
        return None, url
    raise _missing(tried[:1], root, others)


def _first_inside(path: str, folders: Sequence[Path], root: Path) -> tuple[Path | None, list[Path]]:
    """The first file in one of the folders, None if there is none; and all that was looked for."""
    candidates = [Path(os.path.realpath(folder / path)) for folder in folders]
    inside = [candidate for candidate in candidates if candidate.is_relative_to(root)]
    file = next(filter(os.path.exists, inside), None)
    if file is None and len(inside) < len(candidates):
        hint = "copy the file into the content folder"
        raise LeftOutError("IMG004", f"{path[:SHOWN]!r} lies outside the content folder", hint)
    return file, inside


def _missing(tried: Sequence[Path], root: Path, others: Sequence[Path] = ()) -> LeftOutError:
    paths = [file.relative_to(root) for file in tried]
    names = " or ".join(visible(path.as_posix()) for path in paths)
    hint = "correct the name or add the file"
    places = zip([*tried, *others], [*paths, *paths[:1] * len(others)], strict=True)
    found = ((path, near) for file, path in places if (near := _nearest(file)))
    if nearest := next(found, None):
        hint = f"did you mean {visible(nearest[0].with_name(nearest[1]).as_posix())}?"
    return LeftOutError("IMG003", f"the content folder has no file {names}", hint)


def _nearest(file: Path) -> str:
    """The picture beside a missing one whose name is most like its own, "" where none is.

    In a large folder only names that sort near the missing one are looked at.
    """
    try:
        pictures = _pictures(file.parent, os.stat(file.parent).st_mtime_ns)
    except OSError:
        return ""
    if like := pictures.get(_letters(file.name)):
        return like
    letters = list(pictures)
    place = bisect(letters, _letters(file.name))
    near = nearest(_letters(file.name), letters[max(0, place - _NEAR) : place + _NEAR], cutoff=0.8)
    return pictures.get(near, "")


@lru_cache(maxsize=64)  # thousands of articles may miss pictures in one folder
def _pictures(folder: Path, changed: int) -> dict[str, str]:
    """The names of pictures in a folder by their letters, sorted; `changed` is when the folder last was."""
    names = (name for name in os.listdir(folder) if media_types.type_of(name).startswith("image/"))
    return dict(sorted((_letters(name), name) for name in names))


def _letters(name: str) -> str:
    """A name without the differences that nobody sees or that some systems do not make."""
    return normalize("NFC", name).casefold()


def path_of(reference: str) -> str:
    """The path of a reference, decoded; a NUL, which no file's name can have, is replaced."""
    return unquote(reference.partition("#")[0].partition("?")[0]).replace("\0", "\ufffd")
