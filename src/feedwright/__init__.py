"""Static feed publisher: article files in, safe RSS and Atom feeds for every category out.

The importable API is `load_settings` and `build`; both are imported on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedwright._version import __version__

if TYPE_CHECKING:
    from feedwright.commands.build import build
    from feedwright.commands.outcome import Outcome
    from feedwright.settings.load import load_settings
    from feedwright.site import Site

_MODULES = {
    "Outcome": "commands.outcome",
    "Site": "site",
    "build": "commands.build",
    "load_settings": "settings.load",
}
__all__ = ["Outcome", "Site", "__version__", "build", "load_settings"]


def __getattr__(name: str) -> object:
    """Import what the API offers on first use (PEP 562), so that `import feedwright` costs nothing."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
