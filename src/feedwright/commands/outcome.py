"""The result of a build, and its form in the cache."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from feedwright.problems import Problem

if TYPE_CHECKING:
    from feedwright.articles.selection import Reason

WHY: Mapping[Reason, str] = {
    "drafts": "a draft",
    "hidden": "hidden",
    "locked": "locked",
    "pages": "a page, not an article",
    "scheduled": "not due yet",
    "expired": "expired",
    "skipped": "no front matter",
    "pageless": "the site has no page for it",
}
"""What is said of a file that is left out, by the reason; their order is that of the counts."""

_MOMENTS = ("next_due", "since", "until")
_PROBLEMS = ("problems", "warnings")
_ONCE = ("written", "removed", "withdrawn", "pages", "pages_read", "static", "includes")
"""What a later build with nothing changed does not do again, or need not know."""


class Outcome(NamedTuple):
    """The result of a build: articles, paths of documents, and every problem, by place.

    `files` counts the files of articles, `published` those in feeds; `held` and `left_out`, by the reason,
    name the others. `withdrawn` are those that were in a feed and are left out now. `warnings` are about
    the configuration, `note` says what was taken from the site's own generator, `home` is the document to
    open first, as seen from the current folder, and `settings` are all of them as lines. `bodies` tell by
    path which page of the site each body was taken from, none where it was made of the file. What was looked
    at beside the content: `pages` are files of the site, and whether each was there, `pages_read` those that
    bodies were taken from, each with its signature and the hash of its bytes, `static` those whose bytes
    count, `includes` those of templates, each with its state. While no file and no setting changes, the
    outcome stays the same from `since` until `until`, when another article becomes due or expires.
    """

    problems: tuple[Problem, ...]
    held: frozenset[str]
    files: int
    published: int
    warnings: tuple[Problem, ...] = ()
    left_out: Mapping[Reason, tuple[str, ...]] = {}
    withdrawn: tuple[str, ...] = ()
    next_due: datetime | None = None
    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    strict: bool = False
    note: str = ""
    home: str = ""
    settings: tuple[str, ...] = ()
    pages: tuple[tuple[str, bool], ...] = ()
    static: tuple[str, ...] = ()
    includes: tuple[tuple[str, str], ...] = ()
    pages_read: tuple[tuple[str, str, str], ...] = ()
    bodies: Mapping[str, tuple[str, ...]] = {}
    since: datetime | None = None
    until: datetime | None = None

    @property
    def exit_code(self) -> Literal[0, 1]:
        """1 if an article was held back, or with `strict` would have been repaired; else 0."""
        return 1 if self.held or (self.strict and self.problems) else 0


def to_row(outcome: Outcome) -> dict[str, object]:
    """Return the outcome of a later build with nothing changed, as values that JSON has."""
    row = outcome._asdict()
    row |= {name: row[name].isoformat() for name in _MOMENTS if row[name]}
    row |= {name: [*map(tuple, row[name])] for name in _PROBLEMS}
    unchanged = sorted((*outcome.written, *outcome.unchanged))
    return row | {"held": sorted(outcome.held), "unchanged": unchanged} | dict.fromkeys(_ONCE, ())


def from_row(row: dict[str, Any]) -> Outcome:
    """Return the outcome that `to_row` wrote. Raises ValueError for anything else."""
    kinds = _kinds(Outcome)
    is_whole = row.keys() == kinds.keys() and not any(row[name] for name in _ONCE)
    if not is_whole or not all(_fits(row[name], kind) for name, kind in kinds.items()):
        raise ValueError("not the outcome of a build")
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}
    values |= {name: datetime.fromisoformat(row[name]) for name in _MOMENTS if row[name]}
    for name in _PROBLEMS:
        values[name] = tuple(map(Problem._make, row[name]))
    values["held"] = frozenset(row["held"])
    for name in ("left_out", "bodies"):
        values[name] = {key: tuple(paths) for key, paths in row[name].items()}
    return Outcome(**values)


def _fits(value: object, kind: str) -> bool:
    """Tell whether a value of JSON is one that a field of this type is written as."""
    if kind in ("int", "bool", "str"):
        return type(value).__name__ == kind
    if kind == "datetime | None":
        return value is None or isinstance(value, str)
    if kind.startswith("Mapping["):
        return isinstance(value, dict) and all(_fits(paths, "tuple[str, ...]") for paths in value.values())
    if not isinstance(value, list):
        return False
    if kind == "tuple[Problem, ...]":
        return all(isinstance(each, list) and _is_problem(each) for each in value)
    return all(isinstance(each, str) for each in value)


def _is_problem(facts: list[object]) -> bool:
    """Tell whether these are the facts of a problem, in the order of its fields."""
    kinds = ["int" if kind == "int" else "str" for kind in _kinds(Problem).values()]
    return [type(fact).__name__ for fact in facts] == kinds and facts[0] in ("error", "warning")


def _kinds(owner: type[Outcome | Problem]) -> dict[str, str]:
    """The types of the fields of a named tuple, as they are written."""
    return {name: kind.__forward_arg__ for name, kind in owner.__annotations__.items()}
