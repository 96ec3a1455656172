"""Fast path: if nothing changed since the last build, return its result.

Nothing is guessed: fingerprint, arguments, environment and configuration must be the same, also that of the
site's own generator, and the files in the content folder; published documents must be as they were left, and
no article may have become due or expired in between.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from feedwright import disk
from feedwright.cache import fingerprint, snapshot
from feedwright.cache.database import LONGEST, DamagedError
from feedwright.cache.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from feedwright.cache.snapshot import Snapshot

_SAMPLES = 16
_UNKNOWN = "-"
_CONFIGURATIONS = ("feedwright.toml", "pyproject.toml")


class LastBuild(NamedTuple):
    """The last build with the same key: its `value` if still valid, and the content folder as it is now.

    `broken` says that a damaged cache had to be deleted.
    """

    key: str
    value: Any = None
    snapshot: Snapshot | None = None
    broken: bool = False


class Validity(NamedTuple):
    """The validity of a value: `now` is in the span and the files are unchanged.

    `skip` are paths that do not count as content, `documents` are those of published files, all absolute.
    `digests` are the known SHA-256 of articles by path in the content folder, `hashes` those of documents.
    `states` are other files, and folders, which end in a separator, each with its state; `pages` are files
    whose presence alone counts; `read` are other files that were read, each with its signature and SHA-256.
    """

    since: datetime | None
    until: datetime | None
    skip: Sequence[str]
    documents: Sequence[str]
    digests: Mapping[str, str]
    hashes: Mapping[str, str]
    states: Sequence[tuple[str, str]] = ()
    pages: Sequence[tuple[str, bool]] = ()
    read: Sequence[tuple[str, str, str]] = ()


def key_of(
    arguments: Sequence[object],
    *,
    environ: Mapping[str, str] = MappingProxyType({}),
    start: str = "",
    files: Sequence[tuple[str, bytes]] = (),
) -> str:
    """Return the key of everything that decides a build's result, except the articles."""
    settings = sorted((name, value) for name, value in environ.items() if name.startswith("FEEDWRIGHT_"))
    text = repr((fingerprint.fingerprint(), tuple(arguments), settings, start, files))
    return disk.sha256(text.encode("utf-8", "surrogateescape"))


def configurations(start: str, config: str | None) -> list[tuple[str, bytes]]:
    """Return every file that is the configuration or could take precedence over it, with its bytes.

    `start` is the current folder, `config` the configuration file that the arguments name.
    """
    if config is not None:
        path = os.path.join(start, config)
        return [(path, _bytes(path))]
    files: list[tuple[str, bytes]] = []
    folder, below = start, ""
    while not files and folder != below:
        for name in _CONFIGURATIONS:
            path = os.path.join(folder, name)
            data = _bytes(path)
            if b"feedwright" in data or (data and name == _CONFIGURATIONS[0]):
                files.append((path, data))
        folder, below = os.path.dirname(folder), folder
    return files


def _bytes(path: str) -> bytes:
    try:
        return disk.read_bytes(path)
    except OSError:
        return b""


def last_build(
    key: str,
    folders: Iterable[str],
    *,
    read: Callable[[Any, str], object],
    is_own_root: Callable[[], bool],
    now: datetime,
    began: int,
) -> LastBuild:
    """Return the last build with this key, with its value if still valid at `now`.

    `folders` are those that may hold its cache, `is_own_root` tells what `place.distrust` asks; `began` is
    when this build began, in ns since the epoch.
    `read(row, root)` makes the value of what `save` was given, or raises ValueError where it was not given
    that for the content folder `root`.
    """
    broken = False
    for folder in folders:
        store = Store(folder, fingerprint.fingerprint())
        last = None
        with suppress(DamagedError):
            last = _look(store, key, read, is_own_root=is_own_root, now=now, began=began)
        store.close()
        broken = broken or store.broken
        if last is not None:
            return last
    return LastBuild(key=key, broken=broken)


def _look(
    store: Store,
    key: str,
    read: Callable[[Any, str], object],
    *,
    is_own_root: Callable[[], bool],
    now: datetime,
    began: int,
) -> LastBuild | None:
    """Look at one cache. Raises DamagedError, after deleting it, if its row is not one that `save` wrote."""
    row = store.build(key)
    if row is None:
        return None
    try:
        saved = json.loads(row[1])
        last = _compare(store, key, row[0], saved, is_own_root=is_own_root, now=now, began=began)
        return last._replace(value=read(last.value, saved["content"])) if last.value is not None else last
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        store.discard()
        raise DamagedError from error


