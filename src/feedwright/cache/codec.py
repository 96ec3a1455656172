"""Values as the cache and the workers hand them on: JSON, and back to what they were, field by field."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from feedwright.bodies.entry import Content
from feedwright.model import Article, ArticleSummary, Author, Enclosure, Picture, ReadResult
from feedwright.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

_ARTICLE = tuple(f.name for f in fields(Article))
_AUTHORS = _ARTICLE.index("authors")
_PICTURE = tuple(f.name for f in fields(Picture))
_ENCLOSURE = tuple(f.name for f in fields(Enclosure))
_moment = datetime.fromisoformat
_PROBLEM = tuple(f.name for f in fields(Problem))


def written_head(head: ReadResult) -> str:
    """Return all of a file's head that sorting articles takes."""
    card = _written_card(head.article) if head.article else None
    return _dumps([head.draft, head.hiding, head.skipped, head.naive, _written_problems(head.problems), card])


def read_listed(path: str, row: list[Any]) -> ReadResult:
    """Return what `written_head` wrote of the file, its JSON read."""
    draft, hiding, skipped, naive, problems, card = row
    return ReadResult(
        path,
        _read_card(path, card) if card else None,
        _read_problems(problems) if problems else (),
        draft,
        hiding,
        skipped,
        naive,
    )


def _written_card(article: ArticleSummary) -> list[Any]:
    published, updated, due = (m.isoformat() for m in (article.published, article.updated, article.due))
    return [
        article.title,
        article.link,
        published,
        updated if updated != published else None,
        due if due != published else None,
        article.expires and article.expires.isoformat(),
        article.guid,
        article.categories,
        article.tags,
        article.authors,
    ]


def _read_card(path: str, row: list[Any]) -> ArticleSummary:
    title, link, day, updated, due, expires, guid, categories, tags, authors = row
    published = _moment(day)
    return ArticleSummary(
        path,
        title,
        link,
        published,
        _moment(updated) if updated else published,
        _moment(due) if due else published,
        _moment(expires) if expires else None,
        guid,
        tuple([tuple(labels) for labels in categories]),
        tuple(tags),
        tuple(authors),
    )


def written_cleaned(cleaned: Content) -> str:
    """Return all that is known of a clean body."""
    article = _written_article(cleaned.article) if cleaned.article else None
    picture = [getattr(cleaned.picture, name) for name in _PICTURE] if cleaned.picture else None
    problems = _written_problems(cleaned.problems)
    return _dumps([article, cleaned.summary, picture, problems, cleaned.fingerprint, cleaned.content_hash])


def read_cleaned(path: str, text: str) -> Content:
    """Return what `written_cleaned` wrote of the file."""
    article, summary, picture, problems, fingerprint, content_hash = json.loads(text)
    return Content(
        path=path,
        article=_read_article(article) if article else None,
        summary=summary,
        picture=Picture(**dict(zip(_PICTURE, picture, strict=True))) if picture else None,
        problems=_read_problems(problems),
        fingerprint=fingerprint,
        content_hash=content_hash,
    )


def _written_article(article: Article) -> list[Any]:
    facts: list[Any] = [getattr(article, name) for name in _ARTICLE]
    for place, value in enumerate(facts):
        if isinstance(value, datetime):
            facts[place] = value.isoformat()
        elif isinstance(value, Picture):
            facts[place] = [getattr(value, name) for name in _PICTURE]
        elif isinstance(value, Enclosure):
            facts[place] = [getattr(value, name) for name in _ENCLOSURE]
    facts[_AUTHORS] = [[author.name, author.email, author.uri] for author in article.authors]
    return facts


def _read_article(row: list[Any]) -> Article:
    facts = dict(zip(_ARTICLE, row, strict=True))
    for name in ("published", "updated", "due", "expires"):
        if facts[name]:
            facts[name] = _moment(facts[name])
    if facts["enclosure"]:
        facts["enclosure"] = Enclosure(**dict(zip(_ENCLOSURE, facts["enclosure"], strict=True)))
    if facts["picture"]:
        facts["picture"] = Picture(**dict(zip(_PICTURE, facts["picture"], strict=True)))
    facts["authors"] = _authors(tuple(map(tuple, facts["authors"])))
    facts["categories"] = tuple(map(tuple, facts["categories"]))
    facts["tags"] = tuple(facts["tags"])
    return Article(**facts)


@lru_cache(1024)
def _authors(rows: tuple[tuple[str, str | None, str | None], ...]) -> tuple[Author, ...]:
    return tuple(Author(name=name, email=email, uri=uri) for name, email, uri in rows)


def _written_problems(problems: Iterable[Problem]) -> list[Any]:
    return [[getattr(problem, name) for name in _PROBLEM] for problem in problems]


def _read_problems(rows: Iterable[list[Any]]) -> tuple[Problem, ...]:
    return tuple(Problem(**dict(zip(_PROBLEM, row, strict=True))) for row in rows)


def _dumps(value: object) -> str:
    """JSON text, as it is read fastest; SQLite takes no lone surrogates, as file names have them."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return text
