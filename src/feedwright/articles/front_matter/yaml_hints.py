"""The likely slip of a person who wrote YAML that does not parse: text in, explanation out.

The problems name no file, and their lines and columns count from 0: `RawFields.explain` completes them.
"""

from __future__ import annotations

import re
from itertools import count

from feedwright.problems import Problem

_LONGEST_HINT = 300
# Patterns as texts: only who makes a mistake waits for them to be compiled.
_PAIR = r"\s*(?P<head>(?:-\s+)?)(?P<key>[^\s:#][^:\n]*+):\s+(?P<value>\S.*)"
_WIDE = (
    r"(?P<key>[A-Za-z_][A-Za-z0-9_.-]*)[ \t]*(?P<slip>：|:(?=[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]))"
    r"\s*(?P<value>.*)"
)
_CONFLICT = r"(?:<{7}|={7}|>{7}|\|{7})(?: .*)?"
_MESSAGES = {
    "',' or ']'": "the list that `[` begins is not closed: a `,` or `]` is missing",
    "',' or '}'": "the table that `{` begins is not closed: a `,` or `}` is missing",
    "end of stream": "the quote that begins here is not closed",
    "document indicator": "the quote that begins here is not closed",
    "cannot start any token": "a value that begins with this character must be quoted",
    "expected node content": "a value that begins with this character must be quoted",
    "alphabetic or numeric": "a value that begins with `*` or `&` must be quoted",
    "mapping keys are not allowed": "a value that begins with `? ` must be quoted",
    "tag handle": "a value that begins with `!` must be quoted",
    "expected '>'": "a value that begins with `!` must be quoted",
    "mapping values are not allowed": "a key is not allowed here: the indentation differs",
    "expected ':'": "a line without `: ` behind its key",
    "expected key": "this cannot stand here: the value before it has ended, or the indentation differs",
    "expected '-' indicator": "the items of a list begin with `- `, indented alike",
    "block sequence entries": "a list cannot begin behind a key: begin it on the next line",
    "comment or line break": "behind `|` or `>`, the text begins on the next line",
    "unknown escape": "an unknown escape: in double quotes, a backslash is written twice",
    "hexdecimal": "an escape that has too few hexadecimal digits",
    "directive": "a line that begins with `%` is a directive of YAML, and there is none of that name",
}
"""What libyaml's words mean to people; the first that is a part of them counts."""

_TIGHT = r"(?P<key>[A-Za-z_][A-Za-z0-9_.-]*):(?P<value>[^\s:/].*)"


def quoted(line: str) -> str:
    """Return the line `key: value` with its value in double quotes; "" for other lines and very long ones."""
    pair = re.match(_PAIR, line)
    if pair is None or len(line) > _LONGEST_HINT:
        return ""
    value = pair["value"].strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        value = value[1:-1]
    elif value[0] in "'\"" and value.count(value[0]) == 1:  # never closed
        value = value[1:]
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{pair["head"]}{pair["key"].rstrip()}: "{escaped}"'


def conflict_hint(source: str) -> Problem | None:
    """Return the fault of a source with the marks of a merge conflict, at the first of them."""
    for number, line in enumerate(source.split("\n")):
        if line.startswith(("<<<<<<<", ">>>>>>>", "=======")) and re.fullmatch(_CONFLICT, line.rstrip()):
            hint = "keep one of the two versions and delete the three marks"
            return Problem.error("FM008", "marks of a merge conflict", "", number, 0, hint=hint)
    return None


def wide_hint(line: str, number: int = 0) -> Problem | None:
    """Return the fault of a line that begins with a key and a full-width colon, or colon and space."""
    wide = re.match(_WIDE, line)
    if wide is None:
        return None
    colon = wide["slip"] == "："
    message = f"a full-width {'colon' if colon else 'space'} after `{wide['key']}`: YAML wants `: `"
    text = f"{wide['key']}: {wide['value'].strip()[:_LONGEST_HINT]}".rstrip()
    return Problem.error("FM019", message, "", number, wide.start("slip") + (not colon), hint=text)


def wide_hints(source: str) -> list[Problem]:
    """Return every top-level key with a full-width colon, or with a full-width space after its colon."""
    return list(filter(None, map(wide_hint, source.split("\n"), count())))


def tight_hint(line: str, number: int) -> Problem | None:
    """Return the fault of a line `key:value`, which YAML reads as plain text."""
    tight = re.match(_TIGHT, line)
    if tight is None:
        return None
    text = f"{tight['key']}: {tight['value'].strip()[:_LONGEST_HINT]}"
    return Problem.error(
        "FM008", f"no space after `{tight['key']}:`", "", number, tight.start("value"), hint=text
    )


def syntax_hint(source: str, problem: str, line: int, column: int) -> Problem:
    """Return the likely slip behind a syntax error, which is a `problem` in libyaml's words."""
    if conflict := conflict_hint(source):
        return conflict
    lines = source.split("\n")
    text = lines[line] if line < len(lines) else ""
    indent = text[: len(text) - len(text.lstrip())]
    if "\t" in indent or text[column : column + 1] == "\t":
        tab = indent.find("\t") if "\t" in indent else column
        return Problem.error("FM010", "a tab; YAML allows only spaces here", "", line, tab, hint="use spaces")
    if item := re.fullmatch(r"(\s*+)-([^\s-].*)", text):
        hint = f"{item[1]}- {item[2][:_LONGEST_HINT]}"
        return Problem.error("FM008", "no space after the `-` of a list", "", line, len(item[1]), hint=hint)
    pair = re.match(_PAIR, text)
    quotable = quoted(text) if pair and pair.start("value") <= column else ""
    if problem.startswith("mapping values are not allowed"):
        if pair and pair.start("value") <= column:
            return Problem.error(
                "FM011", "a value with `: ` inside must be quoted", "", line, column, hint=quotable
            )
        above = next((number for number in range(line - 1, -1, -1) if lines[number].strip()), None)
        hint = "indent the keys alike, and quote a text that runs over several lines"
        tight = None if above is None else tight_hint(lines[above], above)
        return tight or Problem.error("FM008", _in_words(problem), "", line, column, hint=hint)
    if "expected ':'" in problem:
        quotable = "a key is followed by `: `; the further lines of a text are indented"
    elif text[column : column + 1] in ("[", "{") and len(text) <= _LONGEST_HINT:
        quotable = text.rstrip() + {"[": "]", "{": "}"}[text[column]]
    message = _in_words(problem)
    return tight_hint(text, line) or Problem.error("FM008", message, "", line, column, hint=quotable)


def _in_words(problem: str) -> str:
    meant = (message for part, message in _MESSAGES.items() if part in problem)
    return next(meant, f"not readable as YAML: {problem}")
