"""The files of the content folder: articles, pages of the site, and articles that are not read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator
from posixpath import splitext

from msgspec import Struct

from feedwright.articles.visibility import pages_among
from feedwright.articles.walk import walk
from feedwright.bodies import rst
from feedwright.media_types import ARTICLES, RESTRUCTURED_TEXT, UNREAD
from feedwright.problems import MachineError, Problem, UsageError
from feedwright.settings.checks import suggestion
from feedwright.settings.neighbours import neighbour
from feedwright.site import Site


class ContentFiles(Struct, frozen=True, kw_only=True):
    """The paths of all files, those of articles, of pages, and of what is not read; each sorted.

    `problems` are those of files that are none of these, and one for what is not read.
    """

    paths: list[str]
    articles: list[str]
    pages: list[str]
    unread: list[str]
    problems: list[Problem]


def content_files(site: Site, published: Container[str] = frozenset()) -> ContentFiles:
    """Return the files of the content folder; `published` are the paths of articles that readers know.

    Raises `UsageError` USE001 if there is no such folder, `MachineError` FS005 if it cannot be read.
    """
    paths, problems = _walk(site)
    pages = pages_among(paths, site.dialect, published)
    suffixes = UNREAD if rst.is_installed() else UNREAD + RESTRUCTURED_TEXT
    rest = [path for path in paths if path not in pages] if pages else paths
    unread = [path for path in rest if path.lower().endswith(suffixes)]
    known = {*unread}
    return ContentFiles(
        paths=paths,
        articles=[path for path in rest if path not in known] if unread else rest,
        pages=sorted(pages),
        unread=unread,
        problems=[*problems, *_unread(unread)],
    )


def _walk(site: Site) -> tuple[list[str], list[Problem]]:
    suffixes = ARTICLES + RESTRUCTURED_TEXT + UNREAD
    try:
        return walk(
            site.content,
            ignore=site.ignore,
            output=site.output,
            follow=site.follow_symlinks,
            suffixes=suffixes,
        )
    except (FileNotFoundError, NotADirectoryError) as error:
        is_file = isinstance(error, NotADirectoryError)
        message = f"{site.content} is a file" if is_file else f"there is no content folder {site.content}"
        raise UsageError(message, code="USE001", hint=_where_articles_are(site)) from None
    except OSError as error:
        message = f"the content folder {site.content} cannot be read: {error.strerror}"
        raise MachineError(message, code="FS005") from None


def _where_articles_are(site: Site) -> str:
    """What to do without the content folder: the one that was meant, those that have articles."""
    from feedwright.commands.start.likely_folders import in_words, likely_folders

    found = likely_folders(site.root)
    usual = "name the folder with your articles: feedwright build CONTENT"
    hint = suggestion(neighbour(site.content), usual)
    return f"{hint}\narticles were found in {in_words(found)}" if found else hint


def _unread(paths: Iterable[str]) -> Iterator[Problem]:
    """Tell how many files of each suffix are not read, once for all."""
    counts = Counter(splitext(path)[1].lower() for path in paths)
    if not counts:
        return
    numbers = ", ".join(f"{number} {suffix}" for suffix, number in sorted(counts.items()))
    hints = []
    if not counts.keys().isdisjoint(RESTRUCTURED_TEXT):
        hints.append('to have .rst files read, install docutils: pip install "feedwright[rst]"')
    if others := sorted(counts.keys() - {*RESTRUCTURED_TEXT}):
        patterns = ", ".join(f'"*{suffix}"' for suffix in others)
        hints.append(f"write them in Markdown or HTML, or leave them out: ignore = [{patterns}]")
    yield Problem.warning("FS013", f"files that are not read: {numbers}", hint="\n".join(hints))
