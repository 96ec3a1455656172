"""Older entries in documents of their own, which never change (RFC 5005 §4).

A feed's articles are divided from the oldest on, by month or year (UTC) and never more than the feed itself
shows, or by number. A part is an archive once it is full or its time is over, which a newer article tells and
no clock: what is in no archive yet is in the feed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC
from itertools import groupby
from typing import Literal, TypeAlias

from feedwright.model import ArticleSummary

Span: TypeAlias = Literal["month", "year"] | int
"""What an archive holds: the articles of a month or a year, or a number of them."""

Part: TypeAlias = tuple[str, list[ArticleSummary]]
"""The name of an archive, which is its folder's, and its articles, newest first."""

FOLDER = "all/"
"""The folder of archives in that of their feed; no category has this slug."""

_PERIODS = {"month": "%Y-%m", "year": "%Y"}


def divide(articles: Sequence[ArticleSummary], span: Span, limit: int) -> list[Part]:
    """Return the archives of articles that are sorted newest first, the oldest archive first.

    `limit` is the number that the feed itself shows.
    """
    oldest_first = articles[::-1]
    if isinstance(span, int):
        return list(_parts(oldest_first, min(span, limit), "", is_over=False))
    form = _PERIODS[span]
    periods = [
        (period, list(members))
        for period, members in groupby(oldest_first, lambda a: a.published.astimezone(UTC).strftime(form))
    ]
    return [
        part
        for number, (period, members) in enumerate(periods, start=1)
        for part in _parts(members, limit, period, is_over=number < len(periods))
    ]


def _parts(articles: Sequence[ArticleSummary], size: int, period: str, *, is_over: bool) -> Iterator[Part]:
    for number, start in enumerate(range(0, len(articles), size), start=1):
        part = articles[start : start + size]
        if is_over or len(part) == size:
            name = period if period and number == 1 else f"{period}-{number}".lstrip("-")
            yield name, list(part[::-1])


def feed_folder(folder: str) -> str:
    """Return the folder of the feed to which a folder of documents belongs: for an archive, the one above."""
    above, is_archive, _ = f"/{folder}".partition(f"/{FOLDER}")
    return above.removeprefix("/") if is_archive else folder
