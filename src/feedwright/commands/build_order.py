"""The order of a build, up to the plan: the documents that would be published; nothing is written.

Files, articles, pages, renames; then `assembly` makes documents of them, and what has to be told is gathered.
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
    old_entries,
    site_problems,
    unused_categories,
)
from feedwright.commands.assembly import Assembly
from feedwright.commands.built_pages import PageFile
from feedwright.commands.context import Context
from feedwright.commands.inputs import Inputs
from feedwright.commands.pages import built_site, with_pages
from feedwright.commands.references import References
from feedwright.commands.renamed import follow_renames
from feedwright.commands.stages import PRELOAD, Stages
from feedwright.feeds import ids as identity
from feedwright.formats.layout import Target
from feedwright.formats.render import Rendered
from feedwright.formats.table import FORMATS
from feedwright.model import ArticleSummary, Content, Feed, replace
from feedwright.problems import Problem, folded
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
    due: Sequence[ArticleSummary] = selection.articles
    if followed.held:
        due = [article for article in due if article.path not in followed.held]
    authority = authority_of(site, previous)
    new_guids = guards.changed_guids(due, followed.record.entries, accept)
    unfit = {problem.file: problem for problem in new_guids}
    broken = {*selection.held, *selection.left_out.get("skipped", ()), *blocked, *unread, *unfit}
    broken |= {*files.unread, *followed.kept.values()}
    assembly = Assembly(
        site,
        stages,
        previous=previous,
        known=followed.record,
        authority=authority,
        accept=accept,
        progress=context.progress,
    )
    done = assembly.assemble(due, paths, broken=broken, unfit=unfit)
    problems = [
        *files.problems,
        *selection.problems,
        *page_problems,
        *done.problems,
        *(p for p in followed.problems if p.severity == "error" or p.file not in done.broken),
        *built_pages.fold_unused(folded(_problems_of(done.contents), _SITE_WIDE)),
        *site_problems.postponed_problems(stages.postponed),
        *site_problems.clock_problems(options, previous),
        *filter(None, [languages.unnamed(files.articles, stages.read_options)]),
        *site_problems.zone_problems(selection, site),
        *unused_categories.problems_of(site, selection),
        *stages.recall(category_slips.problems_of, site, selection),
        *site_problems.moved_problems(selection, site, previous),
        *old_entries.problems_of(done.targets, done.rendered.current, previous, site),
    ]
    located = reader.located(problems, content=site.content, options=stages.read_options)
    versions = {
        **done.fallbacks,
        **{path: done.fallbacks[old] for path, old in followed.kept.items() if old in done.fallbacks},
    }
    marked = [_with_kept_version(problem, versions) for problem in located]
    record = next_record(
        done.feeds,
        sources=done.sources,
        contents=done.contents,
        articles=done.read,
        held=done.broken,
        slugs=done.specs.slugs,
        authority=authority,
        previous=followed.record,
        known=stages.known_records,
    )
    return Plan(
        feeds=tuple(done.feeds),
        targets=tuple(done.targets),
        ids=done.ids,
        rendered=done.rendered,
        inputs=done.inputs,
        limits={
            **{feed.path: None for feed in done.feeds},
            **{spec.path: spec.limit for spec in done.specs.specs},
        },
        with_content=done.with_content,
        record=record,
        selection=selection,
        problems=in_order(marked),
        pages=pages,
        static=stages.static,
        includes=stages.references.examined,
        held=selection.held
        | {problem.file for problem in marked if problem.severity == "error"}
        | {*stages.postponed},
        bodies=_origins(done.contents, done.fallbacks) if site.bodies == "pages" else {},
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


def _problems_of(contents_by_path: Mapping[str, Content]) -> Iterator[Problem]:
    return (problem for path in sorted(contents_by_path) for problem in contents_by_path[path].problems)


def _with_kept_version(problem: Problem, fallbacks: Mapping[str, LastPublished]) -> Problem:
    """The problem, with the date of the version that readers keep if it holds its article."""
    holds = problem.severity == "error" or problem.code in _NO_ARTICLE
    fallback = fallbacks.get(problem.file) if holds else None
    return replace(problem, kept=fallback.summary.updated.isoformat()) if fallback else problem
