"""Eleventy (11ty.dev/docs/data-frontmatter, 11ty.dev/docs/permalinks)."""

from __future__ import annotations

from feedwright.generators.generator import HIDES, SHOWS, Generator, PermalinkFacts
from feedwright.generators.template_syntax import TemplateSyntax
from feedwright.generators.url_paths import encode_path, without_suffix


def permalink(facts: PermalinkFacts) -> str:
    """Return `/{path}/`; the page of `index`, or of a file named like its folder, is its folder.

    The date at the head of a file name stays: Eleventy leaves it out of `page.fileSlug` only.
    """
    folder, _, name = without_suffix(facts.path).rpartition("/")
    if name == "index" or (folder and name == folder.rpartition("/")[2]):
        return encode_path(folder + "/")
    return encode_path(f"{folder}/{name}/")


GENERATOR = Generator(
    keys={"categories": "categories category tags", "summary": "summary description excerpt"},
    permalink=permalink,
    hiding={"eleventyexcludefromcollections": HIDES._replace(lists=True), "permalink": SHOWS},
    # Liquid's, which is the default, and Nunjucks'
    templates=TemplateSyntax(
        marks={"{%": "%}", "{{": "}}"},
        comment_marks={"{#": "#}", "{% #": "%}", "{%- #": "%}"},
        raw=frozenset(("raw", "verbatim")),
        comments=frozenset(("comment",)),
    ),
)
