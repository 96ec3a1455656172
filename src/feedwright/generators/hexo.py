"""Hexo (hexo.io/docs/front-matter, hexo.io/docs/permalinks)."""

from __future__ import annotations

from feedwright.generators.generator import Generator

GENERATOR = Generator(
    permalink="{year}/{month}/{day}/{path}/", folders=frozenset(("_posts", "_drafts")), posts="_posts"
)
