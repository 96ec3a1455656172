"""The builds of a preview: each begins with what the one before has worked out, and none of them ends it."""

from __future__ import annotations

import gc
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from feedwright import disk
from feedwright.cache import fingerprint, snapshot
from feedwright.cache.memo import BuildCache
from feedwright.cache.store import Store
from feedwright.commands import site_cache
from feedwright.commands.build_order import Plan, plan_through
from feedwright.commands.context import Context, silent
from feedwright.commands.preview.files import is_medium, static_folders
from feedwright.commands.preview.memory import Memory, MemoryStages
from feedwright.model import replace
from feedwright.problems import FeedwrightError, MachineError, Problem, failure
from feedwright.publication import record as records
from feedwright.publication.record import Record
from feedwright.site import Site


@dataclass(frozen=True, kw_only=True, eq=False)
class Build:
    """One state of the preview: the documents, by path, and what is wrong.

    `number` counts the builds. After an `error` the documents are those of the build before. `changed` are
    the paths of those that differ from then.
    """

    number: int
    site: Site
    plan: Plan
    previous: Record | None
    documents: Mapping[str, bytes]
    problems: tuple[Problem, ...]
    changed: tuple[str, ...] = ()
    error: FeedwrightError | None = None
    at: datetime = field(default_factory=partial(datetime.now, UTC))


