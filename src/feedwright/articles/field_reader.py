"""One article's fields while they are read: what the settings say, and what is wrong so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from feedwright import text
from feedwright.problems import Problem, Severity

if TYPE_CHECKING:
    from datetime import tzinfo

    from feedwright.articles.front_matter.fields import Field
    from feedwright.articles.front_matter.parse import ParsedFields


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """What the settings say about how articles are read; `url` ends in "/", `zone` is for naive dates."""

    url: str
    permalink: str
    zone: tzinfo
    dialect: str = "hexo"
    encoding: str = "utf-8"
    date_formats: tuple[str, ...] = ()
    hierarchy: str = ""
    default_category: str | None = None


@dataclass(slots=True, kw_only=True)
class FieldReader:
    """One article's fields while they are read, and the problems found so far."""

    path: str
    matter: ParsedFields
    reading: ReadOptions
    problems: list[Problem] = field(default_factory=list)
    naive: bool = False

    def get(self, name: str) -> Field | None:
        """Return the field of that canonical name, None where it is missing or null."""
        found = self.matter.fields.get(name)
        return None if found is None or found.value is None else found

    def report(self, at: Field | None, severity: Severity, code: str, message: str, hint: str = "") -> None:
        """Add a problem, placed at the field's value."""
        self.problems.append(
            Problem(
                severity=severity,
                code=code,
                message=message,
                file=self.path,
                line=at.value_line if at else 0,
                column=at.value_column if at else 0,
                field=at.key if at else "",
                hint=hint,
            )
        )

    def line_of_text(self, at: Field, value: str) -> str:
        """The value as one line of publishable text; reports what had to be removed."""
        if value.isprintable():  # neither forbidden characters nor direction controls are
            return text.fold_space(value)
        plain = text.scrub(value)
        if plain != value:
            count = len(value) - len(plain)
            self.report(at, "warning", "XML001", f"{count} characters that XML forbids removed from {at.key}")
        safe = text.without_overrides(plain)
        if safe != plain:
            self.report(at, "warning", "UNI001", f"direction controls removed from {at.key}")
        return text.fold_space(safe)
