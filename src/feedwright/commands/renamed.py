"""Files that were renamed or moved since the last publication keep their entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from feedwright.articles import reader
from feedwright.articles.selection import Selection
from feedwright.bodies import content as contents
from feedwright.commands.stages import Stages
from feedwright.model import ArticleSummary, EntryRecord
from feedwright.problems import Problem
from feedwright.publication.record import Record, entry_record
from feedwright.text import fold_space, nfc

_FEW = 1000
"""The number of new files up to which every body is compared with those of files that are gone."""


def follow_renames(
    previous: Record | None, selection: Selection, paths: Sequence[str], stages: Stages
) -> tuple[Record, list[Problem]]:
    """Return the record with the entries of files that moved under their new paths, and possible renames.

    A file under a known path whose title and date are both other than recorded may be another article, as
    where two files swap names: the recorded one is looked for as if its file were gone.
    """
    if previous is None:
        return Record(authority=""), []
    articles = {article.path: article for article in (*selection.articles, *selection.others)}
    gone = _gone(previous, paths)
    replaced = [
        entry
        for path, entry in previous.entries.items()
        if path in articles
        and articles[path].title != entry.title
        and articles[path].published != datetime.fromisoformat(entry.published)
    ]
    if not gone and not replaced:
        return previous, []
    from feedwright.publication import renames  # few builds need it

    known = {nfc(source) for source in previous.entries}
    new = [article for article in articles.values() if nfc(article.path) not in known]
    candidates = _candidates(new, gone, stages)
    for path in sorted(selection.held - previous.entries.keys()):
        title, date = reader.facts(path, content=stages.content, options=stages.read_options)
        fingerprint = body_fingerprint(path, stages)
        published = date.isoformat() if date else ""
        candidates.append(
            EntryRecord(
                id="",
                source=path,
                published=published,
                updated=published,
                title=title,
                fingerprint=fingerprint,
            )
        )
    others = _candidates([articles[entry.source] for entry in replaced], replaced, stages)
    moved, _ = renames.find_renames([*gone, *replaced], [*candidates, *others])
    left = {entry.source for entry in moved.values()}
    _, possible = renames.find_renames(
        [entry for entry in gone if entry.source not in left],
        [candidate for candidate in candidates if candidate.source not in moved],
    )
    entries = {source: entry for source, entry in previous.entries.items() if source not in left}
    entries |= {path: replace(entry, source=path) for path, entry in moved.items()}
    return replace(previous, entries=entries), possible


def _gone(previous: Record, paths: Sequence[str]) -> list[EntryRecord]:
    """The recorded entries whose file is gone; a path is the same in every normal form."""
    present = set(paths)
    gone = [entry for source, entry in previous.entries.items() if source not in present]
    if gone:
        present = set(map(nfc, paths))
        gone = [entry for entry in gone if nfc(entry.source) not in present]
    return gone


def body_fingerprint(path: str, stages: Stages) -> str:
    """Return the fingerprint of a file's body as it is written; "" if it cannot be read."""
    options = stages.read_options
    body = reader.read_body(path, content=stages.content, options=options, limit=contents.LARGEST)
    return "" if body is None else contents.fingerprint(body)


def _candidates(
    articles: Sequence[ArticleSummary], gone: Sequence[EntryRecord], stages: Stages
) -> list[EntryRecord]:
    """Articles as they are compared with what is gone; bodies are read only if they can decide."""
    titles = {fold_space(entry.title) for entry in gone}
    dates = {datetime.fromisoformat(entry.published) for entry in gone}
    links = {entry.link for entry in gone}

    def may_match(article: ArticleSummary) -> bool:
        return fold_space(article.title) in titles or article.published in dates or article.link in links

    is_few = len(articles) <= _FEW
    return [
        entry_record(
            article,
            entry_id="",
            source=article.path,
            fingerprint=body_fingerprint(article.path, stages) if is_few or may_match(article) else "",
        )
        for article in articles
        if not article.guid
    ]
