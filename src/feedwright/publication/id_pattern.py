"""The rule by which another generator made the ids of its entries, as far as adopted ones show it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import unquote

from feedwright import urls
from feedwright.model import ArticleSummary

_ENDS = ("", "/", ".html", "/index.html")
_DAY = "\0"


class _Form(NamedTuple):
    """An id: `start`, with or without a day, the path of the article's address without `cut`, and `end`."""

    cut: str
    is_decoded: bool
    start: str
    end: str


def find_pattern(adopted: Sequence[tuple[ArticleSummary, str]]) -> Callable[[ArticleSummary], str] | None:
    """Return the function that gives an article an id like those of the adopted, None if no rule fits all.

    The rule makes an id of the article's address, as most generators do, and of its day, as Pelican does.
    What it returns is "" where the rule gives no id. One id alone shows no rule.
    """
    if len(adopted) < 2:
        return None
    common = set.intersection(*(set(_forms(article, entry_id)) for article, entry_id in adopted))
    if not common:
        return None
    form = min(common)
    return lambda article: _id(article, form)


def _forms(article: ArticleSummary, entry_id: str) -> Iterator[_Form]:
    day = _day(article)
    for cut in _ENDS:
        for is_decoded in (False, True):
            middle = _middle(article, cut, is_decoded=is_decoded)
            if middle and middle in entry_id:
                start, _, end = entry_id.partition(middle)
                yield _Form(cut, is_decoded, start.replace(day, _DAY), end)


def _id(article: ArticleSummary, form: _Form) -> str:
    middle = _middle(article, form.cut, is_decoded=form.is_decoded)
    entry_id = form.start.replace(_DAY, _day(article)) + middle + form.end
    return entry_id if middle and urls.is_id(entry_id) else ""


def _middle(article: ArticleSummary, cut: str, *, is_decoded: bool) -> str:
    """The path of an article's address without its end, "" if it has another."""
    path = "".join(article.link.partition("//")[2].partition("/")[2:])
    path = path.removesuffix(cut) if path.endswith(cut) else ""
    return unquote(path) if is_decoded else path


def _day(article: ArticleSummary) -> str:
    return article.published.date().isoformat()
