"""The title of an article without one: the heading that its body begins with, else its first words."""

from __future__ import annotations

from html import unescape

from feedwright import text
from feedwright.bodies import summary
from feedwright.bodies.sanitize import Body
from feedwright.model import Article, replace
from feedwright.patterns import lazy_pattern
from feedwright.problems import HeldError, Problem

_TAG = lazy_pattern(r"<[^<>]*>")
_LONGEST = 80
"""The characters that a title has at most: readers show one line of it."""


def titled(article: Article, body: Body) -> Article:
    """Return the article with a title of its body's. Raises `HeldError` TTL001 for a body without words."""
    for words in (_heading(body.content), body.prose, body.text):
        title = text.line(summary.cut(text.line(words), _LONGEST))
        if not text.is_blank(title):
            return replace(article, title=title, is_untitled=False)
    message = "there is no title, and no word in the body that could be one"
    raise HeldError((Problem.error("TTL001", message, article.path, hint="add `title: …`"),))


def _heading(html: str) -> str:
    """The text of the heading that sanitized HTML begins with, "" if it begins otherwise."""
    html = html.lstrip()
    if html[:2] != "<h" or not html[2:3].isdecimal():
        return ""
    inside = html[html.find(">") + 1 : html.find(f"</h{html[2]}>")]
    return unescape(_TAG.sub("", inside))
