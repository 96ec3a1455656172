"""Text → front matter with positions, and body: the one door to python-frontmatter.

python-frontmatter finds out which notation a text begins with, splits it and loads it. The handlers are our
own: its own ones lose positions, drop without a word what they cannot read, and construct YAML 1.1 values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import frontmatter
from frontmatter.default_handlers import BaseHandler

from feedwright.articles.front_matter.fields import Field, Transcript, Value
from feedwright.articles.front_matter.header_fields import headers_end, read_headers, wide_header
from feedwright.articles.front_matter.json_fields import object_end, read_json
from feedwright.articles.front_matter.keys import key_index, likely_key, meanings
from feedwright.articles.front_matter.toml_fields import read_toml
from feedwright.articles.front_matter.yaml_fields import read_yaml
from feedwright.articles.front_matter.yaml_hints import wide_key, wide_slip
from feedwright.generators.table import GENERATORS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from feedwright.problems import Problem

LIMIT = 65_536
"""Bytes of a file, as UTF-8, within which its front matter must end."""

_BLANK_LINES = r"(?>(?:[^\S\n]*+\n)*)"
_DASHES = re.compile(_BLANK_LINES + r"(?P<fence>-{3,}+)[^\S\n]*+(?:\n|\Z)")
_PLUSES = re.compile(_BLANK_LINES + r"(?P<fence>\+{3,}+)[^\S\n]*+(?:\n|\Z)")
_SEMICOLONS = re.compile(_BLANK_LINES + r"(?P<fence>;{3,}+)[^\S\n]*+(?:\n|\Z)")
_BRACE = re.compile(_BLANK_LINES + r'(?P<fence>(?=\{\s*+["}]))')
_KEY = re.compile(_BLANK_LINES + r"(?P<fence>(?=[A-Za-z][\w-]*+[^\S\n]*+:))")
_DASHES_END = re.compile(r"\n(?P<fence>-{3,}+|\.\.\.)[^\S\n]*+(?:\n|\Z)")
_PLUSES_END = re.compile(r"\n(?P<fence>\+{3,}+)[^\S\n]*+(?:\n|\Z)")
_SEMICOLONS_END = re.compile(r"\n(?P<fence>;{3,}+)[^\S\n]*+(?:\n|\Z)")
_BLANK_LINE = re.compile(r"\n[^\S\n]*+(?:\n|\Z)")
_REST_OF_LINE = re.compile(r"[^\S\n]*+\n?")
_NOT_A_KEY = re.compile(r"[^\S\n]*+(?:\n|<)")
_KEY_LINE = re.compile(r"""(?m)^[^\S\n]*+["']?[^\W\d][\w .-]*+["']?[^\S\n]*+[:：]""")
_TITLE_OR_DATE = re.compile(r"(?im)^(?:title|date)[^\S\n]*+:")
_QUOTED_KEY = re.compile(_BLANK_LINES + r'(?=[^\S\n]*+"[\w-]++"[^\S\n]*+:)')
_SECOND_HEADER = re.compile(r"(?>(?:-{3,}+[^\S\n]*+\n)?)(?P<key>[A-Za-z][\w-]*+)[^\S\n]*+:[ \n]")
_KEYS_ONLY = re.compile(
    r"(?>(?:(?:[A-Za-z][\w-]*+[^\S\n]*+:|[^\S\n]+\S|-[^\S\n]|#)[^\n]*+\n)*)(?:-{3,}+|\.\.\.)[^\S\n]*+(?:\n|\Z)"
)


@dataclass(slots=True, kw_only=True)
class ParsedFields:
    """What the front matter of one file says.

    `fields`: canonical name → the first of its keys that is present and not empty; where all are empty,
    the first, with None as its value. `pictures`: every candidate for a thumbnail that is not empty, in
    order. `hiding`: every field that may hide the article. `unknown`: keys that mean nothing here.
    `body_offset` is an index into the text, `body_line` counts from 1. After a fault that makes the front
    matter unreadable there are no fields.
    """

    fields: Mapping[str, Field]
    pictures: tuple[Field, ...] = ()
    hiding: tuple[Field, ...] = ()
    unknown: tuple[Field, ...] = ()
    body_offset: int
    body_line: int
    problems: tuple[Problem, ...] = ()


class _Span(NamedTuple):
    """Offsets: the opening fence, what lies between the fences, the body; and the two fences as written."""

    opening: int
    start: int
    end: int
    body: int
    fences: tuple[str, str] = ("", "")


class _Handler(BaseHandler):
    """One notation, as python-frontmatter wants it; `load` leaves what it reads in the transcript."""

    FM_BOUNDARY: re.Pattern[str] = _DASHES
    closing: ClassVar[re.Pattern[str]] = _DASHES_END
    dialect: ClassVar[str] = ""
    notation: ClassVar[Callable[[str, Transcript], None]] = read_yaml

    def __init__(self, transcript: Transcript | None = None, cut: str | None = None) -> None:
        super().__init__()
        self.transcript = transcript or Transcript(file="")
        self.cut = cut

    def span(self, text: str) -> _Span | None:
        """Where the front matter lies, None when it does not end."""
        opening = self.FM_BOUNDARY.match(text)
        if opening is None:
            return None
        start = opening.end()
        closing = self.closing.search(text, start - 1)
        if closing is None:
            return None
        fences = opening["fence"], closing["fence"]
        return _Span(opening.start("fence"), start, max(start, closing.start()), closing.end(), fences)

    def split(self, text: str) -> tuple[str, str]:
        if self.cut is not None:  # what lies between the fences, where that is known already
            return self.cut, ""
        span = self.span(text)
        if span is None:
            raise ValueError("the front matter does not end")
        return text[span.start : span.end], text[span.body :]

    def load(self, fm: str) -> dict[str, object]:
        type(self).notation(fm, self.transcript)
        return dict(self.transcript.fields)


class _Yaml(_Handler):
    """`---` … `---`; but two thematic breaks with no key between them are a body."""

    def detect(self, text: str) -> bool:
        opening = self.FM_BOUNDARY.match(text)
        if opening is None:
            return False
        if not _NOT_A_KEY.match(text, opening.end()):
            return True
        span = self.span(text)
        end = span.end if span else min(len(text), LIMIT)
        between = text[opening.end() : end]
        return bool(_KEY_LINE.search(between)) or (span is not None and not between.strip())


class _Toml(_Handler):
    """`+++` … `+++`."""

    FM_BOUNDARY = _PLUSES
    closing = _PLUSES_END
    notation = read_toml


class _Semicolons(_Handler):
    """`;;;` … `;;;`, JSON without its outer braces, as Hexo has it."""

    FM_BOUNDARY = _SEMICOLONS
    closing = _SEMICOLONS_END
    notation = read_json

    def load(self, fm: str) -> dict[str, object]:
        if not fm.lstrip().startswith("{"):
            self.transcript.line -= 1
            fm = "{\n" + fm + "\n}"
        return super().load(fm)


class _BareSemicolons(_Semicolons):
    """The same without the opening fence, which Hexo does not ask for."""

    FM_BOUNDARY = _QUOTED_KEY

    def detect(self, text: str) -> bool:
        return self.span(text) is not None

    def span(self, text: str) -> _Span | None:
        opening = self.FM_BOUNDARY.match(text)
        closing = self.closing.search(text, opening.end()) if opening else None
        if opening is None or closing is None:
            return None
        start = opening.end()
        return _Span(start, start, closing.start(), closing.end(), (";;;", closing["fence"]))


class _Json(_Handler):
    """`{` … `}`."""

    FM_BOUNDARY = _BRACE
    notation = read_json

    def span(self, text: str) -> _Span | None:
        opening = self.FM_BOUNDARY.match(text)
        end = object_end(text, opening.end()) if opening else None
        if opening is None or end is None:
            return None
        rest = _REST_OF_LINE.match(text, end)
        return _Span(opening.end(), opening.end(), end, rest.end() if rest else end)


class _Bare(_Handler):
    """YAML without an opening fence, as Hexo allows it; the closing one comes before the first blank line."""

    FM_BOUNDARY = _KEY

    def detect(self, text: str) -> bool:
        span = self.span(text) if self.FM_BOUNDARY.match(text) else None
        return span is not None and bool(_TITLE_OR_DATE.search(text, span.start, span.end))

    def span(self, text: str) -> _Span | None:
        opening = self.FM_BOUNDARY.match(text)
        blank = _BLANK_LINE.search(text, opening.end()) if opening else None
        limit = blank.start() + 1 if blank else len(text)
        closing = _DASHES_END.search(text, opening.end(), limit) if opening else None
        if opening is None or closing is None:
            return None
        start = opening.end()
        return _Span(start, start, closing.start(), closing.end(), ("---", closing["fence"]))


class _Headers(_Handler):
    """`Title: …` lines up to the first that is none, as Pelican has them."""

    FM_BOUNDARY = _KEY
    notation = read_headers
    dialect = "pelican"

    def detect(self, text: str) -> bool:
        return self.span(text) is not None

    def span(self, text: str) -> _Span | None:
        opening = self.FM_BOUNDARY.match(text)
        end = headers_end(text, opening.end()) if opening else None
        if opening is None or end is None:
            return None
        rest = _REST_OF_LINE.match(text, end)
        return _Span(opening.end(), opening.end(), end, rest.end() if rest else end)


_HANDLERS = (_Yaml(), _Toml(), _Json(), _Semicolons(), _BareSemicolons(), _Bare(), _Headers())


def read(text: str, *, file: str, dialect: str = "hexo", whole: bool = True) -> ParsedFields | None:
    """Read the front matter at the beginning of a text with `\\n` line ends; None when it has none.

    `file` is the name for messages, `dialect` one of `GENERATORS`; `whole` is False when the text is only the
    first 64 KiB of the file. Faults are in `problems`; nothing is raised.
    """
    kind = frontmatter.detect_format(text, _HANDLERS)
    if not isinstance(kind, _Handler):
        return None
    transcript = Transcript(file=file)
    span = kind.span(text)
    if span is None or not _fits(text, span, whole=whole):
        _never_ends(text, transcript, closed=span is not None, whole=whole)
        return ParsedFields(fields={}, body_offset=0, body_line=1, problems=tuple(transcript.problems))
    transcript.line = 1 + text.count("\n", 0, span.start)
    if len(span.fences[0]) > 3 or len(span.fences[1]) > 3:
        _check_fences(text, span, transcript)
    cut = text[span.start : span.end]
    frontmatter.parse(cut, handler=type(kind)(transcript, cut))
    body_line = 1 + text.count("\n", 0, span.body)
    if isinstance(kind, _Headers):
        wide_header(text[span.body : text.find("\n", span.body) + 1], body_line, transcript)
    elif isinstance(kind, _Yaml):
        _check_second(text, span.body, body_line, transcript)
    return _resolved(transcript, kind.dialect or dialect, span.body, body_line)


def _fits(text: str, span: _Span, *, whole: bool) -> bool:
    if not whole and span.body == len(text):
        return False  # the line of the closing fence may go on
    return span.body * 4 <= LIMIT or len(text[: span.body].encode("utf-8", "replace")) <= LIMIT


def _never_ends(text: str, transcript: Transcript, *, closed: bool, whole: bool) -> None:
    line = 1 + text.count("\n", 0, len(text) - len(text.lstrip()))
    if whole and not closed:
        first = text.lstrip()[:3]
        end = first if first in ("---", "+++", ";;;") else "}"
        message = f"the front matter that begins here has no closing `{end}`"
        transcript.error("FM002", message, line, 1, hint=f"close it with a line `{end}`")
    else:
        message = f"the front matter does not end within {LIMIT // 1024} KiB"
        transcript.error("FM016", message, line, 1, hint="close it, or move long texts to the body")


def _check_fences(text: str, span: _Span, transcript: Transcript) -> None:
    for fence, offset in zip(span.fences, (span.opening, span.end + 1), strict=True):
        if len(fence) > 3:
            line = 1 + text.count("\n", 0, offset)
            transcript.note(
                "warning", "FM021", f"`{fence[:20]}` read as `{fence[:3]}`", line, 1, hint=fence[:3]
            )


def _check_second(text: str, offset: int, line: int, transcript: Transcript) -> None:
    """Note a second header right below the first: its keys would be shown as text."""
    second = _SECOND_HEADER.match(text, offset)
    if second and second["key"].lower() in key_index("hexo") and _KEYS_ONLY.match(text, second.start("key")):
        transcript.second_document(line, 1)


def _resolved(transcript: Transcript, dialect: str, body_offset: int, body_line: int) -> ParsedFields:
    every = [*transcript.fields.values(), *transcript.nested.values()]
    splits = GENERATORS[dialect].splits
    found = meanings(tuple(transcript.fields), tuple(transcript.nested), dialect)
    for again, first in found.twice:
        at, before = every[again], every[first]
        transcript.duplicate(at.key, (before.line, before.column), (at.line, at.column))
    unknown = [every[at] for at in found.unknown]
    for at in unknown:
        _check_unknown(at, dialect, transcript)
    return ParsedFields(
        fields={name: _chosen(every, places, splits) for name, places in found.fields.items()},
        pictures=tuple(every[at] for at in found.pictures if _shows_something(every[at].value)),
        hiding=tuple(every[at] for at in found.hiding),
        unknown=tuple(unknown),
        body_offset=body_offset,
        body_line=body_line,
        problems=tuple(transcript.problems),
    )


def _chosen(every: list[Field], places: tuple[int, ...], splits: Mapping[str, str]) -> Field:
    for place in places:
        at = every[place]
        if not _is_empty(at.value):
            return _split(at, splits) if splits else at
    return every[places[0]]._replace(value=None)


def _split(at: Field, splits: Mapping[str, str]) -> Field:
    separators = splits.get(at.key.lower())
    if separators is None or not isinstance(at.value, str):
        return at
    separator = next((mark for mark in separators if mark in at.value), separators[0])
    return at._replace(value=[part.strip() for part in at.value.split(separator) if part.strip()])


def _is_empty(value: Value) -> bool:
    return not value.strip() if isinstance(value, str) else not value


def _shows_something(value: Value) -> bool:
    """Whether it may name a picture: `cover: false` is how themes are told to show none."""
    return not _is_empty(value) and value not in ("true", "false", "True", "False")


def _check_unknown(at: Field, dialect: str, transcript: Transcript) -> None:
    wide = None if at.key.isascii() else wide_key(at.key)
    if wide is not None:
        slip = wide_slip(wide, at.line)
        transcript.error(slip.code, slip.message, at.line, at.column + slip.column, hint=slip.hint)
        return
    known = likely_key(at.key.strip().lower(), dialect)
    if known:
        message = f"unknown key `{at.key}`: did you mean `{known}`?"
        transcript.note("warning", "FM018", message, at.line, at.column, hint=f"{known}: …", name=at.key)
