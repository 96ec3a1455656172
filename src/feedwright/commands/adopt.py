"""The command `adopt`: record the entry ids of feeds that another program published."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from feedwright import workers
from feedwright.articles import reader
from feedwright.articles.selection import SelectionOptions, select
from feedwright.cache.memo import BuildCache
from feedwright.commands import older_articles
from feedwright.commands.build_order import authority_of, walk
from feedwright.commands.context import Context
from feedwright.commands.diff import WEB
from feedwright.commands.older_articles import OldFeed
from feedwright.commands.renamed import body_fingerprint
from feedwright.commands.result import Result
from feedwright.commands.stages import Stages
from feedwright.model import ArticleSummary, EntryRecord
from feedwright.problems import Problem
from feedwright.publication import adoption, foreign_feeds, publish, record
from feedwright.publication.foreign_feeds import ForeignEntry
from feedwright.publication.record import Record
from feedwright.site import Site
from feedwright.text import count, visible

_REFUSED = "was published under another id; to change that: --accept id-change"


def adopt(context: Context, *, feeds: Sequence[str], older_ids: bool = False) -> Result:
    """Record the ids of feeds, named by file, address or their site's address; publish nothing.

    An article that feedwright published under another id keeps that, unless "id-change" is accepted. Where
    the site's feed will show articles older than the first feed, `older_ids` gives these ids like the adopted
    ones. The exit code is 1 if anything is left over. Raises as reading articles, `foreign_feeds`, `fetch`
    and `publish` do.
    """
    site, accept = context.load_site(), context.options.accept
    entries = [entry for feed in feeds for entry in _entries(feed, context.start)]
    previous = record.load(site.record)
    base = previous or Record(authority=authority_of(site, None))
    paths, walk_problems = walk(site)
    stages = Stages(site, BuildCache(), workers.serial, jobs=1)
    heads = list(stages.read_heads(paths))
    selection = select(heads, SelectionOptions(now=context.now, drafts=True, future=True))
    articles = {article.path: article for article in selection.articles}
    matches = adoption.match_articles(entries, articles.values(), _titles(selection.held, stages))
    pairs = [(articles[path], entry) for path, entry in matches.matched]
    known = {path: entry.id for path, entry in base.entries.items()}
    refused = [
        article.path
        for article, entry in pairs
        if known.get(article.path, entry.id) != entry.id and "id-change" not in accept
    ]
    adopted = {article.path: entry.id for article, entry in pairs if article.path not in refused}
    new = {path: entry_id for path, entry_id in adopted.items() if known.get(path) != entry_id}
    recorded = base.entries | {path: _recorded(articles[path], new[path], stages) for path in new}
    old_feed = _old_feed(pairs, (entry.feed for entry in entries))
    due = select(heads, SelectionOptions(now=context.now)).articles
    given: dict[str, str] = {}
    if older_ids and old_feed:
        given = older_articles.ids_by_pattern(old_feed, due, recorded)
        recorded |= {path: _recorded(articles[path], given[path], stages) for path in given}
    if new or given:
        _write(previous, replace(base, entries=recorded), site, context)
    problems = [p for p in (*walk_problems, *selection.problems) if p.severity == "error"]
    older: list[ArticleSummary] = []
    if old_feed:
        authority = base.authority
        older, before = older_articles.find_older(old_feed, due, recorded, site=site, authority=authority)
        problems += [older_articles.problem_of(old_feed, older, before, site=site)] if older else []
    problems += _link_problems(pairs)
    located = tuple(reader.located(problems, content=site.content, options=stages.read_options))
    left = [(entry.title or entry.link or entry.id, reason) for entry, reason in matches.unmatched]
    left += [(path, _REFUSED) for path in refused]
    is_held = any(problem.severity == "error" for problem in problems)
    return Result(
        exit_code=1 if left or older or is_held else 0,
        problems=(*site.warnings, *context.locate(located, site)),
        lines=(
            *(f"adopted      {visible(path)}  {visible(entry_id)}" for path, entry_id in adopted.items()),
            *(f"like those   {visible(path)}  {visible(entry_id)}" for path, entry_id in given.items()),
            *(f"not adopted  {visible(name)}: {visible(reason)}" for name, reason in left),
        ),
        facts={
            "adopted": [{"file": path, "id": entry_id} for path, entry_id in adopted.items()],
            "given": [{"file": path, "id": entry_id} for path, entry_id in given.items()],
            "unmatched": [
                {"id": entry.id, "title": entry.title, "link": entry.link, "reason": reason}
                for entry, reason in matches.unmatched
            ],
            "refused": refused,
            "older": [article.path for article in older],
            "alone": matches.alone,
        },
        summary=f"{len(adopted)} adopted, {len(left)} not, {matches.alone} articles in no feed",
    )


def _entries(feed: str, start: str) -> Sequence[ForeignEntry]:
    """The entries of a feed, or of all feeds that the page at an address names."""
    if not feed.startswith(WEB):
        return foreign_feeds.read(Path(start) / feed, name=feed)
    from feedwright.publication import fetch, site_feeds

    download = fetch.Download()
    data = fetch.fetch(feed)
    entries = foreign_feeds.read_bytes(data, name=feed)
    if entries is None and (addresses := site_feeds.find_feeds(data, feed)):
        found = ((address, download.find(address)) for address in addresses)
        return [e for name, data in found if data for e in foreign_feeds.read(data, name=name)]
    return foreign_feeds.read(data, name=feed) if entries is None else entries


def _titles(held: Collection[str], stages: Stages) -> dict[str, str]:
    """The titles of files that are held, by path, as far as they can be read."""
    options = stages.read_options
    return {path: reader.facts(path, content=stages.content, options=options)[0] for path in sorted(held)}


def _old_feed(pairs: Sequence[tuple[ArticleSummary, ForeignEntry]], names: Iterable[str]) -> OldFeed | None:
    """The first feed that has articles."""
    by_feed = {name: [a.published for a, entry in pairs if entry.feed == name] for name in names}
    adopted = [(article, entry.id) for article, entry in pairs]
    feeds = (OldFeed(name=name, oldest=min(d), adopted=adopted) for name, d in by_feed.items() if d)
    return next(feeds, None)


def _link_problems(pairs: Sequence[tuple[ArticleSummary, ForeignEntry]]) -> list[Problem]:
    differing = adoption.differing_links(pairs)
    if not differing:
        return []
    theirs, ours = map(visible, differing[0])
    message = (
        f"{len(differing)} of {count(len(pairs), 'address', 'addresses')} differ from those in the feed: "
        f"{theirs} is {ours} here"
    )
    hint = "see `permalink` and `url`, unless the pages have moved and the old addresses lead there"
    return [Problem.warning("FEED003", message, hint=hint)]


def _recorded(article: ArticleSummary, entry_id: str, stages: Stages) -> EntryRecord:
    fingerprint = body_fingerprint(article.path, stages)
    return record.entry_record(article, entry_id=entry_id, source=article.path, fingerprint=fingerprint)


def _write(previous: Record | None, new: Record, site: Site, context: Context) -> None:
    publish.publish(
        [],
        publish.Destination.of(site),
        record=new,
        previous=previous,
        unchanged=new.documents,
        notify=context.notify,
    )
