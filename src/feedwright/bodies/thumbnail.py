"""An entry's picture: its address, type and size; door to imagesize.

Only the first 64 KiB of a file are read and nothing is decoded: the type comes from its signature, never
from its name.
"""

from __future__ import annotations

import io
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from feedwright import media_types
from feedwright.bodies import site_files
from feedwright.bodies.options import BodyOptions
from feedwright.bodies.static_files import StaticFiles
from feedwright.model import Article, Content, Picture, Thumbnail, replace
from feedwright.patterns import lazy_pattern
from feedwright.problems import Problem
from feedwright.urls import web

HEAD = 64 * 1024
"""Bytes of a file that are read."""

LARGEST = 30_000
"""The most pixels of a side; a header that claims more is taken for a trap."""

HEAVY = 10_000_000
"""Bytes of a picture above which they are told: readers load it whole, often over a mobile network."""

WIDE = 10_000
"""Pixels of a side above which they are told: many programs refuse to decode such a picture."""

# the first that fits counts
_SIGNATURES = (
    (rb"\x89PNG\r\n\x1a\n", "image/png"),
    (rb"\xff\xd8\xff", "image/jpeg"),
    (rb"GIF8[79]a", "image/gif"),
    (rb"(?s:.{8})WEBP", "image/webp"),
    (rb"BM", "image/bmp"),
    (rb"II\*\x00|MM\x00\*", "image/tiff"),
    (rb"\x00\x00\x01\x00", "image/x-icon"),
)
# ISO 14496-12 §4.3: among the major and the compatible brands
_BRANDS = ((b"avif", "image/avif"), (b"avis", "image/avif"), (b"heic", "image/heic"), (b"heix", "image/heic"))
# what may precede the root element of an SVG file (XML 1.0 §2.8); each part is matched once and for all, so
# that a file made for it cannot make the search long
_SVG = lazy_pattern(
    rb"(?:\xef\xbb\xbf)?(?>(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)*)<svg[\s>/]",
    re.DOTALL,
)
_UNMEASURED = frozenset({"image/svg+xml", "image/x-icon"})

# what browsers drop before they look for a scheme (WHATWG URL §4.4)
_TRIMMED = "".join(map(chr, range(0x21)))
_DROPPED = str.maketrans("", "", "\t\n\r")
_SCHEME = lazy_pattern("[a-zA-Z][a-zA-Z0-9+.-]*:")
# a FIFO or a device is not waited for, and no link is followed that was not there a moment ago
_FLAGS = sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_NOFOLLOW", "O_NOCTTY"))


def resolve(content: Content, options: BodyOptions, static: StaticFiles = site_files.NO_STATIC) -> Content:
    """Return the content with its picture as an entry shows it, or without and with the reason.

    A reference that begins with "/" counts from the root of the site's host, any other from the article's
    permalink. Such a reference is looked for among the site's files too: `/img/a.jpg` at the root of the
    content folder, and among the static files, which are served below the site's own folder on that host;
    `a.jpg` beside the article and then in a folder named like it without suffix (Hexo's
    `post_asset_folder`). A file that is there is measured: type, width, height and length are its own. A
    file that is not is left out (IMG003), except a reference with "/" whose folder the site does not have: it
    is served from elsewhere, and published like a remote picture, silently: the type by its extension, else
    `options.thumbnail_type`; length 0.

    Problems are warnings: IMG002 not a web address, IMG003 no such file, IMG004 outside the content folder,
    IMG005 not a picture; IMG007 and IMG008, one that is shown but more than `HEAVY` or `WIDE`.
    """
    article, picture = content.article, content.picture
    if article is None or picture is None or not picture.src:
        return content
    position, field = (content.path, picture.line, picture.column), picture.field or "img"
    try:
        thumbnail = _resolved(picture, article, options, static)
    except site_files.LeftOutError as error:
        code, reason, hint = error.args
        if code == "IMG003" and content.pictures and not picture.field:
            return content  # told as one of the body's
        problem = Problem.warning(code, f"picture left out: {reason}", *position, field=field, hint=hint)
        return replace(content, problems=(*content.problems, problem))
    told = (
        Problem.warning(code, message, *position, field=field, hint=hint)
        for code, message, hint in _oversized(thumbnail)
    )
    thumbnail = replace(thumbnail, enclosed=options.enclose_thumbnail)
    return replace(content, thumbnail=thumbnail, problems=(*content.problems, *told))


