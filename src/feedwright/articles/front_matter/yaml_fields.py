"""YAML front matter becomes fields with positions: the one door to PyYAML and, behind it, libyaml.

The events become values with a stack of our own: no recursion, nothing is constructed. Scalars stay the text
that was written; only null is understood (core schema, YAML 1.2 §10.3.2). Depth, aliases and tags are bounded
before anything grows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NoReturn, Protocol

import yaml
from msgspec import Struct

from feedwright.articles.front_matter.fields import MAX_DEPTH, Field, RawFields, Value
from feedwright.articles.front_matter.yaml_hints import quoted, syntax_hint, tight_hint, wide_hints

Loader: type[yaml.CSafeLoader] | type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

MAX_ALIASES = 100
MAX_NODES = 10_000

_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_STANDARD = "tag:yaml.org,2002:"
_TAGS = frozenset(
    ("!", *(_STANDARD + name for name in "str int float bool null seq map timestamp".split()))  # noqa: SIM905
)
_NO_KEY: Final = "\0no key"  # its value is read, for the faults in it, and dropped


class _Mark(Protocol):
    """A place in the source, counted from 0, of libyaml or of PyYAML."""

    line: int
    column: int


class _Stop(Exception):  # noqa: N818
    """The rest must not be read; the reason was reported."""


class _Open(Struct):
    """A list or map whose end has not come yet.

    `marks` holds a map's keys and their positions; its fields go to `into`, their names begin with `prefix`.
    """

    value: Value
    marks: dict[str, _Mark] | None
    anchor: str | None
    nodes_before: int
    mark: _Mark
    key_mark: _Mark
    key: str | None = None
    into: dict[str, Field] | None = None
    prefix: str = ""


def read_yaml(source: str, raw: RawFields) -> None:
    """Fill in the fields of the map that the source holds; its faults too.

    A syntax error, or a structure that must not be walked, leaves no fields.
    """
    for separator in "\x85\u2028\u2029":  # line breaks in YAML 1.1, plain characters in YAML 1.2 §5.4
        if separator in source:
            source = source.replace(separator, " ")
    try:
        _Builder(source, raw).build()
    except (yaml.YAMLError, UnicodeEncodeError, _Stop) as error:
        raw.fields.clear()
        raw.nested.clear()
        if isinstance(error, yaml.MarkedYAMLError):
            _explain(error, source, raw)
        elif isinstance(error, (yaml.reader.ReaderError, UnicodeEncodeError)):
            scrubbed = raw.scrub(source)
            if scrubbed == source:
                raw.error("FM008", "not readable as YAML", (raw.line, 1))
            else:
                read_yaml(scrubbed, raw)


def _explain(error: yaml.MarkedYAMLError, source: str, raw: RawFields) -> None:
    problem, mark = error.problem or "not readable as YAML", error.problem_mark
    if error.context_mark and _is_unclosed(problem, error.context_mark.line, mark.line if mark else 0):
        mark = error.context_mark  # where the text, list or key begins that does not end
    line, column = (mark.line, mark.column) if mark else (0, 0)
    if hints := wide_hints(source):
        raw.explain(*hints)
    elif "nesting depth" in problem:  # libyaml looks so far ahead that it finds out before the events tell
        raw.too_deep((raw.line + line, column + 1))
    elif "Unicode character escape" in problem:
        raw.lone_surrogate((raw.line + line, column + 1))
    else:
        raw.explain(syntax_hint(source, problem, line, column))


def _is_unclosed(problem: str, begins: int, ends: int) -> bool:
    """Whether something was not ended where it had to; a bracket, if it begins on an earlier line."""
    if "expected ',' or" in problem:
        return begins < ends
    return any(part in problem for part in ("end of stream", "document indicator", "expected ':'"))


class _Builder:
    """Turn libyaml's events into values, one document, without recursion."""

    def __init__(self, source: str, raw: RawFields) -> None:
        self.source = source
        self.lines: list[str] = []
        self.raw = raw
        self.stack: list[_Open] = []
        self.anchors: dict[str, tuple[Value, int] | None] = {}
        self.nodes = 0
        self.aliases = 0
        self.root: tuple[Value, _Mark] | None = None

    def build(self) -> None:
        """Walk all events. Raises `_Stop` where the rest must not be read, YAMLError where it cannot."""
        next_event: Callable[[], Any] = Loader(self.source).get_event
        while True:
            event = next_event()
            kind = type(event)
            if kind is yaml.ScalarEvent:
                value: Value = event.value
                if value in _NULLS and event.implicit[0]:
                    value = None
                if event.tag or event.anchor:
                    value = None if event.tag == _STANDARD + "null" else value
                    self._properties(event, (value, 1))
                if event.style and len(self.stack) == 1:  # a value at the top, or a key, which harms nothing
                    self.raw.quoted.add(self.stack[0].key or "")
                self._attach(value, event.start_mark)
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self._close()
            elif kind is yaml.SequenceStartEvent:
                self._open([], None, event)
            elif kind is yaml.MappingStartEvent:
                self._open({}, {}, event)
            elif kind is yaml.AliasEvent:
                self._alias(event.start_mark, event.anchor)
            elif kind is yaml.DocumentStartEvent:
                if self.root is not None:
                    self.raw.second_document(self._position(event.start_mark))
                    raise _Stop
            elif kind is yaml.StreamEndEvent:
                break
        if self.root is not None:
            self._check_root(*self.root)

    def _properties(self, event: Any, anchored: tuple[Value, int] | None) -> None:
        """Remember what a node's anchor stands for, and check its tag."""
        if event.anchor is not None:
            self.anchors[event.anchor] = anchored
        if event.tag is not None and event.tag not in _TAGS:
            tag = event.tag.replace(_STANDARD, "!!")
            hint = quoted(self._line(event.start_mark)) or "leave the tag out"
            self._fault("FM013", f"the tag `{tag[:80]}`: no tag is constructed", event.start_mark, hint)

    def _open(self, value: Value, marks: dict[str, _Mark] | None, event: Any) -> None:
        if len(self.stack) >= MAX_DEPTH:
            self.raw.too_deep(self._position(event.start_mark))
            raise _Stop
        self._properties(event, None)
        opened = _Open(value, marks, event.anchor, self.nodes, event.start_mark, event.start_mark)
        if not self.stack:
            opened.into = self.raw.fields
        elif len(self.stack) == 1 and (above := self.stack[0]).key is not None:
            opened.into, opened.prefix = self.raw.nested, above.key + "."
        self.stack.append(opened)

    def _close(self) -> None:
        done = self.stack.pop()
        if done.anchor is not None:
            self.anchors[done.anchor] = (done.value, self.nodes - done.nodes_before + 1)
        self._attach(done.value, done.mark)
        self._check_size(done.mark)

    def _alias(self, mark: _Mark, name: str) -> None:
        self.aliases += 1
        if self.aliases > MAX_ALIASES:
            self._refuse(f"more than {MAX_ALIASES} aliases", mark)
        if name not in self.anchors:
            self._fault("FM008", f"`*{name[:80]}` refers to no anchor before it", mark)
            raise _Stop
        anchored = self.anchors[name]
        if anchored is None:
            self._refuse(f"`*{name[:80]}` lies inside its own anchor, without end", mark)
        value, size = anchored
        self.nodes += size - 1
        self._check_size(mark)
        self._attach(value, mark)

    def _check_size(self, mark: _Mark) -> None:
        if self.nodes > MAX_NODES:
            self._refuse(f"more than {MAX_NODES:,} values, aliases expanded", mark)

    def _attach(self, value: Value, mark: _Mark) -> None:
        self.nodes += 1
        if not self.stack:
            self.root = value, mark
            return
        top = self.stack[-1]
        marks, key = top.marks, top.key
        if marks is None:
            top.value.append(value)  # type: ignore[union-attr]  # without marks it is a list
        elif key is not None:
            top.key = None
            if key != _NO_KEY and not (key == "<<" and self._merge(top, value, mark)):
                self._pair(top, key, value, mark)
        else:
            top.key_mark = mark
            if type(value) is str and marks.setdefault(value, mark) is mark:
                top.key = value
            else:
                top.key = self._refused_key(marks, value, mark)

    def _refused_key(self, marks: dict[str, _Mark], key: Value, mark: _Mark) -> str:
        if isinstance(key, str):
            self.raw.duplicate(key, self._position(marks[key]), self._position(mark))
        else:
            shape = "null" if key is None else f"a {'list' if isinstance(key, list) else 'map'}"
            hint = 'put the key in quotes: "~": …' if key is None else ""
            self._fault("FM017", f"a key must be a text, this one is {shape}", mark, hint)
        return _NO_KEY

    def _merge(self, top: _Open, value: Value, mark: _Mark) -> bool:
        """Add what `<<: *a` or `<<: [*a, *b]` (YAML 1.1's merge key) refers to; False for other values."""
        values = value if isinstance(value, list) else [value]
        tables = [table for table in values if isinstance(table, dict)]
        if len(tables) < len(values):
            return False
        for key, inherited in (pair for table in tables for pair in table.items()):
            if key not in top.value:  # type: ignore[operator]  # with marks it is a map
                self._pair(top, key, inherited, mark)
        return True

    def _pair(self, top: _Open, key: str, value: Value, mark: _Mark) -> None:
        top.value[key] = value  # type: ignore[index, call-overload]  # with marks it is a map
        if top.into is None:
            return
        at, line, name = top.key_mark, self.raw.line, top.prefix + key
        # positional, for speed: key, value, position, the value's position
        top.into[name] = Field(name, value, line + at.line, at.column + 1, line + mark.line, mark.column + 1)

    def _check_root(self, value: Value, mark: _Mark) -> None:
        if value is None or isinstance(value, dict):
            return
        tight = tight_hint(self._line(mark), mark.line)
        hints = wide_hints(self.source) or ([tight] if tight else [])
        if isinstance(value, str) and hints:
            self.raw.explain(*hints)
            return
        shape = "list" if isinstance(value, list) else "text"
        message = f"the front matter is a {shape}, not keys with values"
        self.raw.error("FM004", message, self._position(mark), "write `title: …`, one key a line")

    def _line(self, mark: _Mark) -> str:
        self.lines = self.lines or self.source.split("\n")
        return self.lines[mark.line]

    def _position(self, mark: _Mark) -> tuple[int, int]:
        return self.raw.line + mark.line, mark.column + 1

    def _fault(self, code: str, message: str, mark: _Mark, hint: str = "") -> None:
        self.raw.error(code, message, self._position(mark), hint or quoted(self._line(mark)))

    def _refuse(self, message: str, mark: _Mark) -> NoReturn:
        self.raw.error("FM014", message, self._position(mark), "write the values out")
        raise _Stop
