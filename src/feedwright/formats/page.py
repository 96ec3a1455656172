"""A page for people: what a feed is, its addresses, and its newest entries as readers will show them.

It needs no JavaScript, and its policy (Content Security Policy 3) lets none run: one stylesheet, identified
by its hash, and pictures are all that a browser may use.
"""

from __future__ import annotations

from binascii import b2a_base64
from collections import Counter
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from feedwright.formats import opml, resources
from feedwright.formats.wire import exact, way_home
from feedwright.model import Feed, SiteIndex
from feedwright.text import FORBIDDEN

if TYPE_CHECKING:
    from jinja2 import Template

NAME = "page"
FILE = "index.html"
MEDIA_TYPE = "text/html"
MARK = b'name="generator" content="feedwright"'
ORDER = 5
NEEDS = ("feedwright.formats.page", "jinja2")


def render(feed: Feed, index: SiteIndex) -> bytes:
    """The feed as an HTML page in UTF-8; beside the site's own feed all others are listed."""
    from feedwright.formats.table import FEED_NAMES, FORMATS  # the table is made of this module too

    language, words = resources.phrases(feed.language)
    style = resources.text("templates/page.css")
    text = _template().render(
        language=language,
        direction=resources.direction(feed.language),
        spoken="" if language == feed.language else feed.language,
        digest=b2a_base64(sha256(style.encode()).digest(), newline=False).decode(),
        style=style,
        words=words,
        feed=feed,
        title=feed.title or feed.link,
        site=index.title,
        up=way_home(feed, index),
        page=FILE,
        formats=[FORMATS[name] for name in index.formats if name in FEED_NAMES],
        is_home=bool(index.feeds),
        feeds=_tree([listed for listed in index.feeds if listed.path], index.title),
        opml=opml if opml.NAME in index.formats else None,
    )
    return FORBIDDEN.sub("\ufffd", text).encode()


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


def _tree(feeds: Sequence[Feed], site: str, above: str = "") -> list[dict[str, Any]]:
    """The feeds as a tree: each below the one whose folder holds it, its label without what that one says."""
    nodes = []
    rest = sorted(feeds, key=lambda feed: feed.path.split("/"))
    while rest:
        feed, *rest = rest
        inner = [other for other in rest if other.path.startswith(feed.path)]
        rest = rest[len(inner) :]
        title = (feed.title or feed.link).removesuffix(f" – {site}")
        below = _tree(inner, site, f"{title} / ")
        nodes.append({"feed": feed, "label": title.removeprefix(above), "below": below})
    return nodes


_TAGS = (
    "html head meta title link style body header nav main section footer h1 h2 h3 p ul ol li a bdi span "
    "label input article img time"
)
_NAMES = (
    "lang dir charset http-equiv content name rel type title href class id for readonly value src alt "
    "loading width height datetime aria-label aria-labelledby"
)
_ELEMENTS, _ATTRIBUTES = frozenset(_TAGS.split()), frozenset(_NAMES.split())
"""Everything that a page may hold."""


def read(data: bytes) -> None:
    """Judge a page: it has a title, its one policy, and nothing that a page of feedwright's does not need.

    Its elements and attributes are known, its addresses are http(s) or relative, its ids occur once. Raises
    ValueError with a one-line reason for anything else.
    """
    from lxml import etree, html

    try:
        root: html.HtmlElement = html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8"))
    except etree.ParserError as error:
        raise ValueError(f"it is not HTML: {error}") from error
    for element in root.iter():
        tag = element.tag if isinstance(element.tag, str) else "comment"
        if tag not in _ELEMENTS:
            raise ValueError(f"<{tag}> is not an element of a page")
        for name, value in element.attrib.items():
            if name not in _ATTRIBUTES:
                raise ValueError(f"<{tag}> must not have {name}")
            has_scheme = name in ("href", "src") and ":" in value.partition("/")[0]
            if has_scheme and not value.startswith(("https://", "http://", "#")):
                raise ValueError(f"<{tag}> leads to {value[:80]!r}")
    for value, count in Counter(root.xpath("//@id")).items():
        if count > 1:
            raise ValueError(f"{value!r} is the id of {count} elements")
    if not (root.findtext("head/title") or "").strip():
        raise ValueError("no title")
    policies = [meta.get("content", "") for meta in root.iter("meta") if meta.get("http-equiv")]
    if len(policies) != 1 or not policies[0].startswith("default-src 'none';"):
        raise ValueError("must have exactly one Content-Security-Policy")
