"""All that a build would publish, and what became of every file; nothing is written.

The road in order: files, articles, ids, shelves, bodies, feeds, documents. What breaks on the way
is replaced by what readers have of it, and then the rest of the road is gone again.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from feedwright.articles import catalogue, files
from feedwright.articles.field_reader import ReadOptions
from feedwright.bodies import entry
from feedwright.feeds import ids as identity
from feedwright.feeds import stock
from feedwright.formats import render
from feedwright.formats.layout import Target, layout
from feedwright.formats.table import FORMATS
from feedwright.problems import MachineError, Problem, UsageError
from feedwright.publication.record import Record
from feedwright.publication.remember import remember
from feedwright.text import fold_space

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import tzinfo

    from feedwright.articles.catalogue import Selection, SelectionOptions
    from feedwright.bodies.entry import Made
    from feedwright.commands.recall import BuildCache
    from feedwright.feeds.taxonomies import FeedSpec
    from feedwright.formats.render import Rendered
    from feedwright.model import ArticleSummary, Feed, SafeHtml
    from feedwright.publication.last_published import LastPublished
    from feedwright.publication.record import EntryRecord
    from feedwright.publication.renames import Candidate
    from feedwright.settings.load import Site
    from feedwright.workers import Map

_NO_ARTICLE = frozenset({"FM001", "FM007"})
_FEW = 1000
"""New files of which all bodies are compared with those of files that are gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What would be published: feeds without content and where, documents, the record but for these.

    `ids` are those of all articles that are due, by path. `whole` gives a feed its content; `limits` are the
    feeds' by path. `hashes` are those of the contents that entries show, by id; `problems` are placed and
    complete; `held` are the files with an error among them.
    """

    feeds: tuple[Feed, ...]
    places: tuple[Target, ...]
    ids: Mapping[str, str]
    rendered: Rendered
    hashes: Mapping[str, str]
    limits: Mapping[str, int | None]
    whole: Callable[[Feed], Feed]
    record: Record
    found: Selection
    problems: tuple[Problem, ...]
    held: frozenset[str]


def make_plan(
    site: Site,
    *,
    choice: SelectionOptions,
    previous: Record | None,
    recall: BuildCache,
    spread: Map,
    fresh: bool = False,
) -> Plan:
    """Return what publishing the site would come to.

    With `fresh` every document is made, though it be there already. Raises `UsageError` or `MachineError`
    where the content folder cannot be read.
    """
    paths, noticed = walk(site)
    making = making_of(site)
    listed = recall.listed(paths, content=site.content, reading=making.reading, spread=spread)
    found = catalogue.select(listed, choice)
    known, doubts = _moved(previous, found, paths, making)
    authority = authority_of(site, previous)
    made: dict[str, Made] = {}
    stand_ins: dict[str, LastPublished] = {}
    faults: list[Problem] = []
    broken = set(found.held | found.skipped) | {p.file for p in noticed if p.severity == "error"}
    tried: set[str] = set()
    while True:
        lost = {path: known.entries[path] for path in sorted(broken - tried) if path in known.entries}
        tried |= broken
        stand_ins |= _kept(lost, known, site)
        for path in lost.keys() & stand_ins.keys():
            made[path] = replace(stand_ins[path].made, problems=made[path].problems if path in made else ())
        cards = _with(stand_ins, found.articles)
        ids, twins = identity.identify(cards, authority=authority, recorded=known.entries)
        faults += [problem for problem in twins if problem not in faults]
        where = stock.stock(cards, ids, site, known)
        _make_all(made, where.shelves, making, recall, spread)
        broken = {problem.file for problem in twins} | _held(made)
        if not known.entries.keys().isdisjoint(broken - tried):
            continue
        built = stock.stocked_feeds(where, made, ids, site=site, feed_ids=known.feeds, authority=authority)
        whole = _whole(site, ids, stand_ins, partial(recall.content, making=making))
        shown = site.content_mode == "full"
        hashes = {ids[path]: one.content_hash if shown else "" for path, one in made.items() if path in ids}
        all_places, taken = layout(built, where.former(site), site)
        rendered = render.render(
            all_places,
            is_current=_nothing if fresh else partial(recall.document, hashes=hashes, output=site.output),
            with_content=whole,
            spread=spread,
            spool=recall.aside,
        )
        if not rendered.refused:
            break
        _refuse(made, ids, rendered.refused)
        broken |= _held(made)
    told = [
        *noticed,
        *taken,
        *found.problems,
        *faults,
        *where.problems,
        *doubts,
        *_of_bodies(made),
        *_clock(choice, previous),
        *_zoneless(found, site),
    ]
    problems = _marked(catalogue.located(told, content=site.content, reading=making.reading), stand_ins)
    new = remember(
        built,
        ids=ids,
        made=made,
        articles=[card for card in cards if card.path not in stand_ins],
        files=paths if built else (),
        slugs=where.remembered,
        authority=authority,
        previous=known,
    )
    return Plan(
        feeds=tuple(built),
        places=tuple(all_places),
        ids=ids,
        rendered=rendered,
        hashes=hashes,
        limits=where.limits(),
        whole=whole,
        record=new,
        found=found,
        problems=problems,
        held=found.held | {p.file for p in problems if p.severity == "error"},
    )


def walk(site: Site) -> tuple[list[str], list[Problem]]:
    """Return the files of the content folder, and what is wrong with others there.

    Raises `UsageError` USE001 where there is no such folder, `MachineError` FS005 where it cannot be read.
    """
    try:
        return files.walk(site.content, ignore=site.ignore, output=site.output, follow=site.follow_symlinks)
    except (FileNotFoundError, NotADirectoryError) as error:
        is_file = isinstance(error, NotADirectoryError)
        message = f"{site.content} is a file" if is_file else f"there is no content folder {site.content}"
        hint = "name the folder with your articles: feedwright build CONTENT"
        raise UsageError(message, code="USE001", hint=hint) from None
    except OSError as error:
        message = f"the content folder {site.content} cannot be read: {error.strerror}"
        raise MachineError(message, code="FS005") from None


def making_of(site: Site) -> entry.BodyOptions:
    """Return what the settings say about how entries are made."""
    reading = ReadOptions(
        url=site.url,
        permalink=site.permalink,
        zone=_zone(site.timezone),
        dialect=site.dialect,
        encoding=site.encoding,
        date_formats=site.date_formats,
        hierarchy=site.hierarchy,
        default_category=site.default_category,
    )
    return entry.BodyOptions(
        content=site.content,
        reading=reading,
        engine=site.sanitizer,
        longest=site.body_limit,
        seconds=site.time_limit,
        thumbnail_type=site.thumbnail_type,
    )


def _zone(name: str) -> tzinfo:
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)


def preloaded(site: Site) -> tuple[str, ...]:
    """Return the names of the modules that every worker needs, so that they are imported once for all."""
    return (
        "feedwright.commands.recall",
        "feedwright.bodies.sanitize",
        "feedwright.bodies.html_tree",
        *(["bleach.sanitizer"] if site.sanitizer == "bleach" else ["nh3"]),
        *dict.fromkeys(module for name in site.formats for module in FORMATS[name].needs),
    )


def authority_of(site: Site, previous: Record | None) -> str:
    """Return what ids begin with: the setting, else what was pinned, else the site's host."""
    return site.authority or (previous.authority if previous else identity.authority_of(site.url))


