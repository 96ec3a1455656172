"""The command `list`: what a build would publish, and why it leaves out the rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from html import escape
from operator import attrgetter
from typing import Literal, TypeAlias

from msgspec import Struct, structs

from feedwright.articles.built_site import BuiltSite
from feedwright.commands.built_pages import UNUSED_PAGE
from feedwright.commands.category_slips import similar
from feedwright.commands.context import Context
from feedwright.commands.inspection import Inspection, inspect
from feedwright.commands.outcome import WHY
from feedwright.commands.result import Result, Table
from feedwright.commands.stages import read_options
from feedwright.commands.unused_categories import unused_categories
from feedwright.feeds import taxonomies
from feedwright.feeds.slugs import SEPARATOR
from feedwright.formats.table import FORMATS, READ_BACK
from feedwright.model import ArticleSummary, Feed
from feedwright.settings.checks import nearest, quoted
from feedwright.settings.listing import settings_of
from feedwright.site import Site
from feedwright.text import count

What: TypeAlias = Literal["articles", "feeds", "categories", "problems", "settings"]

_SITE = "/"
"""What the folder of the site's own feed is called."""


class _Article(Struct, frozen=True, kw_only=True):
    """A file among the articles: what is known of it, the feeds that show it, or why none does.

    `body` is what that of an entry is made of: "source", or a page's file in the built site.
    """

    file: str
    title: str = ""
    address: str = ""
    id: str = ""
    date: datetime | None = None
    due: datetime | None = None
    categories: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    left_out: str = ""
    body: str = ""

    @property
    def row(self) -> tuple[str, ...]:
        """The cells of the table of articles."""
        return _day(self.date), self.file, self.left_out or ", ".join(self.feeds), self.address, self.id


def list_(context: Context, *, what: What, due: bool = False, head: bool = False) -> Result:
    """Show the articles, feeds, categories, problems or settings of a build; write nothing.

    `due` shows only articles that are dated in the future, the next first; `head` the links to the site's
    feed for the head of its pages. The exit code is 1 if `what` are problems and an article is held. Raises
    as `inspect` does.
    """
    if what == "settings" and not head:
        return _settings(context.load_site())
    inspection = inspect(context, cached=True, documents=True)
    if head:
        return Result(lines=tuple(_head(inspection)))
    if due or what == "articles":
        return _articles(inspection, context, due=due)
    return _LISTS[what](inspection, context)


def _settings(site: Site) -> Result:
    rows = [*settings_of(site)]
    facts = [structs.asdict(row) for row in rows]
    table = Table(("Setting", "From", "Value"), tuple((row.name, row.origin, row.value) for row in rows))
    return Result(table=table, facts={"settings": facts}, problems=site.warnings, notes=_note(site))


def _note(site: Site) -> tuple[str, ...]:
    return (site.note,) if site.note else ()


# Articles


def _articles(inspection: Inspection, context: Context, *, due: bool) -> Result:
    found = sorted(_files(inspection), key=attrgetter("file"))
    if due:
        dated = [article for article in found if article.due and article.due > context.now]
        found = sorted(dated, key=lambda article: article.due or context.now)
    else:
        found.sort(key=lambda article: article.date.timestamp() if article.date else 0, reverse=True)
    shown = sum(bool(article.feeds) for article in found)
    problems = inspection.plan.problems
    notes = [f"{count(len(problems), 'problem')}: `feedwright list problems` shows them"] if problems else []
    header: tuple[str, ...] = ("Due" if due else "Date", "File", "Feeds, or why in none", "Address", "Id")
    rows: list[tuple[str, ...]]
    rows = [(_day(article.due), *article.row[1:]) if due else article.row for article in found]
    if inspection.site.bodies == "pages":
        header = (*header, "Body")
        rows = [(*row, article.body) for row, article in zip(rows, found, strict=True)]
    return Result(
        table=Table(header, tuple(rows)),
        facts={"articles": [structs.asdict(article) for article in found]},
        notes=(*_note(inspection.site), *notes),
        summary=count(len(found), "article") + ("" if due else f", {shown} in feeds"),
    )


