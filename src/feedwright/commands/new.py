"""The command `new`: an article in the site's own form, to be written on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, tzinfo
from typing import TypeAlias

from feedwright import disk, workers
from feedwright.articles import files, new_article
from feedwright.articles.decode import decode
from feedwright.articles.new_article import Sample
from feedwright.cache.memo import BuildCache
from feedwright.commands.context import Context
from feedwright.commands.result import Result
from feedwright.commands.stages import Stages
from feedwright.commands.start.sample import sample
from feedwright.feeds.slugs import slug
from feedwright.generators.generator import Archetype
from feedwright.generators.table import GENERATORS
from feedwright.model import ArticleSummary
from feedwright.problems import HeldError, UsageError
from feedwright.settings.checks import nearest, quoted
from feedwright.site import Site
from feedwright.text import fold_label, tidy_label, visible

Ask: TypeAlias = Callable[[Sequence[str]], Sequence[str]]
"""A function that lets a person choose among the categories in use, or name others."""

_SAMPLES = 50
"""The newest articles, which show how one is written."""


def new(
    context: Context,
    *,
    title: str,
    categories: Sequence[str] = (),
    date: datetime | None = None,
    ask: Ask | None = None,
) -> Result:
    """Create the file of an article, as most of the site's are: folder, name, notation, keys and zone.

    Without `categories`, `ask` is called with those in use, the most frequent first. A `date` without a zone
    is in the site's. Raises `UsageError` USE006 if the file is there already, USE007 for a blank title, and
    what reading the settings raises.
    """
    site = context.load_site()
    shown = tidy_label(title)
    if not shown:
        raise UsageError("the title is blank", code="USE007", hint='feedwright new "A title"')
    stages = Stages(site, BuildCache(), workers.serial, jobs=1)
    zone = stages.read_options.zone
    moment = _moment(date or context.now, zone)
    articles = sample(site, stages)
    in_use = _in_use(articles)
    labels = [tidy_label(label) for label in categories or (ask(in_use) if ask else ()) if tidy_label(label)]
    samples = list(_samples(articles[:_SAMPLES], site, zone))
    archetype = new_article.archetype_of(samples, _default(site), dialect=site.dialect)
    path = new_article.path_of(archetype, slug(shown), moment)
    file = site.content / path
    if not disk.create(file, new_article.text_of(archetype, shown, moment, labels).encode()):
        message = f"{visible(context.relative(str(file)))} is there already"
        raise UsageError(message, code="USE006", hint="choose another title, or edit that file")
    return Result(
        lines=(visible(context.relative(str(file))),),
        notes=(*_doubts(labels, in_use), *_left_out(labels, archetype)),
        facts={"file": path, "categories": labels},
    )


def categories_in_use(context: Context) -> list[str]:
    """Return the categories of the site's articles, the most frequent first. Raises as `load_site` does."""
    site = context.load_site()
    return _in_use(sample(site, Stages(site, BuildCache(), workers.serial, jobs=1)))


def _moment(date: datetime, zone: tzinfo) -> datetime:
    """The date to the second, with the offset that it has in the zone."""
    aware = date if date.tzinfo else date.replace(tzinfo=zone)
    return aware.astimezone(zone).replace(microsecond=0)


def _in_use(articles: Sequence[ArticleSummary]) -> list[str]:
    """The categories of these articles, the most frequent first; of a path of them, the last."""
    numbers: dict[str, list[str]] = {}
    for article in articles:
        for labels in article.categories:
            numbers.setdefault(fold_label(labels[-1]), []).append(labels[-1])
    return [labels[0] for labels in sorted(numbers.values(), key=len, reverse=True)]


def _samples(articles: Sequence[ArticleSummary], site: Site, zone: tzinfo) -> Iterator[Sample]:
    for article in articles:
        try:
            data, whole = files.read(
                site.content, article.path, limit=files.HEAD_SIZE, follow=site.follow_symlinks
            )
            text, _ = decode(data, path=article.path, encoding=site.encoding, whole=whole)
        except HeldError:
            continue
        yield Sample(article.path, article.published.astimezone(zone), text)


def _default(site: Site) -> Archetype:
    """The form of the first article: that of the generator, if the site has one."""
    return GENERATORS[site.dialect].archetype if "dialect" in site.origins else Archetype()


def _doubts(labels: Sequence[str], in_use: Sequence[str]) -> Iterator[str]:
    """A line for each category that is new and close to one in use."""
    known = set(map(fold_label, in_use))
    for label in labels:
        if fold_label(label) not in known and (near := nearest(label, in_use)):
            yield f"{quoted(label)} is a new category: did you mean {quoted(near)}?"


def _left_out(labels: Sequence[str], archetype: Archetype) -> Iterator[str]:
    """A line about the categories that a key for one of them cannot take."""
    if archetype.single and labels[1:]:
        yield f"`{archetype.category}` takes one category; left out: {', '.join(map(quoted, labels[1:]))}"
