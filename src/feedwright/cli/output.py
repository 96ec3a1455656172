"""Standard output and standard error: encoding, colours, closed streams and broken pipes."""

from __future__ import annotations

import os
import re
import sys
from typing import TextIO

import click

_ERASE = "\x1b[K"
"""Erase the rest of the line (ECMA-48, EL)."""

_COLORS = {"error": "red", "warning": "yellow", "frame": "blue"}


def print_stdout(text: str) -> None:
    """Print the result of a command, in UTF-8 in any locale."""
    _print(_harmless(text).encode(), sys.stdout, color=None)


def print_stderr(text: str) -> None:
    """Print anything but the result of a command."""
    _print(_harmless(text), sys.stderr, color=_color())


def print_commands(text: str) -> None:
    """Print commands to GitHub's CI, whose writer has escaped all values in them."""
    _print(text.encode(), sys.stdout, color=None)


def status_width() -> int:
    """Return the columns of a line that may be overwritten; 0 if standard error is no terminal."""
    if sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return 0
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def print_status(line: str) -> None:
    """Show a line on the terminal in place of the one shown before."""
    _print(f"\r{line}{_ERASE}", sys.stderr, color=True, end=False)


def clear_status() -> None:
    """Take the line away."""
    print_status("")


def _harmless(text: str) -> str:
    """Return a text of which no line is a command to a CI: GitHub's takes those that begin with `::`."""
    return re.sub(r"(?m)^(\s*):(?=:)", r"\1\\x3a", text) if "::" in text else text


def style(text: str, name: str) -> str:
    """Colour a text as an "error", a "warning" or the "frame" around an excerpt."""
    return click.style(text, fg=_COLORS[name], bold=True)


def _print(text: str | bytes, stream: TextIO | None, *, color: bool | None, end: bool = True) -> None:
    """Print a line, with its `end` unless it is to be overwritten, and ignore a broken pipe.

    Any other error is raised, after which nothing is printed.
    """
    if stream is None:  # closed by the caller
        return
    try:
        click.echo(text, file=stream, color=color, nl=end)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if not isinstance(error, BrokenPipeError):
            raise


def _color() -> bool | None:
    """Return whether the environment wants colours (no-color.org); None leaves it to the stream."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return True if os.environ.get("FORCE_COLOR") or os.environ.get("CLICOLOR_FORCE") else None
