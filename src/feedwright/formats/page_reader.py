"""The judge of pages: a page is what our template makes, and the contents that the sanitizing policy permits.

No parser repairs what is judged: a page is text without `<` and `>` between tags of one form, which every
parser reads alike, since no element in it but the title and the stylesheet is read otherwise (HTML §13.2.5).
"""

from __future__ import annotations

from binascii import b2a_base64
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import sha256
from html import unescape

from feedwright.bodies import policy
from feedwright.patterns import lazy_pattern

_BEGINNING = "<!DOCTYPE html>\n"
_TAG = lazy_pattern("<[^<>]*>")
_TITLE = lazy_pattern("<title>([^<]*)")
_FORM = lazy_pattern(r'<(/?)([a-z][a-z0-9]*)((?: [a-z][a-z-]*="[^"]*")*)>')
_ATTRIBUTE = lazy_pattern(r' ([a-z-]+)="([^"]*)"')
_POLICY = lazy_pattern(
    r"default-src 'none'; img-src https: http:;(?: media-src https: http:;)? "
    r"style-src 'sha256-([\w+/]{43}=)'(?: (https?://[^ ;,']+))?; base-uri 'none'; form-action 'none'"
)

_VOID = policy.names("br col hr img link meta source wbr")
"""Elements that are never closed."""

_ANY, _WORDS, _WEB = r"(?s:.*)", "[a-z]+(?: [a-z]+)*", r"https?://\S+"
_STEP = r"[^:/\s]+"
_LINK = rf"{_WEB}|feed://\S+|#[a-z]+|(?:{_STEP}/)*{_STEP}"
_NAMED = {"class": _WORDS, "id": "[a-z]+", "dir": "auto|ltr|rtl", "lang": "[A-Za-z0-9-]+"}
_LABELLED = {**_NAMED, "aria-label": _ANY, "aria-labelledby": "[a-z]+"}
_FRAME: Mapping[str, Mapping[str, str]] = {
    "html": _NAMED,
    "head": {},
    "title": {},
    "style": {},
    "body": {},
    "meta": {
        "charset": "utf-8",
        "http-equiv": "Content-Security-Policy",
        "name": "viewport|referrer|generator|description|theme-color",
        "content": _ANY,
        "media": r"\(prefers-color-scheme: (?:light|dark)\)",
    },
    "link": {"rel": "icon|alternate|stylesheet", "type": r"[\w.+/-]+", "title": _ANY, "href": _WEB},
    **dict.fromkeys(("header", "main", "footer", "nav", "section"), _LABELLED),
    **dict.fromkeys(policy.names("h1 h2 h3 p ul ol li div span bdi code details summary td th"), _NAMED),
    "article": _NAMED,
    "a": {**_NAMED, "href": _LINK, "type": r"[\w.+/-]+"},
    "img": {"class": _WORDS, "loading": "lazy", "src": _WEB},
    "video": {"preload": "none"},
    "audio": {"preload": "none"},
}
"""What the frame of a page has beside what contents may have: elements, and the forms of their attributes."""

_FIRST = {("http-equiv", "Content-Security-Policy"), ("rel", "stylesheet")}
"""Attributes that stand first, so that what they say is found."""

_FORMS = {(tag, name): lazy_pattern(form) for tag, row in _FRAME.items() for name, form in row.items()}


def read(data: bytes) -> None:
    """Judge a page: it has a title, its one policy, and nothing that a page of feedwright's does not need.

    Its elements and attributes are known, its addresses are http(s) or relative, its ids occur once, its
    stylesheet is the one that the policy names. Raises ValueError with a one-line reason for anything else.
    """
    text = data.decode()
    if not text.startswith(_BEGINNING):
        raise ValueError("it is not a page of feedwright's")
    before, opening, after = text.removeprefix(_BEGINNING).partition("<style>")
    style, end, rest = after.partition("</style>")
    frame = f"{before}{opening}{end}{rest}"
    tags = _TAG.findall(frame)
    if not frame.count("<") == frame.count(">") == len(tags):
        stray = next(piece for piece in _TAG.split(frame) if "<" in piece or ">" in piece)
        raise ValueError(f"{stray.strip()[:80]!r} is neither text nor a tag")
    title = _TITLE.search(before)
    if not title or not title[1].strip():
        raise ValueError("no title")
    counts = Counter(tags)
    _check_counts([(*_judge(tag), count) for tag, count in counts.items()])
    _check_policy(counts, style)


@lru_cache(8192)  # most tags of a page are those of any page, and an entry stands on several
def _judge(tag: str) -> tuple[bool, str, str]:
    """Return whether a tag closes an element, the element's name and the id; raises ValueError."""
    form = _FORM.fullmatch(tag)
    if form is None:
        raise ValueError(f"{tag[:80]!r} is not a tag of a page")
    slash, element, row = form.groups()
    if element not in _FRAME and element not in policy.ELEMENTS:
        raise ValueError(f"<{element}> is not an element of a page")
    own_id = ""
    for name, written in _ATTRIBUTE.findall(row) if row else ():
        value = unescape(written) if "&" in written else written
        fits = _FORMS.get((element, name))
        if not (fits and fits.fullmatch(value)) and not policy.permits(element, name, value):
            leads = f"leads to {value[:80]!r}" if name in ("href", "src") else f"must not have {name}"
            raise ValueError(f"<{element}> {leads}")
        if (name, value) in _FIRST and not tag.startswith(f"<{element} {name}="):
            raise ValueError(f"<{element}> must begin with {name}")
        if name == "id":
            own_id = value
    return slash != "", element, own_id


def _check_counts(tags: Iterable[tuple[bool, str, str, int]]) -> None:
    """Check that every element is closed, that there is one title and stylesheet, and that ids occur once."""
    opened: dict[str, int] = {}
    closed: dict[str, int] = {}
    ids: dict[str, int] = {}
    for is_closing, element, own_id, count in tags:
        counts = closed if is_closing else opened
        counts[element] = counts.get(element, 0) + count
        if own_id:
            ids[own_id] = ids.get(own_id, 0) + count
    for element in opened | closed:
        first, last = opened.get(element, 0), closed.get(element, 0)
        if last != (0 if element in _VOID else first):
            raise ValueError(f"<{element}> is opened {first} times, and closed {last} times")
    for own_id, count in ids.items():
        if count > 1:
            raise ValueError(f"{own_id!r} is the id of {count} elements")
    for element in ("title", "style"):
        if opened.get(element) != 1:
            raise ValueError(f"must have exactly one <{element}>")


def _check_policy(counts: Counter[str], style: str) -> None:
    """Check that there is one policy, and that it allows the stylesheets of the page and no others."""
    policies = [tag for tag in counts if tag.startswith("<meta http-equiv=")]
    content = dict(_ATTRIBUTE.findall(policies[0])).get("content", "") if policies else ""
    allowed = _POLICY.fullmatch(unescape(content))
    if len(policies) != 1 or counts[policies[0]] != 1 or not allowed:
        raise ValueError("must have exactly one Content-Security-Policy, that of pages")
    links = [tag for tag in counts if tag.startswith('<link rel="stylesheet"')]
    linked = [unescape(dict(_ATTRIBUTE.findall(tag)).get("href", "")) for tag in links]
    if allowed[1] != digest(style) or linked != [address for address in [allowed[2]] if address]:
        raise ValueError("the Content-Security-Policy is not that of its stylesheets")


def digest(style: str) -> str:
    """Return the SHA-256 of a stylesheet, as a policy names it."""
    return b2a_base64(sha256(style.encode()).digest(), newline=False).decode()
