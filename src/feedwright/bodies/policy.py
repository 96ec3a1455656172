"""The sanitizing policy: all that decides which HTML a feed may carry, and nothing that carries it out."""

from __future__ import annotations

import re

from feedwright.patterns import lazy_pattern


def names(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


ELEMENTS = names(
    "a abbr address article aside audio b bdi bdo big blockquote br caption cite code col colgroup dd del"
    " details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main"
    " mark nav ol p picture pre q rp rt ruby s samp section small source span strike strong sub summary"
    " sup table tbody td tfoot th thead time tr tt u ul var video wbr"
)
"""Elements that are published. Of all others the content stays, unless they are `DROPPED`."""

DROPPED = names(
    "applet area base basefont bgsound button canvas datalist embed frame frameset head iframe input"
    " isindex keygen link map math meta meter noembed noframes noscript object optgroup option param"
    " plaintext portal progress script select style svg template textarea title track xmp"
)
"""Elements that are removed with their content."""

BREAKING = names("center dialog dir fieldset form legend listing marquee menu search")
"""Elements whose content stays on lines of its own."""

BLOCKS = names(
    "address article aside blockquote br caption dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5"
    " h6 header hgroup hr li main nav ol p pre section summary table td th tr ul"
)
"""Elements that separate the words before and after them."""

ASIDES = names("h1 h2 h3 h4 h5 h6 pre table")
"""Elements that a summary leaves out."""

PLAYERS = frozenset({"video", "audio"})
"""Elements whose content is only seen where they are not supported."""

COPY_BUTTONS = names("copy-code-btn copy-btn btn-copy copy-button code-copy copybtn btn-clipboard")
"""Classes of the buttons that syntax highlighters put beside code: elements that have one are removed."""

HIDING_STYLE = lazy_pattern(r"(?i)(?:^|;)\s*+(?:display\s*+:\s*+none|visibility\s*+:\s*+hidden)\b")
"""The style of an element that no browser shows."""

SHOWN_LATER = frozenset({"tabpanel"})
"""Roles of elements that a script shows in their turn."""

LOADED_LATER = PLAYERS | {"img", "picture", "source"}
"""Elements that are often hidden until a script has loaded them."""

ATTRIBUTES = {
    "*": {"dir", "id", "lang", "title"},
    "a": {"href", "rel"},
    "audio": {"controls", "src"},
    "blockquote": {"cite"},
    "code": {"class"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "img": {"alt", "height", "longdesc", "referrerpolicy", "sizes", "src", "srcset", "width"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "ol": {"reversed", "start", "type"},
    "pre": {"class"},
    "q": {"cite"},
    "source": {"height", "media", "sizes", "src", "srcset", "type", "width"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"abbr", "align", "colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "video": {"controls", "height", "poster", "src", "width"},
}
"""Attributes that are published, by element (`*`: any element)."""

SCHEMES = frozenset({"http", "https", "mailto", "tel"})
"""Schemes that a link may have. What a reader loads by itself is http or https."""

LOADED = frozenset({"src", "poster", "cite", "longdesc"})
"""Attributes that hold one URL of the web."""

REL = "noopener noreferrer"
"""The `rel` that every link gets."""

_WEB = r"https?://[^\s\"<>\\^`{|}/?#@][^\s\"<>]*"
_CANDIDATE = rf"{_WEB}(?: [0-9]+[wh]| [0-9]+(?:\.[0-9]+)?x)?"
_NOTE = r"fn-[0-9a-f]{8}-[0-9]{1,6}"
_OTHER_SCHEMES = "|".join(sorted(SCHEMES - {"http", "https"}))
VALUES = {
    "href": rf"{_WEB.replace('@', '')}|(?:{_OTHER_SCHEMES}):[^\x00-\x1f]*|#{_NOTE}",
    "id": _NOTE,
    "referrerpolicy": "no-referrer",
    **dict.fromkeys(LOADED, _WEB),
    "srcset": rf"{_CANDIDATE}(?:, {_CANDIDATE})*",
    "class": r"language-[\w+#.-]+(?: language-[\w+#.-]+)*",
    "rel": re.escape(REL),
    "dir": r"(?i:ltr|rtl|auto)",
    "lang": r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*",
    **dict.fromkeys(("width", "height"), r"[0-9]{1,7}%?"),
    "align": r"(?i:left|right|center|justify|char)",
    "scope": r"(?i:row|col|rowgroup|colgroup)",
    **dict.fromkeys(("colspan", "rowspan", "span"), r"[0-9]{1,7}"),
    **dict.fromkeys(("start", "value"), r"-?[0-9]{1,7}"),
    "type": r"[1aAiI]|[\w.+-]+/[\w.+-]+(?:;[^<>]*)?",
    **{name: f"|{name}" for name in ("open", "reversed", "controls")},
}
"""Forms of the values of attributes, as regular expressions; attributes without one may have any value."""

_FORMS = {name: lazy_pattern(form) for name, form in VALUES.items()}
_ANYTHING = lazy_pattern(r"(?s:.*)")
_PERMITTED = {
    (tag, name): _FORMS.get(name, _ANYTHING)
    for tag in sorted(ELEMENTS)
    for name in sorted(ATTRIBUTES["*"] | ATTRIBUTES.get(tag, set()))
}


def permits(tag: str, name: str, value: str) -> bool:
    """Tell whether a listed element may carry an attribute with a decoded value."""
    form = _PERMITTED.get((tag, name))
    return form is not None and form.fullmatch(value) is not None
