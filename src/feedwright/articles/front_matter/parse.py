"""Text becomes front matter with positions, and a body: the one door to python-frontmatter.

python-frontmatter finds out which notation a text begins with. The handlers are our own: its own ones lose
positions, drop without a word what they cannot read, and construct YAML 1.1 values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping
from types import MappingProxyType

import frontmatter
from frontmatter.default_handlers import BaseHandler
from msgspec import Struct, field

from feedwright import media_types
from feedwright.articles.files import HEAD_SIZE
from feedwright.articles.front_matter.fields import Field, RawFields, Value
from feedwright.articles.front_matter.header_fields import headers_end, read_headers
from feedwright.articles.front_matter.json_fields import object_end, read_json
from feedwright.articles.front_matter.keys import fold_key, key_index, likely_key, meanings
from feedwright.articles.front_matter.rst_fields import document_head_end, read_rst
from feedwright.articles.front_matter.toml_fields import read_toml
from feedwright.articles.front_matter.yaml_fields import read_yaml
from feedwright.articles.front_matter.yaml_hints import wide_hint
from feedwright.articles.steps import Steps, alone
from feedwright.generators.table import GENERATORS
from feedwright.model import replace
from feedwright.patterns import lazy_pattern
from feedwright.problems import Problem

_BLANK_LINES = r"(?>(?:[^\S\n]*+\n)*)"
_LINE_END = r"[^\S\n]*+(?:\n|\Z)"
_DASHES = lazy_pattern(rf"{_BLANK_LINES}(?P<fence>-{{3,}}+){_LINE_END}")
_PLUSES = lazy_pattern(rf"{_BLANK_LINES}(?P<fence>\+{{3,}}+){_LINE_END}")
_SEMICOLONS = lazy_pattern(rf"{_BLANK_LINES}(?P<fence>;{{3,}}+){_LINE_END}")
_BRACE = lazy_pattern(_BLANK_LINES + r'(?P<fence>(?=\{\s*+["}]))')
_KEY = lazy_pattern(_BLANK_LINES + r"(?P<fence>(?=[A-Za-z][\w-]*+[^\S\n]*+:))")
_QUOTED_KEY = lazy_pattern(_BLANK_LINES + r'(?P<fence>(?=[^\S\n]*+"[\w-]++"[^\S\n]*+:))')
_LINE = lazy_pattern(_BLANK_LINES + r"(?P<fence>(?=\S))")
_DASHES_END = lazy_pattern(rf"\n(?P<fence>-{{3,}}+|\.\.\.){_LINE_END}")
_PLUSES_END = lazy_pattern(rf"\n(?P<fence>\+{{3,}}+){_LINE_END}")
_SEMICOLONS_END = lazy_pattern(rf"\n(?P<fence>;{{3,}}+){_LINE_END}")
_BLANK_LINE = lazy_pattern(rf"\n{_LINE_END}")
_REST_OF_LINE = lazy_pattern(r"[^\S\n]*+\n?")
_NOT_A_KEY = lazy_pattern(r"[^\S\n]*+(?:\n|<)")
_KEY_LINE = lazy_pattern(r"""(?m)^[^\S\n]*+["']?[^\W\d][\w .-]*+["']?[^\S\n]*+[:：]""")
_TITLE_OR_DATE = lazy_pattern(r"(?im)^(?:title|date)[^\S\n]*+:")
_SECOND_HEADER = lazy_pattern(r"(?>(?:-{3,}+[^\S\n]*+\n)?)(?P<key>[A-Za-z][\w-]*+)[^\S\n]*+:[ \n]")
_KEYS_ONLY = (
    rf"(?>(?:(?:[A-Za-z][\w-]*+[^\S\n]*+:|[^\S\n]+\S|-[^\S\n]|#)[^\n]*+\n)*)(?:-{{3,}}+|\.\.\.){_LINE_END}"
)


class ParsedFields(Struct, kw_only=True):
    """The fields of one file's front matter, by their meaning.

    `fields`: canonical name → the first of its keys that is present and not empty; where all are empty,
    the first, with None as its value. `pictures`: every candidate for a thumbnail that is not empty, in
    order. `hiding`: key of `HIDING` → the field, which may hide the article. `raw`: all fields by key, of
    which the values of `quoted` are in quotes.
    `body_offset` is an index into the text, `body_line` counts from 1. After a fault that makes the front
    matter unreadable there are no fields.
    """

    fields: Mapping[str, Field]
    pictures: tuple[Field, ...] = ()
    hiding: Mapping[str, Field] = field(default_factory=dict)
    raw: Mapping[str, Field] = field(default_factory=dict)
    quoted: Container[str] = frozenset()
    is_empty: bool = False
    body_offset: int
    body_line: int
    problems: tuple[Problem, ...] = ()


class _Span(Struct, frozen=True):
    """Offsets of what lies between the fences, and of the body; and the two fences as written."""

    start: int
    end: int
    body: int
    fences: tuple[str, ...] = ()


_Close = Callable[[str, re.Match[str]], "_Span | None"]
"""Return where the front matter lies whose opening was found in a text, None when it does not end."""


def _fenced(closing: re.Pattern[str], *, before_blank: bool = False) -> _Close:
    """`before_blank`: the closing fence must come before the first blank line."""

    def close(text: str, opening: re.Match[str]) -> _Span | None:
        start = opening.end()
        blank = _BLANK_LINE.search(text, start) if before_blank else None
        end = closing.search(text, start - 1, blank.start() + 1 if blank else len(text))
        return end and _Span(start, max(start, end.start()), end.end(), (opening["fence"], end["fence"]))

    return close


def _until(find_end: Callable[[str, int], int | None]) -> _Close:
    def close(text: str, opening: re.Match[str]) -> _Span | None:
        start = opening.end()
        end = find_end(text, start)
        rest = None if end is None else _REST_OF_LINE.match(text, end)
        return rest and _Span(start, rest.start(), rest.end())

    return close


class _Notation(BaseHandler):
    """One notation, as python-frontmatter wants it: a text in which `opening` matches may have it.

    `is_sure` tells where that is not enough.
    """

    def __init__(
        self,
        opening: re.Pattern[str],
        close: _Close,
        read: Callable[[str, RawFields], None],
        is_sure: Callable[[str, re.Match[str], _Close], bool] | None = None,
    ) -> None:
        self.opening, self.close, self.read, self.is_sure = opening, close, read, is_sure

    def detect(self, text: str) -> bool:
        opening = self.opening.match(text)
        return opening is not None and (self.is_sure is None or self.is_sure(text, opening, self.close))

    def span(self, text: str) -> _Span | None:
        opening = self.opening.match(text)
        return self.close(text, opening) if opening else None


def _has_keys(text: str, opening: re.Match[str], close: _Close) -> bool:
    """Two thematic breaks with no key between them are a body."""
    if not _NOT_A_KEY.match(text, opening.end()):
        return True
    span = close(text, opening)
    between = text[opening.end() : span.end if span else HEAD_SIZE]
    return bool(_KEY_LINE.search(between)) or (span is not None and not between.strip())


def _is_closed(text: str, opening: re.Match[str], close: _Close) -> bool:
    return close(text, opening) is not None


def _has_title_or_date(text: str, opening: re.Match[str], close: _Close) -> bool:
    span = close(text, opening)
    return span is not None and bool(_TITLE_OR_DATE.search(text, span.start, span.end))


def _read_members(source: str, raw: RawFields) -> None:
    """Read JSON that may lack its outer braces."""
    if not source.lstrip().startswith("{"):
        raw.line -= 1
        source = "{\n" + source + "\n}"
    read_json(source, raw)


_YAML = _Notation(_DASHES, _fenced(_DASHES_END), read_yaml, _has_keys)
_HEADERS = _Notation(_KEY, _until(headers_end), read_headers, _has_title_or_date)
_RST = _Notation(_LINE, _until(document_head_end), read_rst, _is_closed)
_NOTATIONS = (
    _YAML,
    _Notation(_PLUSES, _fenced(_PLUSES_END), read_toml),
    _Notation(_BRACE, _until(object_end), read_json),
    # Hexo's: JSON between semicolons, and both notations without the opening fence
    _Notation(_SEMICOLONS, _fenced(_SEMICOLONS_END), _read_members),
    _Notation(_QUOTED_KEY, _fenced(_SEMICOLONS_END), _read_members, _is_closed),
    _Notation(_KEY, _fenced(_DASHES_END, before_blank=True), read_yaml, _has_title_or_date),
    _HEADERS,
)


def read(
    text: str,
    *,
    file: str,
    dialect: str = "hexo",
    whole: bool = True,
    defaults: Mapping[str, Value] = MappingProxyType({}),
) -> ParsedFields | None:
    """Read the front matter at the beginning of a text with `\\n` line ends; None when it has none.

    `file` is the name for messages, `dialect` one of `GENERATORS`; `whole` is False when the text is only the
    first 64 KiB of the file; `defaults` are the values of keys that it does not write. Faults are in
    `problems`; nothing is raised.
    """
    return alone(read_in_steps(text, file=file, dialect=dialect, whole=whole, defaults=defaults))


def read_in_steps(
    text: str, *, file: str, dialect: str, whole: bool, defaults: Mapping[str, Value]
) -> Steps[ParsedFields | None]:
    """Do what `read` does."""
    is_rst = file.lower().endswith(media_types.RESTRUCTURED_TEXT)
    notation = frontmatter.detect_format(text, (_RST, *_NOTATIONS) if is_rst else _NOTATIONS)
    if not isinstance(notation, _Notation):
        return None
    raw = RawFields(file=file)
    span = notation.span(text)
    if span is None or not _fits(text, span, whole=whole):
        _report_no_end(text, raw, closed=span is not None, whole=whole)
        return ParsedFields(fields={}, body_offset=0, body_line=1, problems=tuple(raw.problems))
    raw.line = 1 + text.count("\n", 0, span.start)
    for fence, offset in zip(span.fences, (span.start - 1, span.end + 1), strict=False):
        if len(fence) > 3:
            line = 1 + text.count("\n", 0, offset)
            raw.warn("FM021", f"`{fence[:20]}` read as `{fence[:3]}`", (line, 1), fence[:3])
    yield
    notation.read(text[span.start : span.end], raw)
    yield
    body_line = 1 + text.count("\n", 0, span.body)
    if notation in (_HEADERS, _RST):
        dialect = "pelican"
        # a line right below the headers whose colon is full-width must not become text
        if hint := wide_hint(text[span.body : text.find("\n", span.body) + 1]):
            raw.explain(hint, line=body_line)
    elif notation is _YAML and _has_second_header(text, span.body):
        raw.second_document((body_line, 1))
    if defaults:
        _add(defaults, raw)
    return _resolve(raw, dialect, span.body, body_line)


def _add(defaults: Mapping[str, Value], raw: RawFields) -> None:
    """Add the values of keys that are not written; they have no place in the file."""
    written = {fold_key(key) for key in raw.fields}
    for key, value in defaults.items():
        if fold_key(key) not in written:
            raw.fields[key] = Field(key, value, 0, 0, 0, 0)
            inner = value if isinstance(value, dict) else {}
            raw.nested.update({f"{key}.{k}": Field(f"{key}.{k}", v, 0, 0, 0, 0) for k, v in inner.items()})


def _fits(text: str, span: _Span, *, whole: bool) -> bool:
    if not whole and span.body == len(text):
        return False  # the line of the closing fence may go on
    return span.body * 4 <= HEAD_SIZE or len(text[: span.body].encode("utf-8", "replace")) <= HEAD_SIZE


def _report_no_end(text: str, raw: RawFields, *, closed: bool, whole: bool) -> None:
    start = text.lstrip()
    position = 1 + text.count("\n", 0, len(text) - len(start)), 1
    if whole and not closed:
        end = start[:3] if start[:3] in ("---", "+++", ";;;") else "}"
        message = f"the front matter that begins here has no closing `{end}`"
        raw.error("FM002", message, position, f"close it with a line `{end}`")
    else:
        message = f"the front matter does not end within {HEAD_SIZE // 1024} KiB"
        raw.error("FM016", message, position, "close it, or move long texts to the body")


def _has_second_header(text: str, offset: int) -> bool:
    """Tell whether a second header is right below the first: its keys would be shown as text."""
    header = _SECOND_HEADER.match(text, offset)
    if header is None or header["key"].lower() not in key_index("hexo"):
        return False
    return bool(re.match(_KEYS_ONLY, text[header.start("key") :]))


def _resolve(raw: RawFields, dialect: str, body_offset: int, body_line: int) -> ParsedFields:
    every = [*raw.fields.values(), *raw.nested.values()]
    splits = GENERATORS[dialect].splits
    meaning = meanings(tuple(raw.fields), tuple(raw.nested), dialect)
    for again, first in meaning.twice:
        at, before = every[again], every[first]
        raw.duplicate(at.key, (before.line, before.column), (at.line, at.column))
    for at in [every[position] for position in meaning.unknown if every[position].line]:
        if not at.key.isascii() and (hint := wide_hint(at.key)):
            raw.explain(hint, line=at.line, column=at.column)
        elif known := likely_key(fold_key(at.key), dialect):
            message = f"unknown key `{at.key}`: did you mean `{known}`?"
            raw.warn("FM018", message, (at.line, at.column), f"{known}: …", at.key)
    pictures = [every[position] for position in meaning.pictures]
    return ParsedFields(
        fields={name: _choose(every, positions, splits) for name, positions in meaning.fields.items()},
        pictures=tuple([at for at in pictures if not _is_empty(at.value)]),
        hiding={key: every[at] for key, at in meaning.hiding.items()},
        raw=raw.fields,
        quoted=raw.quoted,
        is_empty=not every,
        body_offset=body_offset,
        body_line=body_line,
        problems=tuple(raw.problems),
    )


def _choose(every: list[Field], positions: tuple[int, ...], splits: Mapping[str, str]) -> Field:
    for position in positions:
        at = every[position]
        if not _is_empty(at.value):
            return _split(at, splits) if splits else at
    return replace(every[positions[0]], value=None)


def _split(at: Field, splits: Mapping[str, str]) -> Field:
    separators = splits.get(fold_key(at.key))
    if separators is None or not isinstance(at.value, str):
        return at
    separator = next((mark for mark in separators if mark in at.value), separators[0])
    return replace(at, value=[part.strip() for part in at.value.split(separator) if part.strip()])


def _is_empty(value: Value) -> bool:
    return not value.strip() if isinstance(value, str) else not value
