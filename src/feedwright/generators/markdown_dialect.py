"""Dialects of Markdown, by the names of what renders them, and what each has beside CommonMark."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from msgspec import Struct

from feedwright.generators.configuration import Configuration
from feedwright.model import replace

_WORDS: Mapping[str, str] = {
    "commonmark": "footnotes html indented-code strikethrough tables",
    "goldmark": (
        "alerts autolinks definition-lists footnotes heading-attributes html indented-code smart"
        " strikethrough tables tasks"
    ),
    "hexo": "autolinks breaks captions html indented-code smart strikethrough tables tasks",
    "kramdown": (
        "abbreviations attributes definition-lists footnotes heading-attributes html indented-code smart"
        " strikethrough tables tasks"
    ),
    "markdown-it": "html indented-code strikethrough tables",
    "pulldown-cmark": "footnotes heading-attributes html indented-code strikethrough tables tasks",
    "python-markdown": "codehilite extra meta",
}
_FURTHER = "attributes autolinks breaks containers emoji insert mark math smart subscript superscript tasks"
_EXTENSIONS = (
    "abbr admonition attr_list codehilite def_list extra fenced_code footnotes legacy_attrs legacy_em"
    " md_in_html meta nl2br sane_lists smarty tables toc wikilinks"
)

DIALECTS: Mapping[str, frozenset[str]] = {name: frozenset(words.split()) for name, words in _WORDS.items()}
"""Name → the features that it has unless it is told otherwise."""

EXTENSIONS = frozenset(_EXTENSIONS.split())
"""The extensions of Python-Markdown that come with it, which are the features of that dialect."""

FEATURES = frozenset().union(*DIALECTS.values(), _FURTHER.split()) - DIALECTS["python-markdown"]
"""The features that all other dialects may have."""

PLUG_INS: Mapping[str, str] = {
    "markdown-it-footnote": "footnotes",
    "markdown-it-sub": "subscript",
    "markdown-it-sup": "superscript",
    "markdown-it-mark": "mark",
    "markdown-it-ins": "insert",
    "markdown-it-deflist": "definition-lists",
    "markdown-it-abbr": "abbreviations",
    "markdown-it-emoji": "emoji",
    "markdown-it-attrs": "attributes",
    "markdown-it-container": "containers",
    "markdown-it-task-lists": "tasks",
    "markdown-it-task-checkbox": "tasks",
    "markdown-it-katex": "math",
    "@traptitech/markdown-it-katex": "math",
    "markdown-it-texmath": "math",
    "markdown-it-mathjax3": "math",
}
"""Package → the feature that it brings to markdown-it."""


class MarkdownDialect(Struct, frozen=True):
    """A dialect: its name, and what it has beside CommonMark's own syntax."""

    name: str
    features: frozenset[str]

    def switched(self, switches: Mapping[str, bool]) -> MarkdownDialect:
        """Return the dialect with features that an article turns on or off."""
        on = {name for name, is_on in switches.items() if is_on}
        features = self.features.difference(switches) | on
        return self if features == self.features else replace(self, features=features)


def markdown_dialect(text: str) -> MarkdownDialect:
    """Return the dialect that a text such as `goldmark mark smart=no` names.

    Features are added to what it has, or taken away. Raises ValueError, with what is wrong.
    """
    name, *words = text.split() or [""]
    if name not in DIALECTS:
        raise ValueError(f"is none of {', '.join(DIALECTS)}: {name}")
    switches: dict[str, bool] = {}
    for word in words:
        feature, _, value = word.partition("=")
        if feature not in features_of(name):
            raise ValueError(f"has the word {feature}, which {name} does not know")
        if value not in ("", "yes", "no"):
            raise ValueError(f"has {word}, which is neither {feature}=yes nor {feature}=no")
        switches[feature] = value != "no"
    return MarkdownDialect(name, DIALECTS[name]).switched(switches)


def described(name: str, switches: Mapping[str, bool | None]) -> str:
    """Return the text that names a dialect with features on or off; None leaves one as it is."""
    words = [name]
    for feature, is_on in switches.items():
        if is_on is not None and is_on != (feature in DIALECTS[name]):
            words.append(feature if is_on else f"{feature}=no")
    return " ".join(words)


def features_of(name: str) -> frozenset[str]:
    """Return the features that a dialect may have."""
    return (EXTENSIONS | {"math"}) if name == "python-markdown" else FEATURES


# Mathematics

_MATH_KEYS = (
    "enablekatex enablemath enablemathjax hasmath katex latex math mathjax usekatex usemath usemathjax"
)
_SWITCHES = {**dict.fromkeys(_MATH_KEYS.split(), "math"), "breaks": "breaks"}
_TABLES = frozenset(("extra", "params"))
_NO = frozenset(("", "0", "false", "no", "none", "off", "null"))


def switches(values: Mapping[str, object]) -> dict[str, bool]:
    """Return the features that front matter or a configuration turns on or off, such as `mathjax: true`.

    A table as the value counts by its key `enable`; those of `extra` and `params` count too.
    """
    found: dict[str, bool] = {}
    for key, value in values.items():
        if isinstance(value, dict):
            if key.lower() in _TABLES:
                found = switches(value) | found
            value = value.get("enable")
        if isinstance(value, str) and (feature := _feature(key)):
            found[feature] = value.strip().lower() not in _NO or found.get(feature, False)
    return found


@lru_cache(1024)  # the articles of a site have the same keys
def _feature(key: str) -> str:
    """The feature that a key turns on or off, "" if it does not."""
    return _SWITCHES.get(key.lower().replace("_", "").replace("-", ""), "")


def has_math(site: Configuration) -> bool | None:
    """Tell whether a configuration turns mathematics on for the whole site; None where it says nothing."""
    found: dict[str, bool] = {}
    for table in site.files.values():
        found |= switches(table)
    return found.get("math") or None
