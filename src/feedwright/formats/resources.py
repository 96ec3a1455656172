"""Templates, and the words of pages: one file for each language that they speak in `translations/`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pkgutil import get_data
from typing import Any

_RIGHT_TO_LEFT = {"ar", "ckb", "dv", "fa", "he", "iw", "ku", "ps", "sd", "ug", "ur", "yi"}
_SCRIPTS = dict.fromkeys(("adlm", "arab", "hebr", "syrc", "thaa"), "rtl") | {"cyrl": "ltr", "latn": "ltr"}


@cache
def text(path: str) -> str:
    """The text of a file in this package; `path` is relative to it, with `/`."""
    return (get_data(__package__, path) or b"").decode()


@cache
def phrases(language: str) -> tuple[str, Mapping[str, Any]]:
    """The phrases for a language tag (BCP 47), and the language that they are in: English where none fit."""
    import tomllib

    primary, *subtags = language.lower().split("-")
    if primary == "zh" and {"hant", "tw", "hk", "mo"} & set(subtags) and "hans" not in subtags:
        primary = "zh-hant"
    try:
        return language, tomllib.loads(text(f"translations/{primary}.toml"))
    except FileNotFoundError:
        return phrases("en")


def date(moment: datetime, words: Mapping[str, Any]) -> str:
    """The day as people write it in the language of these phrases, in the moment's own zone."""
    day: str = words["day"]
    return day.format(year=moment.year, month=words["months"][moment.month - 1], day=moment.day)


def direction(language: str) -> str:
    """The direction in which a language is written, "rtl" or "ltr"; a script that is named decides."""
    primary, *subtags = language.lower().split("-")
    script = next((_SCRIPTS[subtag] for subtag in subtags if subtag in _SCRIPTS), "")
    return script or ("rtl" if primary in _RIGHT_TO_LEFT else "ltr")
