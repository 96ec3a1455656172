"""The language of an article, and what it means for its address."""

from __future__ import annotations

import pytest
from msgspec import structs

from feedwright.articles.languages import find_language, unnamed
from feedwright.site import LanguageSettings
from sites import field_reader, reading

NAMED = {
    "en": LanguageSettings(tag="en"),
    "fr": LanguageSettings(tag="fr", path="fr"),
    "cn": LanguageSettings(tag="zh-CN", folder="chinese", path="c n"),
    "*": LanguageSettings(),
}


def language(path: str, lang: str = "", *, dialect: str = "hugo", named: bool = True) -> tuple[str, ...]:
    languages = NAMED if named else {}
    reader = field_reader(f"title: a\nlang: {lang}", path=path, dialect=dialect, languages=languages)
    found = find_language(reader)
    assert [p.code for p in reader.problems] == (["LANG001"] if lang == "français" and named else [])
    return structs.astuple(found)


@pytest.mark.parametrize(
    ("path", "lang", "expected"),
    [
        ("a.md", "", ("", "", "a.md", "")),
        ("x/index.FR.md", "", ("fr", "fr", "x/index.md", "fr/")),
        ("x/a.en.html", "", ("", "", "x/a.html", "")),
        ("x/a.de.md", "", ("", "", "x/a.de.md", "")),
        ("chinese/x/a.md", "", ("zh-CN", "cn", "x/a.md", "c%20n/")),
        ("chinese/x/a.fr.md", "", ("zh-CN", "cn", "x/a.md", "c%20n/")),
        ("fr/a.md", "", ("", "", "fr/a.md", "")),
        ("a.fr.md", "en", ("fr", "fr", "a.md", "fr/")),
        ("a.md", "zh_cn", ("zh-CN", "cn", "a.md", "c%20n/")),
        ("a.md", "CN", ("zh-CN", "cn", "a.md", "c%20n/")),
        ("a.md", "en-US", ("", "", "a.md", "")),
        ("a.md", "de_AT", ("de-AT", "de_at", "a.md", "")),
        ("a.md", "français", ("", "", "a.md", "")),
        (".fr.md", "", ("fr", "fr", ".md", "fr/")),
    ],
)
def test_folder_name_and_front_matter(path: str, lang: str, expected: tuple[str, ...]) -> None:
    assert language(path, lang) == expected


def test_elsewhere_the_name_stays_in_the_address() -> None:
    assert language("a.fr.md", dialect="hexo") == ("fr", "fr", "a.fr.md", "fr/")


def test_a_folder_named_like_a_language_tells_it_where_folders_are_no_sections() -> None:
    assert language("_posts/fr/a.md", dialect="hexo") == ("fr", "fr", "_posts/fr/a.md", "fr/")


def test_on_a_site_of_one_language_only_front_matter_names_another() -> None:
    assert language("fr/a.fr.md", named=False) == ("", "", "fr/a.fr.md", "")
    assert language("a.md", "fr", named=False) == ("fr", "fr", "a.md", "")
    assert language("a.md", "en", named=False) == ("", "", "a.md", "")
    assert language("a.md", "français", named=False) == ("", "", "a.md", "")


@pytest.mark.parametrize(
    ("paths", "language"),
    [
        (["x/index.md", "x/index.fr.md"], "fr"),
        (["a.md", "a.zh-cn.md", "a.de.md"], "de"),
        (["notes.de.md", "a.v2.md"], ""),
        (["index.en.md"], ""),
    ],
)
def test_translations_that_nobody_named_are_told(paths: list[str], language: str) -> None:
    problem = unnamed(paths, reading(dialect="zola"))
    assert (problem.hint if problem else "") == (
        f"write [languages.{language}] into the settings" if language else ""
    )
    assert unnamed(paths, reading(dialect="hexo")) is None
    assert unnamed(paths, reading(dialect="zola", languages=NAMED)) is None
