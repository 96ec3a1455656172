"""From an article's body to safe HTML: the policy, the tree steps, two walls; door to bleach and nh3.

The body goes through the steps of `markup` as one tree, then bleach, then nh3 under the same policy, and is
read once more by a third parser: unless that finds the very tree that went in, the road is walked again.
Nothing changes the HTML after the last wall, except that a character XML forbids becomes U+FFFD.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from feedwright import text
from feedwright.bodies import limits
from feedwright.model import Picture, SafeHtml
from feedwright.problems import HeldError, Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from feedwright.bodies import html_tree

Engine = Literal["bleach", "nh3"]

_ROUNDS = 5
_CHARACTERS = 5 * 2**20
_SHOWN = 3
_DOCUMENT = ("<!doctype", "<html", "<head>", "<body")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a feed reader may be shown: elements, their attributes (`*`: all elements'), forms of values."""

    elements: frozenset[str]
    attributes: Mapping[str, frozenset[str]]
    forms: Mapping[str, re.Pattern[str]]
    schemes: frozenset[str]
    rel: str

    def permits(self, tag: str, name: str, value: str) -> bool:
        """Whether an element may carry an attribute with a decoded value."""
        if name not in self.attributes.get(tag, ()) and name not in self.attributes["*"]:
            return False
        form = self.forms.get(name)
        return form is None or form.fullmatch(value) is not None


def _split(names: str) -> frozenset[str]:
    return frozenset(names.split())


_WEB = r"https?://[^\s\"<>\\^`{|}/?#@][^\s\"<>]*"
_CANDIDATE = rf"{_WEB}(?: [0-9]+[wh]| [0-9]+(?:\.[0-9]+)?x)?"
_REL = "noopener noreferrer"
_COUNT = r"[0-9]{1,7}"

_FORMS = {
    "href": rf"{_WEB.replace('@', '')}|(?:mailto|tel):[^\x00-\x1f]*",
    "src": _WEB,
    "poster": _WEB,
    "cite": _WEB,
    "longdesc": _WEB,
    "srcset": rf"{_CANDIDATE}(?:, {_CANDIDATE})*",
    "class": r"language-[\w+#.-]+(?: language-[\w+#.-]+)*",
    "rel": re.escape(_REL),
    "dir": r"(?i:ltr|rtl|auto)",
    "lang": r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*",
    "width": r"[0-9]{1,7}%?",
    "height": r"[0-9]{1,7}%?",
    "align": r"(?i:left|right|center|justify|char)",
    "scope": r"(?i:row|col|rowgroup|colgroup)",
    "colspan": _COUNT,
    "rowspan": _COUNT,
    "span": _COUNT,
    "start": rf"-?{_COUNT}",
    "value": rf"-?{_COUNT}",
    "type": r"[1aAiI]|[\w.+-]+/[\w.+-]+(?:;[^<>]*)?",
    "open": "|open",
    "reversed": "|reversed",
    "controls": "|controls",
}

