"""A page for people: what a feed is, its address, and its newest entries as readers will show them.

It needs no JavaScript, and its policy (Content Security Policy 3) lets none run: its stylesheet, identified
by its hash, one of the owner's by its address, pictures, and recordings where an entry has one, are all that
a browser may use.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from feedwright.formats import opml, page_colours, page_content, page_reader, resources, web_readers
from feedwright.formats.wire import exact, way_home
from feedwright.model import Entry, Feed, SiteIndex
from feedwright.text import FORBIDDEN

if TYPE_CHECKING:
    from jinja2 import Template

NAME = "page"
FILE = "index.html"
MEDIA_TYPE = "text/html"
MARK = b'name="generator" content="feedwright"'
ORDER = 5
SHOWS_CONTENT = True
NEEDS = ("feedwright.formats.page", "jinja2")

_FEW = 24
"""The number of feeds that are listed openly; more would stand in the way of the entries."""

read = page_reader.read


def render(feed: Feed, index: SiteIndex) -> bytes:
    """The feed as an HTML page in UTF-8; beside the site's own feed all others are listed."""
    from feedwright.formats.table import preferred  # the table is made of this module too

    language, words = resources.phrases(feed.language)
    style = _style(index.accent, index.styles)
    formats = preferred(index.formats)
    address = feed.url + formats[0].file
    contents = list(page_content.contents(feed.entries))
    listed = [other for other in index.feeds if other.path] or index.below
    title = feed.title or feed.link
    text = _template().render(
        language=language,
        direction=resources.direction(feed.language),
        spoken="" if language == feed.language else feed.language,
        policy=_policy(page_reader.digest(style), index.stylesheet, contents),
        style=style,
        words=words,
        feed=feed,
        index=index,
        title=title,
        description=feed.description if feed.description not in (title, index.title) else "",
        up=way_home(feed, index),
        above=[(other, _label(other, index.title)) for other in index.above],
        page=FILE,
        address=address,
        # feed:https://… would be a URL too (WHATWG URL), but checkers know only this one
        feed_address="feed:" + address.partition(":")[2],
        formats=formats,
        readers=[web_readers.subscription(reader, address) for reader in index.readers],
        rows=[
            (
                entry,
                content,
                words["comma"].join(author.name for author in entry.authors),
                _links(entry, index),
            )
            for entry, content in zip(feed.entries, contents, strict=True)
        ],
        feeds=_tree(listed, index.title, "" if index.feeds else f"{_label(feed, index.title)} / "),
        is_long=len(listed) > _FEW,
        opml=opml if opml.NAME in index.formats and index.feeds else None,
        colours=(page_colours.LIGHT, page_colours.DARK),
    )
    return FORBIDDEN.sub("\ufffd", text).encode()


def _policy(digest: str, stylesheet: str, contents: Sequence[str | None]) -> str:
    """The Content-Security-Policy of a page with that stylesheet beside its own."""
    has_media = any("<video" in content or "<audio" in content for content in contents if content)
    media = " media-src https: http:;" if has_media else ""
    styles = f"'sha256-{digest}' {stylesheet}".rstrip()
    rest = "base-uri 'none'; form-action 'none'"
    return f"default-src 'none'; img-src https: http:;{media} style-src {styles}; {rest}"


@cache
def _style(accent: str, styles: str) -> str:
    """The stylesheet of a page, with that of the owner at the end; nothing in it ends the element."""
    own = resources.text("templates/page.css")
    accented = page_colours.accent_rules(accent) if accent else ""
    # in CSS, a slash means the same with a backslash before it
    return f"{own}{accented}{styles}".replace("</", r"<\/")


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["date"] = resources.date
    environment.filters["iso"] = lambda moment: exact(moment).isoformat(timespec="seconds")
    return environment.from_string(resources.text("templates/page.html"))


def _links(entry: Entry, index: SiteIndex) -> list[tuple[str, str]]:
    """The labels of an entry's categories, each once, with the path of its feed, "" if it has none."""
    links: dict[str, str] = {}
    for term in entry.categories:
        links.setdefault(term.label, index.folders.get(term.scheme + term.term, ""))
    return [*links.items()]


def _label(feed: Feed, site: str) -> str:
    return (feed.title or feed.link).removesuffix(f" – {site}")


def _tree(feeds: Sequence[Feed], site: str, above: str = "") -> list[dict[str, Any]]:
    """The feeds as a tree: each below the one whose folder holds it, its label without what that one says."""
    nodes = []
    rest = sorted(feeds, key=lambda feed: feed.path.split("/"))
    while rest:
        feed, *rest = rest
        inner = [other for other in rest if other.path.startswith(feed.path)]
        rest = rest[len(inner) :]
        label = _label(feed, site)
        below = _tree(inner, site, f"{label} / ")
        nodes.append({"feed": feed, "label": label.removeprefix(above), "below": below})
    return nodes
