"""The stylesheet with which browsers show RSS and Atom documents; it comes with the pages."""

from __future__ import annotations

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
    from feedwright.formats import resources
    from feedwright.formats.translations import direction, phrases

    _, words = phrases(feed.language)
    text = resources.text("templates/feed.css").replace("$direction", direction(feed.language))
    return text.replace("$explain", words["raw"]).encode()


def read(data: bytes) -> None:
    """Judge a stylesheet; raises ValueError where a placeholder of the template is left."""
    if b"$" in data:
        raise ValueError("a word is missing")
