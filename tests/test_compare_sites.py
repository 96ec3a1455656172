"""The comparison of feeds with the pages of real generators: those that are here, and pages of our own."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

import compare_sites
from compare_sites import GENERATORS, LAYOUT, URL
from sites import text

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", GENERATORS)
def test_what_a_generator_makes_is_what_the_feed_has(name: str) -> None:
    if shutil.which(GENERATORS[name].command[0]) is None:
        pytest.skip(f"{name} is not here")
    rows = list(compare_sites.rows([name]))
    if not rows:
        pytest.skip(f"{name} does not run here")
    row = rows[0]
    assert (row.pages, row.addresses, row.tags) == (row.entries, row.entries, 0), row.different
    assert (row.shown, row.missing, row.extra, row.held) == (row.entries, (), (), ())


def test_differences_are_counted_and_shown(tmp_path: Path) -> None:
    bodies = {
        "rain": ("Rain falls {% on %} us.", "<p>Rain falls today on us.</p>"),
        "snow": ("Snow. ![](/lost.png) ![](/own.png)", '<p>Snow.</p> <img src="/own.png">'),
        "gone": ("No page.", None),
        "fog": (None, "<p>No article.</p>"),
    }
    for slug, (source, shown) in bodies.items():
        page = LAYOUT.format(
            title=slug.title(), link=f"{URL}{slug}/", element="div", class_="prose", content=shown
        )
        files = {f"public/{slug}/index.html": page if shown else None}
        files[f"content/{slug}.md"] = text(slug.title(), body=source) if source else None
        for path, data in files.items():
            if data is not None:
                (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / path).write_text(data, "utf-8")
    settings = {"url": URL, "timezone": "UTC", "permalink": "{slug}/"}
    row = compare_sites.compare("ours", tmp_path, tmp_path / "public", ["[data-article]"], settings)
    assert (row.entries, row.own, row.pages, row.addresses, row.tags) == (3, 1, 2, 2, 1)
    assert (row.shown, row.missing, row.extra, row.dates) == (3, (f"{URL}fog/",), (f"{URL}gone/",), 2)
    assert (row.pictures, row.lost_pictures) == (2, (f"{URL}lost.png",))
    assert [line.partition(" ")[0] for line in row.details()] == ["only", "only", "no", f"{URL}rain/"]
    assert row.different == (f"{URL}rain/ from the file: …Rainfalls[{{%on%}}us. | todayonus.]",)


def test_what_stands_beside_the_article_may_belong_to_it(tmp_path: Path) -> None:
    gallery = '<figure class="gallery"><figcaption>A view of it</figcaption></figure>'
    article = f'<div class="prose">Rain.{gallery}</div>'
    for slug, body in (("rain", f"{gallery}{article}"), ("snow", article), ("list", gallery)):
        (tmp_path / f"{slug}.html").write_text(f"<main>{body}</main>", "utf-8")
    pages = compare_sites.pages_of(tmp_path, [".prose", ".gallery", ".share"], "", URL)
    texts = {path: compare_sites.text_of(page.html, "") for path, page in pages.items()}
    assert texts == {"/rain": "AviewofitRain.Aviewofit", "/snow": "Rain.Aviewofit"}


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('a<iframe title="A film" src="/x"></iframe><iframe src="/x">b</iframe>', "aAfilm"),
        ("a<svg><title>Hill</title><text>b</text></svg><svg><text>b</text></svg>", "aHill"),
        ('<i class="katex"><math><annotation>x^2</annotation></math><b>x2</b></i>', "$x^2$"),
        ("a<progress value=1 max=3></progress><meter value=2>two</meter>", "a1/3two"),
        ("tree$<br>$ git \\(x\\) $$y$$", "tree$$git$x$$y$"),
    ],
)
def test_what_no_feed_can_carry_is_compared_by_its_title(html: str, expected: str) -> None:
    assert compare_sites.text_of(html, "") == expected
