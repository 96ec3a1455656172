"""New articles: where those of a site are, in their notation and with their keys."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from posixpath import splitext
from typing import NamedTuple, TypeAlias, TypeVar

from feedwright.articles.front_matter import parse
from feedwright.generators.generator import Archetype, Notation
from feedwright.model import replace

T = TypeVar("T")
_Labels: TypeAlias = str | list[str] | list[list[str]]

_DATED = re.compile(r"\d{4}-\d{2}-\d{2}(?P<mark>[-_])(?=.)", re.ASCII)
_DATE = "{year}-{month}-{day}"
_PLAIN = re.compile(r"[^\W\d_](?:[\w .,()/+'-]*[\w.()+'])?")
_WORDS = frozenset(("true", "false", "yes", "no", "on", "off", "null", "y", "n"))
"""What YAML reads as something else than a text, in some version of it."""


class Sample(NamedTuple):
    """An article of the site: its path, its date in the site's zone, and the text of its file."""

    path: str
    date: datetime
    text: str


def archetype_of(samples: Sequence[Sample], default: Archetype, *, dialect: str) -> Archetype:
    """Return the form that most samples have; in a tie the first counts, without samples the default."""
    forms = (path_form(sample.path, sample.date) for sample in samples)
    notations = (_notation(sample.text, default.notation) for sample in samples)
    keys = (key for sample in samples if (key := _category_key(sample, dialect)))
    notation = _most(notations, default.notation)
    category, single = _most(keys, (default.category, default.single))
    date = default.date if notation == default.notation else ""
    path = _most(forms, default.path)
    return replace(default, path=path, notation=notation, date=date, category=category, single=single)


def _most(found: Iterator[T], default: T) -> T:
    return next((best for best, _ in Counter(found).most_common(1)), default)


def path_form(path: str, date: datetime) -> str:
    """Return the path of an article of that date as `Archetype.path` has it.

    `2026/tea.md` becomes `{year}/{slug}.md`.
    """
    *folders, name = path.split("/")
    stem, suffix = splitext(name)
    end = ""
    if stem == "index" and folders:
        stem, end = folders.pop(), "/index"
    dated = _DATED.match(stem)
    shown = f"{_DATE}{dated['mark']}{{slug}}" if dated else "{slug}"
    return "/".join([*_folder_forms(folders, date), shown]) + end + suffix


def _folder_forms(folders: Sequence[str], date: datetime) -> Iterator[str]:
    parts = {f"{date:%Y}": "{year}", f"{date:%Y-%m}": "{year}-{month}"}
    below = {"{year}": {f"{date:%m}": "{month}"}, "{month}": {f"{date:%d}": "{day}"}}
    for folder in folders:
        form = parts.get(folder) or folder.replace("{", "{{").replace("}", "}}")
        parts = {**parts, **below.get(form, {})}
        yield form


def _notation(text: str, default: Notation) -> Notation:
    """The notation of a text; one that begins with a key is Pelican's, elsewhere YAML without a fence."""
    first = text.lstrip()[:3]
    return "toml" if first == "+++" else default if default == "headers" and first[:1].isalpha() else "yaml"


def _category_key(sample: Sample, dialect: str) -> tuple[str, bool] | None:
    """The key of its categories, and whether it is for one of them; None if the article has none."""
    parsed = parse.read(sample.text, file=sample.path, dialect=dialect)
    field = parsed.fields.get("categories") if parsed else None
    if not field or not field.value:
        return None
    return field.key, field.key.lower().endswith("category") and isinstance(field.value, str)


def path_of(archetype: Archetype, slug: str, date: datetime) -> str:
    """Return the path of a new article."""
    return archetype.path.format(year=f"{date:%Y}", month=f"{date:%m}", day=f"{date:%d}", slug=slug)


def text_of(
    archetype: Archetype, title: str, date: datetime, categories: Sequence[str] = (), body: str = ""
) -> str:
    """Return the text of a new article; the date is aware and stands there to the second."""
    moment = date.strftime(archetype.date) if archetype.date else date.isoformat(timespec="seconds")
    table, _, key = archetype.category.rpartition(".")
    labels: _Labels = categories[0] if categories and archetype.single else list(categories)
    if archetype.paths and len(categories) > 1:
        labels = [[label] for label in categories]
    return f"{_WRITERS[archetype.notation](title, moment, table, key, labels)}\n{body}"


def _yaml(title: str, date: str, table: str, key: str, labels: _Labels) -> str:
    rows = [f"title: {_scalar(title)}", f"date: {date}"]
    rows += [f"{table}:"] if table and labels else []
    indent = "  " if table else ""
    if isinstance(labels, str):
        rows.append(f"{indent}{key}: {_scalar(labels)}")
    elif labels:
        rows += [f"{indent}{key}:", *(f"{indent}  - {_item(label)}" for label in labels)]
    return "\n".join(["---", *rows, "---", ""])


def _item(label: str | list[str]) -> str:
    return _scalar(label) if isinstance(label, str) else json.dumps(label, ensure_ascii=False)


def _scalar(text: str) -> str:
    is_plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def _toml(title: str, date: str, table: str, key: str, labels: _Labels) -> str:
    rows = [f"title = {json.dumps(title, ensure_ascii=False)}", f"date = {date}"]
    rows += [f"[{table}]"] if table and labels else []
    rows += [f"{key} = {json.dumps(labels, ensure_ascii=False)}"] if labels else []
    return "\n".join(["+++", *rows, "+++", ""])


def _headers(title: str, date: str, table: str, key: str, labels: _Labels) -> str:
    shown = labels if isinstance(labels, str) else ", ".join(map(str, labels))
    return f"Title: {title}\nDate: {date}\n" + (f"{key.title()}: {shown}\n" if labels else "")


_WRITERS: Mapping[Notation, Callable[[str, str, str, str, _Labels], str]] = {
    "yaml": _yaml,
    "toml": _toml,
    "headers": _headers,
}
