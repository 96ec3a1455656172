"""The title of an article without one: the heading that its body begins with, else its first words."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

from feedwright import text
from feedwright.bodies import summary
from feedwright.bodies.sanitize import Body
from feedwright.model import Article
from feedwright.problems import HeldError, Problem

_HEADING = re.compile(r"\s*<h([1-6])\b[^>]*>(.*?)</h\1>", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_LONGEST = 80
"""The characters that a title has at most: readers show one line of it."""


def titled(article: Article, body: Body) -> Article:
    """Return the article with a title of its body's. Raises `HeldError` TTL001 for a body without words."""
    heading = _HEADING.match(body.content)
    first = unescape(_TAG.sub("", heading[2])) if heading else ""
    for words in (first, body.prose, body.text):
        title = text.line(summary.cut(text.line(words), _LONGEST))
        if not text.is_blank(title):
            return replace(article, title=title, is_untitled=False)
    message = "there is no title, and no word in the body that could be one"
    raise HeldError((Problem.error("TTL001", message, article.path, hint="add `title: …`"),))
