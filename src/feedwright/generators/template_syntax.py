"""How generators find template tags in the bodies of articles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TemplateSyntax:
    """The template tags of a generator, as far as an article may hold them.

    `marks`: the characters that open a tag → those that close it. `comment_marks`: the same of comments, and
    `escapes` of what looks like a tag and is shown as it is. `raw`, `comments` and `locks` are the names of
    tags that come in pairs: between them is no tag, a comment, or what only those with a password may read.
    `in_fences`: whether there are tags in fenced code too.
    """

    marks: Mapping[str, str] = field(default_factory=dict)
    comment_marks: Mapping[str, str] = field(default_factory=dict)
    escapes: Mapping[str, str] = field(default_factory=dict)
    raw: frozenset[str] = frozenset()
    comments: frozenset[str] = frozenset()
    locks: frozenset[str] = frozenset(("encrypt", "encrypted", "locked", "password", "private", "protected"))
    in_fences: bool = True


NO_TEMPLATES = TemplateSyntax()
"""The syntax of a generator that looks for no tags."""
