"""Articles of a site, for a look at how they are written and what becomes of them."""

from __future__ import annotations

from feedwright.commands.content_files import content_files
from feedwright.commands.stages import Stages
from feedwright.model import ArticleSummary
from feedwright.site import Site

_MOST = 1000
"""Articles that are looked at; of more, as many from all over the site."""


def sample(site: Site, stages: Stages) -> list[ArticleSummary]:
    """Return articles of the site without drafts and what is hidden, newest first; [] without its folder."""
    if not site.content.is_dir():
        return []
    paths = content_files(site).articles
    heads = stages.read_heads(paths[:: len(paths) // _MOST + 1])
    articles = [head.article for head in heads if head.article and not head.draft and not head.hiding]
    return sorted(articles, key=lambda article: (article.published.timestamp(), article.path), reverse=True)
