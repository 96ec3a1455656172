"""Answers to what bodies ask: which article is meant by a name, and what an include of the site says."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from feedwright import disk, text
from feedwright.bodies.templates.references import OwnAnswers
from feedwright.generators.template_syntax import Answer
from feedwright.generators.url_paths import without_date, without_suffix
from feedwright.model import ArticleSummary

LARGEST_INCLUDE = 64 * 1024
"""The most bytes of an include."""

_FOLDER = "_includes"
_MOST_SUGGESTIONS = 50


class References:
    """The articles and includes of a site, by what bodies call them.

    `examined` are the files of includes that were looked for, each with its state.
    """

    def __init__(
        self,
        articles: Sequence[ArticleSummary],
        *,
        folders: Iterable[Path],
        values: Mapping[str, str],
        content: Path = Path(),
        is_served: Callable[[str], bool] = lambda address: False,
        pages: Iterable[str] = (),
        read_page: Callable[[str], tuple[str, str]] = lambda path: ("", ""),
    ) -> None:
        """`folders` are those that may hold a folder of includes, `values` the generator's configuration.

        `content` is the folder of the articles, `is_served` tells whether the built site, if it is known, has
        a file at an address. `pages` are the paths of pages that are no articles;
        `read_page` returns address and title of one.
        """
        self._own = OwnAnswers(content, values)
        self._is_served = is_served
        self._pages = pages
        self._read_page = read_page
        self.examined: dict[str, str] = {}
        self._articles = articles
        self._folders = [os.path.realpath(folder / _FOLDER) for folder in dict.fromkeys(folders)]
        self._answers: dict[str, Answer] = {}
        self._suggestions = 0

    def answer(self, question: str) -> Answer:
        """Return what a question of `bodies.templates.references` means."""
        answer = self._answers.get(question)
        if answer is None:
            answer = self._answers[question] = self._own.answer(question) or self._answer(question)
        return answer

    def _answer(self, question: str) -> Answer:
        kind, *names = question.split("\n")
        if kind == "article":
            return self._article(names)
        if kind == "served":
            return Answer(names[0] if self._is_served(names[0]) else "")
        return self._include(names[0])

    @cached_property
    def _by_path(self) -> dict[str, ArticleSummary]:
        return {text.nfc(article.path): article for article in self._articles}

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        """The paths of articles by the last part of their names, with and without a date before it."""
        names: dict[str, list[str]] = {}
        for path in self._by_path:
            name = _name(path).rpartition("/")[2]
            for key in dict.fromkeys((name, without_date(name))):
                names.setdefault(key, []).append(path)
        return names

    @cached_property
    def _page_paths(self) -> dict[str, str]:
        return {text.nfc(path): path for path in self._pages}

    def _article(self, names: Sequence[str]) -> Answer:
        for name in map(text.nfc, names):
            if article := self._found(name):
                return Answer(article.link, article.title)
            if (path := self._page_paths.get(name)) and (page := Answer(*self._read_page(path))).value:
                return page
        return Answer(near=self._nearest(names[0]) if names else "")

    def _found(self, name: str) -> ArticleSummary | None:
        """The article at a path, or the first whose path ends with a name."""
        if article := self._by_path.get(name) or self._by_path.get(name.removeprefix("_posts/")):
            return article
        if _has_suffix(name):
            return None
        paths = self._by_name.get(name.rpartition("/")[2], ())
        return next((self._by_path[path] for path in paths if _ends_with(path, name)), None)

    def _nearest(self, name: str) -> str:
        """The path of an article with a name much like a missing one, "" where none is."""
        self._suggestions += 1
        if self._suggestions > _MOST_SUGGESTIONS:
            return ""
        last = _name(name).rpartition("/")[2]
        alike = (key for key in self._by_name if key[:1] == last[:1])
        match = text.nearest(last, alike, cutoff=0.75)
        return text.visible(self._by_name[match][0]) if match else ""

    def _include(self, name: str) -> Answer:
        for file in self._candidates(name):
            self.examined[file] = disk.state_of(file)
            if not os.path.lexists(file):
                continue
            if os.path.realpath(file) != file:
                return Answer(title="it is a link")
            try:
                data = disk.read_bytes(file, follow=False, largest=LARGEST_INCLUDE)
                return Answer(data.decode("utf-8-sig").replace("\r\n", "\n") or "\n")
            except (OSError, UnicodeDecodeError):
                return Answer(title="it cannot be read, or has more than 64 KiB")
        return Answer(title=f"{_FOLDER} has no such file")

    def _candidates(self, name: str) -> Iterator[str]:
        if disk.is_plain_path(name):
            yield from (os.path.join(folder, *name.split("/")) for folder in self._folders)


def _has_suffix(name: str) -> bool:
    return name.rpartition("/")[2].lower().endswith((".md", ".markdown", ".html", ".rst", ".mkd"))


def _name(path: str) -> str:
    """The path of an article without its suffix; a bundle is its folder."""
    bare = without_suffix(path) if _has_suffix(path) else path
    folder, _, name = bare.rpartition("/")
    return folder if folder and name in ("index", "_index") else bare


def _ends_with(path: str, name: str) -> bool:
    own = _name(path)
    folder, slash, last = own.rpartition("/")
    undated = folder + slash + without_date(last)
    return any(f"/{each}".endswith(f"/{name}") for each in (own, undated))
