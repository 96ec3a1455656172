"""The addresses of files of bundles in translations, as Hugo 0.168 serves them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from feedwright.generators.hugo_resources import resource
from feedwright.generators.template_syntax import Answer, Unserved

HOME = "https://example.org/"
MAIN = f"{HOME}posts/b/"


@dataclass
class _Page:
    """A page of a site whose files and values are these."""

    path: str
    files: frozenset[str]
    values: dict[str, str] = field(default_factory=dict)
    articles: dict[str, str] = field(default_factory=dict)
    link: str = f"{HOME}fr/posts/b/"
    language: str = "fr"
    title = site_title = ""
    site_url: str = HOME
    fields: Mapping[str, str] = field(default_factory=dict)

    def article(self, *names: str, written: str) -> Answer | None:
        return next((Answer(self.articles[name]) for name in names if name in self.articles), None)

    def file(self, *paths: str) -> str | None:
        return next((path for path in paths if path in self.files), None)

    def is_served(self, address: str) -> bool:
        raise NotImplementedError

    def site_value(self, name: str) -> str | None:
        return self.values.get(name)

    def include(self, name: str) -> str | None:
        raise NotImplementedError


BY_NAME = {"posts/b/index.md", "posts/b/a.png", "posts/b/é b.png", "posts/b/c.fr.png", "posts/b/s/d.png"}
FOLDERS = {"languages.en.contentDir": "content/en", "languages.fr.contentDir": "content/fr"}
BY_FOLDER = {"en/posts/b/index.md", "en/posts/b/a.png", "fr/posts/b/c.png"}


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("a.png", f"{MAIN}a.png"),
        ("./a.png?x#y", f"{MAIN}a.png?x#y"),
        ("é b.png", f"{MAIN}%C3%A9%20b.png"),
        ("s/d.png", f"{MAIN}s/d.png"),
        ("c.png", f"{HOME}fr/posts/b/c.fr.png"),
        ("c.fr.png", None),
        *(
            (other, None)
            for other in ("no.png", "../b.png", "/a.png", "https://e.org/a.png", "#a", "mailto:a@b.org", "")
        ),
    ],
)
def test_files_of_translations_by_name(address: str, expected: str | None) -> None:
    page = _Page("posts/b/index.fr.md", frozenset(BY_NAME), articles={"posts/b/index.md": MAIN})
    assert resource(address, page) == expected


@pytest.mark.parametrize(
    ("address", "expected"), [("a.png", f"{MAIN}a.png"), ("c.png", None), ("no.png", None)]
)
@pytest.mark.parametrize("table", ["languages.", ""])
def test_files_of_translations_by_folder(address: str, expected: str | None, table: str) -> None:
    values = {key.replace("languages.", table): folder for key, folder in FOLDERS.items()}
    page = _Page("fr/posts/b/index.md", frozenset(BY_FOLDER), values, articles={"en/posts/b/index.md": MAIN})
    assert resource(address, page) == expected


def test_a_file_without_a_page_in_the_main_language_is_nowhere() -> None:
    page = _Page("posts/b/index.fr.md", frozenset({"posts/b/a.png"}))
    assert isinstance(resource("a.png", page), Unserved)
    values = {"defaultContentLanguage": "de"}
    page = _Page("posts/b/index.fr.md", frozenset(BY_NAME | {"posts/b/index.de.md"}), values)
    assert isinstance(resource("a.png", page), Unserved)
    page.articles = {"posts/b/index.de.md": MAIN}
    page.files -= {"posts/b/index.md"}
    assert resource("a.png", page) == f"{MAIN}a.png"


def test_files_are_beside_their_page_where_they_are_copied_and_where_there_is_no_bundle() -> None:
    values = {"markup.goldmark.duplicateResourceFiles": "true"}
    assert resource("a.png", _Page("posts/b/index.fr.md", frozenset(BY_NAME), values)) is None
    assert resource("a.png", _Page("posts/b/other.fr.md", frozenset(BY_NAME))) is None
    assert resource("a.png", _Page("posts/b/index.md", frozenset(BY_NAME))) is None