def _compare(
    store: Store,
    key: str,
    digest: str,
    saved: dict[str, Any],
    *,
    is_own_root: Callable[[], bool],
    now: datetime,
    began: int,
) -> LastBuild:
    try:
        current = snapshot.Snapshot(saved["content"], skip=saved["skip"])
    except OSError:
        return LastBuild(key=key)
    changed = LastBuild(key=key, snapshot=current)
    since, until = (datetime.fromisoformat(t) if t else None for t in (saved["since"], saved["until"]))
    if (
        current.linked
        or not _may_be_used(store.folder, current.root, is_own_root=is_own_root)
        or (since and now < since)
        or (until and now >= until)
    ):
        return changed
    if any(disk.state_of(path) != state for path, state in saved["states"]):
        return changed
    if any(os.path.isfile(path) != there for path, there in saved["pages"]):
        return changed
    current_digest = current.digest
    if current_digest != digest and not _is_restored(current, saved):
        return changed
    for path, signature, hashed in saved["documents"]:
        if snapshot.signature(path) != signature and disk.file_sha256(path) != hashed:
            return changed
    read = [_as_it_is(*row, began=began) for row in saved["read"]]
    if not all(read):
        return changed
    is_settled = current_digest != digest and current.is_settled(began)
    if is_settled or read != saved["read"]:
        saved["read"] = read
        store.keep_build(key, current_digest if is_settled else digest, json.dumps(saved))
    return LastBuild(key=key, value=saved["value"], snapshot=current)


def _may_be_used(cache: str, content: str, *, is_own_root: Callable[[], bool]) -> bool:
    """Tell whether a cache may be used, which only one in the content folder may not."""
    real = os.path.realpath(cache)
    if not real.startswith(os.path.join(content, "")):
        return True
    from feedwright.cache import place  # few sites need it

    return not place.distrust(real, content, is_own_root=is_own_root())


def _as_it_is(path: str, signature: str, hashed: str, *, began: int) -> list[str]:
    """A file that was read, with its signature of today; nothing where its bytes are others."""
    current = snapshot.signature(path)
    if current == signature:
        return [path, signature, hashed]
    return _sealed(path, current, hashed, began) if disk.file_sha256(path) == hashed else []


def _sealed(path: str, signature: str, hashed: str, began: int) -> list[str]:
    """A file's signature and hash; the signature only if every later write will change it."""
    return [path, signature if snapshot.is_final(signature, began) else _UNKNOWN, hashed]


def _is_restored(current: Snapshot, saved: dict[str, Any]) -> bool:
    """Whether all files have the same bytes under new signatures, as in a fresh checkout.

    If some signatures are unchanged, single files were edited, and there is no use in reading them all.
    """
    if any(current.signatures.get(path) == signature for path, signature in saved["samples"]):
        return False
    return bool(snapshot.content_digest(current.root, current.signatures) == saved["content_digest"])


def save(store: Store, key: str, value: object, validity: Validity, *, content: Snapshot, began: int) -> None:
    """Keep a build's result, as JSON, for the next build with this key.

    `content` is the content folder as it was before the build, which began at `began` ns since the epoch.
    """
    if content.linked:
        return
    signatures = content.signatures
    saved = {
        "content": content.root,
        "skip": validity.skip,
        "since": validity.since and validity.since.isoformat(),
        "until": validity.until and validity.until.isoformat(),
        "content_digest": snapshot.content_digest(content.root, signatures, validity.digests),
        "samples": [
            (path, signatures[path]) for path in sorted(signatures)[:: max(1, len(signatures) // _SAMPLES)]
        ],
        "documents": [
            (path, snapshot.signature(path), validity.hashes.get(path) or disk.file_sha256(path))
            for path in validity.documents
        ],
        "states": list(validity.states),
        "pages": list(validity.pages),
        "read": [_sealed(*row, began) for row in validity.read],
        "value": value,
    }
    text = json.dumps(saved)  # in ASCII
    if len(text) < LONGEST:
        store.keep_build(key, content.digest if content.is_settled(began) else "", text)
