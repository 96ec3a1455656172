"""Guards: changes that hurt subscribers and therefore need `--accept`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedwright.problems import GuardError, Problem
from feedwright.text import count, nfc, some, visible

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from feedwright.model import ArticleSummary, EntryRecord
    from feedwright.publication.changes import FeedChange
    from feedwright.publication.record import Record


def is_risky(
    previous: Record, ids: Mapping[str, str], held: Collection[str], *, shown: Collection[str], revived: bool
) -> bool:
    """Tell whether readers could lose anything or see anything again, so that feeds must be compared.

    `ids` are those of all articles that are due, `held` the paths of those that broke, `shown` the ids that
    the feeds will show, `revived` says that one of them was no longer generated. No entry of a feed that is
    generated can be missing, or shown under another id, while the recorded ids are still there; those of a
    revived feed may be others, if it shows an id that is new. As long as this is False there is nothing to
    `check_changes`.
    """
    recorded = {entry.id for entry in previous.entries.values()}
    if not recorded <= set(ids.values()):
        return True
    if any(path in previous.entries and previous.entries[path].id not in shown for path in held):
        return True
    return revived and not set(shown) <= recorded | previous.withdrawn.keys()


def changed_guids(
    articles: Sequence[ArticleSummary], recorded: Mapping[str, EntryRecord], accept: frozenset[str]
) -> list[Problem]:
    """Return an error for each article whose `guid` is not the id that it was published with ("id-change").

    Readers keep its last version meanwhile. Where that is more than one article and more than half of the
    recorded ones, it is no author's slip: none is held, and `check_changes` stops the build.
    """
    named = [article for article in articles if article.guid]
    if not named or not recorded or "id-change" in accept:
        return []
    known = {nfc(path): entry.id for path, entry in recorded.items()}
    changed = [article for article in named if known.get(nfc(article.path), article.guid) != article.guid]
    if len(changed) > max(1, len(recorded) // 2):
        return []
    return [_changed_guid(article, known[nfc(article.path)]) for article in changed]


def _changed_guid(article: ArticleSummary, entry_id: str) -> Problem:
    message = f"the article was published as {entry_id}: it would come back as unread"
    hint = "give it that guid again, or go ahead: --accept id-change"
    return Problem.error("PUB013", message, article.path, field="guid", hint=hint)


def check_changes(changes: Sequence[FeedChange], accept: frozenset[str]) -> None:
    """Raise `GuardError` where changes would hurt subscribers and are not accepted.

    PUB009 ("id-change"): entries would come back as unread. PUB010 ("shrink"): the site's feed would lose
    more than half of its entries other than by its limit. A category that vanishes never hurts.
    """
    again = {entry.id: entry for change in changes for entry in change.entries if entry.fate == "unread"}
    if again and "id-change" not in accept:
        entries = count(len(again), "entry", "entries")
        rows = [
            f"{visible(e.title)!r} was {visible(e.was or '')}, now {visible(e.id)}" for e in again.values()
        ]
        message = f"{entries} would come back as unread to every subscriber: {some(rows, separator='; ')}"
        hint = "give them back the ids they had, in `guid:`, or go ahead: --accept id-change"
        raise GuardError(message, code="PUB009", hint=hint)
    site = [change for change in changes if change.path == "" and change.fate == "changed"]
    lost = [repr(visible(e.title)) for change in site for e in change.entries if e.fate == "withdrawn"]
    shown = sum(change.kept + sum(entry.fate != "new" for entry in change.entries) for change in site)
    if len(lost) * 2 > shown and "shrink" not in accept:
        message = f"the site's feed would lose {len(lost)} of its {shown} entries: {some(lost)}"
        hint = "check that the content folder is complete, and the clock; to let them go: --accept shrink"
        raise GuardError(message, code="PUB010", hint=hint)


def check_pages(missing: Collection[str], total: int, folder: str, hint: str, accept: frozenset[str]) -> None:
    """Raise `GuardError` PUB015 ("no-pages") where most of `total` articles have no page in the built site.

    `missing` are their links; `hint` says what is wrong with the first.
    """
    if len(missing) * 2 <= total or "no-pages" in accept:
        return
    message = f"{len(missing)} of {count(total, 'article')} have no page in {folder}: {some([*missing])}"
    ways = (
        f"{hint}\ncorrect `url` and `permalink`; if these articles are hidden on purpose: --accept no-pages"
    )
    raise GuardError(message, code="PUB015", hint=ways)


def check_emptiness(previous: Record | None, files: int, accept: frozenset[str]) -> bool:
    """Tell whether the record is to say that nothing is published any longer, which must be accepted.

    Nothing where there was something is a failed mount or checkout more often than a wish:
    `GuardError` PUB004 ("empty").
    """
    if previous is None or not previous.entries:
        return False
    if "empty" in accept:
        return True
    message = f"none of {files} files is an article to publish, but {len(previous.entries)} entries were"
    hint = "check that the content folder is the right one; if all articles are gone for good: --accept empty"
    raise GuardError(message, code="PUB004", hint=hint)
