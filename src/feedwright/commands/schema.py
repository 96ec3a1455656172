"""The command `schema`: the JSON Schema of the settings or of front matter."""

from __future__ import annotations

import json

from feedwright.articles.front_matter.schema import front_matter_schema
from feedwright.commands.explain import unknown
from feedwright.commands.result import Result
from feedwright.generators.table import GENERATORS
from feedwright.settings.schema import settings_schema


def schema(what: str, dialect: str) -> Result:
    """Return the schema of "settings", or of front matter in a dialect. Raises `UsageError` USE004."""
    if dialect not in GENERATORS:
        raise unknown("dialect", dialect, GENERATORS, otherwise=f"choose from {', '.join(GENERATORS)}")
    document = settings_schema() if what == "settings" else front_matter_schema(dialect)
    return Result(lines=(json.dumps(document, ensure_ascii=False, indent=2),))
