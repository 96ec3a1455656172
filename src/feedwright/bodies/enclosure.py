"""The length of an article's enclosure, where it is a file of the site."""

from __future__ import annotations

import os
from contextlib import suppress

from feedwright.bodies import site_files
from feedwright.bodies.options import BodyOptions
from feedwright.bodies.static_files import StaticFiles
from feedwright.model import Content, replace


def measure(content: Content, options: BodyOptions, static: StaticFiles) -> Content:
    """Return the content with the bytes of its enclosure, where the front matter does not give them.

    RSS 2.0 asks for a length, and podcast clients refuse an enclosure without one.
    """
    article = content.article
    enclosure = article.enclosure if article else None
    if article is None or enclosure is None or enclosure.length:
        return content
    with suppress(OSError):
        if file := site_files.at(enclosure.url, options, static):
            measured = replace(enclosure, length=os.stat(file).st_size)
            return replace(content, article=replace(article, enclosure=measured))
    return content
