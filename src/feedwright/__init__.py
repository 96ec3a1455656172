"""Static feed publisher: article files in, safe RSS, Atom and JSON feeds for every category out.

The importable API is what `__all__` names; each is imported on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedwright._version import __version__

if TYPE_CHECKING:
    from feedwright.commands.api import build, check, diff, documents, load_settings
    from feedwright.commands.outcome import Outcome
    from feedwright.commands.result import Result
    from feedwright.problems import FeedwrightError, Problem
    from feedwright.site import Site

_MODULES = {
    "FeedwrightError": "problems",
    "Outcome": "commands.outcome",
    "Problem": "problems",
    "Result": "commands.result",
    "Site": "site",
    **dict.fromkeys(("build", "check", "diff", "documents", "load_settings"), "commands.api"),
}
__all__ = [
    "FeedwrightError",
    "Outcome",
    "Problem",
    "Result",
    "Site",
    "__version__",
    "build",
    "check",
    "diff",
    "documents",
    "load_settings",
]


def __getattr__(name: str) -> object:
    """Import what the API offers on first use (PEP 562), so that `import feedwright` costs nothing."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
