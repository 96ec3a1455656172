"""The order of a build, up to the plan: the documents that would be published; nothing is written.

Files, articles, ids, feed specs, bodies, feeds, documents. An article that breaks on the way is replaced by
its last published version, a feed that breaks is left out, and then everything is put together again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from feedwright import workers
from feedwright.articles import languages, reader
from feedwright.articles.built_site import BuiltSite
from feedwright.articles.selection import Selection, SelectionOptions
from feedwright.bodies.static_files import StaticFiles
from feedwright.cache.memo import BuildCache
from feedwright.commands import (
    built_pages,
    category_slips,
    excluded_feeds,
    old_entries,
    site_problems,
    unused_categories,
)
from feedwright.commands.built_pages import PageFile
from feedwright.commands.context import Context
from feedwright.commands.inputs import Inputs
from feedwright.commands.pages import built_site, with_pages
from feedwright.commands.progress import Progress, counted, counting
from feedwright.commands.references import References
from feedwright.commands.renamed import follow_renames
from feedwright.commands.stages import PRELOAD, Stages
from feedwright.feeds import ids as identity
from feedwright.feeds.build import build_feeds
from feedwright.feeds.feed_specs import FeedSpec, FeedSpecs, feed_specs
from feedwright.formats.layout import Target, layout
from feedwright.formats.render import Rendered, render
from feedwright.formats.table import FORMATS
from feedwright.formats.wire import folder
from feedwright.model import ArticleSummary, Content, Feed, SafeHtml, replace
from feedwright.problems import HeldError, Problem, failure, folded
from feedwright.publication import guards
from feedwright.publication.record import Record, next_record
from feedwright.site import Site

if TYPE_CHECKING:
    from feedwright.publication.last_published import LastPublished  # few builds need it

_NO_ARTICLE = frozenset({"FM001", "FM007"})
_SITE_WIDE = frozenset({"LNK006", "TPL002", "TPL003", "TPL005", "TPL007"})
"""Problems that many articles have for one reason: each is told once."""


class Plan(Struct, frozen=True, kw_only=True):
    """Everything that a build would publish: feeds without content, and the record without its documents.

    `ids` are those of all articles that are due, by path. `with_content` gives a feed its content; `limits`
    are the feeds' by path; `inputs` are hashes of what documents are made of. `problems` are located and
    complete; `pages` and `static` are the files that were looked for, `includes` those of templates, each
    with its state; `held` are the files with an error among them. `bodies` tell by path which page of the
    site each body was taken from, none where it was made of the file, and `pages_read` are these pages; both
    are empty where bodies are not taken from pages.
    """

    feeds: tuple[Feed, ...]
    targets: tuple[Target, ...]
    ids: Mapping[str, str]
    rendered: Rendered
    inputs: Inputs
    limits: Mapping[str, int | None]
    with_content: Callable[[Feed], Feed]
    record: Record
    selection: Selection
    problems: tuple[Problem, ...]
    pages: BuiltSite | None
    static: StaticFiles
    includes: Mapping[str, str]
    held: frozenset[str]
    bodies: Mapping[str, tuple[str, ...]]
    pages_read: tuple[PageFile, ...]

    def unlisted(self, previous: Record | None, output: Path) -> list[Target]:
        """Return what is planned and already in the output folder, though it stands in no record."""
        listed = previous.files if previous else {}
        return [t for t in self.targets if t.path not in listed and os.path.lexists(output / t.path)]

    def is_risky(self, previous: Record) -> bool:
        """Tell whether readers could lose anything; few builds have to compare feeds to know it."""
        shown = {entry.id for feed in self.feeds for entry in feed.entries}
        revived = not previous.stale.keys().isdisjoint(target.path for target in self.targets)
        return guards.is_risky(previous, self.ids, self.held, shown=shown, revived=revived)


def make_plan(site: Site, context: Context, previous: Record | None, cache: BuildCache) -> Plan:
    """Plan the publication of a site. Without a store behind the cache, everything is worked out again.

    Raises `UsageError` or `MachineError` if the content folder cannot be read.
    """
    return plan_through(partial(Stages, site, cache), site, context, previous)


def plan_through(
    stages: Callable[..., Stages], site: Site, context: Context, previous: Record | None
) -> Plan:
    """Plan the publication of a site through the stages that this function gives. Raises as `make_plan`."""
    jobs = context.options.jobs
    engine = "bleach.sanitizer" if site.sanitizer == "bleach" else "nh3"
    needs = dict.fromkeys(module for name in (*site.formats, *site.retired) for module in FORMATS[name].needs)
    with workers.processes(jobs, preload=(*PRELOAD, engine, *needs)) as spread:
        return _plan(site, context, previous, stages(spread, jobs=jobs))


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems by place, each once."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda problem: problem.place))


def _plan(site: Site, context: Context, previous: Record | None, stages: Stages) -> Plan:
    files = stages.find_files(previous.entries if previous else {})
    options = SelectionOptions(now=context.now, drafts=context.options.drafts, future=context.options.future)
    selection = stages.select(files, options, context.progress)
    accept = context.options.accept
    pages = built_site(site.site_output, site) if site.site_output else None
    stages.references = References(
        _linkable(selection),
        folders=(site.content, site.root),
        values=site.generator_values,
        content=site.content,
        is_served=pages.has if pages else lambda address: False,
        pages=selection.left_out.get("pages", ()),
        read_page=partial(reader.page, content=site.content, options=stages.read_options),
    )
    page_problems = list[Problem]()
    if pages:
        selection, page_problems = with_pages(selection, pages, stages, accept)
    blocked = {problem.file for problem in files.problems if problem.severity == "error"}
    unread = _unread(blocked, files.paths, previous)
    paths = [*files.paths, *unread]
    followed = follow_renames(previous, selection, paths, stages, accept=accept)
    known = followed.record
    due = [article for article in selection.articles if article.path not in followed.held]
    authority = authority_of(site, previous)
    new_guids = guards.changed_guids(due, known.entries, accept)
    unfit = {problem.file: problem for problem in new_guids}
    excluded: dict[str, Problem] = {}
    contents_by_path: dict[str, Content] = {}
    fallbacks: dict[str, LastPublished] = {}
    duplicates: list[Problem] = []
    broken = {*selection.held, *selection.left_out.get("skipped", ()), *blocked, *unread, *unfit}
    broken |= {*files.unread, *followed.kept.values()}
    tried: set[str] = set()
    while True:
        lost = {path: known.entries[path] for path in sorted(broken - tried) if path in known.entries}
        tried |= broken
        if lost:
            from feedwright.publication import last_published  # few builds need it

            fallbacks |= last_published.load(lost, known, site=site)
        for path in lost.keys() & fallbacks.keys():
            earlier = contents_by_path[path].problems if path in contents_by_path else ()
            contents_by_path[path] = replace(fallbacks[path].restored, problems=earlier)
        articles = _with_fallbacks([a for a in due if a.path not in unfit], fallbacks)
        try:
            ids, new_duplicates, specs = stages.recall(_sort, articles, known, paths, authority, site)
            duplicates += [problem for problem in new_duplicates if problem not in duplicates]
            excluded |= excluded_feeds.find(specs, previous, site, articles=len(articles), accept=accept)
            specs = replace(specs, specs=[spec for spec in specs.specs if spec.path not in excluded])
            _make_contents(contents_by_path, specs.specs, stages, context.progress)
            broken = {problem.file for problem in new_duplicates} | _held(contents_by_path)
            if not known.entries.keys().isdisjoint(broken - tried):
                continue
            feeds = build_feeds(
                specs,
                contents_by_path,
                ids,
                site=site,
                feed_ids=known.feeds,
                authority=authority,
                known=stages.known_entries,
            )
        except HeldError as error:
            unfit |= {problem.file: problem for problem in error.problems}
            broken = {problem.file for problem in error.problems}
            fallbacks = {path: fallback for path, fallback in fallbacks.items() if path not in broken}
            continue
        with_content = _with_content(site, ids, fallbacks, stages)
        hashes = {ids[p]: content.content_hash for p, content in contents_by_path.items() if p in ids}
        hashes = hashes if site.content_mode == "full" else dict.fromkeys(hashes, "")
        inputs = Inputs(hashes, stages.known_hashes)
        targets, taken = layout(
            feeds, {spec.path: spec.settings for spec in specs.specs}, site, authority=authority
        )
        rendered = render(
            targets,
            is_current=stages.is_current(inputs, previous),
            with_content=with_content,
            spread=counting(stages.spread, "rendering feeds", context.progress),
            spread_entries=counting(stages.spread, "rendering groups of entries", context.progress),
            spool=stages.cache.spool,
        )
        if not rendered.refused and not rendered.refused_feeds:
            break
        excluded |= excluded_feeds.refused(feeds, rendered.refused_feeds, specs)
        _hold(contents_by_path, ids, rendered.refused)
        broken |= _held(contents_by_path)
    rendered.current.update(_documents_of(excluded, previous, site))
    problems = [
        *files.problems,
        *unfit.values(),
        *excluded.values(),
        *taken,
        *selection.problems,
        *page_problems,
        *duplicates,
        *specs.problems,
        *(p for p in followed.problems if p.severity == "error" or p.file not in tried | broken),
        *built_pages.fold_unused(folded(_problems_of(contents_by_path), _SITE_WIDE)),
        *site_problems.postponed_problems(stages.postponed),
        *site_problems.clock_problems(options, previous),
        *filter(None, [languages.unnamed(files.articles, stages.read_options)]),
        *site_problems.zone_problems(selection, site),
        *unused_categories.problems_of(site, selection),
        *category_slips.problems_of(site, selection),
        *site_problems.moved_problems(selection, site, previous),
        *old_entries.problems_of(targets, rendered.current, previous, site),
    ]
    located = reader.located(problems, content=site.content, options=stages.read_options)
    versions = fallbacks | {
        path: fallbacks[source] for path, source in followed.kept.items() if source in fallbacks
    }
    marked = [_with_kept_version(problem, versions) for problem in located]
    record = next_record(
        feeds,
        ids=ids,
        contents=contents_by_path,
        articles=[article for article in articles if article.path not in fallbacks],
        held=tried | broken,
        slugs=specs.slugs,
        authority=authority,
        previous=known,
    )
    return Plan(
        feeds=tuple(feeds),
        targets=tuple(targets),
        ids=ids,
        rendered=rendered,
        inputs=inputs,
        limits={**{feed.path: None for feed in feeds}, **{spec.path: spec.limit for spec in specs.specs}},
        with_content=with_content,
        record=record,
        selection=selection,
        problems=in_order(marked),
        pages=pages,
        static=stages.static,
        includes=stages.references.examined,
        held=selection.held
        | {problem.file for problem in marked if problem.severity == "error"}
        | {*stages.postponed},
        bodies=_origins(contents_by_path, fallbacks) if site.bodies == "pages" else {},
        pages_read=tuple(stages.pages.values()),
    )


def _linkable(selection: Selection) -> list[ArticleSummary]:
    """The articles that others may name: those that are due, and those that the site has without a list."""
    hidden = {*selection.left_out.get("hidden", ())}
    return [*selection.articles, *(article for article in selection.others if article.path in hidden)]


def _origins(
    contents_by_path: Mapping[str, Content], fallbacks: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """The page that each body was taken from, none where it was made of the file."""
    return {
        path: (content.page,) if content.page else ()
        for path, content in sorted(contents_by_path.items())
        if content.article and path not in fallbacks
    }


def authority_of(site: Site, previous: Record | None) -> str:
    """Return the authority that ids begin with: the setting, else the pinned one, else the site's host."""
    return site.authority or (previous.authority if previous else identity.authority_of(site.url))


