"""Whether what the cache says of an article could have come from a file: anybody may have written a cache.

It holds what is read back to the rules that reading keeps, as far as nothing later on does: addresses and
dates in documents are judged there. Whether a file did say so is another question, which only reading it
answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from feedwright import text, urls
from feedwright.articles.article import TITLE_LIMIT
from feedwright.model import Article, ArticleSummary, Content, ReadResult
from feedwright.patterns import lazy_pattern
from feedwright.problems import Problem

_WEB = lazy_pattern(r"https?://[^\x00-\x20<>\x7f]+")


def are_sound(results: Sequence[ReadResult], paths: Sequence[str]) -> bool:
    """Tell whether these could be what was read from the front matter of the files at `paths`."""
    articles = [result.article for result in results if result.article is not None]
    return (
        [result.path for result in results] == [*paths]
        and all(result.article is None or result.article.path == result.path for result in results)
        and all(_are_of(result.problems, result.path) for result in results if result.problems)
        and _are_sound(articles)
        and all(map(_are_names, {article.authors for article in articles}))
    )


def are_sound_contents(contents: Sequence[Content], paths: Sequence[str]) -> bool:
    """Tell whether these could be what was made from the bodies of the files at `paths`."""
    articles = [content.article for content in contents if content.article is not None]
    return (
        [content.path for content in contents] == [*paths]
        and all(content.thumbnail is None for content in contents)
        and all(_are_of(content.problems, content.path) for content in contents)
        and all(map(_is_sound_content, contents))
        and _are_sound(articles)
    )


def _is_sound_content(content: Content) -> bool:
    article = content.article
    return article is None or (
        article.path == content.path
        and len(content.fingerprint) == 16
        and content.fingerprint.isalnum()
        and _is_text(content.summary)
        and _are_names(tuple([author.name for author in article.authors]))
    )


def _are_sound(articles: Sequence[Article | ArticleSummary]) -> bool:
    """Tell whether articles are sound except for their authors; what many say is judged once."""
    return (
        _are_titles([article.title for article in articles])
        and all(map(_WEB.fullmatch, [article.link for article in articles]))
        and all(urls.is_id(article.guid) for article in articles if article.guid is not None)
        and all(map(_are_labels, {labels for article in articles for labels in article.categories}))
        and all(map(_are_labels, {article.tags for article in articles if article.tags}))
        and all(map(_is_language, {article.language for article in articles if article.language}))
    )


def _are_titles(titles: Sequence[str]) -> bool:
    return (
        all(titles)
        and not any(map(str.isspace, titles))
        and max(map(len, titles), default=0) <= TITLE_LIMIT
        and ("".join(titles).isprintable() or all(map(_is_line, titles)))
    )


def _is_line(title: str) -> bool:
    return title.isprintable() or text.is_line(title)


def _is_language(tag: str) -> bool:
    return text.language_tag(tag) == tag


def _are_of(problems: Iterable[Problem], path: str) -> bool:
    """Tell whether problems are those of one file: lines of it may be shown."""
    return all(problem.file == path for problem in problems)


def _is_text(line: str) -> bool:
    return line.isprintable() or text.scrub(line) == line


@lru_cache(4096)
def _are_names(names: tuple[str, ...]) -> bool:
    return all(map(text.is_line, names))


@lru_cache(4096)
def _are_labels(labels: tuple[str, ...]) -> bool:
    return all(text.tidy_label(label) == label != "" != text.fold_label(label) for label in labels)
