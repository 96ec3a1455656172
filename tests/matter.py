"""What an article's front matter is read as, in one line of a test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from feedwright.articles import article
from sites import field_reader

if TYPE_CHECKING:
    from feedwright.model import Article
    from feedwright.problems import Problem

DAY = "date: 2026-01-03"


class Result(NamedTuple):
    """What became of a front matter."""

    article: Article | None
    problems: list[Problem]
    draft: bool


def head(matter: str, **settings: Any) -> Result:
    """What the article with this YAML front matter is read as."""
    reader = field_reader(matter, **settings)
    return Result(article.read(reader), reader.problems, reader.draft)


def told(found: Result) -> list[str]:
    """The problems, as `severity CODE line:column`."""
    return [f"{p.severity} {p.code} {p.line}:{p.column}" for p in found.problems]


def good(matter: str, *, path: str = "a.md", **settings: Any) -> Any:
    """The article that a front matter without fault describes."""
    found = head(matter, path=path, **settings)
    assert told(found) == []
    assert found.article
    return found.article
