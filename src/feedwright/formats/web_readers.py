"""Feed readers on the web: the addresses at which they take a feed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import quote

URL = "{url}"
"""What stands for the feed's address in a template."""

READERS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "feedly": ("Feedly", "https://feedly.com/i/subscription/feed%2F{url}"),
        "inoreader": ("Inoreader", "https://www.inoreader.com/?add_feed={url}"),
        "newsblur": ("NewsBlur", "https://www.newsblur.com/?url={url}"),
        "theoldreader": ("The Old Reader", "https://theoldreader.com/feeds/subscribe?url={url}"),
        "feedbin": ("Feedbin", "https://feedbin.com/?subscribe={url}"),
        "bazqux": ("BazQux Reader", "https://bazqux.com/add?url={url}"),
    }
)
"""The names and the templates of readers that many people use."""


def subscription(reader: str, feed: str) -> tuple[str, str]:
    """Return a reader's name and the address at which it takes the feed at the address `feed`.

    `reader` is a key of `READERS`, or a name and a template with a space between them.
    """
    name, template = READERS.get(reader) or reader.rsplit(" ", 1)
    return name, template.replace(URL, quote(feed, safe=""))
