"""Recorded entries and the new files that they moved to, so that their ids go with them.

Two of body, title, date and link must match. More matches come before fewer; of two matches those with the
body come first, then the link, then the title, since a date is the least that two articles can share.
Candidates that are equal pair in the order of their paths.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from operator import itemgetter
from typing import TypeAlias

from feedwright.model import EntryRecord
from feedwright.problems import Problem
from feedwright.publication.matching import pairs
from feedwright.text import fold_space

_Traits: TypeAlias = "tuple[str | None, str | None, datetime | str | None, str | None]"
"""Body, title, date and link as they are compared; None matches nothing."""
_Item: TypeAlias = "tuple[EntryRecord, _Traits]"

_BODY, _TITLE, _DATE, _LINK = range(4)
_STAGES = (
    (_BODY, _TITLE, _DATE),
    (_BODY, _TITLE),
    (_BODY, _DATE),
    (_LINK, _BODY),
    (_LINK, _TITLE),
    (_LINK, _DATE),
    (_TITLE, _DATE),
)
_NAMES = {_LINK: "address", _BODY: "text", _TITLE: "title", _DATE: "date"}
_NO_BODY = frozenset({"", sha256(b"").hexdigest()[:16]})  # all articles without a text have that one
_PLAIN = re.compile(r"[A-Za-z]\S*[^\s:]")  # what YAML needs no quotes for


def find_renames(
    gone: Sequence[EntryRecord], fresh: Sequence[EntryRecord]
) -> tuple[dict[str, EntryRecord], list[Problem]]:
    """Return, by new path, the entries that moved there, and a problem for each pair that only may be one.

    `gone` are recorded entries whose file is gone, `fresh` are those that articles without an id of their own
    would have; the order of neither matters, nor does the id of the latter. A fingerprint of nothing matches
    nothing. Where one thing alone matches, that is ID002, unless it says too little: a text or a title that
    others of these files share, a date that others share or that has no time of day. Every file is named once
    at most.
    """
    entries, articles = (
        [(entry, _traits(entry)) for entry in sorted(side, key=lambda entry: entry.source)]
        for side in (gone, fresh)
    )
    matches = pairs(entries, articles, [("", partial(_complete, itemgetter(*kinds))) for kinds in _STAGES])
    moved = {article.source: entry for _, (entry, _), (article, _) in matches}
    sources = {entry.source for entry in moved.values()}
    left = [item for item in entries if item[0].source not in sources]
    rest = [item for item in articles if item[0].source not in moved]
    clues = [
        (kind, partial(_telling, kind, _single(kind, entries) & _single(kind, articles))) for kind in _NAMES
    ]
    doubts = pairs(left, rest, clues)
    problems = [_doubt(entry, article.source, kind) for kind, (entry, _), (article, _) in doubts]
    return dict(sorted(moved.items())), sorted(problems, key=lambda problem: problem.place)


def _traits(entry: EntryRecord) -> _Traits:
    body = None if entry.fingerprint in _NO_BODY else entry.fingerprint
    title = unicodedata.normalize("NFC", fold_space(entry.title))
    return (body, title or None, _moment(entry.published), entry.link or None)


def _moment(published: str) -> datetime | str | None:
    """The date as it is compared; one that is not ISO 8601 stands for itself."""
    try:
        return datetime.fromisoformat(published)
    except ValueError:
        return published or None


def _complete(get: Callable[[_Traits], tuple[object, ...]], item: _Item) -> Hashable:
    """The key of several traits together, None where one is lacking."""
    values = get(item[1])
    return None if None in values else values


def _single(kind: int, side: Sequence[_Item]) -> set[object]:
    """The traits of a kind that one file alone has, paired or not."""
    counts = Counter(traits[kind] for _, traits in side)
    return {value for value, count in counts.items() if count == 1}


def _telling(kind: int, single: set[object], item: _Item) -> Hashable:
    """The key of one trait, None for one that is not single and for a mere day."""
    value = item[1][kind]
    return value if value in single and (kind != _DATE or _has_time(value)) else None


def _has_time(date: datetime | str | None) -> bool:
    """Whether it is not midnight, neither in the date's own zone nor in UTC, as where only days are given."""
    if not isinstance(date, datetime):
        return False
    clock = timedelta(hours=date.hour, minutes=date.minute, seconds=date.second)
    return all((clock - zone) % timedelta(days=1) for zone in (timedelta(), date.utcoffset() or timedelta()))


def _doubt(entry: EntryRecord, path: str, kind: int) -> Problem:
    message = f"this may be {entry.source}, which is gone: only the {_NAMES[kind]} is the same"
    guid = entry.id if _PLAIN.fullmatch(entry.id) else json.dumps(entry.id, ensure_ascii=False)
    return Problem.warning("ID002", message, path, field="guid", hint=f"guid: {guid}")
