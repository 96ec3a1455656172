"""The default permalinks, against what the generators themselves made.

`data/permalinks.json` holds the URLs that Hexo 8.1.2, Jekyll 4.3.1, Hugo 0.168.0, Pelican 4.12.0 and
Eleventy 3.1.2 gave for articles of 2024-03-05T23:30 with their default settings, percent-encoded once.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from feedwright.articles.permalinks import permalink
from feedwright.generators.generator import PermalinkFacts
from feedwright.generators.table import PRESETS
from paths import DATA

DATE = datetime(2024, 3, 5, 23, 30, 7, tzinfo=timezone(timedelta(hours=8)))
GOLDEN: list[dict[str, Any]] = json.loads((DATA / "permalinks.json").read_text(encoding="utf-8"))


def facts(
    path: str, *, title: str = "T", slug: str | None = None, categories: tuple[tuple[str, ...], ...] = ()
) -> PermalinkFacts:
    return PermalinkFacts(path=path, title=title, date=DATE, slug=slug, categories=categories)


@pytest.mark.parametrize("row", GOLDEN, ids=lambda row: f"{row['preset']}-{row['path']}")
def test_a_preset_gives_what_its_generator_gives(row: dict[str, Any]) -> None:
    categories = tuple(map(tuple, row["categories"]))
    path = permalink(
        row["preset"], facts(row["path"], title=row["title"], slug=row["slug"], categories=categories)
    )
    assert path == row["url"]


def test_every_preset_is_in_the_golden_table() -> None:
    # Zola is in no registry that CI reaches, see test_patterns
    counts = {name: sum(row["preset"] == name for row in GOLDEN) for name in PRESETS.keys() - {"zola"}}
    assert min(counts.values()) >= 50


# Where a generator fails or makes a dead link: the preset, the article, what we give, what it does.
OTHERWISE = [
    ("hexo", facts("100% sure.md"), "/2024/03/05/100%25%20sure/", "stops: malformed URI"),
    ("hexo", facts("C#.md"), "/2024/03/05/C%23/", "leaves # bare, so the page is never found"),
    ("hexo", facts("why?.md"), "/2024/03/05/why%3F/", "leaves ? bare, so the page is never found"),
    ("jekyll", facts("2024-03-05-！？.md"), "/2024/03/05/%EF%BC%81%EF%BC%9F.html", "/2024/03/05/.html"),
    ("jekyll", facts("a.md", slug="???"), "/2024/03/05/a.html", "/2024/03/05/.html"),
    (
        "jekyll",
        facts("a.md", categories=(("Tech", "Python"),)),
        "/tech/python/2024/03/05/a.html",
        'adds /["tech", "python"] as Ruby writes a list',
    ),
    ("hugo", facts("！？.md"), "/%EF%BC%81%EF%BC%9F/", "/, the home page"),
    ("hugo", facts("notes/a.md", slug="???"), "/notes/a/", "/notes/, the section's page"),
    ("hugo", facts("100%41.md"), "/100%2541/", "/100%41/, which is /100A/"),
    ("hugo", facts("notes/a.md", slug="../up/../x"), "/notes/up/x/", "/notes/../up/../x/"),
    ("pelican", facts("a.md", title="！？"), "/a.html", "/.html"),
    ("pelican", facts("a.md", slug="../up/../x"), "/up/x.html", "leaves the article out"),
]


@pytest.mark.parametrize(
    ("preset", "article", "url"), [row[:3] for row in OTHERWISE], ids=[row[3] for row in OTHERWISE]
)
def test_a_preset_never_gives_a_dead_link(preset: str, article: PermalinkFacts, url: str) -> None:
    assert permalink(preset, article) == url


def test_only_pelican_s_preset_loads_the_transliteration() -> None:
    code = "import sys, feedwright.articles.permalinks; print('text_unidecode' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
