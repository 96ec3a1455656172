"""The words of pages in the languages that they speak: one file for each in `translations/`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_RIGHT_TO_LEFT = {"ar", "ckb", "dv", "fa", "he", "iw", "ku", "ps", "sd", "ug", "ur", "yi"}
_SCRIPTS = {"adlm": "rtl", "arab": "rtl", "hebr": "rtl", "syrc": "rtl", "thaa": "rtl"}
_SCRIPTS |= {"cyrl": "ltr", "latn": "ltr"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """One language's phrases; `day` is a date in the form of `str.format`, with a name of `months`."""

    skip: str
    path: str
    subscribe: str
    explain: str
    open: str
    entries: str
    feeds: str
    opml: str
    site: str
    raw: str
    comma: str
    day: str
    months: list[str]

    def date(self, moment: datetime) -> str:
        """The day as people write it, in the moment's own zone."""
        return self.day.format(year=moment.year, month=self.months[moment.month - 1], day=moment.day)


@cache
def phrases(language: str) -> tuple[str, Phrases]:
    """The phrases for a language tag (BCP 47), and the language that they are in: English where none fit."""
    primary, *subtags = language.lower().split("-")
    if primary == "zh" and {"hant", "tw", "hk", "mo"} & set(subtags) and "hans" not in subtags:
        primary = "zh-hant"
    try:
        return language, _read(primary)
    except FileNotFoundError:
        return "en", _read("en")


def _read(name: str) -> Phrases:
    import tomllib

    from feedwright.formats import resources

    return Phrases(**tomllib.loads(resources.text(f"translations/{name}.toml")))


def direction(language: str) -> str:
    """The direction in which a language is written, "rtl" or "ltr"; a script that is named decides."""
    primary, *subtags = language.lower().split("-")
    script = next((_SCRIPTS[subtag] for subtag in subtags if subtag in _SCRIPTS), "")
    return script or ("rtl" if primary in _RIGHT_TO_LEFT else "ltr")
