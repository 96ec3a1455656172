"""An entry's picture: where it is, what it is and how large; the door to `imagesize`.

Only the first 64 KiB of a file are read and nothing is decoded: the type comes from its signature, never
from its name.
"""

from __future__ import annotations

import io
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from feedwright import media_types
from feedwright.model import Thumbnail
from feedwright.problems import Problem
from feedwright.text import visible
from feedwright.urls import web

if TYPE_CHECKING:
    from feedwright.model import Picture

HEAD = 64 * 1024
"""Bytes of a file that are read."""

LARGEST = 30_000
"""Pixels a side; a header that claims more is taken for a trap."""

# Offset and bytes; the first that fits counts.
_SIGNATURES = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"BM", "image/bmp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"\x00\x00\x01\x00", media_types.IMAGES[".ico"]),
)
# ISO 14496-12 §4.3, among the major and the compatible brands.
_BRANDS = ((b"avif", "image/avif"), (b"avis", "image/avif"), (b"heic", "image/heic"), (b"heix", "image/heic"))
# Only looked at, never parsed: what may precede the root element of an SVG file (XML 1.0 §2.8). Each part
# is taken once and for all, so that a file made for it cannot make the search long.
_SVG = re.compile(
    rb"(?:\xef\xbb\xbf)?(?>(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)*)<svg[\s>/]",
    re.DOTALL,
)
_UNMEASURED = frozenset({"image/svg+xml", media_types.IMAGES[".ico"]})

# What the URL standard drops before it looks for a scheme (WHATWG URL §4.4).
_DROPPED = re.compile(r"^[\x00-\x20]+|[\x00-\x20]+$|[\t\n\r]")
_SCHEME = re.compile("[a-zA-Z][a-zA-Z0-9+.-]*:")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    type: str
    width: int | None
    height: int | None
    length: int


class _RefusedError(Exception):
    """Carries the code, the message and the hint of the problem that leaves the picture out."""


def thumbnail(
    picture: Picture,
    *,
    base: str,
    site_url: str,
    content: Path,
    article_path: str,
    default_type: str,
    file: str,
    line: int = 0,
    column: int = 0,
    field: str = "",
) -> tuple[Thumbnail | None, tuple[Problem, ...]]:
    """Return the picture as an entry shows it, or none and the reason.

    A reference that begins with "/" counts from the root of the site's host, any other from `base`, the
    article's permalink. Such a reference is looked for under the content folder too: `/img/a.jpg` at its
    root, `a.jpg` beside the article and then in a folder named like it without suffix (Hexo's
    `post_asset_folder`). What is found is measured: type, width, height and length are the file's own.
    What is not found is left out (IMG003), except a reference with "/" whose first folder the content
    folder does not have: the site serves it from elsewhere (Hexo's `source/img`, Hugo's `static`), and it
    is published like a remote picture, silently: the type by its extension, else `default_type`; length 0.

    Problems are warnings: IMG002 no web address, IMG003 no such file, IMG004 outside the content folder,
    IMG005 not a picture.
    """
    try:
        found = _resolved(picture, base, site_url, content, article_path, default_type)
    except _RefusedError as refusal:
        code, message, hint = refusal.args
        problem = Problem(
            severity="warning",
            code=code,
            message=f"picture left out: {message}",
            file=file,
            line=line,
            column=column,
            field=field,
            hint=hint,
        )
        return None, (problem,)
    return found, ()


def _resolved(
    picture: Picture, base: str, site_url: str, content: Path, article_path: str, default_type: str
) -> Thumbnail:
    reference = _DROPPED.sub("", picture.src)
    rooted = reference.startswith(("/", "\\"))
    url = web(reference, site_url if rooted else base)
    path = _local_path(reference)
    if url is None or path == "":
        raise _RefusedError("IMG002", *_no_address(reference))
    local = _own(url, site_url, content) if path is None else _local(path, content, article_path)
    if local is None:
        media_type = media_types.IMAGES.get(media_types.suffix(url), default_type)
        return Thumbnail(url=url, type=media_type, width=picture.width, height=picture.height)
    facts = _facts(local, path or url)
    return Thumbnail(
        url=url,
        type=facts.type,
        width=facts.width or picture.width,
        height=facts.height or picture.height,
        length=facts.length,
    )


def _no_address(reference: str) -> tuple[str, str]:
    scheme = _SCHEME.match(reference)
    hint = "name a file in the content folder or an address that begins with https://"
    if scheme and scheme[0].lower() not in {"http:", "https:"}:
        return f"readers don't load {scheme[0].lower()} addresses", hint
    return f"{reference[:80]!r} is no address of a picture", hint


def _path_of(reference: str) -> str:
    return reference.partition("#")[0].partition("?")[0]


