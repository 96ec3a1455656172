"""Which new files are recorded entries that moved, so that their ids go with them.

Two of body, title, date and link must match. More matches come before fewer; of two matches those with the
body come first, then the link, then the title, since a date is the least that two articles can share.
Candidates that are equal pair in the order of their paths.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter, defaultdict, deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING

from feedwright.problems import Problem
from feedwright.text import fold_space

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from feedwright.publication.record import EntryRecord

_Traits = tuple[str | None, str | None, datetime | str | None, str | None]
"""Body, title, date and link as they are compared; None matches nothing."""

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
_NAMES = {_BODY: "text", _TITLE: "title", _DATE: "date", _LINK: "address"}
_NO_BODY = frozenset({"", sha256(b"").hexdigest()[:16]})  # all articles without a text have that one
_PLAIN = re.compile(r"[A-Za-z]\S*[^\s:]")  # what YAML needs no quotes for
_source, _path = attrgetter("source"), attrgetter("path")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An article that the record does not know; `published` is aware, or ISO 8601 as in the record."""

    path: str
    title: str
    published: datetime | str
    fingerprint: str = ""
    link: str = ""


def pair(
    gone: Sequence[EntryRecord], fresh: Sequence[Candidate]
) -> tuple[dict[str, EntryRecord], list[Problem]]:
    """Return, by new path, the entries that moved there, and a problem for each pair that only may be one.

    `gone` are recorded entries whose file is gone, `fresh` articles without an id of their own; the order
    of neither matters. A fingerprint of nothing matches nothing. Where one thing alone matches, that is
    ID002, unless it says too little: a text or a title that others of these files share, a date that others
    share or that has no time of day. Every file is named once at most.
    """
    entries = {entry.source: entry for entry in gone}
    lost = {entry.source: _traits(entry) for entry in sorted(gone, key=_source)}
    found = {stranger.path: _traits(stranger) for stranger in sorted(fresh, key=_path)}
    moved: dict[str, EntryRecord] = {}
    left, rest = dict(lost), dict(found)
    for kinds in _STAGES:
        for source, path in _meet(left, rest, kinds):
            moved[path] = entries[source]
            del left[source], rest[path]
    doubts = _doubts(lost, found, left, rest)
    problems = [_doubt(entries[source], path, kind) for source, path, kind in doubts]
    return dict(sorted(moved.items())), sorted(problems, key=lambda problem: problem.place)


def _traits(one: EntryRecord | Candidate) -> _Traits:
    body = None if one.fingerprint in _NO_BODY else one.fingerprint
    title = unicodedata.normalize("NFC", fold_space(one.title))
    return (body, title or None, _instant(one.published), one.link or None)


def _instant(published: datetime | str) -> datetime | str | None:
    """The moment, equal in whatever zone it is told; a text that is no moment stands for itself."""
    if isinstance(published, datetime):
        return published
    try:
        return datetime.fromisoformat(published)
    except ValueError:
        return published or None


def _meet(
    lost: Mapping[str, _Traits], found: Mapping[str, _Traits], kinds: tuple[int, ...]
) -> list[tuple[str, str]]:
    """Pair those that are equal in all these kinds, in the order of their paths."""
    key = itemgetter(*kinds)
    waiting: dict[object, deque[str]] = defaultdict(deque)
    for source, traits in lost.items():
        if all(traits[kind] is not None for kind in kinds):
            waiting[key(traits)].append(source)
    pairs = []
    for path, traits in found.items():
        if candidates := waiting.get(key(traits)):
            pairs.append((candidates.popleft(), path))
    return pairs


def _doubts(
    lost: Mapping[str, _Traits],
    found: Mapping[str, _Traits],
    left: dict[str, _Traits],
    rest: dict[str, _Traits],
) -> Iterator[tuple[str, str, int]]:
    """Those of `left` and `rest` that share one thing which no other file, paired or not, has."""
    for kind in (_LINK, _BODY, _TITLE, _DATE):
        once = _single(lost, kind) & _single(found, kind)
        paths = {traits[kind]: path for path, traits in rest.items() if traits[kind] in once}
        for source, traits in list(left.items()):
            path = paths.get(traits[kind])
            if path is None or not _tells(kind, traits, rest[path]):
                continue
            del left[source], rest[path]
            yield source, path, kind


def _single(files: Mapping[str, _Traits], kind: int) -> set[object]:
    counts = Counter(traits[kind] for traits in files.values())
    return {value for value, count in counts.items() if count == 1 and value is not None}


def _tells(kind: int, *both: _Traits) -> bool:
    """Whether the match says anything: all articles of a day are from midnight where only days are given."""
    if kind != _DATE:
        return True
    dates = [traits[_DATE] for traits in both]
    return all(isinstance(date, datetime) and not _is_midnight(date) for date in dates)


def _is_midnight(date: datetime) -> bool:
    """Whether it is midnight in the date's own zone or in UTC."""
    clock = timedelta(hours=date.hour, minutes=date.minute, seconds=date.second)
    return not clock or not (clock - (date.utcoffset() or timedelta())) % timedelta(days=1)


def _doubt(entry: EntryRecord, path: str, kind: int) -> Problem:
    message = f"this may be {entry.source}, which is gone: only the {_NAMES[kind]} is the same"
    own = entry.id if _PLAIN.fullmatch(entry.id) else json.dumps(entry.id, ensure_ascii=False)
    return Problem(
        severity="warning", code="ID002", message=message, file=path, field="guid", hint=f"guid: {own}"
    )
