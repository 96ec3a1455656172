"""The command `adopt`: the ids of feeds that something else published go into the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from feedwright import workers
from feedwright.articles import reader
from feedwright.articles.selection import Selection, SelectionOptions, select
from feedwright.cache.memo import BuildCache
from feedwright.commands import plan
from feedwright.commands.context import Context
from feedwright.commands.diff import WEB
from feedwright.commands.renamed import body_fingerprint
from feedwright.commands.result import Result
from feedwright.model import ArticleSummary, EntryRecord
from feedwright.problems import Problem
from feedwright.publication import adoption, foreign_feeds, publish, record
from feedwright.publication.foreign_feeds import ForeignEntry
from feedwright.publication.record import Record
from feedwright.site import Site
from feedwright.text import visible


def adopt(context: Context, *, feeds: Sequence[str]) -> Result:
    """Record the ids of feeds, named by file or address, for the articles that are in them; publish nothing.

    An article that feedwright published under another id keeps that, unless "id-change" is accepted. The exit
    code is 1 where something is left over. Raises what `plan`, `foreign_feeds`, `fetch` and `publish` raise.
    """
    site, accept = context.load_site(), context.options.accept
    entries = [entry for feed in feeds for entry in _entries(feed, context.start)]
    previous = record.load(site.record)
    paths, walk_problems = plan.walk(site)
    selection = _all_articles(paths, site, context)
    articles = {article.path: article for article in selection.articles}
    matches = adoption.match_articles(entries, articles.values())
    ids = {path: entry.id for path, entry in matches.matched}
    known = {path: entry.id for path, entry in previous.entries.items()} if previous else {}
    refused = [path for path in ids if known.get(path, ids[path]) != ids[path] and "id-change" not in accept]
    adopted = [path for path in ids if path not in refused]
    new = {path: ids[path] for path in adopted if known.get(path) != ids[path]}
    if new:
        _write(previous, [_recorded(articles[path], own, site) for path, own in new.items()], site, context)
    errors = [p for p in (*walk_problems, *selection.problems) if p.severity == "error"]
    problems = reader.located(errors, content=site.content, options=plan.read_options(site))
    return _result(context, site, matches, adopted, refused, tuple(problems))


def _entries(feed: str, start: str) -> Sequence[ForeignEntry]:
    if not feed.startswith(WEB):
        return foreign_feeds.read(Path(start) / feed, name=feed)
    from feedwright.publication import fetch

    return foreign_feeds.read(fetch.fetch(feed), name=feed)


def _all_articles(paths: Sequence[str], site: Site, context: Context) -> Selection:
    """All articles, drafts and those that are not due too."""
    options = SelectionOptions(now=context.now, drafts=True, future=True)
    stages = plan.stages(site, BuildCache(), workers.serial, jobs=1)
    return select(stages.read_heads(paths), options)


def _recorded(article: ArticleSummary, entry_id: str, site: Site) -> EntryRecord:
    options = plan.read_options(site)
    fingerprint = body_fingerprint(article.path, content=site.content, options=options)
    return record.entry_record(article, entry_id=entry_id, source=article.path, fingerprint=fingerprint)


def _write(previous: Record | None, new: Sequence[EntryRecord], site: Site, context: Context) -> None:
    base = previous or Record(authority=plan.authority_of(site, None))
    publish.publish(
        [],
        publish.Destination.of(site),
        record=replace(base, entries={**base.entries, **{entry.source: entry for entry in new}}),
        previous=previous,
        unchanged=base.documents,
        notify=context.notify,
    )


def _result(
    context: Context,
    site: Site,
    matches: adoption.Adoption,
    adopted: Sequence[str],
    refused: Sequence[str],
    problems: tuple[Problem, ...],
) -> Result:
    ids = {path: entry.id for path, entry in matches.matched}
    kept = "was published under another id; to change that: --accept id-change"
    left = [(entry.title or entry.link or entry.id, reason) for entry, reason in matches.unmatched]
    left += [(path, kept) for path in refused]
    return Result(
        exit_code=1 if left or problems else 0,
        problems=(*site.warnings, *context.locate(problems, site)),
        lines=(
            *(f"adopted      {visible(path)}  {visible(ids[path])}" for path in adopted),
            *(f"not adopted  {visible(name)}: {visible(reason)}" for name, reason in left),
        ),
        facts={
            "adopted": [{"file": path, "id": ids[path]} for path in adopted],
            "unmatched": [
                {"id": entry.id, "title": entry.title, "link": entry.link, "reason": reason}
                for entry, reason in matches.unmatched
            ],
            "refused": list(refused),
            "alone": matches.alone,
        },
        summary=f"{len(adopted)} adopted, {len(left)} not, {matches.alone} articles in no feed",
    )
