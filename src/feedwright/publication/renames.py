"""Recorded entries and the new files that they moved to, so that their ids go with them.

Two of body, title, date and link must match. More matches come before fewer; of two matches those with the
body come first, then the link, then the title, since a date is the least that two articles can share.
Candidates that are equal pair by the names of their files, then in the order of their paths; where more new
files than entries are equal, none inherits.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from feedwright.model import EntryRecord
from feedwright.problems import Problem
from feedwright.publication.matching import groups, pairs
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
_NEW = "\nif it is another article, give it a `guid` of its own, or: --accept new-article"
_BOTH = "; to publish both, give this one a `guid` of its own, or: --accept new-article"


class Doubt(NamedTuple):
    """A new file that only may be that of an entry, and why; `is_several` if others fit it equally."""

    path: str
    entry: EntryRecord
    clue: str
    is_several: bool = False


def find_renames(
    gone: Sequence[EntryRecord], fresh: Sequence[EntryRecord]
) -> tuple[dict[str, EntryRecord], list[Doubt]]:
    """Return, by new path, the entries that moved there, and the doubts, by path.

    `gone` are recorded entries whose file is gone, `fresh` are those that articles without an id of their own
    would have; the order of neither matters, nor does the id of the latter. A fingerprint of nothing matches
    nothing. It is a doubt where several new files fit an entry equally; and where one thing alone matches,
    unless it says too little: a text or a title that others of these files share, a date that others share or
    that has no time of day. Every new file is named once at most.
    """
    entries, articles = (
        [(entry, _traits(entry)) for entry in sorted(side, key=lambda entry: entry.source)]
        for side in (gone, fresh)
    )
    moved: dict[str, EntryRecord] = {}
    doubts: list[Doubt] = []
    left, rest = entries, articles
    for kinds in _STAGES:
        key = partial(_complete, itemgetter(*kinds))
        for _, olds, news in groups(left, rest, [("", key)]):
            if len(news) > len(olds):
                doubts += _several(olds, news, kinds)
            else:
                moved |= _paired([entry for entry, _ in olds], [article.source for article, _ in news])
        settled = {id(entry) for entry in (*moved.values(), *(doubt.entry for doubt in doubts))}
        paths = {*moved, *(doubt.path for doubt in doubts)}
        left = [item for item in left if id(item[0]) not in settled]
        rest = [item for item in rest if item[0].source not in paths]
    clues = [
        (kind, partial(_telling, kind, _single(kind, entries) & _single(kind, articles))) for kind in _NAMES
    ]
    for kind, (entry, _), (article, _) in pairs(left, rest, clues):
        doubts.append(Doubt(article.source, entry, f"only the {_NAMES[kind]} is the same"))
    return dict(sorted(moved.items())), sorted(doubts)


def problem_of(doubt: Doubt, *, held: bool) -> Problem:
    """Return the problem of a doubt, with the line to paste: a HOLD if the file is `held` for it."""
    entry = doubt.entry
    problem = Problem.error if held else Problem.warning
    message = f"this may be {entry.source}, which is gone: {doubt.clue}"
    return problem("ID002", message, doubt.path, field="guid", hint=guid_line(entry.id) + _NEW * held)


def overwritten(entry: EntryRecord) -> Problem:
    """Return the problem of a file that has nothing in common with the entry that it keeps."""
    message = f"this file was {entry.title!r} until now: the title, the date and the text are others"
    hint = (
        "readers see an update of the old entry, nothing new: for a new article, make a new file, and bring\n"
        "the old one back"
    )
    return Problem.warning("ID004", message, entry.source, hint=hint)


def copied(path: str, original: str, *, held: bool) -> Problem:
    """Return the problem of a new file that is like another; a HOLD if the file is `held` for it."""
    problem = Problem.error if held else Problem.warning
    message = f"the same title, date and text as {original}" + ", which is published" * held
    hint = f"to rename {original}, delete it: this file has its id then" * held or "delete one of them"
    return problem("ID003", message, path, hint=hint + _BOTH * held)


def guid_line(entry_id: str) -> str:
    """Return the line of front matter that gives an article an id."""
    return f"guid: {entry_id if _PLAIN.fullmatch(entry_id) else json.dumps(entry_id, ensure_ascii=False)}"


def _several(olds: Sequence[_Item], news: Sequence[_Item], kinds: Sequence[int]) -> Iterator[Doubt]:
    names = " and ".join(_NAMES[kind] for kind in kinds)
    for article, _ in news:
        clue = f"{len(news)} new files have its {names}"
        yield Doubt(article.source, olds[0][0], clue, is_several=True)


def _paired(olds: Sequence[EntryRecord], news: Sequence[str]) -> dict[str, EntryRecord]:
    """Entries by new path: first those whose file has the same name, then in the order of their paths."""
    by_name = {
        new: old
        for _, old, new in pairs(
            olds,
            news,
            [("", lambda item: (item if isinstance(item, str) else item.source).rpartition("/")[2])],
        )
    }
    taken = {old.source for old in by_name.values()}
    others = (old for old in olds if old.source not in taken)
    return by_name | dict(zip([new for new in news if new not in by_name], others, strict=False))


def is_telling(fingerprint: str) -> bool:
    """Tell whether a fingerprint is that of a text."""
    return fingerprint not in _NO_BODY


def _traits(entry: EntryRecord) -> _Traits:
    body = entry.fingerprint if is_telling(entry.fingerprint) else None
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
