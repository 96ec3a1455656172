"""The command `explain`: what a problem code means, and what to do; and the table that says so.

The table is `topics/problems.toml`; the manual's is made from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from feedwright.commands.result import Result
from feedwright.problems import UsageError

_OUTCOMES = {
    "FIX": "a warning: the article is published after a repair, or what is wrong is left out",
    "HOLD": "an error: this version of the article is not published; readers keep the last one, if any",
    "STOP": "the command ends, with exit code {code}",
}


class Explanation(NamedTuple):
    """What a problem code means; `then` is FIX, HOLD, STOP with an exit code, or two of these."""

    then: str
    meaning: str
    remedy: str


@cache
def explanations() -> Mapping[str, Explanation]:
    """Return every problem code with its explanation, in order."""
    import tomllib
    from pkgutil import get_data

    text = (get_data(__package__, "topics/problems.toml") or b"").decode()
    return {code: Explanation(**row) for code, row in sorted(tomllib.loads(text).items())}


def explain(code: str) -> Result:
    """Explain a code, or name those that begin with a word such as "FM". Raises `UsageError` USE004."""
    wanted = code.strip().upper()
    known = explanations()
    if wanted in known:
        return Result(lines=_explained(wanted, known[wanted]))
    if family := [name for name in known if wanted and name.startswith(wanted)]:
        return Result(lines=tuple(f"{name}  {known[name].meaning}" for name in family))
    raise unknown("problem code", code, known, otherwise="`feedwright help problems` lists all of them")


def unknown(what: str, word: str, known: Mapping[str, object], *, otherwise: str) -> UsageError:
    """Return the error for a word that is none of these, with the one that was probably meant."""
    from feedwright.settings.checks import nearest, quoted, suggestion

    return UsageError(
        f"there is no {what} {quoted(word)}", code="USE004", hint=suggestion(nearest(word, known), otherwise)
    )


def _explained(code: str, row: Explanation) -> tuple[str, ...]:
    outcomes = [outcome.partition(" ") for outcome in row.then.split(", ")]
    return (
        f"{code}: {row.meaning}",
        "",
        f"What to do: {row.remedy}",
        "",
        *(f"{name}: {_OUTCOMES[name].format(code=number)}." for name, _, number in outcomes),
    )
