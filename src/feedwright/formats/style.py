"""The stylesheet with which browsers show RSS and Atom documents; it comes with the pages."""

from __future__ import annotations

from feedwright.formats.resources import direction, phrases, text
from feedwright.model import Feed, SiteIndex

NAME = "style"
FILE = "feed.css"
MEDIA_TYPE = "text/css"
MARK = b"/* feedwright"
ORDER = 6
ONCE = True
COMES_WITH = "page"


def render(feed: Feed, index: SiteIndex) -> bytes:
    """The stylesheet in UTF-8, in the words of the feed's language."""
    _, words = phrases(feed.language)
    style = text("templates/feed.css").replace("$direction", direction(feed.language))
    return style.replace("$explain", words["raw"]).encode()


def read(data: bytes) -> None:
    """Judge a stylesheet: it is marked as feedwright's, is complete and loads nothing.

    Raises ValueError with a one-line reason for anything else.
    """
    if not data.startswith(MARK):
        raise ValueError("it is not a stylesheet of feedwright's")
    if b"$" in data:
        raise ValueError("a placeholder of the template is left")
    if any(foreign in data.lower() for foreign in (b"url(", b"@import", b"\\", b"<")):
        raise ValueError("it leads elsewhere")
