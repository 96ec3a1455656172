"""A page for people: what a feed is, its addresses, and its newest entries as readers will show them.

It needs no JavaScript, and its policy (Content Security Policy 3) lets none run: one stylesheet, told by its
hash, and pictures are all that a browser may use.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from feedwright.formats import atom, json_feed, opml, rss
from feedwright.formats.wire import exact

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jinja2 import Template
    from lxml import html

    from feedwright.formats.translations import Phrases
    from feedwright.model import Document, Entry, Feed, SiteIndex

FILE = "index.html"
MEDIA_TYPE = "text/html"
STYLE_FILE = "feed.css"

_PUBLISHED_AS = {
    "rss": ("RSS", rss.FILE, rss.MEDIA_TYPE),
    "atom": ("Atom", atom.FILE, atom.MEDIA_TYPE),
    "json": ("JSON Feed", json_feed.FILE, json_feed.MEDIA_TYPE),
}
_WIDTH, _HEIGHT = 600, 400
"""The size that a thumbnail has where nobody knows, in pixels."""


class _Listed(NamedTuple):
    """One feed in the list of all, with those of its category's parts."""

    href: str
    label: str
    datetime: str
    date: str
    below: list[_Listed]


def render(feed: Feed, directory: SiteIndex) -> bytes:
    """The feed as an HTML page in UTF-8; beside the site's own feed all others are listed."""
    from feedwright.formats.translations import direction, phrases
    from feedwright.text import FORBIDDEN

    language, words = phrases(feed.language)
    style = _file("page.css")
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
        site=directory.title,
        home=None if directory.feeds else f"{up}{FILE}",
        addresses=_addresses(feed, directory),
        entries=[_shown(entry, words) for entry in feed.entries],
        feeds=_listed([one for one in directory.feeds if one.path], directory.title, up, words),
        opml=f"{up}{opml.FILE}" if "opml" in directory.formats else None,
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
        auto_reload=False,
    )
    return environment.from_string(_file("page.html"))


@cache
def _file(name: str) -> str:
    from importlib.resources import files

    return (files("feedwright.formats") / "templates" / name).read_text("utf-8")


@cache
def _policy(style: str) -> str:
    own = b64encode(sha256(style.encode()).digest()).decode()
    closed = "base-uri 'none'; form-action 'none'"
    return f"default-src 'none'; img-src https: http:; style-src 'sha256-{own}'; {closed}"


def _addresses(feed: Feed, directory: SiteIndex) -> list[dict[str, str]]:
    known = [(name, _PUBLISHED_AS[name]) for name in directory.formats if name in _PUBLISHED_AS]
    return [
        {"id": key, "name": name, "url": feed.url + file, "type": type_} for key, (name, file, type_) in known
    ]


def _shown(entry: Entry, words: Phrases) -> dict[str, Any]:
    picture = entry.thumbnail
    sized = picture is not None and picture.width and picture.height
    return {
        "title": entry.title or entry.link,
        "link": entry.link,
        "datetime": exact(entry.published).isoformat(timespec="seconds"),
        "date": words.date(entry.published),
        "authors": words.comma.join(author.name for author in entry.authors),
        "labels": list(dict.fromkeys(term.label for term in entry.categories)),
        "summary": entry.summary,
        "thumbnail": picture,
        "width": picture.width if picture and sized else _WIDTH,
        "height": picture.height if picture and sized else _HEIGHT,
    }


def _listed(feeds: Sequence[Feed], site: str, up: str, words: Phrases, above: str = "") -> list[_Listed]:
    """The feeds as a tree: each below the one whose folder it stands in, named without what that says."""
    found: list[_Listed] = []
    rest = sorted(feeds, key=lambda feed: feed.path.split("/"))
    while rest:
        feed, *rest = rest
        inner = [one for one in rest if one.path.startswith(feed.path)]
        rest = rest[len(inner) :]
        name = (feed.title or feed.link).removesuffix(f" – {site}")
        found.append(
            _Listed(
                href=up + quote(feed.path) + FILE,
                label=name.removeprefix(above),
                datetime=exact(feed.updated).isoformat(timespec="seconds"),
                date=words.date(feed.updated),
                below=_listed(inner, site, up, words, f"{name} / "),
            )
        )
    return found


def style(feed: Feed, directory: SiteIndex) -> bytes:
    """The stylesheet with which browsers show RSS and Atom documents, in the words of the site's language."""
    from feedwright.formats.translations import direction, phrases

    _, words = phrases(feed.language)
    text = _file("feed.css").replace("$direction", direction(feed.language))
    return text.replace("$explain", words.raw).encode()


# ---- the last look before it is published -----------------------------------------------------------------

_ELEMENTS = {
    *("html", "head", "meta", "title", "link", "style", "body", "header", "nav", "main", "section", "footer"),
    *(
        "h1",
        "h2",
        "h3",
        "p",
        "ul",
        "ol",
        "li",
        "a",
        "bdi",
        "span",
        "label",
        "input",
        "article",
        "img",
        "time",
    ),
}
_ATTRIBUTES = {
    *(
        "lang",
        "dir",
        "charset",
        "http-equiv",
        "content",
        "name",
        "rel",
        "type",
        "title",
        "href",
        "class",
        "id",
    ),
    *("for", "readonly", "value", "src", "alt", "loading", "width", "height", "datetime"),
    *("aria-label", "aria-labelledby"),
}


def check(document: Document) -> tuple[str, ...]:
    """What is wrong with the bytes of a page, as messages; nothing when all is well.

    Looks for: elements and attributes other than a page's own, addresses that are not of http(s) or
    relative, ids that occur once, a title, the policy.
    """
    from lxml import html

    parser = html.HTMLParser(encoding="utf-8")
    root = html.document_fromstring(document.data, parser=parser)
    return tuple(f"{document.path}: {message}" for message in _faults(root))


def _faults(root: html.HtmlElement) -> Iterator[str]:
    ids: set[str] = set()
    for element in root.iter():
        tag = element.tag if isinstance(element.tag, str) else "comment"
        if tag not in _ELEMENTS:
            yield f"<{tag}> is no element of a page"
        for name, value in element.attrib.items():
            if name not in _ATTRIBUTES:
                yield f"<{tag}> has {name}"
            elif name == "id" and value in ids:
                yield f"{value!r} is the id of two elements"
            elif name in ("href", "src") and not _is_safe(value):
                yield f"<{tag}> leads to {value[:80]!r}"
            if name == "id":
                ids.add(value)
    if not (root.findtext("head/title") or "").strip():
        yield "no title"
    policies = [one.get("content", "") for one in root.iter("meta") if one.get("http-equiv")]
    if len(policies) != 1 or not policies[0].startswith("default-src 'none';"):
        yield "not one Content-Security-Policy"


def _is_safe(url: str) -> bool:
    return url.startswith(("https://", "http://", "#")) or ":" not in url.partition("/")[0]


def check_style(document: Document) -> tuple[str, ...]:
    """What is wrong with the bytes of the stylesheet: a word that was not put in."""
    return (f"{document.path}: a word is missing",) if b"$" in document.data else ()
