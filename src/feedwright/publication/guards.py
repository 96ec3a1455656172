"""What a publication must not do to subscribers unless somebody says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedwright.problems import GuardError
from feedwright.text import count, visible

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from feedwright.publication.changes import EntryChange, FeedChange
    from feedwright.publication.record import Record

ACCEPTED = ("empty", "foreign", "id-change", "shrink")
"""Every guard's name, for `--accept`."""
_SHOWN = 5


def is_risky(previous: Record, ids: Mapping[str, str], held: Collection[str]) -> bool:
    """Tell whether readers could lose anything: an article is held, or an id that they know is gone.

    `ids` are those of all articles that are due. As long as it is False there is nothing to `check_changes`.
    """
    return bool(held) or not {entry.id for entry in previous.entries.values()} <= set(ids.values())


def check_changes(changes: Sequence[FeedChange], accept: frozenset[str]) -> None:
    """Raise `GuardError` where changes would hurt subscribers and are not accepted.

    PUB009 ("id-change"): entries would come back as unread. PUB010 ("shrink"): the site's feed would lose
    more than half of its entries other than by its limit. A category that vanishes never hurts.
    """
    if "id-change" not in accept:
        _judge_ids(changes)
    if "shrink" not in accept:
        _judge_size(changes)


def check_emptiness(previous: Record | None, files: int, accept: frozenset[str]) -> bool:
    """Tell whether the record is to say that nothing is published any more; only who accepts it may do that.

    Nothing where there was something is a failed mount or checkout more often than a wish:
    `GuardError` PUB004 ("empty").
    """
    if previous is None or not previous.entries:
        return False
    if "empty" in accept:
        return True
    message = f"none of {files} files is an article to publish, but {len(previous.entries)} entries were"
    hint = (
        "look whether the content folder is the right one; if all articles are gone for good: --accept empty"
    )
    raise GuardError(message, code="PUB004", hint=hint)


def _judge_ids(changes: Sequence[FeedChange]) -> None:
    again = {e.id: e for change in changes for e in change.entries if e.fate == "unread"}
    if not again:
        return
    entries = count(len(again), "entry", "entries")
    message = f"{entries} would come back as unread to every subscriber: {_listed(list(again.values()))}"
    hint = "give them back the ids they had, in `guid:`, or go ahead: --accept id-change"
    raise GuardError(message, code="PUB009", hint=hint)


def _listed(entries: Sequence[EntryChange]) -> str:
    rows = [f"{visible(e.title)!r} was {visible(e.was or '')}, now {visible(e.id)}" for e in entries[:_SHOWN]]
    told = "; ".join(rows)
    return told if len(entries) <= _SHOWN else f"{told}; and {len(entries) - _SHOWN} more"


def _judge_size(changes: Sequence[FeedChange]) -> None:
    site = next((change for change in changes if change.path == "" and change.fate == "changed"), None)
    if site is None:
        return
    lost = [entry for entry in site.entries if entry.fate == "withdrawn"]
    shown = site.kept + sum(entry.fate != "new" for entry in site.entries)
    if len(lost) * 2 <= shown:
        return
    titles = ", ".join(repr(visible(entry.title)) for entry in lost[:_SHOWN])
    more = f" and {len(lost) - _SHOWN} more" if len(lost) > _SHOWN else ""
    message = f"the site's feed would lose {len(lost)} of its {shown} entries: {titles}{more}"
    hint = "look whether the content folder is whole and the clock right; if they are to go: --accept shrink"
    raise GuardError(message, code="PUB010", hint=hint)
