"""The feeds that a page names for readers, such as the home page of a site (HTML §4.6.7.1, `alternate`)."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlsplit

from feedwright import urls, workers

MOST = 20
"""The most feeds that are taken from one page."""

_TYPES = frozenset({"application/rss+xml", "application/atom+xml"})
_LARGEST = 4 * 1024 * 1024
_SECONDS, _MEMORY = 7.0, 400 * 1024 * 1024  # many times what pages take


def find_feeds(page: bytes, address: str) -> tuple[str, ...]:
    """Return the addresses of the RSS and Atom feeds that a page names, in its order, each once.

    Those of comments, as WordPress names them, are left out: their entries are no articles. There are none
    where the page takes too long to read, or too much memory.
    """
    find = partial(parse, address=address)
    preload = ["feedwright.bodies.html_tree"]
    found = workers.watched(find, page[:_LARGEST], seconds=_SECONDS, memory=_MEMORY, preload=preload)
    return () if isinstance(found, workers.Lost) else found


def parse(page: bytes, *, address: str) -> tuple[str, ...]:
    """Return what `find_feeds` does, in this process, however much it takes."""
    from feedwright.bodies.html_tree import Tree

    base, hrefs = address, []
    for node, name in Tree(page.decode("utf-8", "replace")).nodes:
        if name not in ("base", "link"):
            continue
        attributes = {key: value or "" for key, value in node.attributes.items()}
        href = attributes.get("href", "").strip()
        if name == "base":
            base = urls.web(href, address) or base
        elif "alternate" in attributes.get("rel", "").lower().split():
            media_type = attributes.get("type", "").partition(";")[0].strip().lower()
            hrefs += [href] if href and media_type in _TYPES else []
    found = (urls.web(href, base) for href in hrefs)
    return tuple(dict.fromkeys(url for url in found if url and not _is_of_comments(url)))[:MOST]


def _is_of_comments(url: str) -> bool:
    return "comments" in urlsplit(url).path.split("/")