def _moved(
    previous: Record | None, found: Selection, paths: Sequence[str], making: entry.BodyOptions
) -> tuple[Record, list[Problem]]:
    """The record with the entries of files that were renamed or moved under their new paths.

    A file under a known path that has another title and another date than the record says may be another
    article, as where two files swap their names: it is looked for like one that is gone.
    """
    if previous is None:
        return Record(authority=""), []
    cards = {card.path: card for card in (*found.articles, *found.others)}
    gone = _gone(previous, paths)
    strange = [e for path, e in previous.entries.items() if path in cards and _is_another(cards[path], e)]
    if not gone and not strange:
        return previous, []
    from feedwright.publication import renames  # few builds need it

    known = {unicodedata.normalize("NFC", source) for source in previous.entries}
    new = [card for card in cards.values() if unicodedata.normalize("NFC", card.path) not in known]
    fresh = _strangers(new, gone, making)
    fresh += _broken(sorted(found.held - previous.entries.keys()), making)
    turned = _strangers([cards[e.source] for e in strange], strange, making)
    moved, _ = renames.pair([*gone, *strange], [*fresh, *turned])
    left = {e.source for e in moved.values()}
    _, doubts = renames.pair(
        [e for e in gone if e.source not in left], [one for one in fresh if one.path not in moved]
    )
    entries = {source: e for source, e in previous.entries.items() if source not in left}
    entries |= {path: replace(e, source=path) for path, e in moved.items()}
    return replace(previous, entries=entries), doubts


def _gone(previous: Record, paths: Sequence[str]) -> list[EntryRecord]:
    """The recorded entries whose file is gone; a path is the same in every normal form."""
    there = set(paths)
    gone = [e for source, e in previous.entries.items() if source not in there]
    if gone:
        same = {unicodedata.normalize("NFC", path) for path in paths}
        gone = [e for e in gone if unicodedata.normalize("NFC", e.source) not in same]
    return gone


def _is_another(card: ArticleSummary, known: EntryRecord) -> bool:
    return card.title != known.title and card.published != datetime.fromisoformat(known.published)


def _strangers(
    cards: Sequence[ArticleSummary], gone: Sequence[EntryRecord], making: entry.BodyOptions
) -> list[Candidate]:
    """Articles as they are compared with what is gone; bodies are read where they can decide."""
    from feedwright.publication.renames import Candidate

    titles = {fold_space(e.title) for e in gone}
    dates = {datetime.fromisoformat(e.published) for e in gone}
    links = {e.link for e in gone}
    few = len(cards) <= _FEW
    return [
        Candidate(
            path=card.path,
            title=card.title,
            published=card.published,
            link=card.link,
            fingerprint=entry.fingerprint(card.path, making=making)
            if few or fold_space(card.title) in titles or card.published in dates or card.link in links
            else "",
        )
        for card in cards
        if not card.guid
    ]


