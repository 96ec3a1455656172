"""The quick way out: nothing changed since the last build, so it came to the same.

Nothing is guessed: the same version, arguments, environment and configuration, the same files in the content
folder, published documents as they were left, and no article that has become due or expired since.
"""

from __future__ import annotations

import hashlib
import json
import os
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from feedwright import disk
from feedwright.cache import fingerprint, snapshot
from feedwright.cache.store import Cache
from feedwright.commands.outcome import Outcome
from feedwright.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

_SOME = 16
_PASSING = ("BUG001", "FS005", "FS006", "LIM001", "LIM002")
"""Problems that the next build may not have though no file changed: of the machine, not of an article."""
_CONFIGURATIONS = ("feedwright.toml", "pyproject.toml")


class LastBuild(NamedTuple):
    """What a glance at the last build told: its `outcome` where all is as it was, else what it saw.

    `broken` tells that a damaged cache had to be thrown away.
    """

    key: str
    outcome: Outcome | None = None
    content: str = ""
    tree: snapshot.Tree | None = None
    broken: bool = False


def glance(key: str, folders: Iterable[str], *, now: datetime, began: int) -> LastBuild:
    """Return what the last build with the same key came to, if it would come to the same at `now`.

    `folders` are those where its cache may be.
    """
    broken = False
    for folder in folders:
        cache = Cache(folder, fingerprint.fingerprint())
        row = cache.build(key)
        seen = _compare(cache, key, row[0], json.loads(row[1]), now=now, began=began) if row else None
        cache.close()
        broken = broken or cache.broken
        if seen is not None:
            return seen
    return LastBuild(key=key, broken=broken)


def configurations(start: str, config: str | None) -> list[tuple[str, bytes]]:
    """Return every file that could be or hide the configuration, with what is in it.

    `start` is the current folder, `config` the configuration that the arguments name.
    """
    if config is not None:
        path = os.path.join(start, config)
        return [(path, _bytes(path))]
    found = []
    folder = start
    while True:
        for name in _CONFIGURATIONS:
            data = _bytes(os.path.join(folder, name))
            if b"feedwright" in data or (data and name == _CONFIGURATIONS[0]):
                found.append((os.path.join(folder, name), data))
        above = os.path.dirname(folder)
        if found or above == folder:
            return found
        folder = above


def _bytes(path: str) -> bytes:
    try:
        return disk.read_bytes(path)
    except OSError:
        return b""


def key_of(
    arguments: Sequence[object],
    *,
    environ: Mapping[str, str] = MappingProxyType({}),
    start: str = "",
    files: Sequence[tuple[str, bytes]] = (),
) -> str:
    """Return the key of all that decides what a build comes to, but for the files it reads."""
    own = sorted((name, value) for name, value in environ.items() if name.startswith("FEEDWRIGHT_"))
    said = repr((fingerprint.fingerprint(), tuple(arguments), own, start, files))
    return hashlib.sha256(said.encode("utf-8", "surrogateescape")).hexdigest()


def _compare(
    cache: Cache, key: str, seal: str, kept: dict[str, Any], *, now: datetime, began: int
) -> LastBuild:
    from datetime import datetime

    content, skip = kept["content"], kept["skip"]
    try:
        found = snapshot.look(content, skip=skip)
    except OSError:
        return LastBuild(key=key)
    seen = LastBuild(key=key, content=content, tree=found)
    since, until = (datetime.fromisoformat(t) if t else None for t in (kept["since"], kept["until"]))
    if found.linked or (since and now < since) or (until and now >= until):
        return seen
    now_seal = found.seal()
    if now_seal != seal and not _is_restored(found, kept):
        return seen
    if not all(
        snapshot.stamp(path) == mark or disk.file_sha256(path) == own for path, mark, own in kept["documents"]
    ):
        return seen
    if now_seal != seal and found.is_settled(began):
        cache.keep_build(key, now_seal, json.dumps(kept))
    return LastBuild(key=key, outcome=_outcome(kept), content=content, tree=found)


def _is_restored(found: snapshot.Tree, kept: dict[str, Any]) -> bool:
    """Whether all files have the bytes they had, though other stamps, as in a fresh checkout.

    Where some of the stamps are as they were, files were edited, and reading them all is of no use.
    """
    if any(found.stamps.get(path) == mark for path, mark in kept["some"]):
        return False
    seal: str = kept["content_seal"]
    return snapshot.content_seal(found.root, found.stamps) == seal


def keep(
    seen: LastBuild,
    cache: Cache,
    outcome: Outcome,
    found: snapshot.Tree,
    *,
    skip: str,
    record: str,
    began: int,
) -> None:
    """Keep what a build came to, for the next glance.

    `found` is the tree below the content folder before the build, which began at `began` ns; `skip` is the
    output folder, `record` the record's file.
    """
    if found.linked or not (outcome.written or outcome.unchanged):
        return
    if any(problem.code in _PASSING for problem in outcome.problems):
        return
    paths = [os.path.join(skip, path) for path in (*outcome.written, *outcome.unchanged, *outcome.stale)]
    hashes = {path: row[1].partition(":")[2] for path, row in cache.documents().items()}
    value = {
        "content": found.root,
        "skip": skip,
        "content_seal": snapshot.content_seal(found.root, found.stamps, cache.seals()),
        "some": sorted(found.stamps.items())[:: max(1, len(found.stamps) // _SOME)],
        "documents": [
            [path, snapshot.stamp(path), hashes.get(os.path.relpath(path, skip)) or disk.file_sha256(path)]
            for path in (*paths, record)
        ],
        **_written(outcome),
    }
    cache.keep_build(seen.key, found.seal() if found.is_settled(began) else "", json.dumps(value))


_COUNTS = ("files", "published", "drafts", "hidden", "locked", "scheduled", "expired", "skipped")
_MOMENTS = ("since", "until", "next_due")


def _written(outcome: Outcome) -> dict[str, object]:
    moments = {name: getattr(outcome, name) for name in _MOMENTS}
    return {
        **{name: getattr(outcome, name) for name in _COUNTS},
        **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
        "problems": [[getattr(p, name) for name in Problem.__slots__] for p in outcome.problems],
        "warnings": [[getattr(p, name) for name in Problem.__slots__] for p in outcome.warnings],
        "held": sorted(outcome.held),
        "unchanged": sorted((*outcome.written, *outcome.unchanged)),
        "stale": outcome.stale,
        "strict": outcome.strict,
    }


def _outcome(kept: dict[str, Any]) -> Outcome:
    from datetime import datetime

    facts: dict[str, Any] = {name: kept[name] for name in _COUNTS}
    for name in _MOMENTS:
        facts[name] = datetime.fromisoformat(kept[name]) if kept[name] else None
    return Outcome(
        **facts,
        problems=_problems(kept["problems"]),
        warnings=_problems(kept["warnings"]),
        held=frozenset(kept["held"]),
        unchanged=tuple(kept["unchanged"]),
        stale=tuple(kept["stale"]),
        strict=kept["strict"],
    )


def _problems(rows: list[list[Any]]) -> tuple[Problem, ...]:
    return tuple(Problem(**dict(zip(Problem.__slots__, row, strict=True))) for row in rows)