def _unread(blocked: Collection[str], paths: Sequence[str], previous: Record | None) -> list[str]:
    """The recorded files in folders that cannot be read: they are not gone."""
    folders = tuple(f"{path}/" for path in blocked)
    if previous is None or not folders:
        return []
    return [path for path in sorted(previous.entries.keys() - set(paths)) if path.startswith(folders)]


def _sort(
    articles: Sequence[ArticleSummary], known: Record, files: Sequence[str], authority: str, site: Site
) -> tuple[dict[str, str], list[Problem], FeedSpecs]:
    """The ids of articles, the duplicates among them, and their feeds.

    Raises `HeldError` for the articles at which that fails.
    """

    def sort(articles: Sequence[ArticleSummary]) -> tuple[dict[str, str], list[Problem], FeedSpecs]:
        ids, duplicates = identity.identify(
            articles, authority=authority, recorded=known.entries, files=files
        )
        return ids, duplicates, feed_specs(articles, ids, site, known.slugs)

    try:
        return sort(articles)
    except (MemoryError, ImportError):
        raise
    except Exception:
        from feedwright.commands.culprits import find_culprits  # no build should need it

        culprits = find_culprits(sort, articles)
        if not culprits:
            raise
        raise HeldError(tuple(failure(article.path, error) for article, error in culprits)) from None


