"""Feeds as a published document tells of them: what its format does not carry is not there.

Such values come from a file that anybody may have edited. None of them is `SafeHtml`, whatever it looks like.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from feedwright.model import Author, Enclosure, Term, Thumbnail


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedEntry:
    """An entry or item that was published; its facts are those of `model.Entry`.

    `content` is HTML that nobody vouches for: it has to be sanitized before it is published again.
    `updated` is None where the format has no such date.
    """

    id: str
    title: str
    link: str
    published: datetime
    updated: datetime | None
    authors: tuple[Author, ...]
    categories: tuple[Term, ...]
    summary: str
    content: str | None
    thumbnail: Thumbnail | None = None
    enclosure: Enclosure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFeed:
    """A feed that was published; its facts are those of `model.Feed`, its ids occur once.

    `id` and `author` are None where the format does not carry them.
    """

    id: str | None
    url: str
    link: str
    title: str
    description: str
    language: str
    updated: datetime
    author: Author | None
    entries: tuple[PublishedEntry, ...]
    copyright: str | None = None
    icon: str | None = None
    logo: str | None = None
    ttl: int | None = None
    hub: str | None = None
