"""Feeds that the site's own generator has written into the folder of the built site."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from os.path import splitext
from pathlib import Path
from typing import NamedTuple

from feedwright.articles import files
from feedwright.formats.table import FORMATS
from feedwright.problems import HeldError

_FOLDERS = ("", "feed", "feeds", "rss", "atom")
_SUFFIXES = (".xml", ".rss", ".atom", ".rdf", ".json")
_MOST = 100
_BEGINNING = 4096
_ROOTS = {
    "atom": re.compile(rb"<(?:\w+:)?feed[\s>]"),
    "rss": re.compile(rb"<rss[\s>]|<(?:\w+:)?RDF[\s>]"),
    "json": re.compile(rb'"https://jsonfeed\.org/version/'),
}


_OF_SITES = frozenset(("all.atom", "all.rss", "atom", "feed", "index", "rss", "rss2"))
"""What a site's own feed is called, without the suffix; others may be of a category."""


class OldFeed(NamedTuple):
    """A feed of another program: its path below the site's root, its format, whether it is the site's own."""

    path: str
    format: str
    is_of_site: bool


def old_feeds(site_root: Path) -> list[OldFeed]:
    """Return the feeds at the top of a built site, or in a folder that is named for them."""
    return [feed for _, feed in zip(range(_MOST), _feeds(site_root), strict=False)]


def _feeds(site_root: Path) -> Iterator[OldFeed]:
    for folder in _FOLDERS:
        try:
            names = sorted(os.listdir(site_root / folder))
        except OSError:
            continue
        for name in names:
            if name.endswith(_SUFFIXES) and (format_ := _format(site_root / folder / name)):
                yield OldFeed(f"{folder}/{name}".lstrip("/"), format_, splitext(name)[0] in _OF_SITES)


def _format(file: Path) -> str:
    """The format of a feed that is not ours, "" for anything else."""
    try:
        beginning, _ = files.read(file.parent, file.name, limit=_BEGINNING)
    except HeldError:
        return ""
    if any(format_.mark in beginning for format_ in FORMATS.values()):
        return ""
    return next((name for name, root in _ROOTS.items() if root.search(beginning)), "")
