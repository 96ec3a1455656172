"""The stages of a build that follows another in the same process: only what changed is done again."""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from feedwright.articles.selection import Selection, SelectionOptions, select
from feedwright.cache.memo import BuildCache
from feedwright.commands.content_files import ContentFiles
from feedwright.commands.inputs import Inputs, KnownHashes
from feedwright.commands.progress import Progress, counted
from feedwright.commands.stages import Stages
from feedwright.feeds.build import KnownEntries
from feedwright.formats.earlier import Before, MadeOf
from feedwright.formats.layout import Target
from feedwright.model import Content, ReadResult, SafeHtml, replace
from feedwright.publication.record import KnownRecords, Record
from feedwright.site import Site
from feedwright.workers import Map

T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class Memory:
    """What the builds of one site have worked out, by the path of the article or of the document.

    `articles` are the paths of all articles in `files`, `results` what was read of them, in the same order;
    `unread` are those to be read again. `states` are those of the articles' files when they were read.
    `bodies` are contents as they are made, `contents` are those with the pictures that they name. `calls`
    holds the last arguments and the last result of pure functions; `documents` have the hashes of what they
    were made of beside them.
    """

    files: ContentFiles | None = None
    articles: frozenset[str] = frozenset()
    results: tuple[ReadResult, ...] = ()
    unread: set[str] = field(default_factory=set)
    heads: dict[str, ReadResult] = field(default_factory=dict)
    states: dict[str, tuple[int, ...]] = field(default_factory=dict)
    bodies: dict[str, Content] = field(default_factory=dict)
    contents: dict[str, Content] = field(default_factory=dict)
    html: dict[str, SafeHtml | None] = field(default_factory=dict)
    calls: dict[Callable[..., Any], tuple[tuple[object, ...], Any]] = field(default_factory=dict)
    entries: KnownEntries = field(default_factory=dict)
    hashes: KnownHashes = field(default_factory=dict)
    records: KnownRecords = field(default_factory=dict)
    documents: dict[str, tuple[MadeOf, bytes]] = field(default_factory=dict)

    def forget(self, paths: Iterable[str]) -> None:
        """Have these articles read again."""
        for path in paths:
            self.unread.add(path)
            for known in (self.states, self.bodies, self.contents, self.html):
                known.pop(path, None)

    def verify(self, content: Path) -> None:
        """Have the content folder listed again, and what may have changed in it read again."""
        self.files = None
        self.articles = frozenset()
        self.contents.clear()
        self.forget([path for path, state in self.states.items() if _state(content, path) != state])

    def learn(self, head: ReadResult, state: tuple[int, ...]) -> None:
        """Remember the front matter of an article; one that says the same as before stays the same value."""
        head = replace(head, digest="")  # nothing that follows depends on it
        if self.heads.get(head.path) != head:
            self.heads[head.path] = head
            self.results = ()
        self.states[head.path] = state
        self.unread.discard(head.path)

    def to_read(self, files: ContentFiles) -> list[str]:
        """Return the paths of articles of which nothing is known, or no more."""
        if not self.articles:
            self.articles, self.results = frozenset(files.articles), ()
            self.unread = set(self.articles).difference(self.states)
        return sorted(self.unread & self.articles)

    def read(self, files: ContentFiles) -> tuple[ReadResult, ...]:
        """Return what was read of all articles; the same value where no file says anything else."""
        if not self.results:
            self.results = tuple(map(self.heads.__getitem__, files.articles))
        return self.results


def _state(content: Path, path: str) -> tuple[int, ...]:
    """What differs after a file was written, () where there is none."""
    try:
        status = os.stat(os.path.join(content, path))
    except OSError:
        return ()
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


class MemoryStages(Stages):
    """The stages of one build, which begin with what earlier ones have left in the memory."""

    def __init__(
        self, site: Site, cache: BuildCache, memory: Memory, spread: Map, *, jobs: int | None
    ) -> None:
        """`cache` is asked for what is not in the memory."""
        super().__init__(site, cache, spread, jobs=jobs)
        self._memory = memory
        self.known_entries = memory.entries
        self.known_hashes = memory.hashes
        self.known_records = memory.records

    def find_files(self, published: Container[str]) -> ContentFiles:
        """Return the files of the content folder, as they were unless some came or went."""
        if self._memory.files is None:
            self._memory.files = super().find_files(published)
        return self._memory.files

    def select(self, files: ContentFiles, options: SelectionOptions, progress: Progress) -> Selection:
        """Read what changed, and return the articles that are due: those of before if none says otherwise."""
        unknown = self._memory.to_read(files)
        for _ in counted(self.read_heads(unknown), "reading articles", len(unknown), progress):
            pass  # it is in the memory
        return self.recall(select, self._memory.read(files), options, tuple(files.pages))

    def recall(self, function: Callable[..., T], *arguments: object) -> T:
        """Return what the function gave for these arguments if it was called with them last."""
        before, result = self._memory.calls.get(function, (None, None))
        if before != arguments:
            result = function(*arguments)
            self._memory.calls[function] = arguments, result
        return result  # type: ignore[return-value]  # it is what this function gave

    def read_heads(self, paths: Sequence[str]) -> Iterator[ReadResult]:
        """Yield the front matter of every file, in the order of `paths`, and remember it."""
        states = [_state(self.content, path) for path in paths]
        for head, state in zip(super().read_heads(paths), states, strict=True):
            self._memory.learn(head, state)
            yield head

    def make_contents(self, links: Mapping[str, str]) -> Iterator[Content]:
        """Yield the content of every article, path → link, in any order."""
        bodies, contents = self._memory.bodies, self._memory.contents
        for path in [path for path in links if path in bodies and not self._is_answered(bodies[path])]:
            self._memory.forget([path])
        for content in super().make_contents({path: links[path] for path in links if path not in bodies}):
            if content.path in self.postponed:
                bodies.pop(content.path)
                yield content
        for path in links:
            if path in bodies:
                if path not in contents:
                    contents[path] = super()._with_files(bodies[path])
                yield contents[path]

    def _with_files(self, content: Content) -> Content:
        """The content as it is: what its files are now is asked for later."""
        self._memory.bodies[content.path] = content
        return content

    def html(self, path: str) -> SafeHtml | None:
        """Return the HTML of an article whose content was made."""
        if path not in self._memory.html:
            self._memory.html[path] = super().html(path)
        return self._memory.html[path]

    def is_current(self, inputs: Inputs, previous: Record | None) -> Callable[[Target], str | None]:
        """Return the function that tells whether the last build's document came from the same inputs."""
        documents = self._memory.documents

        def is_current(target: Target) -> str | None:
            made_of, _ = documents.get(target.path, (None, b""))
            return str(made_of) if made_of == inputs.of(target) else None

        return is_current

    def before(self, previous: Record | None) -> Callable[[Target], Before | None]:
        """Return the function that finds the last build's document in the place of a target."""
        documents = self._memory.documents

        def before(target: Target) -> Before | None:
            if target.path not in documents:
                return None
            made_of, data = documents[target.path]
            return Before(made_of, lambda largest: data if len(data) <= largest else None)

        return before
