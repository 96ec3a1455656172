"""Settings of a folder, as they are loaded or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from feedwright.problems import UsageError
from feedwright.settings.load import load_settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from feedwright.site import Site

URL = 'url = "https://example.org/"\n'
FILE = "feedwright.toml"


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
    return load_settings(config=config, start=folder, environ=environ or {}, overrides=overrides)


def refused(folder: Path, text: str | None = None, **given: Any) -> UsageError:
    """The error that ends it."""
    with pytest.raises(UsageError) as caught:
        load(folder, text, **given)
    return caught.value
