"""The whole road, in order: files, articles, shelves, entries, feeds, documents, publication."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from feedwright import catalogue, entry, feeds, files, identity, publish, record, rendering, shelves, workers
from feedwright.outcome import Outcome
from feedwright.problems import GuardError, MachineError, Problem, UsageError
from feedwright.recall import Recall
from feedwright.remember import remember
from feedwright.sheet import Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from feedwright.catalogue import Catalogue, Choice
    from feedwright.entry import Made
    from feedwright.model import Card, Entry, Feed, SafeHtml
    from feedwright.publish import Published
    from feedwright.record import Record
    from feedwright.settings import CategorySettings, Site
    from feedwright.shelves import Path, Shelf, Taxonomy
    from feedwright.workers import Map


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shelved:
    """Shelves, what their terms' addresses are, and what the record is to remember of them."""

    shelves: list[Shelf]
    taxonomies: list[Taxonomy]
    slug_paths: dict[tuple[str, Path], str]
    remembered: dict[str, str]
    problems: list[Problem] = field(default_factory=list)


def build(
    site: Site,
    *,
    now: datetime | None = None,
    drafts: bool = False,
    future: bool = False,
    strict: bool = False,
    jobs: int | None = None,
    accept: frozenset[str] = frozenset(),
    tell: Callable[[str], None] = lambda message: None,
    recall: Recall | None = None,
) -> Outcome:
    """Publish the site's feeds and return what was done; problems in articles are in the outcome.

    `now` is an aware datetime, default the clock's; `jobs` is a number of processes, default by the work;
    `accept` names the guards to pass; `tell` is told what the build waits for; `recall` spares
    what earlier builds did. Raises `UsageError`, `MachineError` or `GuardError`; nothing is published then.
    """
    recall = recall or Recall(None, {})
    previous = record.load(site.record)
    moment = now or datetime.now(UTC)
    choice = catalogue.Choice(now=moment, drafts=drafts, future=future)
    paths, noticed = _walk(site)
    making = _making(site)
    with workers.processes(jobs, preload=_preloaded(site)) as spread:
        listed = recall.listed(paths, content=site.content, reading=making.reading, spread=spread)
        found = catalogue.sorted_out(listed, choice)
        authority = _authority(site, previous)
        ids, twins = identity.identify(found.articles, authority=authority, recorded=_recorded_ids(previous))
        shelved = _shelve(found.articles, ids, site, previous)
        made: dict[str, Made] = {}
        while True:
            _make_all(made, shelved.shelves, making, recall, spread)
            built = _feeds(shelved, made, ids, site, previous.feeds if previous else {}, authority)
            hashes = {ids[path]: one.content_hash for path, one in made.items()}
            rendered = rendering.render(
                built,
                site.formats,
                known=partial(recall.document, hashes=hashes, output=site.output),
                whole=_whole(site, ids, partial(recall.content, making=making)),
                spread=spread,
            )
            if not rendered.refused:
                break
            _refuse(made, ids, rendered.refused)
    problems = catalogue.located(
        [
            *noticed,
            *found.problems,
            *twins,
            *shelved.problems,
            *_of_bodies(made),
            *_clock(choice, previous),
            *_zoneless(found, site),
        ],
        content=site.content,
        reading=making.reading,
    )
    held = found.held | {p.file for p in problems if p.severity == "error"}
    outcome = partial(_outcome, found=found, problems=problems, held=held, strict=strict)
    if strict and problems:
        return outcome(done=None)
    if not built and not _may_empty(previous, found, accept):
        return outcome(done=None)
    new = remember(
        built,
        ids=ids,
        made=made,
        articles=found.articles,
        files=paths if built else (),
        slugs=shelved.remembered,
        authority=authority,
        previous=previous,
    )
    done = publish.publish(
        rendered.documents,
        kept=rendered.kept,
        output=site.output,
        record=new,
        record_path=site.record,
        previous=previous,
        lock=site.cache / "lock",
        accept=accept,
        tell=tell,
    )
    recall.note_documents(built, done.hashes, hashes=hashes, output=site.output)
    recall.keep()
    return outcome(done=done)


def _walk(site: Site) -> tuple[list[str], list[Problem]]:
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


def _making(site: Site) -> entry.Making:
    reading = Reading(
        url=site.url,
        permalink=site.permalink,
        zone=UTC if site.timezone == "UTC" else ZoneInfo(site.timezone),
        dialect=site.dialect,
        encoding=site.encoding,
        date_formats=site.date_formats,
        hierarchy=site.hierarchy,
        default_category=site.default_category,
    )
    return entry.Making(
        content=site.content, reading=reading, engine=site.sanitizer, thumbnail_type=site.thumbnail_type
    )


def _preloaded(site: Site) -> tuple[str, ...]:
    """What every worker needs, so that it is imported once for all."""
    own = ("cli", "recall", "body.sanitize", "body.markup", "formats._feedgen", "formats.check")
    return (
        *(f"feedwright.{name}" for name in own),
        *(["bleach.sanitizer"] if site.sanitizer == "bleach" else ["nh3"]),
    )


def _authority(site: Site, previous: Record | None) -> str:
    return site.authority or (previous.authority if previous else identity.authority_of(site.url))


def _recorded_ids(previous: Record | None) -> Mapping[str, str]:
    return {source: known.id for source, known in previous.entries.items()} if previous else {}


