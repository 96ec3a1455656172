"""Problems of articles, as values, and the exceptions that carry them or end a build.

A warning is a FIX: the article is published after a documented repair. An error is a HOLD: this version
of the article is not published. A build is ended by `UsageError` (exit 2), `MachineError` (exit 3) or
`GuardError` (exit 4).
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import contextmanager
from operator import attrgetter
from typing import Literal, NamedTuple, Self

from feedwright.text import count

Severity = Literal["error", "warning"]


class Problem(NamedTuple):
    """One fault in one file; `line` and `column` count from 1; 0 means the whole file.

    `kept` is the date, ISO 8601, of the article's last version, if that stays published meanwhile.
    Not a struct: where nothing changed, loading msgspec would take a tenth of a build.
    """

    severity: Severity
    code: str
    message: str
    file: str
    line: int = 0
    column: int = 0
    field: str = ""
    hint: str = ""
    kept: str = ""

    @classmethod
    def error(
        cls, code: str, message: str, file: str = "", line: int = 0, column: int = 0, **more: str
    ) -> Self:
        """Return a HOLD; `more` are `field`, `hint` and `kept`."""
        return cls(severity="error", code=code, message=message, file=file, line=line, column=column, **more)

    @classmethod
    def warning(
        cls, code: str, message: str, file: str = "", line: int = 0, column: int = 0, **more: str
    ) -> Self:
        """Return a FIX; `more` are `field`, `hint` and `kept`."""
        return cls(
            severity="warning", code=code, message=message, file=file, line=line, column=column, **more
        )

    @property
    def place(self) -> tuple[str, int, int, str]:
        """Sort key: by file, then position, then code."""
        return (self.file, self.line, self.column, self.code)


def failure(file: str, error: Exception) -> Problem:
    """Return the problem of an article on which feedwright itself, or a library, failed."""
    import traceback

    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{last.filename.replace(chr(92), '/').rpartition('site-packages/')[2]}:{last.lineno}"
    message = f"feedwright failed at it: {type(error).__name__} in {place}"
    hint = "this is a bug: please report it with the file; simpler markup may help until then"
    return Problem.error("BUG001", message, file, hint=hint)


def folded(
    problems: Iterable[Problem],
    codes: Container[str],
    *,
    alike: Callable[[Problem], str] = attrgetter("message"),
    few: int = 1,
    elsewhere: str = "",
) -> Iterator[Problem]:
    """Yield the problems; of more than a few that are alike under a code, the first with their number.

    `elsewhere` is added to its hint: where the others are told.
    """
    groups: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.code in codes:
            groups.setdefault(alike(problem), []).append(problem)
        else:
            yield problem
    for group in groups.values():
        first, *others = group
        if len(group) <= few:
            yield from group
        else:
            more = f"{first.message}, and in {count(len(others), 'more article')}"
            yield first._replace(message=more, hint=first.hint + elsewhere)


class HeldError(Exception):
    """An article cannot be published; carries every problem found in it, warnings too."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems


@contextmanager
def blaming(file: str) -> Iterator[None]:
    """Turn whatever fails in the block, the work of one article, into the `HeldError` of that article.

    Lack of memory is reported by the process that watches this one; a library that cannot be loaded, and what
    ends the build by its own rules, are not the article's fault.
    """
    try:
        yield
    except (HeldError, FeedwrightError, MemoryError, ImportError):
        raise
    except Exception as error:
        raise HeldError((failure(file, error),)) from error


class FeedwrightError(Exception):
    """Ends the build; `code` names the rule, `hint` says what to do.

    `also` holds what else is wrong, in order, each with a place of its own.
    """

    exit_code = 70
    also: tuple[FeedwrightError, ...] = ()

    def __init__(
        self, message: str, *, code: str, hint: str = "", file: str = "", line: int = 0, column: int = 0
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.hint = hint
        self.file = file
        self.line = line
        self.column = column


class UsageError(FeedwrightError):
    """The command line or the configuration is wrong; nothing was touched."""

    exit_code = 2


class MachineError(FeedwrightError):
    """The file system, the disk or a lock failed; every output file is whole."""

    exit_code = 3


class GuardError(FeedwrightError):
    """Going on would hurt subscribers or foreign files; nothing was published."""

    exit_code = 4