class Preview:
    """A site whose feeds are built in memory, again whenever something changed."""

    build: Build

    def __init__(self, context: Context) -> None:
        """Load the settings. Raises what `load_settings` raises."""
        self._context = context
        self._site = context.load_site()
        self._memory = Memory()
        self._record: tuple[str, Record | None] = ("", None)

    def begin(self) -> Build:
        """Build for the first time. Raises what `build` raises where nothing can be built at all."""
        self.build = self._with_documents(self._first_plan(), 1, {})
        self._context = self._context._replace(progress=silent)  # what follows is done at once
        gc.collect()
        gc.freeze()  # what stays is not searched for garbage at every save
        return self.build

    def folders(self) -> tuple[list[str], list[str]]:
        """Return the folders to watch: those that count with all that is below them, and those without."""
        site = self._site
        inner = [site.content, *site.follow_symlinks, *static_folders(site)]
        files = (name for name, _ in site.examined if not name.endswith(os.sep))
        outer = (site.root, site.record.parent, *(Path(name).parent for name in files))
        below = _existing(inner)
        return [f for f in below if not any(_inside(f, o) for o in below if o != f)], _existing(outer)

    def concerns(self, path: str) -> bool:
        """Tell whether a change at an absolute path can change anything.

        Of feedwright's own files the record does, and the output folder itself where it comes or goes.
        """
        output, cache, record = map(
            os.path.realpath, (self._site.output, self._site.cache, self._site.record)
        )
        return path in (output, record) or not (_inside(path, output) or _inside(path, cache))

    def update(self, changed: Collection[str]) -> Build:
        """Build again after changes at these absolute paths; what goes wrong is in the build."""
        number, now = self.build.number + 1, datetime.now(UTC)
        if self.until is not None and self.until <= now:  # else the same moment, so that the same is known
            self._context = self._context._replace(now=now)
        try:
            articles = self._known_articles(changed)
            self._memory.forget(articles)
            if len(articles) < len(changed) or self.build.error:
                self._look_around()
            plan = self._plan(BuildCache())
        except FeedwrightError as error:
            self.build = replace(self.build, number=number, error=error, changed=(), at=datetime.now(UTC))
        except Exception as error:
            problem = failure("", error)
            stop = MachineError(problem.message, code="SRV001", hint=problem.hint)
            self._memory = Memory()
            self.build = replace(self.build, number=number, error=stop, changed=(), at=datetime.now(UTC))
        else:
            self.build = self._with_documents(plan, number, self.build.documents)
        return self.build

    @property
    def until(self) -> datetime | None:
        """When an article becomes due, or expires, though no file changes; None where that is not known."""
        until = self.build.plan.selection.until
        return until if until is not None and until > self._context.now else None

    def _known_articles(self, changed: Iterable[str]) -> list[str]:
        """The articles among changed paths that were there before and are still.

        What editors leave for a moment counts as one of these: a file with a suffix that no article, picture
        or folder has, and that is gone by now.
        """
        files = self._memory.files
        if files is None:
            return []
        root = os.path.join(os.path.realpath(self._site.content), "")
        inside = [path.removeprefix(root) for path in changed if path.startswith(root)]
        known = self._memory.articles
        return [
            path.replace(os.sep, "/")
            for path in inside
            if (path.replace(os.sep, "/") in known and os.path.isfile(root + path))
            or (os.path.splitext(path)[1] and not is_medium(path) and not _was_there(root, path, files.paths))
        ]

    def _look_around(self) -> None:
        """Take in new settings, and look at all files again."""
        site = self._context.load_site()
        if site != self._site:
            self._site = site
            self._memory = Memory()
        self._memory.verify(site.content)

    def _first_plan(self) -> Plan:
        """The first plan, with the cache that builds leave beside the settings, and leaving it there too."""
        site = self._site
        if site_cache.distrust(site):
            return self._plan(BuildCache())
        signatures = site_cache.trusted_signatures(site, now_ns=self._context.began)
        with closing(Store(str(site.cache), fingerprint.fingerprint())) as store:
            try:
                cache = BuildCache(store, signatures)
                plan = self._plan(cache)
                cache.save()
            except (FeedwrightError, OSError, MemoryError, ImportError):
                raise
            except Exception:  # what the cache says, as in a build
                if not store.has_answered:
                    raise
                self._memory = Memory()
                return self._plan(BuildCache())
        return plan

    def _plan(self, cache: BuildCache) -> Plan:
        stages = partial(MemoryStages, self._site, cache, self._memory)
        return plan_through(stages, self._site, self._context, self._previous())

    def _previous(self) -> Record | None:
        """The record of what is published, read again when it changed."""
        state = snapshot.signature(str(self._site.record))
        if state != self._record[0] or not state:
            self._record = state, records.load(self._site.record)
        return self._record[1]

    def _with_documents(self, plan: Plan, number: int, before: Mapping[str, bytes]) -> Build:
        made = {document.path: document.data for document in plan.rendered.documents}
        for target in plan.targets:
            if (data := made.get(target.path)) is not None:
                self._memory.documents[target.path] = plan.inputs.of(target), data
        documents = dict(self._documents(plan))
        return Build(
            number=number,
            site=self._site,
            plan=plan,
            previous=self._record[1],
            documents=documents,
            problems=(*self._site.warnings, *self._context.locate(plan.problems, self._site)),
            changed=tuple(sorted(path for path in documents if before.get(path) != documents[path])),
        )

    def _documents(self, plan: Plan) -> Iterator[tuple[str, bytes]]:
        """The documents of the plan, and the published ones of feeds that are left out of it."""
        made = {document.path for document in plan.rendered.documents} | plan.rendered.current.keys()
        targets = {target.path for target in plan.targets}
        for path in sorted(made):
            if path in targets:
                yield path, self._memory.documents[path][1]
            else:
                with suppress(OSError):
                    yield path, disk.read_bytes(self._site.output / path, follow=False)


def _existing(folders: Iterable[Path]) -> list[str]:
    """The real paths of those folders that exist."""
    return sorted({os.path.realpath(folder) for folder in folders if os.path.isdir(folder)})


def _inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(os.path.join(folder, ""))


def _was_there(root: str, path: str, known: Iterable[str]) -> bool:
    """Tell whether something is at a path, or was that is known."""
    path, file = path.replace(os.sep, "/"), root + path
    return os.path.lexists(file) or any(other == path or other.startswith(f"{path}/") for other in known)
