"""Checks of the table `tags`."""

from __future__ import annotations

import re

from feedwright.patterns import lazy_pattern
from feedwright.settings.checks import SettingError, mistyped

_TAG_NAME = lazy_pattern(r"[^\s{}%<>\"'()/|][^\s{}%<>\"'()|]*")
_TAG_EXAMPLE = '{name} = "<p>{0}</p>"'


def template_tag(name: str, value: object) -> str:
    """Check what becomes of a template tag: "drop", "keep" or HTML."""
    if not _TAG_NAME.fullmatch(name):
        raise SettingError("CFG027", "is not the name of a template tag", 'aplayer = "drop"')
    if not isinstance(value, str):
        raise mistyped("a text", value, _TAG_EXAMPLE)
    if value not in ("drop", "keep") and not re.search(r"[<{]", value):
        raise SettingError("CFG028", "is neither drop, keep nor HTML", _TAG_EXAMPLE)
    return value
