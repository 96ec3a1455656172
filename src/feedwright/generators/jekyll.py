"""Jekyll (jekyllrb.com/docs/front-matter, jekyllrb.com/docs/permalinks)."""

from __future__ import annotations

import re

from feedwright.generators.generator import Generator, PermalinkFacts
from feedwright.generators.template_syntax import TemplateSyntax
from feedwright.generators.url_paths import encode_path, is_word, stem

_DATE = r"\d{2,4}-\d{1,2}-\d{1,2}-(?=.)"
_SLUG_MARKS = frozenset("._~!$&'()+,;=@")


def permalink(facts: PermalinkFacts) -> str:
    """Return `/:categories/:year/:month/:day/:title.html`; a title is the front matter's slug or the name.

    Dots are treated as Jekyll's `sanitize_url` does.
    """
    file_stem = stem(facts.path)
    name = re.sub(_DATE, "", file_stem, count=1).rstrip(".")
    title = _slug(facts.slug or name) or _slug(name) or name or file_stem
    date = facts.date.strftime("/%m/%d/")
    path = "/".join([*_categories(facts), f"{facts.date.year:04}"]) + date + title + ".html"
    return encode_path(path.replace("..", "/").replace("./", ""))


def _categories(facts: PermalinkFacts) -> tuple[str, ...]:
    folders = facts.path.split("/")[:-1]
    above = folders[: folders.index("_posts")] if "_posts" in folders else []
    labels = [*above, *(label for category in facts.categories for label in category)]
    # Letter by letter, since Ruby's `downcase` doesn't know the final sigma.
    return tuple(dict.fromkeys("".join(map(str.lower, label)) for label in labels))


def _slug(text: str) -> str:
    """Return the slug of `slugify` in its mode "pretty", letters in their case."""
    return "-".join("".join(c if c in _SLUG_MARKS or is_word(c) else " " for c in text).split())


def title_of_name(stem: str) -> str:
    """Return `titleize_slug` of a file's name without its date and suffix."""
    return " ".join(map(str.capitalize, re.sub(_DATE, "", stem, count=1).split("-")))


GENERATOR = Generator(
    keys={
        # the singular key is one category with its spaces, and comes first
        "categories": "category categories",
        "tags": "tag tags keywords",
        "summary": "description excerpt summary",
    },
    splits={"categories": " ", "tags": " "},
    permalink=permalink,
    folders=frozenset(("_posts", "_drafts")),
    posts="_posts",
    templates=TemplateSyntax(
        marks={"{%": "%}", "{{": "}}"},
        comment_marks={"{% #": "%}", "{%- #": "%}"},
        raw=frozenset(("raw",)),
        comments=frozenset(("comment",)),
    ),
    title_of_name=title_of_name,
)
