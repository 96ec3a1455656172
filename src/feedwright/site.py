"""The settings of one site, complete and normalised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from feedwright.model import Author
    from feedwright.problems import Problem

RECORD_NAME = "feedwright.lock.json"
"""The usual file name of the record of what was published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategorySettings:
    """What one category has of its own; None (a limit: "unset") where the site's or a derived one holds.

    `was` holds the slug paths that its feeds had before.
    """

    slug: str | None = None
    title: str | None = None
    description: str | None = None
    image: str | None = None
    limit: int | Literal["unset"] | None = "unset"
    was: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """All settings, normalised: URLs absolute, paths absolute, defaults filled in.

    `url` and `feeds_url` end in "/". A `limit` of None means all; `ttl` is in minutes. `aliases` are the
    formats of the site's feed by further paths below the output folder, in order, without the feed's own.
    `categories` is by label; `warnings` holds what is odd about the settings.
    """

    url: str
    title: str
    description: str
    language: str
    author: Author | None
    timezone: str
    timezone_set: bool
    authority: str | None
    content: Path
    output: Path
    record: Path
    feeds_url: str
    permalink: str
    formats: tuple[str, ...]
    limit: int | None
    content_mode: Literal["full", "summary"]
    taxonomies: tuple[str, ...]
    copyright: str | None
    icon: str | None
    logo: str | None
    ttl: int | None
    hub: str | None
    encoding: str
    date_formats: tuple[str, ...]
    hierarchy: str
    ignore: tuple[str, ...]
    dialect: str
    thumbnail_type: str
    publish_email: bool
    sanitizer: Literal["bleach", "nh3"]
    body_limit: int
    time_limit: int
    default_category: str | None
    follow_symlinks: tuple[Path, ...]
    stale: Literal["keep", "delete"]
    aliases: Mapping[str, str]
    categories: Mapping[str, CategorySettings]
    root: Path
    cache: Path
    warnings: tuple[Problem, ...] = ()