def _documents_of(excluded: Collection[str], previous: Record | None, site: Site) -> dict[str, str]:
    """The published documents of feeds that are left out: they stay as they are."""
    documents = previous.documents if previous and excluded else {}
    return {
        path: document_hash
        for path, document_hash in documents.items()
        if folder(path) in excluded and os.path.lexists(site.output / path)
    }


def _with_fallbacks(
    articles: Sequence[ArticleSummary], fallbacks: Mapping[str, LastPublished]
) -> list[ArticleSummary]:
    """All articles in path order, the broken ones as they were last published."""
    if not fallbacks:
        return list(articles)
    by_path = {article.path: article for article in articles}
    by_path |= {path: fallback.summary for path, fallback in fallbacks.items()}
    return [by_path[path] for path in sorted(by_path)]


def _held(contents_by_path: Mapping[str, Content]) -> set[str]:
    return {path for path, content in contents_by_path.items() if content.article is None}


def _problems_of(contents_by_path: Mapping[str, Content]) -> Iterator[Problem]:
    return (problem for path in sorted(contents_by_path) for problem in contents_by_path[path].problems)


def _make_contents(
    contents_by_path: dict[str, Content], specs: Sequence[FeedSpec], stages: Stages, progress: Progress
) -> None:
    """Add the content of every article that some feed shows; held ones are replaced by the next."""
    held = _held(contents_by_path)
    while True:
        shown = {article.path: article.link for spec in specs for article in spec.shown(held)}
        shown |= {a.path: a.link for spec in specs for _, articles in spec.archives(held) for a in articles}
        wanted = {path: shown[path] for path in sorted(shown.keys() - contents_by_path.keys())}
        if not wanted:
            return
        made = stages.make_contents(wanted)
        for content in counted(made, "sanitizing bodies", len(wanted), progress):
            contents_by_path[content.path] = content
            if content.article is None:
                held.add(content.path)


