"""The command `adopt`: record the entry ids of feeds that another program published."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from feedwright import workers
from feedwright.articles import reader
from feedwright.articles.selection import Reason, SelectionOptions, select
from feedwright.cache.memo import BuildCache
from feedwright.commands import foreign, older_articles
from feedwright.commands.build_order import authority_of
from feedwright.commands.content_files import content_files
from feedwright.commands.context import Context
from feedwright.commands.older_articles import OldFeed
from feedwright.commands.outcome import WHY
from feedwright.commands.renamed import body_fingerprint
from feedwright.commands.result import Result
from feedwright.commands.stages import Stages
from feedwright.model import ArticleSummary, EntryRecord, replace
from feedwright.problems import Problem
from feedwright.publication import adoption, publish, record
from feedwright.publication.foreign_feeds import ForeignEntry
from feedwright.publication.record import Record
from feedwright.site import Site
from feedwright.text import count, visible

_HIDDEN: Sequence[Reason] = ("hidden", "locked")
"""Why a file is left out whose entry another program may have published."""

_REFUSED = "was published under another id; to change that: --accept id-change"


def adopt(context: Context, *, feeds: Sequence[str], older_ids: bool = False) -> Result:
    """Record the ids of feeds, named by file, address or their site's address; publish nothing.

    An article that feedwright published under another id keeps that, unless "id-change" is accepted. Where
    feeds will show articles older than those at their addresses, `older_ids` gives all that are older than
    the first feed ids like the adopted ones. The exit code is 1 if anything is left over. Raises as reading
    articles, `foreign_feeds`, `fetch` and `publish` do.
    """
    site = context.load_site()
    names = [name for feed in feeds for name in foreign.named(feed, context.start)]
    entries = [entry for name in names for entry in foreign.entries_of(name, context.start)]
    previous = record.load(site.record)
    base = previous or Record(authority=authority_of(site, None))
    files = content_files(site)
    stages = Stages(site, BuildCache(), workers.serial, jobs=1)
    heads = list(stages.read_heads(files.articles))
    selection = select(heads, SelectionOptions(now=context.now, drafts=True, future=True))
    articles = {article.path: article for article in selection.articles}
    why = {path: WHY[reason] for reason in _HIDDEN for path in selection.left_out.get(reason, ())}
    titles = _titles({*selection.held, *why}, stages)
    matches = adoption.match_articles(entries, articles.values(), titles, why=why)
    pairs = [(articles[path], entry) for path, entry in matches.matched]
    ids = {article.path: entry.id for article, entry in pairs}
    refused = [] if "id-change" in context.options.accept else _published_otherwise(ids, base)
    adopted = {path: entry_id for path, entry_id in ids.items() if path not in refused}
    recorded = {**base.entries, **_new_entries(adopted, base, articles, stages)}
    given: dict[str, str] = {}
    older: list[ArticleSummary] = []
    problems = [p for p in (*files.problems, *selection.problems) if p.severity == "error"]
    is_held = bool(problems)
    if old_feeds := _old_feeds(pairs, entries):
        withdrawn = {entry.source: entry for entry in base.withdrawn.values()}
        due = select(heads, SelectionOptions(now=context.now)).articles
        if older_ids:
            given = older_articles.ids_by_pattern(old_feeds[0], due, {**withdrawn, **recorded})
            recorded |= _new_entries(given, base, articles, stages)
        feeds_here = older_articles.successors(
            old_feeds, due, recorded, site=site, authority=base.authority, start=context.start
        )
        for old_feed, spec in feeds_here:
            unknown = older_articles.unknown(old_feed, spec.shown(), {**withdrawn, **recorded})
            problems += older_articles.problems_of(unknown, old_feed, spec, site=site)
            older += [article for article in unknown if article not in older]
    problems += _link_problems(pairs)
    if recorded != base.entries:
        _write(previous, replace(base, entries=recorded), site, context)
    located = tuple(reader.located(problems, content=site.content, options=stages.read_options))
    outcome = _Outcome(adopted=adopted, given=given, refused=refused, older=older, matches=matches)
    alone = count(matches.alone, "article")
    return Result(
        exit_code=1 if outcome.left or older or is_held else 0,
        problems=(*site.warnings, *context.locate(located, site)),
        lines=outcome.lines,
        facts=outcome.facts,
        summary=f"{len(adopted)} adopted, {len(outcome.left)} not, {alone} in no feed",
    )


class _Outcome(Struct, frozen=True, kw_only=True):
    """The ids by path that were adopted, and given by their pattern, and what is left over."""

    adopted: Mapping[str, str]
    given: Mapping[str, str]
    refused: Sequence[str]
    older: Sequence[ArticleSummary]
    matches: adoption.Adoption

    @property
    def left(self) -> list[tuple[str, str]]:
        """What could not be adopted, and why."""
        unmatched = [
            (entry.title or entry.link or entry.id, reason) for entry, reason in self.matches.unmatched
        ]
        return [*unmatched, *((path, _REFUSED) for path in self.refused)]

    @property
    def lines(self) -> tuple[str, ...]:
        """The outcome for people."""
        return (
            *(
                f"adopted      {visible(path)}  {visible(entry_id)}"
                for path, entry_id in self.adopted.items()
            ),
            *(f"like those   {visible(path)}  {visible(entry_id)}" for path, entry_id in self.given.items()),
            *(f"not adopted  {visible(name)}: {visible(reason)}" for name, reason in self.left),
        )

    @property
    def facts(self) -> dict[str, object]:
        """The outcome for programs."""
        return {
            "adopted": _rows(self.adopted),
            "given": _rows(self.given),
            "unmatched": [
                {"id": entry.id, "title": entry.title, "link": entry.link, "reason": reason}
                for entry, reason in self.matches.unmatched
            ],
            "refused": self.refused,
            "older": [article.path for article in self.older],
            "alone": self.matches.alone,
        }


def _rows(ids: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"file": path, "id": entry_id} for path, entry_id in ids.items()]


def _published_otherwise(ids: Mapping[str, str], base: Record) -> list[str]:
    """The paths of articles that were published under other ids."""
    return [
        path for path, entry_id in ids.items() if path in base.entries and base.entries[path].id != entry_id
    ]


def _new_entries(
    ids: Mapping[str, str], base: Record, articles: Mapping[str, ArticleSummary], stages: Stages
) -> dict[str, EntryRecord]:
    """The recorded entries of articles that are to have these ids, without those that have them."""
    known = {path: entry.id for path, entry in base.entries.items()}
    return {
        path: record.entry_record(
            articles[path], entry_id=entry_id, source=path, fingerprint=body_fingerprint(path, stages)
        )
        for path, entry_id in ids.items()
        if known.get(path) != entry_id
    }


def _titles(held: Collection[str], stages: Stages) -> dict[str, str]:
    """The titles of files that are no articles, by path, as far as they can be read."""
    options = stages.read_options
    return {path: reader.facts(path, content=stages.content, options=options)[0] for path in sorted(held)}


def _old_feeds(
    pairs: Sequence[tuple[ArticleSummary, ForeignEntry]], entries: Sequence[ForeignEntry]
) -> list[OldFeed]:
    """The feeds that have entries of articles, in the order in which they were named."""
    by_id = {entry.id: article for article, entry in pairs}
    dates: dict[str, list[datetime]] = {}
    for entry in entries:
        if entry.id in by_id:
            dates.setdefault(entry.feed, []).append(by_id[entry.id].published)
    adopted = [(article, entry.id) for article, entry in pairs]
    return [OldFeed(name=name, oldest=min(days), adopted=adopted) for name, days in dates.items()]


def _link_problems(pairs: Sequence[tuple[ArticleSummary, ForeignEntry]]) -> list[Problem]:
    differing = [(e.link, a.link) for a, e in pairs if not adoption.is_same_address(e.link, a.link)]
    if not differing:
        return []
    theirs, ours = map(visible, differing[0])
    message = (
        f"{len(differing)} of {len(pairs)} addresses differ from those in the feed: {theirs} is {ours} here"
    )
    hint = "see `permalink` and `url`, unless the pages have moved and the old addresses lead there"
    return [Problem.warning("FEED003", message, hint=hint)]


def _write(previous: Record | None, new: Record, site: Site, context: Context) -> None:
    publish.publish(
        [],
        publish.Destination.of(site),
        record=new,
        previous=previous,
        unchanged=new.documents,
        notify=context.notify,
    )
