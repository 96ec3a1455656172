"""File suffixes: those of articles, and media types, by a table of our own: the system's differ."""

from __future__ import annotations

from posixpath import splitext

MARKDOWN = (".md", ".markdown", ".mdown", ".mkdn", ".mkd", ".mkdown")
"""Suffixes of articles in Markdown."""

RESTRUCTURED_TEXT = (".rst",)
"""Suffixes of articles in reStructuredText, which are read where docutils is installed."""

ARTICLES = (*MARKDOWN, ".html", ".htm", ".txt")
"""Suffixes of articles that are always read."""

UNREAD = (".adoc", ".asciidoc", ".ipynb", ".mdx", ".org", ".textile")
"""Suffixes of articles that generators read and feedwright does not."""

_TYPES = {
    ".apng": "image/apng",
    ".avif": "image/avif",
    ".bmp": "image/bmp",
    ".gif": "image/gif",
    ".ico": "image/x-icon",
    ".jfif": "image/jpeg",
    ".jpe": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".webp": "image/webp",
    ".aac": "audio/aac",
    ".epub": "application/epub+zip",
    ".flac": "audio/flac",
    ".m4a": "audio/mp4",
    ".m4v": "video/mp4",
    ".mkv": "video/x-matroska",
    ".mov": "video/quicktime",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".ogv": "video/ogg",
    ".opus": "audio/ogg",
    ".pdf": "application/pdf",
    ".wav": "audio/wav",
    ".webm": "video/webm",
    ".zip": "application/zip",
}


def type_of(url: str) -> str:
    """Return the media type that an absolute URL's suffix names, else `application/octet-stream`."""
    return _TYPES.get(
        splitext(url.partition("#")[0].partition("?")[0])[1].lower(), "application/octet-stream"
    )