def _hold(contents_by_path: dict[str, Content], ids: Mapping[str, str], refused: Mapping[str, str]) -> None:
    """Hold the entries that no document can carry, so that the others are published without them."""
    for path, entry_id in ids.items():
        if entry_id in refused:
            message = f"no feed can carry this entry: {refused[entry_id]}"
            hint = "correct what it names; if nothing is wrong with that, report a bug"
            problem = Problem.error("PUB008", message, path, hint=hint)
            content = contents_by_path[path]
            contents_by_path[path] = replace(content, article=None, problems=(*content.problems, problem))


def _with_kept_version(problem: Problem, fallbacks: Mapping[str, LastPublished]) -> Problem:
    """The problem, with the date of the version that readers keep if it holds its article."""
    holds = problem.severity == "error" or problem.code in _NO_ARTICLE
    fallback = fallbacks.get(problem.file) if holds else None
    return replace(problem, kept=fallback.summary.updated.isoformat()) if fallback else problem


def _with_content(
    site: Site, ids: Mapping[str, str], fallbacks: Mapping[str, LastPublished], stages: Stages
) -> Callable[[Feed], Feed]:
    """Return the function that gives a feed's entries their content, if the site's feeds have any."""
    paths = {entry_id: path for path, entry_id in ids.items()}

    def html(entry_id: str) -> SafeHtml | None:
        path = paths[entry_id]
        return fallbacks[path].content if path in fallbacks else stages.html(path)

    def with_content(feed: Feed) -> Feed:
        if site.content_mode != "full":
            return feed
        return replace(feed, entries=tuple(replace(e, content=html(e.id)) for e in feed.entries))

    return with_content
