"""Questions to a person, where there is one: both streams of the question are a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import click

from feedwright.cli.output import print_stderr
from feedwright.text import some, visible

_MOST = 20
"""Categories that are offered."""


def is_possible() -> bool:
    """Tell whether a person can answer."""
    return bool(sys.stdin and sys.stderr and sys.stdin.isatty() and sys.stderr.isatty())


def answer(question: str, default: str, check: Callable[[str], str]) -> str:
    """Ask until the answer is one that `check` does not refuse with a ValueError."""

    def checked(text: str) -> str:
        try:
            return check(text)
        except ValueError as error:
            raise click.UsageError(f"{visible(text)} {visible(str(error))}") from None

    return str(click.prompt(question, default=default, value_proc=checked, err=True))


def categories(in_use: Sequence[str]) -> Sequence[str]:
    """Ask for the categories of an article, by name or by number, with commas between."""
    numbered = [f"{number} {visible(label)}" for number, label in enumerate(in_use, 1)]
    if numbered:
        print_stderr(some(numbered, separator="  ", most=_MOST))
    answer = str(click.prompt("Categories", default="", show_default=False, err=True))
    words = (word.strip() for word in answer.split(","))
    return [_meant(word, in_use) for word in words if word]


def _meant(word: str, in_use: Sequence[str]) -> str:
    return in_use[int(word) - 1] if word.isdecimal() and 0 < int(word) <= len(in_use) else word
