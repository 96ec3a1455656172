"""Whether what the cache says of an article could have come from a file: anybody may have written a cache.

It holds what is read back to the rules that reading keeps, as far as nothing later on does: addresses and
dates in documents are judged there. Whether a file did say so is another question, which only reading it
answers.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from feedwright import text, urls
from feedwright.articles.article import TITLE_LIMIT
from feedwright.model import Article, ArticleSummary, Content, ReadResult
from feedwright.patterns import lazy_pattern
from feedwright.problems import Problem

_WEB = lazy_pattern(r"https?://[!-;=?-~\x80-\U0010ffff]+")


def is_sound(result: ReadResult, path: str) -> bool:
    """Tell whether this could be what was read from the front matter of the file at `path`."""
    article = result.article
    return (
        result.path == path
        and (not result.problems or _are_of(result.problems, path))
        and (article is None or (_is_sound(article, path) and _are_names(article.authors)))
    )


def is_sound_content(content: Content, path: str) -> bool:
    """Tell whether this could be what was made from the body of the file at `path`."""
    article = content.article
    return (
        content.path == path
        and content.thumbnail is None
        and (not content.problems or _are_of(content.problems, path))
        and (
            article is None
            or (
                _is_sound(article, path)
                and len(content.fingerprint) == 16
                and content.fingerprint.isalnum()
                and _is_text(content.summary)
                and _are_names(tuple([author.name for author in article.authors]))
            )
        )
    )


def _is_sound(article: Article | ArticleSummary, path: str) -> bool:
    title, guid = article.title, article.guid
    return (
        article.path == path
        and (title.isprintable() or text.is_line(title))
        and not title.isspace()
        and 0 < len(title) <= TITLE_LIMIT
        and _WEB.fullmatch(article.link) is not None
        and (guid is None or urls.is_id(guid))
        and all(map(_are_labels, article.categories))
        and (not article.tags or _are_labels(article.tags))
        and (not article.language or text.language_tag(article.language) == article.language)
    )


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
