"""Template tags in a body: recognized, never run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from msgspec import Struct

from feedwright.bodies.code_spans import code_spans
from feedwright.generators.generator import Generator
from feedwright.generators.template_syntax import TemplateSyntax
from feedwright.patterns import lazy_pattern

_FENCE = lazy_pattern(
    r"(?ms)^(?P<lead>[ >\t]*+)(?P<fence>`{3,}+|~{3,}+)[^\n]*+\n"
    r"(?:.*?^(?:(?P=lead)|[ >\t]{0,3}) {0,3}(?P=fence)[`~]*+[ \t]*+$|.*)"
)
_NAME = lazy_pattern(r"/?\s*+([^\s()\"',/:]++(?:/[^\s()\"',/:]++)*+)")
_ENDS = r"\{%[-~]?\s*+end(?:NAME\b|\s*+[-~]?%\})|\{\{[<%]\s*+/\s*+NAME\b"
_TRIMS = "-~ \t\n"
"""What may stand between the mark of a tag and its name: space, and how generators are told to trim it."""


class Tag(Struct, frozen=True):
    """A tag between two offsets of a body: `mark` opens it, `closing` says that it ends a pair.

    The name of `{% endraw %}` is "raw", that of a comment between marks is "".
    """

    start: int
    end: int
    mark: str
    name: str
    arguments: str
    closing: bool


class Lock(Struct, frozen=True):
    """A part of a body that only those with a password may read: the tag's name, and its offset."""

    name: str
    start: int


class Finder:
    """Searches in one text that go forward only: what was found is not looked for again."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._found: dict[str, int] = {}

    def find(self, words: str, position: int) -> int:
        """Return where the words stand next from a position on, -1 where they do not."""
        found = self._found.get(words, 0)
        if 0 <= found < position or words not in self._found:
            found = self._found[words] = self.text.find(words, position)
        return found


def tags(body: str, syntax: TemplateSyntax) -> Iterator[Tag]:
    """Yield the tags of a body in order; there is none where the generator looks for none.

    What the generator shows as it is written is yielded under its mark, with an empty name.
    """
    opening = _opening(syntax)
    if opening is None or "{" not in body:
        return
    has_fences = not syntax.in_fences and ("```" in body or "~~~" in body)
    code = [match.span() for match in _FENCE.finditer(body)] if has_fences else []
    if syntax.keeps_unknown:
        code = sorted([*code, *code_spans(body)])
    code.reverse()
    finder = Finder(body)
    position = 0
    unclosed: set[str] = set()
    while match := opening.search(body, position):
        mark, position = match[0], match.end()
        while code and code[-1][1] <= match.start():
            code.pop()
        if code and code[-1][0] <= match.start():
            position = code[-1][1]
            continue
        closing_mark = _closing(mark, syntax)
        end = finder.find(closing_mark, position)
        if end < 0 or (mark in syntax.marks and _is_torn(finder, mark, position, end)):
            continue
        inside, position = body[position:end], end + len(closing_mark)
        tag = _tag(match.start(), position, mark, inside, syntax)
        yield tag
        if tag.name in syntax.raw | syntax.code and not tag.closing and tag.name not in unclosed:
            if found := _ending(tag.name).search(body, position):
                position = found.start()
            else:
                unclosed.add(tag.name)


def _is_torn(finder: Finder, mark: str, position: int, end: int) -> bool:
    """Whether what closes a tag belongs to another one: a tag begins in between, or a paragraph ends."""
    opens = -1 if mark == "{{" else finder.find(mark, position)
    return 0 <= opens < end or 0 <= finder.find("\n\n", position) < end


@cache
def _ending(name: str) -> re.Pattern[str]:
    """The tag that ends a pair, in any notation."""
    return re.compile(_ENDS.replace("NAME", re.escape(name)))


def without_comments(body: str, generator: Generator) -> tuple[str, list[Lock]]:
    """Return a body without comments and without what only some may read, and each part of the latter.

    A comment that is never closed is none; a lock that is never closed locks all that follows.
    """
    syntax = generator.templates
    every = [*tags(body, syntax)]
    parts: list[str] = []
    locks: list[Lock] = []
    position = 0
    ends = _ends_of_pairs(every, syntax)
    for index, tag in enumerate(every):
        if tag.start < position:
            continue
        end = tag.end if tag.mark in syntax.comment_marks else ends.get(index, 0)
        if tag.name in syntax.locks and _opens(tag):
            locks.append(Lock(tag.name, tag.start))
            end = end or len(body)
        if end:
            parts.append(body[position : tag.start])
            position = end
    return "".join([*parts, body[position:]]), locks


def without_tags(body: str, generator: Generator, replacement: str) -> str:
    """Return a body with something else in the place of every tag; what stands between a pair stays."""
    parts: list[str] = []
    position = 0
    for tag in tags(body, generator.templates):
        parts += [body[position : tag.start], replacement]
        position = tag.end
    return "".join([*parts, body[position:]])


def _ends_of_pairs(every: Sequence[Tag], syntax: TemplateSyntax) -> dict[int, int]:
    """Return where pairs of comments and locks end, by the number of the tag that opens them."""
    ends: dict[int, int] = {}
    next_end: dict[str, int] = {}
    for index, tag in reversed([*enumerate(every)]):
        if tag.closing:
            next_end[tag.name] = tag.end
        elif tag.name in next_end and _opens(tag) and tag.name in syntax.comments | syntax.locks:
            ends[index] = next_end[tag.name]
    return ends


def _opens(tag: Tag) -> bool:
    """Tell whether a tag may open a pair: the last character of `{{< x />}}` says that it does not."""
    return not tag.closing and not tag.arguments.endswith("/")


@cache
def _opening(syntax: TemplateSyntax) -> re.Pattern[str] | None:
    marks = sorted({*syntax.marks, *syntax.comment_marks, *syntax.escapes}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, marks))) if marks else None


def _closing(mark: str, syntax: TemplateSyntax) -> str:
    return syntax.escapes.get(mark) or syntax.comment_marks.get(mark) or syntax.marks[mark]


def _tag(start: int, end: int, mark: str, inside: str, syntax: TemplateSyntax) -> Tag:
    if mark in syntax.comment_marks:
        return Tag(start, end, mark, "", "", closing=False)
    if mark in syntax.escapes:
        return Tag(start, end, mark, "", inside, closing=False)
    words = inside.strip(_TRIMS)
    match = _NAME.match(words)
    name, arguments = (match[1], words[match.end() :].strip()) if match else ("", words)
    is_end = mark == "{%" and name.startswith("end") and (len(name) > 3 or syntax.calls)
    name = name[3:] if is_end else name
    return Tag(start, end, mark, name, arguments, is_end or words.startswith("/"))
