"""Settings of a folder, as they are loaded or refused."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft7Validator

from feedwright.problems import UsageError
from feedwright.settings.load import load_settings
from feedwright.settings.schema import settings_schema

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from feedwright.site import Site

URL = 'url = "https://example.org/"\n'
FILE = "feedwright.toml"
SCHEMA = Draft7Validator(settings_schema())
SEEN_BY_SCHEMA = {"CFG006", "CFG007", "CFG012"}
"""Faults of names, types and words, which an editor can tell."""
NOT_SEEN = re.compile(r'limit = 1e9|0xf{20}|formats = \["rss"\]\n\[aliases\]')
"""A whole number as JSON has it; one that Python does not print; two settings that do not fit."""


def load(
    folder: Path,
    text: str | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    config: Path | None = None,
    **overrides: object,
) -> Site:
    """The settings in a folder, with a configuration file of this text."""
    if text is not None:
        (folder / FILE).write_text(text, encoding="utf-8")
    site = load_settings(config=config, start=folder, environ=environ or {}, overrides=overrides)
    if text is not None and config is None:
        assert not [fault.message for fault in SCHEMA.iter_errors(tomllib.loads(text))]
    return site


def refused(folder: Path, text: str | None = None, **given: Any) -> UsageError:
    """The error that ends it."""
    with pytest.raises(UsageError) as caught:
        load(folder, text, **given)
    is_seen = caught.value.code in SEEN_BY_SCHEMA and caught.value.file
    if text is not None and is_seen and not NOT_SEEN.search(text):
        assert list(SCHEMA.iter_errors(tomllib.loads(text)))
    return caught.value
