"""A page for people: what a feed is, its addresses, and its newest entries as readers will show them.

It needs no JavaScript, and its policy (Content Security Policy 3) lets none run: one stylesheet, identified
by its hash, and pictures are all that a browser may use.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from feedwright.formats import opml
from feedwright.formats.wire import exact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Template

    from feedwright.formats.translations import Phrases
    from feedwright.model import Entry, Feed, SiteIndex

NAME = "page"
FILE = "index.html"
MEDIA_TYPE = "text/html"
MARK = b'name="generator" content="feedwright"'
ORDER = 5
DEFAULT = True
NEEDS = ("feedwright.formats.page", "jinja2")

_WIDTH, _HEIGHT = 600, 400
"""The size given to a thumbnail of unknown size, in pixels."""


class _FeedLink(NamedTuple):
    """One feed in the list of all, with those below it in the tree of categories."""

    href: str
    label: str
    datetime: str
    date: str
    below: list[_FeedLink]


def render(feed: Feed, index: SiteIndex) -> bytes:
    """The feed as an HTML page in UTF-8; beside the site's own feed all others are listed."""
    from feedwright.formats import resources
    from feedwright.formats.translations import direction, phrases
    from feedwright.text import FORBIDDEN

    language, words = phrases(feed.language)
    style = resources.text("templates/page.css")
    up = "../" * feed.path.count("/")
    text = _template().render(
        language=language,
        direction=direction(feed.language),
        spoken="" if language == feed.language else feed.language,
        policy=_policy(style),
        style=style,
        words=words,
        feed=feed,
        title=feed.title or feed.link,
        site=index.title,
        home=None if index.feeds else f"{up}{FILE}",
        addresses=_addresses(feed, index),
        entries=[_shown(entry, words) for entry in feed.entries],
        feeds=_tree([listed for listed in index.feeds if listed.path], index.title, up, words),
        opml=f"{up}{opml.FILE}" if opml.NAME in index.formats else None,
    )
    return FORBIDDEN.sub("\ufffd", text).encode()


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    from feedwright.formats import resources

    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    return environment.from_string(resources.text("templates/page.html"))


@cache
def _policy(style: str) -> str:
    from base64 import b64encode
    from hashlib import sha256

    digest = b64encode(sha256(style.encode()).digest()).decode()
    closed = "base-uri 'none'; form-action 'none'"
    return f"default-src 'none'; img-src https: http:; style-src 'sha256-{digest}'; {closed}"


def _addresses(feed: Feed, index: SiteIndex) -> list[dict[str, str]]:
    from feedwright.formats.table import FEED_NAMES, FORMATS  # the table is made of this module too

    written = [FORMATS[name] for name in index.formats if name in FEED_NAMES]
    return [
        {"id": one.name, "name": one.label, "url": feed.url + one.file, "type": one.media_type}
        for one in written
    ]


def _shown(entry: Entry, words: Phrases) -> dict[str, Any]:
    picture = entry.thumbnail
    is_sized = picture is not None and picture.width and picture.height
    return {
        "title": entry.title or entry.link,
        "link": entry.link,
        "datetime": exact(entry.published).isoformat(timespec="seconds"),
        "date": words.date(entry.published),
        "authors": words.comma.join(author.name for author in entry.authors),
        "labels": list(dict.fromkeys(term.label for term in entry.categories)),
        "summary": entry.summary,
        "thumbnail": picture,
        "width": picture.width if picture and is_sized else _WIDTH,
        "height": picture.height if picture and is_sized else _HEIGHT,
    }


def _tree(feeds: Sequence[Feed], site: str, up: str, words: Phrases, above: str = "") -> list[_FeedLink]:
    """The feeds as a tree: each below the one whose folder holds it, its name without what that one says."""
    from urllib.parse import quote

    links: list[_FeedLink] = []
    rest = sorted(feeds, key=lambda feed: feed.path.split("/"))
    while rest:
        feed, *rest = rest
        inner = [other for other in rest if other.path.startswith(feed.path)]
        rest = rest[len(inner) :]
        name = (feed.title or feed.link).removesuffix(f" – {site}")
        links.append(
            _FeedLink(
                href=up + quote(feed.path) + FILE,
                label=name.removeprefix(above),
                datetime=exact(feed.updated).isoformat(timespec="seconds"),
                date=words.date(feed.updated),
                below=_tree(inner, site, up, words, f"{name} / "),
            )
        )
    return links


_TAGS = (
    "html head meta title link style body header nav main section footer h1 h2 h3 p ul ol li a bdi span "
    "label input article img time"
)
_NAMES = (
    "lang dir charset http-equiv content name rel type title href class id for readonly value src alt "
    "loading width height datetime aria-label aria-labelledby"
)
_ELEMENTS, _ATTRIBUTES = frozenset(_TAGS.split()), frozenset(_NAMES.split())
"""What a page of feedwright's has."""


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
    ids: set[str] = set()
    for element in root.iter():
        tag = element.tag if isinstance(element.tag, str) else "comment"
        if tag not in _ELEMENTS:
            raise ValueError(f"<{tag}> is not an element of a page")
        for name, value in element.attrib.items():
            if name not in _ATTRIBUTES:
                raise ValueError(f"<{tag}> has {name}")
            if name in ("href", "src") and not _is_safe(value):
                raise ValueError(f"<{tag}> leads to {value[:80]!r}")
            if name == "id":
                if value in ids:
                    raise ValueError(f"{value!r} is the id of two elements")
                ids.add(value)
    if not (root.findtext("head/title") or "").strip():
        raise ValueError("no title")
    policies = [meta.get("content", "") for meta in root.iter("meta") if meta.get("http-equiv")]
    if len(policies) != 1 or not policies[0].startswith("default-src 'none';"):
        raise ValueError("not one Content-Security-Policy")


def _is_safe(url: str) -> bool:
    return url.startswith(("https://", "http://", "#")) or ":" not in url.partition("/")[0]