POLICY = Policy(
    elements=_split(
        "a abbr address article aside audio b bdi bdo big blockquote br caption cite code col colgroup dd del"
        " details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main"
        " mark nav ol p picture pre q rp rt ruby s samp section small source span strike strong sub summary"
        " sup table tbody td tfoot th thead time tr tt u ul var video wbr"
    ),
    attributes={
        "*": _split("dir lang title"),
        "a": _split("href rel"),
        "audio": _split("controls src"),
        "blockquote": _split("cite"),
        "code": _split("class"),
        "col": _split("span"),
        "colgroup": _split("span"),
        "del": _split("cite datetime"),
        "details": _split("open"),
        "img": _split("alt height longdesc sizes src srcset width"),
        "ins": _split("cite datetime"),
        "li": _split("value"),
        "ol": _split("reversed start type"),
        "pre": _split("class"),
        "q": _split("cite"),
        "source": _split("height media sizes src srcset type width"),
        "td": _split("align colspan rowspan"),
        "th": _split("abbr align colspan rowspan scope"),
        "time": _split("datetime"),
        "video": _split("controls height poster src width"),
    },
    forms={name: re.compile(form) for name, form in _FORMS.items()},
    schemes=frozenset({"http", "https", "mailto", "tel"}),
    rel=_REL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """An article's body, clean: HTML, its visible text on one line, the text before a mark, its pictures.

    `pictures` are those of the clean tree in its order, tracking pixels left out. `removed` counts the
    elements that were dropped with their content.
    """

    content: SafeHtml
    text: str
    excerpt: str | None
    pictures: tuple[Picture, ...]
    problems: tuple[Problem, ...]
    removed: int = 0


def clean(
    html: str, *, base: str, file: str, line: int = 0, engine: Engine = "bleach", longest: int = _CHARACTERS
) -> Body:
    """Sanitize a body that stands on the page `base` and begins on `line` of `file` (0: unknown).

    Raises `HeldError`: HTML001 where the parsers do not agree on the outcome, HTML002 nested more than 512
    deep, HTML003 more than 256 attributes on one tag, HTML004 more than `longest` characters. Not for
    threads.
    """
    from feedwright.bodies import html_tree

    report = _Report(file=file, line=line)
    if len(html) > longest:
        raise report.held("HTML004", f"the body has {len(html):,} characters; the limit is {longest:,}")
    source = text.scrub(html) if text.FORBIDDEN.search(html) else html
    inside = _without_wrap(source)
    if over := limits.excess(inside):
        raise report.held(*over, "simplify the markup")
    first = _repair(inside, base, report)
    content, seen = _settle(first, base, engine, report)
    return Body(
        content=content,
        text=seen.text,
        excerpt=html_tree.text_before_mark(inside),
        pictures=seen.pictures,
        problems=tuple(_repairs(html, source, first, seen, report)),
        removed=first.removed,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Report:
    """Where the body is, for problems about it."""

    file: str
    line: int

    def problem(
        self, severity: Severity, code: str, message: str, *, hint: str = "", line: int = 0, column: int = 0
    ) -> Problem:
        place = line or self.line
        return Problem(
            severity=severity,
            code=code,
            message=message,
            file=self.file,
            line=place,
            column=column,
            hint=hint,
        )

    def held(self, code: str, message: str, hint: str = "") -> HeldError:
        return HeldError((self.problem("error", code, message, hint=hint),))


def _without_wrap(html: str) -> str:
    """The inside of a body that is one CDATA section as a whole, as exports from feeds are."""
    inside = html.strip()
    if inside.startswith("<![CDATA[") and inside.endswith("]]>"):
        return inside.removeprefix("<![CDATA[").removesuffix("]]>")
    return html


def _repair(source: str, base: str, report: _Report) -> html_tree.Repaired:
    from feedwright.bodies import html_tree

    try:
        repaired = html_tree.repair(
            source, base=base, elements=POLICY.elements, permits=POLICY.permits, rel=POLICY.rel
        )
    except limits.SwollenError as error:
        message = f"of {len(source):,} characters a browser makes {error.size:,}: elements are never closed"
        raise report.held("HTML004", message, "close what is opened, such as <b> and <i>") from None
    depth, attributes = repaired.depth, repaired.attributes
    if depth > limits.DEPTH:
        raise report.held("HTML002", f"elements are nested {depth} deep; the limit is {limits.DEPTH}")
    if attributes > limits.ATTRIBUTES:
        raise report.held("HTML003", f"a tag has {attributes} attributes; the limit is {limits.ATTRIBUTES}")
    return repaired


def _settle(
    repaired: html_tree.Repaired, base: str, engine: Engine, report: _Report
) -> tuple[SafeHtml, html_tree.Survey]:
    """Walk the road until the last parser finds the tree that went in; misnested markup takes two rounds."""
    from feedwright.bodies import html_tree

    for _ in range(_ROUNDS):
        try:
            walled = _last_wall(_first_wall(repaired.html) if engine == "bleach" else repaired.html)
        except RecursionError:
            raise report.held("HTML002", "elements are nested too deep") from None
        # what `_repair` makes has none of them, and the walls leave it as it is unless they must not
        content = walled if walled == repaired.html else text.FORBIDDEN.sub("\ufffd", walled)
        seen = html_tree.survey(content, elements=POLICY.elements, permits=POLICY.permits)
        if seen.html == repaired.html and not seen.strange:
            return SafeHtml(content), seen
        repaired = _repair(content, base, report)
    what = f"{seen.strange} stays" if seen.strange else "the parsers do not agree on its structure"
    raise report.held("HTML001", f"the HTML does not come out clean: {what}", "simplify the markup")


def _first_wall(html: str) -> str:
    return _bleach()(html)


def _last_wall(html: str) -> str:
    return _nh3()(html)


@cache
def _bleach() -> Callable[[str], str]:
    """bleach under the policy: values reach the policy with their references not yet decoded."""
    from html import unescape

    from bleach.sanitizer import Cleaner

    def permits(tag: str, name: str, value: str) -> bool:
        return POLICY.permits(tag, name, unescape(value))

    cleaner = Cleaner(
        tags=POLICY.elements, attributes=permits, protocols=POLICY.schemes, strip=True, strip_comments=True
    )
    wash: Callable[[str], str] = cleaner.clean
    return wash


@cache
def _nh3() -> Callable[[str], str]:
    """nh3 under the policy; it sets `rel` itself and so must not be told to let it pass."""
    import nh3

    attributes = {tag: set(names) - {"rel"} for tag, names in POLICY.attributes.items()}
    cleaner = nh3.Cleaner(
        tags=set(POLICY.elements),
        clean_content_tags={"script", "style"},
        attributes=attributes,
        attribute_filter=_filter_value,
        strip_comments=True,
        link_rel=POLICY.rel,
        url_schemes=set(POLICY.schemes),
    )
    return cleaner.clean


def _filter_value(tag: str, name: str, value: str) -> str | None:
    return value if POLICY.permits(tag, name, value) else None


def _repairs(
    html: str, source: str, repaired: html_tree.Repaired, seen: html_tree.Survey, report: _Report
) -> list[Problem]:
    """What was repaired, as warnings."""
    found = []

    def warn(code: str, message: str, *, hint: str = "", line: int = 0, column: int = 0) -> None:
        found.append(report.problem("warning", code, message, hint=hint, line=line, column=column))

    if count := len(html) - len(source):
        at_line, at_column = _position(html, report.line)
        warn("XML001", f"characters that XML forbids removed: {count}", line=at_line, column=at_column)
    if html.lstrip()[:9].lower().startswith(_DOCUMENT):
        warn("HTML009", "a whole HTML document; its body is used", hint="keep only what <body> holds")
    if repaired.promoted:
        warn("HTML006", f"lazily loaded pictures given their source: {repaired.promoted}")
    if repaired.references:
        warn("HTML014", f"references to characters that XML forbids removed: {repaired.references}")
    if repaired.refused:
        shown = ", ".join(text.visible(url[:80]) for url in repaired.refused[:_SHOWN])
        warn(
            "HTML010",
            f"URLs dropped ({len(repaired.refused)}): {shown}",
            hint="only http, https, mailto and tel URLs are published",
        )
    if not seen.text and not seen.pictures and "<video" not in seen.html and "<audio" not in seen.html:
        warn("HTML007", "the body is empty")
    return found


def _position(html: str, line: int) -> tuple[int, int]:
    """Line and column of the first forbidden character, counted from the body's line."""
    found = text.FORBIDDEN.search(html)
    if found is None or not line:
        return 0, 0
    before = html[: found.start()]
    return line + before.count("\n"), found.start() - (before.rfind("\n") + 1) + 1
