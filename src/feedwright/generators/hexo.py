"""Hexo (hexo.io/docs/front-matter, hexo.io/docs/permalinks)."""

from __future__ import annotations

from feedwright.generators.generator import Generator
from feedwright.generators.template_syntax import TemplateSyntax

GENERATOR = Generator(
    permalink="{year}/{month}/{day}/{path}/",
    folders=frozenset(("_posts", "_drafts")),
    posts="_posts",
    templates=TemplateSyntax(
        marks={"{%": "%}", "{{": "}}"},
        comment_marks={"{#": "#}"},
        raw=frozenset(("raw",)),
        comments=frozenset(("comment",)),
        in_fences=False,
    ),
)
