"""The command `adopt`: record the entry ids of feeds that another program published."""

from __future__ import annotations

import glob
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from feedwright import workers
from feedwright.articles import reader
from feedwright.articles.selection import SelectionOptions, select
from feedwright.cache.memo import BuildCache
from feedwright.commands.build_order import authority_of
from feedwright.commands.content_files import content_files
from feedwright.commands.context import Context
from feedwright.commands.diff import WEB
from feedwright.commands.renamed import body_fingerprint
from feedwright.commands.result import Result
from feedwright.commands.stages import Stages
from feedwright.model import ArticleSummary, EntryRecord
from feedwright.publication import adoption, foreign_feeds, publish, record
from feedwright.publication.foreign_feeds import ForeignEntry
from feedwright.publication.record import Record
from feedwright.site import Site
from feedwright.text import visible

_REFUSED = "was published under another id; to change that: --accept id-change"


def adopt(context: Context, *, feeds: Sequence[str]) -> Result:
    """Record the ids of feeds, named by file or address, for the articles that are in them; publish nothing.

    An article that feedwright published under another id keeps that, unless "id-change" is accepted. The exit
    code is 1 if anything is left over. Raises as reading articles, `foreign_feeds`, `fetch` and `publish` do.
    """
    site, accept = context.load_site(), context.options.accept
    entries = [
        e for feed in feeds for name in _files(feed, context.start) for e in _entries(name, context.start)
    ]
    previous = record.load(site.record)
    files = content_files(site)
    stages = Stages(site, BuildCache(), workers.serial, jobs=1)
    heads = stages.read_heads(files.articles)
    selection = select(heads, SelectionOptions(now=context.now, drafts=True, future=True))
    articles = {article.path: article for article in selection.articles}
    matches = adoption.match_articles(entries, articles.values())
    ids = {path: entry.id for path, entry in matches.matched}
    known = {path: entry.id for path, entry in previous.entries.items()} if previous else {}
    refused = [path for path in ids if known.get(path, ids[path]) != ids[path] and "id-change" not in accept]
    adopted = {path: entry_id for path, entry_id in ids.items() if path not in refused}
    new = [(articles[path], entry_id) for path, entry_id in adopted.items() if known.get(path) != entry_id]
    if new:
        _write(previous, [_recorded(article, entry_id, stages) for article, entry_id in new], site, context)
    errors = [p for p in (*files.problems, *selection.problems) if p.severity == "error"]
    problems = tuple(reader.located(errors, content=site.content, options=stages.read_options))
    left = [(entry.title or entry.link or entry.id, reason) for entry, reason in matches.unmatched]
    left += [(path, _REFUSED) for path in refused]
    return Result(
        exit_code=1 if left or problems else 0,
        problems=(*site.warnings, *context.locate(problems, site)),
        lines=(
            *(f"adopted      {visible(path)}  {visible(entry_id)}" for path, entry_id in adopted.items()),
            *(f"not adopted  {visible(name)}: {visible(reason)}" for name, reason in left),
        ),
        facts={
            "adopted": [{"file": path, "id": entry_id} for path, entry_id in adopted.items()],
            "unmatched": [
                {"id": entry.id, "title": entry.title, "link": entry.link, "reason": reason}
                for entry, reason in matches.unmatched
            ],
            "refused": refused,
            "alone": matches.alone,
        },
        summary=f"{len(adopted)} adopted, {len(left)} not, {matches.alone} articles in no feed",
    )


def _files(feed: str, start: str) -> Sequence[str]:
    """The files that a pattern such as `feeds/**/atom.xml` names; what is none stands for itself."""
    if feed.startswith(WEB) or not glob.has_magic(feed) or os.path.lexists(os.path.join(start, feed)):
        return [feed]
    return sorted(glob.glob(feed, root_dir=start, recursive=True)) or [feed]


def _entries(feed: str, start: str) -> Sequence[ForeignEntry]:
    if not feed.startswith(WEB):
        return foreign_feeds.read(Path(start) / feed, name=feed)
    from feedwright.publication import fetch

    return foreign_feeds.read(fetch.fetch(feed), name=feed)


def _recorded(article: ArticleSummary, entry_id: str, stages: Stages) -> EntryRecord:
    fingerprint = body_fingerprint(article.path, stages)
    return record.entry_record(article, entry_id=entry_id, source=article.path, fingerprint=fingerprint)


def _write(previous: Record | None, new: Sequence[EntryRecord], site: Site, context: Context) -> None:
    base = previous or Record(authority=authority_of(site, None))
    publish.publish(
        [],
        publish.Destination.of(site),
        record=replace(base, entries={**base.entries, **{entry.source: entry for entry in new}}),
        previous=previous,
        unchanged=base.documents,
        notify=context.notify,
    )