def _oversized(thumbnail: Thumbnail) -> Iterator[tuple[str, str, str]]:
    """Code, message and hint for each way in which a picture of the site is too large for readers."""
    if thumbnail.length > HEAVY:
        message = f"the picture has {thumbnail.length / 1_000_000:.0f} MB, which readers load whole"
        yield "IMG007", message, "save it smaller: 1 MB is plenty for 2000 pixels"
    width, height = thumbnail.width or 0, thumbnail.height or 0
    if thumbnail.length and max(width, height) > WIDE:
        message = f"the picture has {width} × {height} pixels, more than many readers show"
        yield "IMG008", message, "scale it down: 2000 pixels are enough for any screen"


def _resolved(picture: Picture, article: Article, options: BodyOptions, static: StaticFiles) -> Thumbnail:
    reference = picture.src.strip(_TRIMMED).translate(_DROPPED)
    url = web(reference, options.site_url if reference.startswith(("/", "\\")) else article.link)
    path = _local_path(reference)
    if url is None or path == "":
        reason = f"{reference[: site_files.SHOWN]!r} is not the address of a picture"
        scheme = _SCHEME.match(reference.lower())
        if scheme and scheme[0] not in {"http:", "https:"}:
            reason = f"readers don't load {scheme[0]} addresses"
        hint = "name a file in the content folder or an address that begins with https://"
        raise site_files.LeftOutError("IMG002", reason, hint)
    if path is None:
        file = site_files.shown(url, article, options, static)
    elif path.startswith("/"):
        file, url = site_files.served(path, url, options, static)
    else:
        file = site_files.beside(path, article, options)
    if file is None:
        by_suffix = media_types.type_of(url)
        media_type = by_suffix if by_suffix.startswith("image/") else options.thumbnail_type
        return Thumbnail(url=url, type=media_type, width=picture.width, height=picture.height)
    media_type, width, height, length = _measure(file, repr((path or url)[: site_files.SHOWN]))
    width, height = width or picture.width, height or picture.height
    return Thumbnail(url=url, type=media_type, width=width, height=height, length=length)


def _local_path(reference: str) -> str | None:
    """The path that a relative reference names, decoded; None where it has a scheme or a host."""
    if _SCHEME.match(reference):
        return None
    path = site_files.path_of(reference).replace("\\", "/")
    return None if path.startswith("//") else path


def _measure(file: Path, name: str) -> tuple[str, int | None, int | None, int]:
    """Type, width, height and length of a picture file; no width and height where they are unknown."""
    head, length = _head(file, name)
    media_type = _type(head)
    hint = "use a PNG, JPEG, GIF, WebP, AVIF or SVG file"
    if media_type is None:
        reason = "is empty" if not length else "is not a picture, whatever its name says"
        raise site_files.LeftOutError("IMG005", f"{name} {reason}", hint)
    if media_type in _UNMEASURED:
        return media_type, None, None, length
    import imagesize

    # as shown, after a turn that Exif asks for; -1 where they are unknown
    width, height = map(int, imagesize.get(io.BytesIO(head)))
    if width == -1 and length > HEAD:
        # a JPEG file may have more than that before its size, such as a colour profile
        return media_type, None, None, length
    if not (0 < width <= LARGEST and 0 < height <= LARGEST):
        reason = f"claims {width} × {height} pixels" if width != -1 else "has no size that can be read"
        raise site_files.LeftOutError("IMG005", f"{name} {reason}", hint)
    return media_type, width, height, length


def _head(file: Path, name: str) -> tuple[bytes, int]:
    """A file's first bytes and its length."""
    try:
        with open(file, "rb", opener=lambda path, flags: os.open(path, flags | _FLAGS)) as handle:
            status = os.fstat(handle.fileno())
            if stat.S_ISREG(status.st_mode):
                return handle.read(HEAD), status.st_size
    except IsADirectoryError:
        pass  # no more a file than a FIFO is
    except OSError as error:
        reason = f"{name} cannot be read: {error.strerror}"
        raise site_files.LeftOutError("IMG003", reason, "make the file readable") from error
    raise site_files.LeftOutError("IMG005", f"{name} is not a file", "name the file of a picture")


def _type(head: bytes) -> str | None:
    for signature, media_type in _SIGNATURES:
        if re.match(signature, head):
            return media_type
    if head[4:8] == b"ftyp":
        brands = head[8 : min(64, int.from_bytes(head[:4], "big"))]
        return next((media_type for brand, media_type in _BRANDS if brand in brands), None)
    return "image/svg+xml" if _SVG.match(head) else None
