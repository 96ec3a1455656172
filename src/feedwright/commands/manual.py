"""The command `help`: a topic of the manual, in Markdown.

A topic is a text in `topics/`, with what the code has in place of `{settings}` and the like; each
site generator is a topic, made from its own tables.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pkgutil import get_data

from feedwright.articles.front_matter.keys import keys_of
from feedwright.commands.explain import explanations, unknown
from feedwright.commands.start.recipe import ci_recipe, git_attributes
from feedwright.formats.table import FORMATS
from feedwright.formats.web_readers import READERS
from feedwright.generators.generator import Generator
from feedwright.generators.table import GENERATORS, KEYS
from feedwright.settings.reference import AUTHOR, CATEGORY, LANGUAGE, SETTINGS, Row

TOPICS: Mapping[str, str] = {
    "commands": "what each command does",
    "start": "from a folder or a generator's site to feeds",
    "settings": "every setting, its default and its variable of the environment",
    "front-matter": "keys, dates, categories, authors and thumbnails of articles",
    "bodies": "what becomes of an article's text",
    "permalinks": "the addresses of articles' pages",
    "feeds": "formats, pages, feeds that move or end, readers that come rarely",
    "serve": "a preview in the browser that follows every save",
    "identity": "the ids of entries, and the record",
    "moving": "taking over the feeds of another generator",
    "ci": "with git and in continuous integration",
    "reports": "the report for programs, of every command",
    "python": "feedwright in a program",
    "problems": "every problem code",
    "guards": "what stops a build, and how to go on",
    "exit-codes": "the exit codes",
    "promises": "what is promised, and what is not",
}
"""The topics that are texts, each with what it is about."""


def names() -> list[str]:
    """Return the names of all topics."""
    return [*TOPICS, *GENERATORS]


def contents() -> str:
    """Return the list of all topics as Markdown."""
    about = {**TOPICS, **{name: f"what is read of a site of {name.title()}" for name in GENERATORS}}
    rows = ([_code(f"feedwright help {name}"), text] for name, text in about.items())
    return f"### Topics\n\n{_table(('Command', 'About'), rows)}\n"


def topic(name: str) -> str:
    """Return a topic as Markdown. Raises `UsageError` USE004 where there is none of that name."""
    if name in GENERATORS:
        return _generator(name, GENERATORS[name])
    if name not in TOPICS:
        otherwise = "`feedwright help` lists all topics"
        raise unknown("topic", name, dict.fromkeys(names()), otherwise=otherwise)
    text = (get_data(__package__, f"topics/{name}.md") or b"").decode()
    return re.sub(r"(?m)^\{(\w+)\}$", lambda match: _TABLES[match[1]](), text)


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    titles = [*header]
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _settings(first: str, settings: Mapping[str, Row], *, environment: bool) -> str:
    rows = []
    for name, row in settings.items():
        variable = [f"`{row.environment}`" if row.environment else "–"] if environment else []
        rows.append([f"`{name}`", _default(row), *variable, row.meaning.replace("<", "\\<")])
    return _table([first, "Default", *(["Environment"] if environment else []), "Meaning"], rows)


def _default(row: Row) -> str:
    if row.unset or row.default is None:
        return row.unset or "–"
    default = list(row.default) if isinstance(row.default, tuple) else row.default
    return _code(json.dumps(default, ensure_ascii=False, default=str))


def _problems() -> str:
    header = ("Code", "Then", "Meaning", "What to do")
    return _table(header, ([_code(code), *row] for code, row in explanations().items()))


def _formats() -> str:
    in_order = sorted(FORMATS.values(), key=lambda format_: format_.order)
    rows = ([_code(each.name), _code(each.file), each.media_type] for each in in_order)
    return _table(("Format", "File", "Media type"), rows)


def _example(language: str, text: str) -> str:
    return f"```{language}\n{text.rstrip()}\n```"


def _readers() -> str:
    rows = ([_code(key), name, _code(template)] for key, (name, template) in READERS.items())
    return _table(("Name", "Reader", "Address"), rows)


_TABLES: Mapping[str, Callable[[], str]] = {
    "settings": lambda: _settings("Setting", SETTINGS, environment=True),
    "author": lambda: _settings('In `author` and `[authors."key"]`', AUTHOR, environment=False),
    "category": lambda: _settings('In `[categories."label"]`', CATEGORY, environment=False),
    "language": lambda: _settings("In `[languages.fr]`", LANGUAGE, environment=False),
    "problems": _problems,
    "formats": _formats,
    "gitattributes": lambda: _example("text", "\n".join(git_attributes())),
    "github": lambda: _example("yaml", ci_recipe("github")),
    "gitlab": lambda: _example("yaml", ci_recipe("gitlab")),
    "readers": _readers,
}


# Generators


def _generator(name: str, generator: Generator) -> str:
    return "\n\n".join(_paragraphs(name, generator)) + "\n"


def _paragraphs(name: str, generator: Generator) -> Iterator[str]:
    yield f"### {name.title()}"
    if generator.configuration_files:
        files = _codes(_grouped(reversed(generator.configuration_files)))
        yield f"Its configuration is read where no setting says otherwise: {files}."
    yield f"Its front-matter keys are read with `dialect = {json.dumps(name)}`."
    if generator.permalink:
        address = "its own rule" if callable(generator.permalink) else _code(generator.permalink)
        yield f"Its addresses are those of `permalink = {json.dumps(name)}`: {address}."
    if generator.pattern:
        yield "A pattern in its own notation may follow the name: see `feedwright help permalinks`."
    if generator.folders:
        yield f"Read though their names begin with `_`: {_codes(sorted(generator.folders))}."
    if generator.hiding:
        yield f"Keys of its own that may hide an article: {_codes(sorted(generator.hiding))}."
    if keys := _own_keys(name):
        yield "Keys that differ from the usual ones, of which the first that is not empty counts:"
        yield _table(("What", "Keys"), ([field, _codes(row, " ")] for field, row in keys.items()))
    if tags := generator.templates.tags:
        yield f"Template tags whose meaning is known: {_codes(sorted(tags, key=str.lower))}."
    yield "All other keys: `feedwright help front-matter`. The ids of its feeds: `feedwright help moving`."


def _own_keys(name: str) -> dict[str, tuple[str, ...]]:
    """The fields whose keys, or their order, are not the usual ones."""
    usual = {field: tuple(row.split()) for field, row in KEYS.items()}
    return {field: row for field, row in keys_of(name).items() if row != usual.get(field, row)}


def _grouped(files: Iterable[str]) -> list[str]:
    """The files, those that differ in the suffix in one word, as a shell would write them."""
    suffixes: dict[str, list[str]] = {}
    for file in files:
        stem, _, suffix = file.rpartition(".")
        suffixes.setdefault(stem, []).append(suffix)
    return [
        f"{stem}.{{{','.join(ends)}}}" if len(ends) > 1 else f"{stem}.{ends[0]}"
        for stem, ends in suffixes.items()
    ]


def _codes(words: Iterable[str], separator: str = ", ") -> str:
    return separator.join(map(_code, words))


def _code(text: str) -> str:
    return f"`{text}`"
