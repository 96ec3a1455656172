"""Tags that bleach returns as they are; it need not read a body that has no others.

What the passes get is a serialization (HTML §13.3) of a repaired tree: quoted, lower case, without a stray
`<`, `>` or `&`. Bleach judges such a body tag by tag, so each form of a tag is put to it once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from feedwright.bodies.policy import LOADED, VALUES
from feedwright.patterns import lazy_pattern

_TAG = lazy_pattern(r'<(?:/[a-z][a-z0-9]*|[a-z][a-z0-9]*(?: [a-z]+="[^"<>]*")*)>')
_ATTRIBUTE = lazy_pattern(r' ([a-z]+)="([^"]*)"')
_REFERENCES = ("amp;", "lt;", "gt;", "nbsp;", "quot;")
"""All that follows an ampersand in a serialization (HTML §13.3, "escaping a string")."""

_PLAIN_ADDRESS = lazy_pattern(
    r"https?://[a-z0-9.-]+(?::[0-9]+)?(?:[/?#](?:[!#-%'-;=?-Z_a-z~]|&amp;)*)?", re.ASCII
)
"""An address of which bleach's parser can only say that it is of the web."""

_ADDRESSES = LOADED | {"href"}
_STAND_INS = {**dict.fromkeys(_ADDRESSES, "https://example.org/"), "srcset": "https://example.org/ 1x"}
_WITHIN = {
    "table": "{}",
    **dict.fromkeys(("tbody", "thead", "tfoot", "caption", "colgroup"), "<table>{}</table>"),
    "tr": "<table><tbody>{}</tbody></table>",
    **dict.fromkeys(("td", "th"), "<table><tbody><tr>{}</tr></tbody></table>"),
    "col": "<table><colgroup>{}</colgroup></table>",
}
"""What stands around an element that may not hold text."""

_VOID = frozenset({"br", "col", "hr", "img", "source", "wbr"})
_ORDINARY = ("main", "figcaption", "summary")
"""Elements that do not end the search for an open item in html5lib, as they do in HTML (§13.2.4.2)."""

_ITEMS = ("<li", "<dd", "<dt")

_QUESTIONS = 64
"""The most new forms of a body: for more, bleach reads it as fast as it answers."""

_KNOWN = 4096
"""The most forms that are remembered."""


class TagForms:
    """What `clean`, which is bleach's, makes of each form of a tag; `answers` tell whether it is kept."""

    def __init__(self, clean: Callable[[str], str]) -> None:
        self.clean = clean
        self.answers: dict[str, bool] = {}

    def learn(self, answers: Mapping[str, bool]) -> None:
        """Take over what another process, with the same bleach and policy, was answered."""
        if len(self.answers) + len(answers) <= _KNOWN:
            self.answers.update(answers)

    def keeps(self, html: str) -> bool:
        """Tell whether bleach would return a serialized body as it is; the standard must nest it so."""
        tags = _TAG.findall(html)
        if html.count("<") != len(tags) or html.count(">") != len(tags) or "\r" in html:
            return False
        if not all(part.startswith(_REFERENCES) for part in html.split("&")[1:]):
            return False
        forms = {tag if tag[-2] != '"' else _form(tag) for tag in set(tags) if tag[1] != "/"}
        new = [form for form in forms if form not in self.answers]
        if len(new) > _QUESTIONS or not self._ask(new) or not all(map(self.answers.__getitem__, forms)):
            return False
        return not any(f"<{name}" in html for name in _ORDINARY) or not _has_hidden_item(tags)

    def _ask(self, forms: list[str]) -> bool:
        if len(self.answers) > _KNOWN:
            self.answers.clear()
            return False
        for form in forms:
            tag = form[1:-1].partition(" ")[0]
            end = "" if tag in _VOID else f"</{tag}>"
            element = _WITHIN[tag].format(form + end) if tag in _WITHIN else f"{form}{end and 'x'}{end}"
            self.answers[form] = self.clean(element) == element
        return True


def _has_hidden_item(tags: list[str]) -> bool:
    """Tell whether an item of a list stands inside of an ordinary element, where it may close one outside."""
    depth = 0
    for tag in tags:
        name = tag.strip("</>").partition(" ")[0]
        if name in _ORDINARY:
            depth += -1 if tag[1] == "/" else 1
        elif depth and tag.startswith(_ITEMS):
            return True
    return False


def _form(tag: str) -> str:
    """The tag with stand-ins for values that bleach does not tell apart."""
    return _ATTRIBUTE.sub(_stand_in, tag)


def _stand_in(attribute: re.Match[str]) -> str:
    name, value = attribute.groups()
    if name not in VALUES:
        return f' {name}="t"' if value else attribute[0]
    if value.isdecimal() and value.isascii():
        return f' {name}="1"'
    if name == "srcset" or (name in _ADDRESSES and _PLAIN_ADDRESS.fullmatch(value)):
        return f' {name}="{_STAND_INS[name]}"'
    return attribute[0]
