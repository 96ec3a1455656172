"""The settings that decide how contents are made."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from msgspec import Struct, field


class BodyOptions(Struct, frozen=True, kw_only=True):
    """Settings that decide how contents are made; a content is kept as long as they stay.

    `content` is the folder of the articles, `site_url` the site's address, `dialect` its generator, and
    `is_known` whether that is sure. `markdown` is the dialect of Markdown, None where the folder of an
    article tells; `tags` is what becomes of template tags, by name. `longest` is how many characters a body
    may have, `seconds` what making one content may take. `values` are the texts in the configuration of the
    site's generator. `pages` is the folder of the built site that bodies
    are taken from, if they are; `selector` names the article's element there.
    """

    content: Path
    site_url: str
    site_title: str = ""
    dialect: str = "hexo"
    markdown: str | None = None
    is_known: bool = True
    tags: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    engine: Literal["bleach", "nh3"] = "bleach"
    longest: int = 5 * 2**20
    seconds: int = 10
    thumbnail_type: str = "image/jpeg"
    enclose_thumbnail: bool = True
    pages: Path | None = None
    selector: str | None = None
