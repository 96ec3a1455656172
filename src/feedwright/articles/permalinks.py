"""The URL path of an article's page, as the site's generator or a template makes it.

Every preset gives what its generator gives by default, with two differences. What would not survive in a
link is percent-encoded: some generators leave `#`, `?` or `%` bare, and such a link leads elsewhere. And
a name that a generator's rules reduce to nothing is used as it is, since the page of an article is never
its folder's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from string import Formatter
from urllib.parse import quote

from feedwright.generators.generator import MissingKeyError, PermalinkFacts, PermalinkRule
from feedwright.generators.notation import DATE_FIELDS
from feedwright.generators.table import FOLDERS, GENERATORS, PRESETS
from feedwright.generators.url_paths import PATH, encode_path, encode_segment, without_date, without_suffix
from feedwright.patterns import lazy_pattern

_EMPTY = frozenset({"", ".", ".."})


def permalink(template: str, facts: PermalinkFacts) -> str:
    """Return the URL path of the article's page, percent-encoded, for the caller to join with the site's URL.

    `template` is the name of a preset, a generator's name with a pattern in its own notation, such as
    `hexo :year/:title/`, or a text such as `{year}/{month}/{slug}/`. The path begins with "/", has no empty
    part and no "." or ".." among its parts. A template that `rule` refuses raises what that raises, and an
    article without a key that its address needs raises `MissingKeyError`.
    """
    path = rule(template)(facts)
    parts = [part for part in path.split("/") if part.replace("%2e", ".").replace("%2E", ".") not in _EMPTY]
    return "/" + "/".join(parts) + ("/" if parts and path.endswith("/") else "")


def page_permalink(template: str, dialect: str, facts: PermalinkFacts) -> str:
    """Return the URL path of a page of the site that is no article, as `permalink` does."""
    own = GENERATORS[dialect].page_permalink
    return "/" + own(template, facts).lstrip("/") if own else permalink(template, facts)


@lru_cache(16)
def rule(template: str) -> PermalinkRule:
    """Return the rule that a template stands for.

    A field outside `TEMPLATE_FIELDS` raises `KeyError`, an unpaired brace or a pattern that its generator
    cannot follow `ValueError`: the settings accept none of them.
    """
    preset = PRESETS.get(template, template)
    if not isinstance(preset, str):
        return preset
    name, space, words = preset.partition(" ")
    if space and name in GENERATORS:
        compile_pattern = GENERATORS[name].pattern
        if compile_pattern is None:
            raise ValueError(f"has a pattern, but {name.capitalize()} has none of its own")
        return compile_pattern(words)
    pieces = [
        (quote(literal, safe=PATH + "%", errors="replace"), None if field is None else _field(field))
        for literal, field, _, _ in Formatter().parse(preset)
    ]
    return lambda facts: "".join([text + (field(facts) if field else "") for text, field in pieces])


def are_same(template: str, other: str) -> bool:
    """Tell whether two templates give the same addresses to articles of all sorts."""
    return all(_address(template, facts) == _address(other, facts) for facts in _SAMPLES)


def _address(template: str, facts: PermalinkFacts) -> str | None:
    """The address, None for an article without a key that it needs."""
    try:
        return permalink(template, facts)
    except MissingKeyError:
        return None


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


def _of_date(name: str) -> PermalinkRule:
    return lambda facts: DATE_FIELDS[name](facts.date)


_FIELDS: Mapping[str, PermalinkRule] = {
    **{name: _of_date(name) for name in DATE_FIELDS},
    "path": lambda facts: encode_path(_below_posts(facts.path)),
    "stem": lambda facts: encode_path(_stem(facts.path)),
    "slug": lambda facts: encode_path(facts.slugify(facts.slug or without_date(_stem(facts.path)))),
    "title": lambda facts: encode_segment(facts.title),
    "category": lambda facts: "/".join(map(encode_segment, next(iter(facts.categories), ()))),
    "categories": lambda facts: "/".join(
        map(encode_segment, dict.fromkeys(label for labels in facts.categories for label in labels))
    ),
}

TEMPLATE_FIELDS = frozenset(_FIELDS)
"""The names that a template may have in braces."""

KEY = lazy_pattern(r"key\.(\w[\w.-]*)")
"""The name of a template's field that is a key of the front matter."""


def _field(name: str) -> PermalinkRule:
    if match := KEY.fullmatch(name):
        key = match[1]
        return lambda facts: encode_segment(facts.require(key))
    return _FIELDS[name]


_SAMPLES = tuple(
    PermalinkFacts(
        path=path,
        title="A Title, of *two* words: Ça",
        date=datetime(2024, 3, 5, 6, 7, 8, tzinfo=UTC),
        slug=slug,
        categories=(("Deep Water", "Fish"),),
        read=read,
    )
    for path in ("_posts/2024-03-05-Some_name.md", "posts/Deep one/index.md", "news/b.md")
    for slug in (None, "Other-slug")
    for read in ({"abbrlink": "6a1b", "id": "7", "slug": slug}.get, lambda key: f"of-{key}")
)
"""Articles, with the usual keys and with every key, that two rules treat alike only if they are alike."""
