"""Taking over feeds that something else published: their ids go into the record, and no reader notices."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from feedwright import workers
from feedwright.articles import reader, selection
from feedwright.bodies import entry
from feedwright.commands import plan
from feedwright.commands.recall import BuildCache
from feedwright.publication import adoption, publish, record
from feedwright.publication.record import EntryRecord, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from feedwright.model import ArticleSummary
    from feedwright.problems import Problem
    from feedwright.publication.adoption import Adoption
    from feedwright.publication.foreign_feeds import ForeignEntry
    from feedwright.settings.load import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """What was taken over: the matches, and paths of articles that were published under another id before.

    `problems` are those of articles that could not be read, and so were not compared.
    """

    adoption: Adoption
    refused: tuple[str, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """The articles whose ids are now those of the feeds."""
        return tuple(path for path, _ in self.adoption.matched if path not in self.refused)


def adopt(
    entries: Iterable[ForeignEntry],
    *,
    site: Site,
    now: datetime,
    accept: frozenset[str] = frozenset(),
    tell: Callable[[str], None] = lambda message: None,
) -> Adopted:
    """Record the ids of feeds for the articles that are in them; publish nothing.

    An article that feedwright published under another id keeps that, unless "id-change" is accepted. Raises
    what `planning` and `publish` raise.
    """
    previous = record.load(site.record)
    making = plan.making_of(site)
    paths, noticed = plan.walk(site)
    with workers.processes(1) as spread:
        listed = BuildCache(None, {}, jobs=1).listed(
            paths, content=site.content, reading=making.reading, spread=spread
        )
        choice = selection.SelectionOptions(now=now, drafts=True, future=True)
        select = selection.select(listed, choice)
        cards = {card.path: card for card in select.articles}
    found = adoption.match(entries, cards.values())
    known = previous.entries if previous else {}
    refused = tuple(
        path
        for path, one in found.matched
        if path in known and known[path].id != one.id and "id-change" not in accept
    )
    new = {
        path: _recorded(cards[path], one, entry.fingerprint(path, making=making))
        for path, one in found.matched
        if path not in refused and not (path in known and known[path].id == one.id)
    }
    if new:
        _write(previous, new, site, tell)
    held = [problem for problem in (*noticed, *select.problems) if problem.severity == "error"]
    problems = reader.located(held, content=site.content, options=making.reading)
    return Adopted(adoption=found, refused=refused, problems=tuple(problems))


def _recorded(card: ArticleSummary, one: ForeignEntry, fingerprint: str) -> EntryRecord:
    return EntryRecord(
        id=one.id,
        source=card.path,
        published=card.published.isoformat(),
        updated=card.updated.isoformat(),
        title=card.title,
        fingerprint=fingerprint,
        link=card.link,
    )


def _write(
    previous: Record | None, new: dict[str, EntryRecord], site: Site, tell: Callable[[str], None]
) -> None:
    base = previous or Record(authority=plan.authority_of(site, None))
    documents: Sequence[str] = sorted(base.documents)
    publish.publish(
        [],
        kept={path: base.documents[path] for path in documents},
        output=site.output,
        record=replace(base, entries={**base.entries, **new}),
        record_path=site.record,
        previous=previous,
        lock=site.cache / "lock",
        tell=tell,
    )
