"""No regular expression in the source takes quadratic time: each is tried on texts made against it."""

from __future__ import annotations

import re
import sys

import pytest

import patterns
from patterns import Expression, weakness

EXPRESSIONS, UNKNOWN = patterns.expressions()

BOUNDED = {
    "articles.front_matter.toml_positions: _PART": "looked for in a name that the pattern of names matched",
    "generators.pelican: _TAG": "looked for in a title, which has a thousand characters at most",
}
"""Patterns that never see a long text, and why."""

QUADRATIC = {
    "spaces before the end of a line": r"(?m)^date[ \t]*:[ \t]*(\S[^\n]*?)[ \t]*$",
    "a bracket that nothing closes": r"\]\(\S+\)",
    "one of two repeats": r"(?:a*)*b",
    "a comment that does not end": r"<!--.*?-->",
}
LINEAR = {"spaces": r"(?<![ \t])[ \t]++$", "words": r"\w+", "a quoted text": r'"(?>(?:[^"\\]++|\\.)*)"?'}

posix = pytest.mark.skipif(sys.platform == "win32", reason="timers of POSIX")


def test_what_is_only_put_together_late_is_known() -> None:
    assert UNKNOWN == [
        "articles.article: form",
        "articles.globs: translate(self.pattern)",
        "bodies.limits: f'</{name}'",
        "bodies.markdown.elements: f'{tag}|<!--(?s:.*?)-->'",
        "bodies.markdown.elements: tag",
        "bodies.markdown.typography: pattern",
        "bodies.templates.scanner: '|'.join(map(re.escape, marks))",
        "bodies.templates.scanner: _ENDS.replace('NAME', re.escape(name))",
        "bodies.thumbnail: signature",
        "commands.preview.addresses: b'(%s)(/%s)' % (either, _PATH)",
        "generators.hexo: expression",
        "generators.pelican: _SLUGS_IN_NAMES.get(options.get('filename', ''), '(?!)')",
        "patterns: self.pattern",
        "settings.file: written",
    ]
    assert len(EXPRESSIONS) > 120
    assert BOUNDED.keys() <= EXPRESSIONS.keys()


@posix
@pytest.mark.parametrize("pattern", QUADRATIC.values(), ids=QUADRATIC)
def test_a_weak_pattern_is_found(pattern: str) -> None:
    assert weakness(Expression(pattern=re.compile(pattern), anchored=False)) is not None


@posix
@pytest.mark.parametrize("pattern", LINEAR.values(), ids=LINEAR)
def test_a_strong_pattern_is_not(pattern: str) -> None:
    assert weakness(Expression(pattern=re.compile(pattern), anchored=False)) is None


@posix
@pytest.mark.parametrize("place", sorted(EXPRESSIONS.keys() - BOUNDED))
def test_no_pattern_takes_quadratic_time(place: str) -> None:
    assert weakness(EXPRESSIONS[place]) is None
