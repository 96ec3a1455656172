"""Files that were renamed or moved since the last publication keep their entries; doubts are held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING

from msgspec import Struct, field

from feedwright.articles import reader
from feedwright.articles.selection import Selection
from feedwright.bodies import content as contents
from feedwright.commands.stages import Stages
from feedwright.model import ArticleSummary, EntryRecord, replace
from feedwright.problems import Problem
from feedwright.publication.record import Record, entry_record
from feedwright.text import fold_space, nfc

if TYPE_CHECKING:
    from feedwright.publication.renames import Doubt  # few builds need it

_FEW = 1000
"""The number of new files up to which every body is compared with those of files that are gone."""


class Identified(Struct, frozen=True, kw_only=True):
    """The record with every entry under the path that its file has now; without a file it is withdrawn.

    `held` are articles that are not published before a doubt is settled. `kept` are the paths of entries that
    readers keep meanwhile, by the path of the file that may be theirs. `problems` tell what is doubtful.
    """

    record: Record
    held: frozenset[str] = frozenset()
    kept: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def follow_renames(
    previous: Record | None,
    selection: Selection,
    paths: Sequence[str],
    stages: Stages,
    *,
    accept: Collection[str] = (),
) -> Identified:
    """Return the record with the entries of files that moved under their new paths, and what is doubtful.

    A file under a known path whose title and date are both other than recorded may be another article, as
    where two files swap names: the recorded one is looked for as if its file were gone. What is doubtful is
    published as new if "new-article" is accepted.
    """
    is_held = "new-article" not in accept
    followed = Identified(record=Record(authority=""))
    if previous is not None:
        followed = _follow(previous, selection, paths, stages, is_held=is_held)
    copies = _copies(selection.articles, followed, stages, is_held=is_held)
    return replace(
        followed,
        held=followed.held | {problem.file for problem in copies if problem.severity == "error"},
        problems=(*followed.problems, *copies),
    )


def _follow(
    previous: Record, selection: Selection, paths: Sequence[str], stages: Stages, *, is_held: bool
) -> Identified:
    articles, known, gone, replaced = stages.recall(_compare, previous, selection, paths)
    if not gone and not replaced and not known.withdrawn:
        return Identified(record=known)
    from feedwright.publication import renames  # few builds need it

    others = _candidates([articles[entry.source] for entry in replaced], replaced, stages, thorough=True)
    new = _new(known, [*gone, *replaced], articles, stages)
    if gone or replaced:
        new += _broken(selection.held - known.entries.keys(), stages)
    moved, doubts = _match(gone, list(known.withdrawn.values()), replaced, new, others)
    claimed = {article.guid for article in articles.values() if article.guid}
    moved, doubts = _settled(moved, [d for d in doubts if d.entry.id not in claimed], stages)
    public = {article.path for article in selection.articles} | selection.held
    held = frozenset(doubt.path for doubt in doubts if is_held and doubt.path in public)
    absent = {entry.source for entry in gone}
    kept = {d.path: d.entry.source for d in doubts if d.path in held and d.entry.source in absent}
    return Identified(
        record=_with_moves(known, moved, absent - set(kept.values())),
        held=held,
        kept=kept,
        problems=(
            *(renames.problem_of(doubt, held=doubt.path in held) for doubt in doubts),
            *_overwritten(replaced, moved, others),
        ),
    )


def _compare(
    previous: Record, selection: Selection, paths: Sequence[str]
) -> tuple[dict[str, ArticleSummary], Record, list[EntryRecord], list[EntryRecord]]:
    """All articles by path, the record with what returned, and in it what is gone or replaced by another."""
    articles = {article.path: article for article in (*selection.articles, *selection.others)}
    known = _returned(previous, articles)
    replaced = [entry for path, entry in known.entries.items() if _is_other(entry, articles.get(path))]
    return articles, known, _gone(known, paths), replaced


def _new(
    known: Record, missed: Sequence[EntryRecord], articles: Mapping[str, ArticleSummary], stages: Stages
) -> list[EntryRecord]:
    """The articles that no entry is known of, as they are compared with those that are missed."""
    sources = {nfc(source) for source in known.entries}
    new = [article for article in articles.values() if nfc(article.path) not in sources]
    return _candidates(new, [*missed, *known.withdrawn.values()], stages, thorough=bool(missed))


def _match(
    gone: Sequence[EntryRecord],
    withdrawn: Sequence[EntryRecord],
    replaced: Sequence[EntryRecord],
    new: Sequence[EntryRecord],
    others: Sequence[EntryRecord],
) -> tuple[dict[str, EntryRecord], list[Doubt]]:
    """The entries that moved, by new path, and the doubts about new files.

    An entry that was withdrawn earlier returns only where two things match: one is no doubt, or every new
    article might be an old one.
    """
    from feedwright.publication import renames

    moved, doubts = renames.find_renames([*gone, *withdrawn, *replaced], [*new, *others])
    paths = {candidate.source for candidate in new}
    several = [doubt for doubt in doubts if doubt.is_several and doubt.path in paths]
    settled = {entry.id for entry in (*moved.values(), *(doubt.entry for doubt in several))}
    taken = {*moved, *(doubt.path for doubt in several)}
    more, clues = renames.find_renames(
        [entry for entry in gone if entry.id not in settled],
        [candidate for candidate in new if candidate.source not in taken],
    )
    return moved | more, [*several, *clues]


def _settled(
    moved: Mapping[str, EntryRecord], doubts: Sequence[Doubt], stages: Stages
) -> tuple[dict[str, EntryRecord], list[Doubt]]:
    """The entries that moved, with those that git knows of, and the doubts that are left."""
    if not doubts:
        return dict(moved), []
    from feedwright.publication import version_control

    sources = version_control.find_renames(stages.content, [doubt.entry.source for doubt in doubts])
    known = {doubt.path: doubt.entry for doubt in doubts if sources.get(doubt.path) == doubt.entry.source}
    ids = {entry.id for entry in known.values()}
    left = [doubt for doubt in doubts if doubt.path not in known and doubt.entry.id not in ids]
    return {**moved, **known}, left


def _overwritten(
    replaced: Sequence[EntryRecord], moved: Mapping[str, EntryRecord], others: Sequence[EntryRecord]
) -> Iterator[Problem]:
    """The problems of files whose text is another, too, so that nothing is left of what they were."""
    from feedwright.publication import renames

    fingerprints = {candidate.source: candidate.fingerprint for candidate in others}
    ids = {entry.id for entry in moved.values()}
    for entry in replaced:
        is_left = entry.id not in ids and entry.source not in moved
        prints = {entry.fingerprint, fingerprints.get(entry.source, "")}
        if is_left and len(prints) > 1 and "" not in prints:
            yield renames.overwritten(entry)


def _returned(previous: Record, articles: Mapping[str, ArticleSummary]) -> Record:
    """The record with withdrawn entries whose file is there again, or still, under its path."""
    if not previous.withdrawn:
        return previous
    paths = {nfc(path): path for path in articles}
    sources = {nfc(source) for source in previous.entries}
    entries: dict[str, EntryRecord] = {}
    for entry in previous.withdrawn.values():
        path = paths.get(nfc(entry.source))
        if path is not None and nfc(path) not in sources and not _is_other(entry, articles[path]):
            entries[path] = replace(entry, source=path, gone="")
    entries |= previous.entries
    ids = {entry.id for entry in entries.values()}
    return replace(
        previous,
        entries=entries,
        withdrawn={entry_id: entry for entry_id, entry in previous.withdrawn.items() if entry_id not in ids},
    )


def _is_other(entry: EntryRecord, article: ArticleSummary | None) -> bool:
    """Whether title and date of a file are both other than recorded."""
    return (
        article is not None
        and article.title != entry.title
        and article.published != datetime.fromisoformat(entry.published)
    )


def _with_moves(known: Record, moved: Mapping[str, EntryRecord], gone: Collection[str]) -> Record:
    """The record with entries under their new paths, and those whose file is `gone` withdrawn."""
    ids = {entry.id for entry in moved.values()}
    withdrawn = {**known.withdrawn, **{known.entries[path].id: known.entries[path] for path in gone}}
    entries = {
        source: entry
        for source, entry in known.entries.items()
        if entry.id not in ids and source not in gone and source not in moved
    }
    withdrawn |= {known.entries[path].id: known.entries[path] for path in moved.keys() & known.entries.keys()}
    entries |= {path: replace(entry, source=path, gone="") for path, entry in moved.items()}
    return replace(
        known, entries=entries, withdrawn={i: entry for i, entry in withdrawn.items() if i not in ids}
    )


def _gone(known: Record, paths: Sequence[str]) -> list[EntryRecord]:
    """The recorded entries whose file is gone; a path is the same in every normal form."""
    present = set(paths)
    gone = [entry for source, entry in known.entries.items() if source not in present]
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
    articles: Sequence[ArticleSummary], gone: Sequence[EntryRecord], stages: Stages, *, thorough: bool
) -> list[EntryRecord]:
    """Articles as they are compared with what is gone, unless they cannot match.

    The text alone tells something only if the comparison is `thorough`: then every body is read.
    """
    titles = {fold_space(entry.title) for entry in gone}
    dates = {datetime.fromisoformat(entry.published) for entry in gone}
    links = {entry.link for entry in gone}

    def may_match(article: ArticleSummary) -> bool:
        return fold_space(article.title) in titles or article.published in dates or article.link in links

    is_few = thorough and len(articles) <= _FEW
    return [
        entry_record(
            article,
            entry_id="",
            source=article.path,
            fingerprint=body_fingerprint(article.path, stages),
        )
        for article in articles
        if not article.guid and (is_few or may_match(article))
    ]


def _broken(paths: Collection[str], stages: Stages) -> list[EntryRecord]:
    """New files with an error, as far as they tell what they are."""
    candidates = []
    for path in sorted(paths):
        title, date = reader.facts(path, content=stages.content, options=stages.read_options)
        published = date.isoformat() if date else ""
        candidates.append(
            EntryRecord(
                id="",
                source=path,
                published=published,
                updated=published,
                title=title,
                fingerprint=body_fingerprint(path, stages),
            )
        )
    return candidates


def _copies(
    articles: Sequence[ArticleSummary], followed: Identified, stages: Stages, *, is_held: bool
) -> list[Problem]:
    """The problems of new files with the title, the date and the text of another article."""
    entries = followed.record.entries
    problems = []
    for group in stages.recall(_alike, articles):
        known = [article for article in group if article.path in entries]
        new = [a for a in group if a.path not in entries and not a.guid and a.path not in followed.held]
        originals, copies = (known, new) if known else (new[:1], new[1:])
        if copies and len(group) <= _FEW:
            problems += _told_copies(originals, copies, stages, is_held=is_held and bool(known))
    return problems


def _alike(articles: Sequence[ArticleSummary]) -> list[list[ArticleSummary]]:
    """The articles with one title and one date, where there are several."""
    if len({article.title for article in articles}) == len(articles):
        return []
    titles = Counter(map(attrgetter("title"), articles))
    alike: dict[tuple[str, datetime], list[ArticleSummary]] = {}
    for article in articles:
        if titles[article.title] > 1:
            alike.setdefault((article.title, article.published), []).append(article)
    return [group for group in alike.values() if len(group) > 1]


def _told_copies(
    originals: Sequence[ArticleSummary], copies: Sequence[ArticleSummary], stages: Stages, *, is_held: bool
) -> list[Problem]:
    from feedwright.publication import renames  # few builds need it

    bodies = {body_fingerprint(article.path, stages): article.path for article in reversed(originals)}
    prints = [(article.path, body_fingerprint(article.path, stages)) for article in copies]
    return [
        renames.copied(path, bodies[fingerprint], held=is_held)
        for path, fingerprint in prints
        if fingerprint in bodies and renames.is_telling(fingerprint)
    ]
