"""The built site as the judge: an article without a page there is not published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from feedwright.articles.built_site import BuiltSite
from feedwright.articles.selection import Selection
from feedwright.commands.stages import Stages
from feedwright.generators.table import PRESETS
from feedwright.model import replace
from feedwright.problems import Problem, UsageError
from feedwright.publication import guards
from feedwright.settings.checks import suggestion
from feedwright.settings.neighbours import neighbour
from feedwright.site import Site
from feedwright.text import visible

_SAMPLE = 20
_TEMPLATES = (
    *("{slug}/", "{slug}.html", "{path}/", "{path}.html", "{year}/{month}/{day}/{slug}/", "{title}/"),
    *("{year}/{month}/{slug}/", "{year}/{slug}/", "posts/{slug}/", "post/{slug}/", "blog/{slug}/"),
    *("{category}/{slug}/", "{year}/{month}/{day}/{slug}.html", "archives/{slug}/", "p/{slug}/"),
)
"""Usual templates besides the presets, to guess what was meant."""


def built_site(folder: Path, site: Site) -> BuiltSite:
    """Return the pages in a folder. Raises `UsageError` USE003 where there is no such folder."""
    if not folder.is_dir():
        message = f"there is no folder {folder} with the site's pages"
        hint = suggestion(neighbour(folder), "let the site's generator build the site first")
        raise UsageError(message, code="USE003", hint=hint)
    return BuiltSite(folder, site.url)


def with_pages(
    selection: Selection, pages: BuiltSite, stages: Stages, accept: frozenset[str]
) -> tuple[Selection, list[Problem]]:
    """Return the selection without the articles that have no page, and what is to be told of each.

    Raises `GuardError` PUB015 where most of them have none.
    """
    links = {article.path: article.link for article in selection.articles}
    missing = {path: link for path, link in links.items() if not pages.has(link)}
    problems = list(problems_of(missing, pages, stages))
    hint = problems[0].hint if problems else ""
    guards.check_pages(missing.values(), len(links), str(pages.folder), hint, accept)
    shown = tuple(article for article in selection.articles if article.path not in missing)
    others = tuple(article for article in selection.articles if article.path in missing)
    left_out = {**selection.left_out, "pageless": tuple(missing)} if missing else selection.left_out
    judged = replace(selection, articles=shown, others=(*selection.others, *others), left_out=left_out)
    return judged, problems


def problems_of(missing: dict[str, str], pages: BuiltSite, stages: Stages) -> Iterator[Problem]:
    """Yield a warning for every article, path → link, that has no page; the first name the nearest page."""
    permalink = _meant(list(missing), pages, stages) if missing else ""
    for number, (path, link) in enumerate(missing.items()):
        nearest = pages.nearest(link) if number < _SAMPLE else ""
        hint = f"the nearest page is {nearest}" if nearest else "the site hides it, or its address is wrong"
        hint += f'; did you mean permalink = "{permalink}"?' if permalink else ""
        yield Problem.warning("LNK003", f"the site has no page at {visible(link)}", path, hint=visible(hint))


def _meant(paths: Sequence[str], pages: BuiltSite, stages: Stages) -> str:
    """Return the `permalink` that gives most of these articles a page, "" where none does."""
    sample = paths[:: max(1, len(paths) // _SAMPLE)][:_SAMPLE]
    trial = BuiltSite(pages.folder, pages.url)
    scores = {
        permalink: _count(trial, stages.links(sample, permalink))
        for permalink in filter(None, (stages.own_permalink, *PRESETS, *_TEMPLATES))
    }
    best = max(scores, key=scores.__getitem__)
    return best if scores[best] * 2 > len(sample) else ""


def _count(pages: BuiltSite, links: Iterable[str]) -> int:
    return sum(map(pages.has, links))