def _shelve(
    articles: Sequence[Card], ids: Mapping[str, str], site: Site, previous: Record | None
) -> _Shelved:
    identified = [a for a in articles if a.path in ids]
    taxonomies = [shelves.taxonomy(name, identified) for name in site.taxonomies]
    by_key = _by_key(site)
    limits = {name: own.limit for name, own in by_key.items() if own.limit != "unset"}
    fixed = {name: own.slug for name, own in by_key.items() if own.slug}
    found = _Shelved(
        shelves=shelves.stocked(identified, ids, taxonomies, limit=site.limit, limits=limits),
        taxonomies=taxonomies,
        slug_paths={},
        remembered=dict(previous.slugs) if previous else {},
    )
    for terms in taxonomies:
        own = fixed if terms.name == "categories" else {}
        slug_paths, remembered = feeds.addresses(terms, recorded=found.remembered, fixed=own)
        found.slug_paths.update({(terms.name, labels): slug for labels, slug in slug_paths.items()})
        found.remembered.update(remembered)
        if terms.name == "categories":
            found.problems.extend(feeds.spelling_problems(terms, identified))
            found.problems.extend(feeds.address_problems(terms, slug_paths, identified, own))
    return found


def _by_key(site: Site) -> dict[str, CategorySettings]:
    return {shelves.key((label,)): own for label, own in site.categories.items()}


def _make_all(
    made: dict[str, Made], stock: Sequence[Shelf], making: entry.Making, recall: Recall, spread: Map
) -> None:
    """Add what readers get of every article that some feed shows; held ones are replaced by the next."""
    held = {path for path, one in made.items() if one.article is None}
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


def _zoneless(found: Catalogue, site: Site) -> list[Problem]:
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


def _clock(choice: Choice, previous: Record | None) -> list[Problem]:
    if choice.future:
        return []
    now = choice.now
    newest = max((e.published for e in previous.entries.values()), default=None) if previous else None
    if newest is None or now >= datetime.fromisoformat(newest) - timedelta(days=1):
        return []
    message = f"the clock says {now.isoformat()}, but an entry of {newest} was published before"
    hint = "set the clock, or say when this build is: --now 2026-01-03T12:00:00Z"
    return [Problem(severity="warning", code="TIME001", message=message, file="", hint=hint)]


def _feeds(
    shelved: _Shelved,
    made: Mapping[str, Made],
    ids: Mapping[str, str],
    site: Site,
    feed_ids: Mapping[str, str],
    authority: str,
) -> list[Feed]:
    """One feed for every shelf that has something to show."""
    held = {path for path, one in made.items() if one.article is None}
    terms = feeds.terms_of(shelved.taxonomies, shelved.slug_paths, site)
    by_key = _by_key(site)
    entries: dict[str, Entry] = {}
    built = []
    for shelf in shelved.shelves:
        shown = shelf.shown(held)
        if not shown:
            continue
        for card in shown:
            if card.path not in entries:
                entries[card.path] = feeds.entry(
                    card, made[card.path], guid=ids[card.path], site=site, terms=terms
                )
        path = feeds.folder(shelf.taxonomy, shelved.slug_paths.get((shelf.taxonomy, shelf.labels), ""))
        own_id = feed_ids.get(path) or identity.feed_id(authority, path)
        own_entries = tuple(entries[card.path] for card in shown)
        own = by_key.get(shelves.key(shelf.labels)) if shelf.taxonomy == "categories" else None
        built.append(feeds.feed(shelf, own_entries, feed_id=own_id, path=path, site=site, own=own))
    return built


def _whole(
    site: Site, ids: Mapping[str, str], content: Callable[[str], SafeHtml | None]
) -> Callable[[Feed], Feed]:
    """Return the function that gives a feed's entries their content, where the site's feeds have it."""
    sources = {own: path for path, own in ids.items()}

    def whole(feed: Feed) -> Feed:
        if site.content_mode != "full":
            return feed
        return replace(feed, entries=tuple(replace(e, content=content(sources[e.id])) for e in feed.entries))

    return whole


def _may_empty(previous: Record | None, found: Catalogue, accept: frozenset[str]) -> bool:
    """Whether the record is to say that nothing is published any more; only who accepts it may do that.

    Nothing where there was something is a failed mount or checkout more often than a wish.
    """
    if previous is None or not previous.entries:
        return False
    if "empty" in accept:
        return True
    message = (
        f"none of {found.files} files is an article to publish, but {len(previous.entries)} entries were"
    )
    hint = (
        "look whether the content folder is the right one; if all articles are gone for good: --accept empty"
    )
    raise GuardError(message, code="PUB004", hint=hint)


def _outcome(
    *,
    found: Catalogue,
    problems: Sequence[Problem],
    held: frozenset[str],
    strict: bool,
    done: Published | None,
) -> Outcome:
    withheld = frozenset(a.path for a in found.articles) & held
    return Outcome(
        problems=tuple(sorted(set(problems), key=lambda p: p.place)),
        held=held,
        files=found.files,
        published=len(found.articles) - len(withheld) if done else 0,
        drafts=found.drafts,
        scheduled=found.scheduled,
        expired=found.expired,
        skipped=found.skipped,
        next_due=found.next_due,
        written=done.written if done else (),
        unchanged=done.unchanged if done else (),
        stale=done.stale if done else (),
        strict=strict,
        since=found.since,
        until=found.until,
    )
