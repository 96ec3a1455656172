"""Pictures that a body shows from the site, and warnings for those that are not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from feedwright.bodies import site_files
from feedwright.bodies.options import BodyOptions
from feedwright.bodies.static_files import StaticFiles
from feedwright.bodies.templates.references import place_of
from feedwright.model import Article, ArticleSource, Content, Picture, replace
from feedwright.problems import Problem

_MOST = 100
"""The pictures of one body that are looked for: each costs a few questions to the file system."""


def of_site(pictures: Iterable[Picture], source: ArticleSource, options: BodyOptions) -> Iterator[Picture]:
    """Yield the pictures whose address is on the site, with the place where the body names them."""
    for picture in islice((each for each in pictures if each.src.startswith(options.site_url)), _MOST):
        name = site_files.path_of(picture.src).rpartition("/")[2]
        line, column = place_of(name, source)
        yield replace(picture, line=line, column=column)


def check(content: Content, options: BodyOptions, static: StaticFiles) -> Content:
    """Return the content with a warning IMG011 for each picture of its body that the site does not have.

    Silent where it may come from elsewhere, such as a theme or a linked folder: where the site's folder for
    it is not there, or is not read.
    """
    if content.article is None or not content.pictures:
        return content
    missing = _missing(content, content.article, options, static)
    return replace(content, problems=(*content.problems, *missing))


def _missing(
    content: Content, article: Article, options: BodyOptions, static: StaticFiles
) -> Iterator[Problem]:
    for picture in content.pictures:
        try:
            site_files.shown(picture.src, article, options, static)
        except site_files.LeftOutError as error:
            code, reason, hint = error.args
            if code != "IMG003":
                continue
            place = (content.path, picture.line, picture.column)
            yield Problem.warning("IMG011", f"the body shows a picture, but {reason}", *place, hint=hint)
