"""How generators find template tags in the bodies of articles, and what becomes of each tag."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeAlias

from msgspec import Struct, field

from feedwright.generators.tags.expressions import Filter


class Answer(Struct, frozen=True):
    """What a reference leads to: the address and the title of an article, or the text of an include.

    Without a `value` there is none; `near` is what may have been meant then.
    """

    value: str = ""
    title: str = ""
    near: str = ""


class Unserved(Struct, frozen=True):
    """A file of the site that no address leads to: why, and what to do."""

    reason: str
    hint: str


class Page(Protocol):
    """The page of an article as its tags see it.

    `path` is the article's below the content folder, `link` its address; `site_url` ends in "/". `language`
    is "" for the site's main one. `fields` are the texts of its front matter, by key in lower case.
    """

    path: str
    link: str
    language: str
    title: str
    site_url: str
    site_title: str
    fields: Mapping[str, str]

    def article(self, *names: str, written: str) -> Answer | None:
        """Return the article that is meant by the first of the names that fits; a missing one is told.

        A name with a suffix is a path below the content folder, one without is the end of such a path;
        `written` is what stands in the article.
        """

    def file(self, *paths: str) -> str | None:
        """Return the first of the paths below the content folder that a file has."""

    def is_served(self, address: str) -> bool:
        """Tell whether the built site, if it is known, has a file at an address."""

    def site_value(self, name: str) -> str | None:
        """Return a text of the configuration of the site's generator; `a.b` is the key b of the table a."""

    def include(self, name: str) -> str | None:
        """Return the text of a file in the site's folder of includes; a missing one is told."""


class Html(Struct, frozen=True):
    """A part of what a tag gives that no Markdown is looked for in."""

    text: str


class Source(Struct, frozen=True):
    """A part of what a tag gives that is in the language of the body, and may have tags."""

    text: str


class Text(Struct, frozen=True):
    """A part of what a tag gives in the language of the body, without tags."""

    text: str


BODY = Source("")
"""What stands between the tags of a pair, in its place."""

Part: TypeAlias = Html | Source | Text


class Call(Struct, frozen=True, kw_only=True):
    """A tag as its rule sees it: `words` are its arguments without a name, `named` those with one.

    `written` is the whole tag, `arguments` all of them as written; `inside` returns what stands between the
    tags of a pair, "" for a tag that stands alone.
    """

    name: str
    written: str
    arguments: str
    words: Sequence[str]
    named: Mapping[str, str]
    is_pair: bool
    inside: Callable[[], str]
    page: Page

    def get(self, *names: str, at: int = -1) -> str:
        """Return the argument with one of the names, else the one at a position, else ""."""
        found = next((self.named[name] for name in names if self.named.get(name)), "")
        return found or (self.words[at] if 0 <= at < len(self.words) else "")


Rule: TypeAlias = Callable[[Call], Sequence[Part] | None]
"""What a tag gives; None where it cannot be told, as of a tag that is not known."""


class TemplateSyntax(Struct, frozen=True, kw_only=True, eq=False):
    """The template tags of a generator, as far as an article may hold them.

    `marks`: the characters that open a tag → those that close it. `comment_marks`: the same of comments, and
    `escapes` of what looks like a tag and is shown as it is. `raw`, `comments` and `locks` are the names of
    tags that come in pairs: between them is no tag, a comment, or what only those with a password may read;
    between those of `code` is no tag either. `in_fences`: whether there are tags in fenced code too.

    `tags`: name → rule. `values` returns what a name in an expression stands for, `filters` are its filters;
    `expression` is the mark of expressions. `calls`: whether a tag has its arguments in parentheses, and ends
    with `{% end %}`. `loops` are pairs whose inside says nothing by itself. `keeps_unknown`: whether what is
    not known stays as it is written, also in code. `switches`: key of the front matter → the value with which
    it turns tags off.
    """

    marks: Mapping[str, str] = field(default_factory=dict)
    comment_marks: Mapping[str, str] = field(default_factory=dict)
    escapes: Mapping[str, str] = field(default_factory=dict)
    raw: frozenset[str] = frozenset()
    code: frozenset[str] = frozenset()
    comments: frozenset[str] = frozenset()
    locks: frozenset[str] = frozenset(("encrypt", "encrypted", "locked", "password", "private", "protected"))
    in_fences: bool = True
    tags: Mapping[str, Rule] = field(default_factory=dict)
    values: Callable[[str, Page], str | None] = lambda name, page: None
    filters: Mapping[str, Filter] = field(default_factory=dict)
    expression: str = ""
    calls: bool = False
    loops: frozenset[str] = frozenset()
    keeps_unknown: bool = False
    switches: Mapping[str, str] = field(default_factory=dict)


NO_TEMPLATES = TemplateSyntax()
"""The syntax of a generator that looks for no tags."""
