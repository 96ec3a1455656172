"""What a build did, as a value that can be told, and told again while nothing has changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Literal

    from feedwright.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a build did: counts of articles, the documents' paths, and every problem, by place.

    `warnings` are about the configuration. As long as no file and no setting changes, the outcome stays the
    same from `since` until `until`, when another article is due or expires.
    """

    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()
    held: frozenset[str]
    files: int
    published: int
    drafts: int = 0
    hidden: int = 0
    locked: int = 0
    scheduled: int = 0
    expired: int = 0
    skipped: int = 0
    next_due: datetime | None = None
    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    strict: bool = False
    since: datetime | None = None
    until: datetime | None = None

    @property
    def exit_code(self) -> Literal[0, 1]:
        """1 where an article was held back, or with `strict` would have been repaired; else 0."""
        return 1 if self.held or (self.strict and self.problems) else 0
