"""One article's fields while they are read: what the settings say, and what is wrong so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import tzinfo
from pathlib import Path
from typing import TypeVar

from msgspec import Struct, field

from feedwright import text
from feedwright.articles.front_matter.fields import Field, Value
from feedwright.articles.front_matter.parse import ParsedFields
from feedwright.model import Author
from feedwright.problems import Problem
from feedwright.site import LanguageSettings

T = TypeVar("T")

LONGEST_NAME = 500
"""The most characters of a label or a name: to normalize it takes time by the square of its marks."""

MOST_NAMES = 64
"""The most categories with their levels, tags or authors of one article: each may have feeds of its own."""


class ReadOptions(Struct, frozen=True, kw_only=True):
    """The settings about how articles are read; `url` ends in "/", `zone` is for dates that name none.

    `generator_zone` is that of the machine whose clock the site's generator takes for one in `zone`, None if
    it has none of its own. `authors` are those whom articles name by a key; `language` is the site's main
    one, `languages` are all; `defaults` are values of keys that articles do not write, by patterns over
    paths.
    """

    url: str
    permalink: str
    zone: tzinfo
    generator_zone: tzinfo | None = None
    dialect: str = "hexo"
    has_known_generator: bool = False
    encoding: str = "utf-8"
    date_formats: tuple[str, ...] = ()
    hierarchy: str = ""
    default_category: str | None = None
    follow_symlinks: tuple[Path, ...] = ()
    folder_categories: bool = False
    titles_from_names: bool = False
    authors: Mapping[str, Author] = field(default_factory=dict)
    language: str = "en"
    languages: Mapping[str, LanguageSettings] = field(default_factory=dict)
    defaults: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)


class FieldReader(Struct, kw_only=True):
    """One article's fields while they are read, and what was found out so far.

    `draft` tells that it is one; `naive` that a date named no zone; `undated` that there is no date.
    """

    path: str
    parsed: ParsedFields
    options: ReadOptions
    problems: list[Problem] = field(default_factory=list)
    draft: bool = False
    naive: bool = False
    undated: bool = False

    def get(self, name: str) -> Field | None:
        """Return the field of that canonical name, None where it is missing or null."""
        at = self.parsed.fields.get(name)
        return None if at is None or at.value is None else at

    def values(self, name: str) -> list[Value]:
        """Return the values of a field that may be a list or one value, none where it is missing or null."""
        at = self.get(name)
        return [] if at is None else at.value if isinstance(at.value, list) else [at.value]

    def text_of(self, key: str) -> str | None:
        """Return the text of a key of the front matter, in any case; None where it has none."""
        fields = self.parsed.raw
        at = fields.get(key) or next((at for at in fields.values() if at.key.lower() == key.lower()), None)
        return at.value.strip() or None if at and isinstance(at.value, str) else None

    def error(self, at: Field | None, code: str, message: str, hint: str = "") -> None:
        """Add a problem that holds the article, placed at the field's value."""
        self._add(Problem.error, at, code, message, hint)

    def warn(self, at: Field | None, code: str, message: str, hint: str = "") -> None:
        """Add a problem that was repaired, placed at the field's value."""
        self._add(Problem.warning, at, code, message, hint)

    def _add(self, new: Callable[..., Problem], at: Field | None, code: str, message: str, hint: str) -> None:
        key, line, column = (at.key, at.value_line, at.value_column) if at else ("", 0, 0)
        self.problems.append(new(code, message, self.path, line, column, field=key, hint=hint))

    def has_error(self) -> bool:
        """Tell whether a problem so far holds the article."""
        return bool(self.problems) and any(problem.severity == "error" for problem in self.problems)

    def line_of_text(self, at: Field, value: str) -> str:
        """Return the value as one line of publishable text; report what had to be removed."""
        if value.isprintable():  # neither forbidden characters nor direction controls are
            return text.fold_space(value)
        plain = text.scrub(value)
        if removed := len(value) - len(plain):
            characters = text.count(removed, "character")
            self.warn(at, "XML001", f"{characters} that XML forbids removed from {at.key}")
        safe = text.without_overrides(plain)
        if safe != plain:
            self.warn(at, "UNI001", f"direction controls removed from {at.key}")
        return text.fold_space(safe)

    def shortened(self, at: Field, name: str) -> str:
        """Return a label or a name with `LONGEST_NAME` characters at most; report the cut."""
        if len(name) <= LONGEST_NAME:
            return name
        message = f"a name in {at.key} has {len(name):,} characters and was cut"
        self.warn(at, "LIM003", message, f"a name may have {LONGEST_NAME}")
        return name[:LONGEST_NAME].rstrip()

    def first(self, at: Field, names: Iterable[T]) -> tuple[T, ...]:
        """Return different names, the first `MOST_NAMES` of them; report that others were left out."""
        unique = tuple(dict.fromkeys(names))
        if len(unique) > MOST_NAMES:
            message = f"{len(unique):,} {at.key}; the first {MOST_NAMES} count"
            self.warn(at, "LIM004", message, "keep the ones that people would look for")
        return unique[:MOST_NAMES]
