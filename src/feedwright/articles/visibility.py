"""Whether the public may see an article: what its generator locks or hides is not published, in any feed.

A key that could hide does, unless its value plainly says otherwise: when in doubt, nothing is published.
"""

from __future__ import annotations

from collections.abc import Iterable

from feedwright.articles.front_matter.fields import Field
from feedwright.generators.table import HIDING
from feedwright.model import Hiding


def hiding(fields: Iterable[Field]) -> Hiding:
    """Return how fields with one of the keys of `HIDING` hide an article, "" where none does."""
    results = {_hiding(field) for field in fields}
    return "locked" if "locked" in results else "hidden" if "hidden" in results else ""


def _hiding(field: Field) -> Hiding:
    key = field.key.strip().lower()
    if not isinstance(field.value, str):  # a list of parts to hide, as `hide: [toc]`, hides no article
        return "locked" if key == "password" and field.value is not None else ""
    rule = HIDING[key]
    return rule.hiding if (field.value.strip().lower() in rule.words) != rule.unless else ""
