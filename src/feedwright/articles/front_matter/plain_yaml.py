"""YAML that needs no parser, as most front matter: on each line a key with a text, or an item of its list.

Texts are plain, in quotes, or a list of such in brackets, and end on their line. All else is left to
libyaml, which would read the same here, with the same positions (YAML 1.2 §7.3, §7.4, §8.2), in three times
the time.
"""

from __future__ import annotations

from feedwright.articles.front_matter.fields import NULLS, Field, RawFields, Value

_INDICATORS = frozenset("-?:,[]{}#&*!|>%@`")
"""What a plain text does not begin with (§5.3), or only before certain characters."""

_IN_LISTS = frozenset("[]{}:?#")
"""What a plain text in brackets may have nowhere, or only before certain characters (§7.4)."""

_LONGEST, _LONGEST_KEY = 10_000, 100


class _OtherYamlError(Exception):
    """The source has something that only a parser knows."""


def read_plain(source: str, raw: RawFields) -> bool:
    """Fill in the fields; False, with nothing filled in, for a source that has anything else in it."""
    lines = source.split("\n")
    if len(source) > _LONGEST or not "".join(lines).isprintable():
        return False
    try:
        fields, quoted = _fields(lines, raw.line)
    except _OtherYamlError:
        return False
    raw.fields.update(fields)
    raw.quoted.update(quoted)
    return True


def _fields(lines: list[str], first: int) -> tuple[dict[str, Field], list[str]]:
    """The fields of lines that begin with that one of the file, and the keys of those in quotes."""
    fields: dict[str, Field] = {}
    quoted: list[str] = []
    key, indent = "", 0
    items: list[Value] = []
    for number, line in enumerate(lines, first):
        name, colon, rest = line.partition(":")
        if colon and _is_key(name) and name not in fields:
            if written := rest.strip(" "):
                key, column = "", len(line) - len(rest.lstrip(" ")) + 1
                fields[name] = Field(name, _value(written), number, 1, number, column)
                if written[0] in "'\"":
                    quoted.append(name)
            else:
                key, items = name, []
                fields[name] = Field(name, None, number, 1, number, len(name) + 2)
            if rest and rest[0] != " ":
                raise _OtherYamlError
        elif bare := line.strip(" "):
            space = len(line) - len(line.lstrip(" "))
            if not key or not bare.startswith("- ") or (items and space != indent):
                raise _OtherYamlError
            items.append(_value(bare[1:].lstrip(" ")))
            if len(items) == 1:
                indent, line_of_key = space, fields[key].line
                fields[key] = Field(key, items, line_of_key, 1, number, space + 1)
    return fields, quoted


def _is_key(name: str) -> bool:
    is_word = name.replace("-", "_").isidentifier() and name[0] != "-"
    return is_word and len(name) <= _LONGEST_KEY and name not in NULLS


def _value(text: str) -> Value:
    """The value of a text as it is written, without the space around it."""
    first = text[0]
    if first in "'\"":
        inside = text[1:-1]
        plain = inside.replace("''", "") if first == "'" else inside
        if len(text) == 1 or text[-1] != first or first in plain or (first == '"' and "\\" in inside):
            raise _OtherYamlError
        return inside.replace("''", "'") if first == "'" else inside
    if first == "[" and text[-1] == "]":
        items = text[1:-1].split(",") if text[1:-1].strip(" ") else []
        return [_item(item.strip(" ")) for item in items]
    if first in _INDICATORS or ": " in text or " #" in text or text[-1] == ":":
        raise _OtherYamlError
    return None if text in NULLS else text


def _item(text: str) -> Value:
    """The value of an item of a list in brackets."""
    if not text or (text[0] not in "'\"" and not _IN_LISTS.isdisjoint(text)):
        raise _OtherYamlError
    return _value(text)
