"""The result of a command other than `build`."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from feedwright.problems import FeedwrightError, Problem
from feedwright.publication.changes import FeedChange


class Table(Struct, frozen=True):
    """Rows of texts for people, of which some may come from files; a row has a cell for each title."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Result(Struct, frozen=True, kw_only=True):
    """The result of a command: its output for people and for programs, and its exit code.

    `lines` and the `table` are its output; `notes` and the summary are printed beside it. `facts` are for
    programs; `changes` are those that subscribers would see; `error` is the guard that a build would stop at,
    or what failed.
    """

    exit_code: int = 0
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)
    table: Table | None = None
    changes: tuple[FeedChange, ...] | None = None
    summary: str = ""
    error: FeedwrightError | None = None