def _broken(paths: Sequence[str], making: entry.BodyOptions) -> list[Candidate]:
    """Files that are no articles, as far as they tell what they are."""
    from feedwright.publication.renames import Candidate

    found = []
    for path in paths:
        title, published = catalogue.facts(path, content=making.content, reading=making.reading)
        body = entry.fingerprint(path, making=making)
        found.append(Candidate(path=path, title=title, published=published or "", fingerprint=body))
    return found


def _kept(lost: Mapping[str, EntryRecord], known: Record, site: Site) -> dict[str, LastPublished]:
    if not lost:
        return {}
    from feedwright.publication import last_published  # few builds need it

    return last_published.keep(lost, known, site=site)


def _with(stand_ins: Mapping[str, LastPublished], articles: Iterable[ArticleSummary]) -> list[ArticleSummary]:
    """All articles in path order, the broken ones as readers know them."""
    cards = {card.path: card for card in articles} | {path: one.card for path, one in stand_ins.items()}
    return [cards[path] for path in sorted(cards)] if stand_ins else list(cards.values())


def _held(made: Mapping[str, Made]) -> set[str]:
    return {path for path, one in made.items() if one.article is None}


def _make_all(
    made: dict[str, Made],
    stock: Sequence[FeedSpec],
    making: entry.BodyOptions,
    recall: BuildCache,
    spread: Map,
) -> None:
    """Add what readers get of every article that some feed shows; held ones are replaced by the next."""
    held = _held(made)
    while True:
        wanted = {card.path for shelf in stock for card in shelf.shown(held)} - made.keys()
        if not wanted:
            return
        for one in recall.cleaned(sorted(wanted), making=making, spread=spread):
            made[one.path] = entry.illustrated(one, making=making)
            if one.article is None:
                held.add(one.path)


def _refuse(made: dict[str, Made], ids: Mapping[str, str], refused: Mapping[str, str]) -> None:
    """Hold the entries that no document can carry, so that the others are published without them."""
    for path, own in ids.items():
        if own in refused:
            problem = Problem(
                severity="error",
                code="PUB008",
                message=f"no feed can carry this entry: {refused[own]}",
                file=path,
                hint="correct what it names; if nothing is wrong with that, report a bug",
            )
            made[path] = replace(made[path], article=None, problems=(*made[path].problems, problem))


def _of_bodies(made: Mapping[str, Made]) -> list[Problem]:
    return [problem for path in sorted(made) for problem in made[path].problems]


def _marked(problems: Iterable[Problem], stand_ins: Mapping[str, LastPublished]) -> tuple[Problem, ...]:
    """The problems, those that hold an article with the date of what readers keep of it."""
    return tuple(
        replace(p, kept=stand_ins[p.file].updated)
        if p.file in stand_ins and (p.severity == "error" or p.code in _NO_ARTICLE)
        else p
        for p in problems
    )


def _zoneless(found: Selection, site: Site) -> list[Problem]:
    if site.timezone_set or not found.naive:
        return []
    message = "dates without a zone are taken for UTC, here and wherever there is none"
    hint = 'say where they were written: timezone = "Asia/Shanghai", or "UTC"'
    return [
        Problem(
            severity="warning",
            code="DATE010",
            message=message,
            file=found.naive,
            field="published",
            hint=hint,
        )
    ]


def _clock(choice: SelectionOptions, previous: Record | None) -> list[Problem]:
    if choice.future:
        return []
    now = choice.now
    newest = max((e.published for e in previous.entries.values()), default=None) if previous else None
    if newest is None or now >= datetime.fromisoformat(newest) - timedelta(days=1):
        return []
    message = f"the clock says {now.isoformat()}, but an entry of {newest} was published before"
    hint = "set the clock, or say when this build is: --now 2026-01-03T12:00:00Z"
    return [Problem(severity="warning", code="TIME001", message=message, file="", hint=hint)]


def _whole(
    site: Site,
    ids: Mapping[str, str],
    stand_ins: Mapping[str, LastPublished],
    content: Callable[[str], SafeHtml | None],
) -> Callable[[Feed], Feed]:
    """Return the function that gives a feed's entries their content, where the site's feeds have it."""
    sources = {identifier: path for path, identifier in ids.items()}

    def own(path: str) -> SafeHtml | None:
        return stand_ins[path].content if path in stand_ins else content(path)

    def whole(feed: Feed) -> Feed:
        if site.content_mode != "full":
            return feed
        return replace(feed, entries=tuple(replace(e, content=own(sources[e.id])) for e in feed.entries))

    return whole


def _nothing(place: Target) -> None:
    """No document is known to be there."""
