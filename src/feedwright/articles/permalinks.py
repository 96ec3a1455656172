"""The URL path of an article's page, as the site's generator or a template makes it.

Every preset gives what its generator gives by default, with two differences. What would not survive in a
link is percent-encoded: some generators leave `#`, `?` or `%` bare, and such a link leads elsewhere. And
a name that a generator's rules reduce to nothing is used as it is, since the page of an article is never
its folder's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from string import Formatter
from urllib.parse import quote

from feedwright.generators.generator import PermalinkFacts
from feedwright.generators.table import FOLDERS, PRESETS
from feedwright.generators.url_paths import PATH, encode_path, encode_segment, without_suffix

_EMPTY = frozenset({"", ".", ".."})
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}-(?=.)")


def permalink(template: str, facts: PermalinkFacts) -> str:
    """Return the URL path of the article's page, percent-encoded, for the caller to join with the site's URL.

    `template` is the name of a preset or a text such as `{year}/{month}/{slug}/`. The path begins with "/",
    has no empty part and no "." or ".." among its parts. A field outside `TEMPLATE_FIELDS` raises
    `KeyError`, an unpaired brace `ValueError`: the settings accept neither.
    """
    preset = PRESETS.get(template, template)
    if isinstance(preset, str):
        path = "".join([literal + (field(facts) if field else "") for literal, field in _pieces(preset)])
    else:
        path = preset(facts)
    parts = [part for part in path.split("/") if part.replace("%2e", ".").replace("%2E", ".") not in _EMPTY]
    return "/" + "/".join(parts) + ("/" if parts and path.endswith("/") else "")


@lru_cache(16)
def _pieces(template: str) -> tuple[tuple[str, Callable[[PermalinkFacts], str] | None], ...]:
    """The template's texts, percent-encoded, each with the field that comes after it."""
    return tuple(
        (quote(literal, safe=PATH + "%", errors="replace"), None if field is None else _FIELDS[field])
        for literal, field, _, _ in Formatter().parse(template)
    )


def _below_posts(path: str) -> str:
    """Return the path without suffix and without the folders that no URL has; nor Hexo's above them."""
    parts = without_suffix(path).split("/")
    if parts[0] == "source" and len(parts) > 2 and parts[1] in FOLDERS:
        del parts[0]
    return "/".join([part for part in parts[:-1] if part not in FOLDERS] + parts[-1:])


def _stem(path: str) -> str:
    """Return the name of the file without suffix; `index` is the page of its folder, and has its name."""
    folder, _, name = without_suffix(path).rpartition("/")
    return folder.rpartition("/")[2] if folder and name.lower() == "index" else name


_FIELDS: Mapping[str, Callable[[PermalinkFacts], str]] = {
    "year": lambda facts: f"{facts.date.year:04}",
    "month": lambda facts: f"{facts.date.month:02}",
    "day": lambda facts: f"{facts.date.day:02}",
    "hour": lambda facts: f"{facts.date.hour:02}",
    "minute": lambda facts: f"{facts.date.minute:02}",
    "second": lambda facts: f"{facts.date.second:02}",
    "i_month": lambda facts: str(facts.date.month),
    "i_day": lambda facts: str(facts.date.day),
    "path": lambda facts: encode_path(_below_posts(facts.path)),
    "stem": lambda facts: encode_path(_stem(facts.path)),
    "slug": lambda facts: encode_path(facts.slug or _DATE.sub("", _stem(facts.path), count=1)),
    "title": lambda facts: encode_segment(facts.title),
    "category": lambda facts: "/".join(map(encode_segment, next(iter(facts.categories), ()))),
    "categories": lambda facts: "/".join(
        map(encode_segment, dict.fromkeys(label for labels in facts.categories for label in labels))
    ),
}

TEMPLATE_FIELDS = frozenset(_FIELDS)
"""The names that a template may have in braces."""
