"""The values of a record: each has the form that a build gives it, or the record is not believed.

A record comes from a working copy, where anybody's commit or merge may have changed it, or from a server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from feedwright.feeds.slugs import SEPARATOR, is_slug_path
from feedwright.formats.layout import path_fault
from feedwright.model import EntryRecord
from feedwright.patterns import lazy_pattern
from feedwright.text import is_legal
from feedwright.urls import is_absolute_iri, is_id

_AUTHORITY = lazy_pattern(r"[^/?#\s]{1,320}")
_HASH = lazy_pattern(r"sha256:[0-9a-f]{64}")
_UP = lazy_pattern(r"\A(?:\.\./)+")
_FINGERPRINT = lazy_pattern(r"[0-9a-f]{0,64}")
_LINK = lazy_pattern(r"(?:https?://[!-~]+)?")  # early records have none
_LONGEST = 255  # bytes of a file name
_SHOWN = 80


def check_values(
    *,
    authority: str,
    feeds: Mapping[str, str],
    slugs: Mapping[str, str],
    documents: Iterable[tuple[str, str]],
    entries: Iterable[EntryRecord],
) -> None:
    """Raise ValueError for the first value of a record that no build would have written.

    The names are those of `Record`; `documents` are all, paths and hashes, `entries` with their sources.
    """
    entries, documents = list(entries), list(documents)
    rules: list[tuple[str, Callable[[str], object], Iterable[str]]] = [
        ("an authority", _is_authority, [authority]),
        ("the path of a feed", _is_feed_path, feeds),
        ("the id of a feed", _is_feed_id, feeds.values()),
        ("a slug path", is_slug_path, slugs),
        ("a list of labels", _are_labels, slugs.values()),
        ("a path of a document below the output folder", _is_document, [path for path, _ in documents]),
        ("a hash", _HASH.fullmatch, [digest for _, digest in documents]),
        ("the path of an article", _is_article, [entry.source for entry in entries]),
        ("an id", is_id, [entry.id for entry in entries]),
        ("a date with its zone", _is_moment, {m: 0 for e in entries for m in (e.published, e.updated)}),
        ("an address on the web", _LINK.fullmatch, [entry.link for entry in entries]),
        ("a fingerprint", _FINGERPRINT.fullmatch, [entry.fingerprint for entry in entries]),
    ]
    for noun, is_right, values in rules:
        for value in values:
            if not is_right(value):
                raise ValueError(f"{value[:_SHOWN]!r} is not {noun}")


def _is_authority(authority: str) -> bool:
    """Whether ids that begin with it (RFC 4151 §2.1) are IRIs."""
    is_name = _AUTHORITY.fullmatch(authority) is not None
    return is_name and is_absolute_iri(f"tag:{authority},2026-01-01:a")


def _is_feed_id(value: str) -> bool:
    return is_id(value) and is_absolute_iri(value)


def _is_feed_path(path: str) -> bool:
    return not path or (path.endswith("/") and is_slug_path(path[:-1]))


def _are_labels(labels: str) -> bool:
    return all(label.strip() and is_legal(label) for label in labels.split(SEPARATOR))


def _is_document(path: str) -> bool:
    below = _UP.sub("", path)  # above the output folder is the site's root
    return not path_fault(below) and all(len(part.encode()) <= _LONGEST for part in path.split("/"))


def _is_article(path: str) -> bool:
    """Whether it stays below the content folder; file names are those of the system, even if odd."""
    return "\0" not in path and all(part not in ("", ".", "..") for part in path.split("/"))


def _is_moment(written: str) -> bool:
    """Whether it is a date of ISO 8601 with its zone, which exists in UTC too."""
    try:
        moment = datetime.fromisoformat(written)
        return moment.tzinfo is not None and (1 < moment.year < 9999 or bool(moment.astimezone(UTC)))
    except (ValueError, OverflowError):
        return False
