"""Standard output and standard error: encoding, colours, closed streams and broken pipes."""

from __future__ import annotations

import os
import re
import sys
from typing import TextIO

import click

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


def _harmless(text: str) -> str:
    """Return a text of which no line is a command to a CI: GitHub's takes those that begin with `::`."""
    return re.sub(r"(?m)^(\s*):(?=:)", r"\1\\x3a", text) if "::" in text else text


def style(text: str, name: str) -> str:
    """Colour a text as an "error", a "warning" or the "frame" around an excerpt."""
    return click.style(text, fg=_COLORS[name], bold=True)


def _print(text: str | bytes, stream: TextIO | None, *, color: bool | None) -> None:
    """Print a line, and ignore a broken pipe; any other error is raised, after which nothing is printed."""
    if stream is None:  # closed by the caller
        return
    try:
        click.echo(text, file=stream, color=color)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if not isinstance(error, BrokenPipeError):
            raise


def _color() -> bool | None:
    """Return whether the environment wants colours (no-color.org); None leaves it to the stream."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return True if os.environ.get("FORCE_COLOR") or os.environ.get("CLICOLOR_FORCE") else None
