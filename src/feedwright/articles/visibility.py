"""Whether the public may see an article: what its generator locks or hides is not published, in any feed.

A key that could hide does, unless its value plainly says otherwise: when in doubt, nothing is published.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from feedwright.articles.front_matter.fields import Field

Hiding = Literal["", "hidden", "locked"]

_NO = frozenset(("false", "no", "n", "off", "0", "none", "null", ""))
_LOCKS = frozenset(("password", "encrypted", "encrypt", "private"))
_SWITCHES = frozenset(
    ("hidden", "hide", "unlisted", "hiddenfromrss", "headless", "eleventyexcludefromcollections")
)
_NEEDED = frozenset(("feed", "rss", "render", "permalink", "build.list", "build.render"))
_ABSENT = _NO | {"never", "local"}
_PUBLIC = frozenset(("public", "published", "visible", "true", "yes"))
_HIDING_STATES = frozenset(("hidden", "private", "skip"))

KEYS = (*sorted(_LOCKS | _SWITCHES | _NEEDED), "_build.list", "_build.render", "visibility", "status")
"""Every key, in lower case, that may hide an article; `a.b` is the key b of the table a."""


def hiding(fields: Iterable[Field]) -> Hiding:
    """Return how fields with one of `KEYS` hide an article, "" where none does."""
    found = {_hiding(field) for field in fields}
    return "locked" if "locked" in found else "hidden" if "hidden" in found else ""


def _hiding(field: Field) -> Hiding:
    key = field.key.strip().lower().removeprefix("_")
    if key == "password" and isinstance(field.value, (list, dict)):
        return "locked"
    if not isinstance(field.value, str):  # a list of parts to hide, as `hide: [toc]`, hides no article
        return ""
    word = field.value.strip().lower()
    if key in _LOCKS:
        return "" if word in _NO and not (key == "password" and word == "0") else "locked"
    if key in _SWITCHES:
        return "" if word in _NO else "hidden"
    if key == "visibility":
        return "" if not word or word in _PUBLIC else "hidden"
    if key == "status":
        return "hidden" if word in _HIDING_STATES else ""
    return "hidden" if word and word in _ABSENT else ""
