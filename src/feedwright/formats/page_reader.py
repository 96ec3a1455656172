"""The judge of pages: a page is what our template makes, and the contents that the sanitizing policy permits.

No parser repairs what is judged: a page is text without `<` and `>` between tags of one form, which every
parser reads alike, since no element in it but the title and the stylesheet is read otherwise (HTML §13.2.5).
"""

from __future__ import annotations

import re
from binascii import b2a_base64
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import unescape

from feedwright.bodies import policy

_BEGINNING = "<!DOCTYPE html>\n"
_TAG = re.compile("(<[^<>]*>)")
_FORM = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z][a-z-]*="[^"]*")*)>')
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
_POLICY = re.compile(
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

_FORMS = {
    (tag, name): re.compile(form).fullmatch for tag, row in _FRAME.items() for name, form in row.items()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tag:
    """A tag, and how often a page has just that one."""

    name: str
    is_closing: bool
    attributes: Mapping[str, str]
    count: int


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
    pieces = _TAG.split(f"{before}{opening}{end}{rest}")
    if stray := next((piece for piece in pieces[::2] if "<" in piece or ">" in piece), ""):
        raise ValueError(f"{stray.strip()[:80]!r} is neither text nor a tag")
    if "<title>" not in pieces or not pieces[pieces.index("<title>") + 1].strip():
        raise ValueError("no title")
    tags = [_parse(tag, count) for tag, count in Counter(pieces[1::2]).items()]
    _check_attributes(tags)
    _check_counts(tags)
    _check_policy(tags, style)


def _parse(tag: str, count: int) -> _Tag:
    form = _FORM.fullmatch(tag)
    if form is None:
        raise ValueError(f"{tag[:80]!r} is not a tag of a page")
    if form[2] not in _FRAME and form[2] not in policy.ELEMENTS:
        raise ValueError(f"<{form[2]}> is not an element of a page")
    pairs = _ATTRIBUTE.findall(form[3]) if form[3] else ()
    attributes = {name: unescape(value) for name, value in pairs}
    return _Tag(name=form[2], is_closing=form[1] != "", attributes=attributes, count=count)


def _check_attributes(tags: Sequence[_Tag]) -> None:
    for tag in tags:
        for name, value in tag.attributes.items():
            form = _FORMS.get((tag.name, name))
            if not (form and form(value)) and not policy.permits(tag.name, name, value):
                leads = f"leads to {value[:80]!r}" if name in ("href", "src") else f"must not have {name}"
                raise ValueError(f"<{tag.name}> {leads}")


def _check_counts(tags: Sequence[_Tag]) -> None:
    """Check that every element is closed, that there is one title, and that ids occur once."""
    opened, closed, ids = Counter[str](), Counter[str](), Counter[str]()
    for tag in tags:
        (closed if tag.is_closing else opened)[tag.name] += tag.count
        ids[tag.attributes.get("id", "")] += tag.count
    for name in opened | closed:
        if closed[name] != (0 if name in _VOID else opened[name]):
            raise ValueError(f"<{name}> is opened {opened[name]} times, and closed {closed[name]} times")
    for name, count in ids.items():
        if name and count > 1:
            raise ValueError(f"{name!r} is the id of {count} elements")
    for name in ("title", "style"):
        if opened[name] != 1:
            raise ValueError(f"must have exactly one <{name}>")


def _check_policy(tags: Sequence[_Tag], style: str) -> None:
    """Check that there is one policy, and that it allows the stylesheets of the page and no others."""
    policies = [tag for tag in tags if "http-equiv" in tag.attributes]
    content = policies[0].attributes.get("content", "") if policies else ""
    allowed = _POLICY.fullmatch(content)
    if len(policies) != 1 or policies[0].count != 1 or not allowed:
        raise ValueError("must have exactly one Content-Security-Policy, that of pages")
    linked = [tag.attributes.get("href") for tag in tags if tag.attributes.get("rel") == "stylesheet"]
    if allowed[1] != digest(style) or linked != [address for address in [allowed[2]] if address]:
        raise ValueError("the Content-Security-Policy is not that of its stylesheets")


def digest(style: str) -> str:
    """Return the SHA-256 of a stylesheet, as a policy names it."""
    return b2a_base64(sha256(style.encode()).digest(), newline=False).decode()