def _files(inspection: Inspection) -> Iterator[_Article]:
    """Every file that could be an article, in no order."""
    plan, zone = inspection.plan, read_options(inspection.site).zone
    feeds: defaultdict[str, list[str]] = defaultdict(list)
    for feed in plan.feeds:
        for entry in feed.entries:
            feeds[entry.id].append(feed.path or _SITE)
    reasons = {path: WHY[reason] for reason, paths in plan.selection.left_out.items() for path in paths}
    codes = {problem.file: problem.code for problem in plan.problems if problem.severity == "error"}
    reasons |= {path: f"held: {codes[path]}" if path in codes else "held" for path in plan.held}
    seen, page = set(), _pages(inspection)
    for article in (*plan.selection.articles, *plan.selection.others):
        seen.add(article.path)
        entry_id = plan.ids.get(article.path, "")
        shown = tuple(feeds[entry_id]) if entry_id in feeds else ()
        yield _Article(
            file=article.path,
            title=article.title,
            address=article.link,
            id=entry_id,
            date=article.published.astimezone(zone),
            due=article.due.astimezone(zone),
            categories=tuple(" / ".join(labels) for labels in article.categories),
            feeds=shown,
            body=page(article) if shown else "",
            left_out=reasons.get(article.path, "" if shown else "older than what its feeds show"),
        )
    yield from (_Article(file=path, left_out=reasons[path]) for path in reasons.keys() - seen)


def _pages(inspection: Inspection) -> Callable[[ArticleSummary], str]:
    """A function that tells what an article's body is made of, as `built_pages` and its problems have it."""
    site = inspection.site
    if site.bodies != "pages" or site.site_output is None:
        return lambda article: "source"
    built = BuiltSite(site.site_output, site.url)
    without = {problem.file for problem in inspection.plan.problems if problem.code in UNUSED_PAGE}

    def page(article: ArticleSummary) -> str:
        place = None if article.path in without else built.page(article.link)
        return place[0] if place else "source"

    return page


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "–"


# Feeds


def _feeds(inspection: Inspection, context: Context) -> Result:
    formats = inspection.site.formats
    rows = [
        {
            "path": feed.path or _SITE,
            "title": feed.title,
            "entries": len(feed.entries),
            "addresses": {name: feed.url + FORMATS[name].file for name in formats if _has(feed, name)},
        }
        for feed in inspection.plan.feeds
    ]
    cells = [
        (str(row["path"]), str(row["entries"]), str(row["title"]), feed.url)
        for row, feed in zip(rows, inspection.plan.feeds, strict=True)
    ]
    summary = f"{count(len(rows), 'feed')}, each as {', '.join(FORMATS[name].file for name in formats)}"
    table = Table(("Folder", "Entries", "Title", "Address"), tuple(cells))
    return Result(table=table, facts={"feeds": rows}, summary=summary, notes=_note(inspection.site))


def _has(feed: Feed, name: str) -> bool:
    """Whether a feed has a document of a format; some are for the site's feed only."""
    return not (feed.path and FORMATS[name].once)


def _head(inspection: Inspection) -> Iterator[str]:
    """The links that let browsers and readers find the site's feed (HTML §4.6.7.1)."""
    for feed in inspection.plan.feeds[:1]:
        for format_ in (FORMATS[name] for name in inspection.site.formats if name in READ_BACK):
            title, href = escape(f"{feed.title} ({format_.label})"), escape(feed.url + format_.file)
            yield f'<link rel="alternate" type="{format_.media_type}" title="{title}" href="{href}">'


# Categories


def _categories(inspection: Inspection, context: Context) -> Result:
    plan, site = inspection.plan, inspection.site
    terms = taxonomies.taxonomy("categories", plan.selection.articles)
    numbers = dict.fromkeys(terms.labels.values(), 0)
    for article in plan.selection.articles:
        for labels in terms.terms_of(article):
            numbers[labels] += 1
    paths = {labels: path for path, labels in plan.record.slugs.items()}
    named = {" / ".join(labels): number for labels, number in numbers.items()}
    rows = [
        {
            "category": name,
            "articles": numbers[labels],
            "path": f"{paths[key]}/" if (key := SEPARATOR.join(labels)) in paths else "",
            "similar": similar(name, named),
        }
        for labels, name in zip(numbers, named, strict=True)
    ]
    rows += [
        {"category": label, "articles": 0, "path": "", "similar": nearest(label, named) or ""}
        for label in unused_categories(site, plan.selection.articles)
    ]
    rows.sort(key=lambda row: str(row["category"]))
    cells = tuple(
        (str(row["category"]), str(row["articles"]), str(row["path"]) or "–", _question(str(row["similar"])))
        for row in rows
    )
    table = Table(("Category", "Articles", "Folder", ""), cells)
    return Result(table=table, facts={"categories": rows}, notes=_note(site))


def _question(meant: str) -> str:
    return f"did you mean {quoted(meant)}?" if meant else ""


# Problems


def _problems(inspection: Inspection, context: Context) -> Result:
    site, problems = inspection.site, inspection.plan.problems
    is_held = any(problem.severity == "error" for problem in problems)
    located = (*site.warnings, *context.locate(problems, site))
    summary = "" if located else "no problems"
    return Result(exit_code=int(is_held), problems=located, notes=_note(site), summary=summary)


_LISTS: Mapping[str, Callable[[Inspection, Context], Result]] = {
    "feeds": _feeds,
    "categories": _categories,
    "problems": _problems,
}