def _local_path(reference: str) -> str | None:
    """Return the path that a relative reference names, decoded; None where it has a scheme or a host."""
    if _SCHEME.match(reference):
        return None
    path = unquote(_path_of(reference)).replace("\\", "/")
    return None if path.startswith("//") else path


def _local(path: str, content: Path, article_path: str) -> Path | None:
    """Return the file below the content folder; None where the site has it from elsewhere."""
    root = content.resolve()
    candidates = _candidates(path, root, PurePosixPath(article_path))
    inside = tuple(place for place in map(_real, candidates) if place.is_relative_to(root))
    if found := next(filter(_exists, inside), None):
        return found
    if len(inside) < len(candidates):
        hint = "copy the file into the content folder"
        raise _RefusedError("IMG004", f"{path[:80]!r} lies outside the content folder", hint)
    if path.startswith("/") and not _has_top_folder(path, root):
        return None
    tried = " or ".join(visible(place.relative_to(root).as_posix()) for place in inside)
    hint = "correct the name or add the file"
    raise _RefusedError("IMG003", f"the content folder has no file {tried}", hint)


def _own(url: str, site_url: str, content: Path) -> Path | None:
    """Return the file below the content folder that an address on the site itself stands for, if any."""
    if not url.startswith(site_url):
        return None
    root = content.resolve()
    place = _real(root / unquote(_path_of(url[len(site_url) :])))
    return place if place.is_relative_to(root) and place.is_file() else None


def _real(place: Path) -> Path:
    """Return where links lead; the path itself where no file could be: a NUL in it, links in a circle."""
    try:
        return place.resolve()
    except (OSError, ValueError, RuntimeError):
        return Path(os.path.normpath(place))


def _exists(place: Path) -> bool:
    try:
        return place.exists()
    except (OSError, ValueError):
        return False


def _candidates(path: str, root: Path, article: PurePosixPath) -> tuple[Path, ...]:
    if path.startswith("/"):
        return (root / path.lstrip("/"),)
    return (root / article.parent / path, root / article.with_suffix("") / path)


def _has_top_folder(path: str, root: Path) -> bool:
    parts = PurePosixPath(path).parts
    return len(parts) > 2 and (root / parts[1]).is_dir()


def _facts(place: Path, name: str) -> _Facts:
    head, length = _head(place, name)
    media_type = _type(head)
    hint = "use a PNG, JPEG, GIF, WebP, AVIF or SVG file"
    if media_type is None:
        reason = "is empty" if not length else "is not a picture, whatever its name says"
        raise _RefusedError("IMG005", f"{name[:80]!r} {reason}", hint)
    if media_type in _UNMEASURED:
        return _Facts(type=media_type, width=None, height=None, length=length)
    width, height = _size(head)
    if width == -1 and length > HEAD:
        # A JPEG file may have more than that before its size, such as a colour profile.
        return _Facts(type=media_type, width=None, height=None, length=length)
    if not (0 < width <= LARGEST and 0 < height <= LARGEST):
        said = f"claims {width} × {height} pixels" if width != -1 else "has no size that can be read"
        raise _RefusedError("IMG005", f"{name[:80]!r} {said}", hint)
    return _Facts(type=media_type, width=width, height=height, length=length)


def _head(place: Path, name: str) -> tuple[bytes, int]:
    """Return the file's first bytes and its length; never waits for a FIFO or a device."""
    flags = os.O_RDONLY
    for flag in ("O_NONBLOCK", "O_NOFOLLOW", "O_CLOEXEC", "O_NOCTTY", "O_BINARY"):
        flags |= getattr(os, flag, 0)
    try:
        descriptor = os.open(place, flags)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise _RefusedError("IMG005", f"{name[:80]!r} is not a file", "name the file of a picture")
            with open(descriptor, "rb", closefd=False) as handle:
                return handle.read(HEAD), status.st_size
        finally:
            os.close(descriptor)
    except OSError as error:
        hint = "make the file readable"
        raise _RefusedError("IMG003", f"{name[:80]!r} cannot be read: {error.strerror}", hint) from error


def _type(head: bytes) -> str | None:
    for offset, signature, media_type in _SIGNATURES:
        if head.startswith(signature, offset):
            return media_type
    if head[4:8] == b"ftyp":
        brands = head[8 : min(64, int.from_bytes(head[:4], "big"))]
        return next((kind for brand, kind in _BRANDS if brand in brands), None)
    return "image/svg+xml" if _SVG.match(head) else None


def _size(head: bytes) -> tuple[int, int]:
    """Return width and height as shown, after a turn that Exif asks for; -1 where they are unknown."""
    import imagesize

    width, height = imagesize.get(io.BytesIO(head))
    return int(width), int(height)
