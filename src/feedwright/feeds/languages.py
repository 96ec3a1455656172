"""Feeds of their own for the languages of a site beside its main one."""

from __future__ import annotations

from collections.abc import Container, Sequence

from msgspec import Struct

from feedwright.feeds.slugs import slug
from feedwright.model import ArticleSummary
from feedwright.site import EVERY_LANGUAGE, LanguageSettings, Site


class LanguageFeed(Struct, frozen=True):
    """The feed of a language: its folder, which ends in "/", its settings and its articles."""

    path: str
    settings: LanguageSettings
    articles: list[ArticleSummary]


def by_language(
    articles: Sequence[ArticleSummary], site: Site, recorded: Container[str]
) -> tuple[Sequence[ArticleSummary], list[LanguageFeed]]:
    """Divide articles, in their order, into those of the site's feed and those of feeds of their own.

    An article in a language that the settings don't name stays in the site's feed; so do all where that
    would be empty. `recorded` are the slug paths that categories have.
    """
    if not site.languages or not any(article.language for article in articles):
        return articles, []
    rows = {row.tag: (name, row) for name, row in site.languages.items() if name != EVERY_LANGUAGE}
    others = site.languages.get(EVERY_LANGUAGE)
    main: list[ArticleSummary] = []
    feeds: dict[str, LanguageFeed] = {}
    for article in articles:
        name, row = rows.get(article.language, (article.language, others))
        if not article.language or row is None:
            main.append(article)
            continue
        if article.language not in feeds:
            named = LanguageSettings(tag=article.language) if row is others else row
            feeds[article.language] = LanguageFeed(_folder(name, recorded), named, [])
        feeds[article.language].articles.append(article)
    return (main, list(feeds.values())) if main else (articles, [])


def _folder(name: str, recorded: Container[str]) -> str:
    """The folder of a language's feed: its name, unless a category has that."""
    folder = slug(name)
    return f"language-{folder}/" if folder in recorded else f"{folder}/"
