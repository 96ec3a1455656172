"""JSON front matter → fields with positions, through the standard library's parser."""

from __future__ import annotations

import json
import re

from feedwright.articles.front_matter.fields import MAX_DEPTH, Field, Transcript, Value, place, scrub

_TOKEN = re.compile(r'"(?>(?:[^"\\]++|\\.)*)(?:"|\\?\Z)|[{}\[\]]', re.DOTALL)
_COLON = re.compile(r"\s*+:\s*+")
_SURROGATE = re.compile("[\ud800-\udfff]")


def object_end(text: str, start: int) -> int | None:
    """Offset after the bracket that closes the one at `start`, None when nothing does."""
    depth = 0
    for token in _TOKEN.finditer(text, start):
        if token[0] in "{[":
            depth += 1
        elif token[0] in "}]":
            depth -= 1
            if depth == 0:
                return token.end()
    return None


def read_json(source: str, transcript: Transcript) -> None:
    """Fill the transcript with the object that the source is; its faults too."""
    source = scrub(source, transcript)
    places = _Keys(source, transcript)
    if not places.find():
        return
    try:
        table = json.loads(source, parse_int=str, parse_float=str, parse_constant=str, strict=False)
    except json.JSONDecodeError as error:
        transcript.error("FM008", f"JSON: {error.msg}", *place(source, error.pos, transcript.line))
        return
    _fill(table, places, transcript)


def _fill(table: dict[str, Value], places: _Keys, transcript: Transcript) -> None:
    for path, (line, column, value_line, value_column) in places.found.items():
        value: Value = table
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        name = ".".join(path)
        (transcript.fields if len(path) == 1 else transcript.nested)[name] = Field(
            key=name,
            value=_as_text(value, (value_line, value_column), transcript),
            line=line,
            column=column,
            value_line=value_line,
            value_column=value_column,
        )


def _as_text(value: object, at: tuple[int, int], transcript: Transcript) -> Value:
    if isinstance(value, list):
        return [_as_text(item, at, transcript) for item in value]
    if isinstance(value, dict):
        return {key: _as_text(item, at, transcript) for key, item in value.items()}
    if isinstance(value, str):
        if _SURROGATE.search(value):
            transcript.lone_surrogate(*at)
        return _SURROGATE.sub("\ufffd", value)
    return None if value is None else str(value).lower()


class _Keys:
    """Where the keys of an object stand, down to its second level; duplicates at any level."""

    def __init__(self, source: str, transcript: Transcript) -> None:
        self.source = source
        self.transcript = transcript
        self.found: dict[tuple[str, ...], tuple[int, int, int, int]] = {}
        self.open: list[dict[str, int] | None] = []
        self.path: list[str] = []

    def find(self) -> bool:
        """Walk the source; False when it is nested too deep to be read on."""
        for token in _TOKEN.finditer(self.source):
            if token[0] in "{[":
                if len(self.open) >= MAX_DEPTH:
                    self.transcript.too_deep(*place(self.source, token.start(), self.transcript.line))
                    return False
                self.open.append({} if token[0] == "{" else None)
                self.path.append("")
            elif token[0] in "}]":
                if self.open:
                    self.open.pop()
                    self.path.pop()
            else:
                self._text(token)
        return True

    def _text(self, token: re.Match[str]) -> None:
        seen = self.open[-1] if self.open else None
        colon = _COLON.match(self.source, token.end())
        if seen is None or colon is None:
            return
        key = _unescaped(token[0])
        first, at = self.transcript.line, token.start()
        self.path[-1] = key
        if _SURROGATE.search(key):
            self.transcript.lone_surrogate(*place(self.source, at, first))
            return
        if key in seen:
            self.transcript.duplicate(
                key, place(self.source, seen[key], first), place(self.source, at, first)
            )
            return
        seen[key] = at
        if len(self.open) <= 2 and None not in self.open:
            self.found[tuple(self.path)] = (
                *place(self.source, at, first),
                *place(self.source, colon.end(), first),
            )


def _unescaped(token: str) -> str:
    if "\\" not in token:
        return token[1:-1]
    try:
        return str(json.loads(token, strict=False))
    except json.JSONDecodeError:
        return token
