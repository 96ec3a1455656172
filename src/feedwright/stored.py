"""Values as the cache keeps them: JSON, and back to what they were, field by field."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from feedwright.model import Article, Author, Enclosure, Picture
from feedwright.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

_ARTICLE = tuple(f.name for f in fields(Article))
_AUTHORS = _ARTICLE.index("authors")
_PICTURE = tuple(f.name for f in fields(Picture))
_ENCLOSURE = tuple(f.name for f in fields(Enclosure))
_PROBLEM = tuple(f.name for f in fields(Problem))


def written_article(article: Article | None) -> list[Any] | None:
    """Return an article as JSON has it."""
    if article is None:
        return None
    facts: list[Any] = [getattr(article, name) for name in _ARTICLE]
    for place, value in enumerate(facts):
        if isinstance(value, datetime):
            facts[place] = value.isoformat()
        elif isinstance(value, Picture):
            facts[place] = written_picture(value)
        elif isinstance(value, Enclosure):
            facts[place] = [value.url, value.type, value.length]
    facts[_AUTHORS] = [[author.name, author.email, author.uri] for author in article.authors]
    return facts


def read_article(row: list[Any] | None) -> Article | None:
    """Return the article that `written_article` wrote."""
    if row is None:
        return None
    facts = dict(zip(_ARTICLE, row, strict=True))
    for name in ("published", "updated", "due"):
        facts[name] = _moment(facts[name])
    if facts["expires"]:
        facts["expires"] = _moment(facts["expires"])
    if facts["enclosure"]:
        facts["enclosure"] = Enclosure(**dict(zip(_ENCLOSURE, facts["enclosure"], strict=True)))
    facts["authors"] = _authors(tuple(map(tuple, facts["authors"])))
    facts["categories"] = tuple(map(tuple, facts["categories"]))
    facts["tags"] = tuple(facts["tags"])
    facts["picture"] = read_picture(facts["picture"])
    return Article(**facts)


_moment = lru_cache(1024)(datetime.fromisoformat)


@lru_cache(1024)
def _authors(rows: tuple[tuple[str, str | None, str | None], ...]) -> tuple[Author, ...]:
    return tuple(Author(name=name, email=email, uri=uri) for name, email, uri in rows)


def written_picture(picture: Picture | None) -> list[Any] | None:
    """Return a picture as JSON has it."""
    return [getattr(picture, name) for name in _PICTURE] if picture else None


def read_picture(row: list[Any] | None) -> Picture | None:
    """Return the picture that was written as the list of its fields."""
    if not row:
        return None
    return Picture(**dict(zip(_PICTURE, row, strict=True)))


def written_problems(problems: Iterable[Problem]) -> list[Any]:
    """Return problems as JSON has them."""
    return [[getattr(problem, name) for name in _PROBLEM] for problem in problems]


def read_problems(rows: Iterable[list[Any]]) -> tuple[Problem, ...]:
    """Return the problems that `written_problems` wrote."""
    return tuple(Problem(**dict(zip(_PROBLEM, row, strict=True))) for row in rows)


def dumps(value: object) -> str:
    """Return a value as JSON text; lone surrogates, as in file names, are kept."""
    return json.dumps(value, separators=(",", ":"))
