"""Feeds that the site's own generator has written into the folder of the built site."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import islice
from os.path import splitext
from pathlib import Path
from typing import NamedTuple

from feedwright.articles import files
from feedwright.formats.table import FORMATS
from feedwright.problems import HeldError

_FOLDERS = ("", "feed", "feeds", "rss", "atom")
_SUFFIXES = (".xml", ".rss", ".atom", ".rdf", ".json")
_OF_SITES = frozenset(("all.atom", "all.rss", "atom", "feed", "index", "rss", "rss2"))
"""What a site's own feed is called, without the suffix; others may be of a category."""

_CATEGORIES = ("categories", "category")
_IN_CATEGORIES = ("index.xml", "atom.xml", "rss.xml", "feed.xml", "feed/index.xml")
_MOST = 500
_BEGINNING = 4096
_ROOTS = {
    "atom": re.compile(rb"<(?:\w+:)?feed[\s>]"),
    "rss": re.compile(rb"<rss[\s>]|<(?:\w+:)?RDF[\s>]"),
    "json": re.compile(rb'"https://jsonfeed\.org/version/'),
}


class OldFeed(NamedTuple):
    """A feed of another program: its path below the site's root, its format, and what it is probably of.

    `name` is "" for the site's own feed, else that of a category as its address has it.
    """

    path: str
    format: str
    name: str = ""


def old_feeds(site_root: Path) -> list[OldFeed]:
    """Return the feeds in a built site that are where generators put those of a site or of categories."""
    places = (*_of_site(site_root), *_of_categories(site_root))
    found = (OldFeed(path, _format(site_root / path), name) for path, name in places)
    return [feed for feed in islice(found, _MOST) if feed.format]


def _of_site(site_root: Path) -> Iterator[tuple[str, str]]:
    """Paths at the top of the site, and in folders that are named for feeds; Pelican's categories too."""
    for folder in _FOLDERS:
        for file in _names(site_root / folder):
            stem, suffix = splitext(file)
            if suffix in _SUFFIXES:
                name = "" if stem in _OF_SITES else stem.removesuffix(".atom").removesuffix(".rss")
                yield f"{folder}/{file}".lstrip("/"), name


def _of_categories(site_root: Path) -> Iterator[tuple[str, str]]:
    for above in _CATEGORIES:
        for name in _names(site_root / above):
            yield from ((f"{above}/{name}/{file}", name) for file in _IN_CATEGORIES)


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _format(file: Path) -> str:
    """The format of a feed that is not ours, "" for anything else."""
    try:
        beginning, _ = files.read(file.parent, file.name, limit=_BEGINNING)
    except HeldError:
        return ""
    if any(format_.mark in beginning for format_ in FORMATS.values()):
        return ""
    return next((name for name, root in _ROOTS.items() if root.search(beginning)), "")
