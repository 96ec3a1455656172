"""Where Hugo serves the files of a bundle in a translation (gohugo.io/content-management/page-resources).

A file that has no language of its own is the main language's, and published once, beside the page in that
language; others refer to it there. `duplicateResourceFiles` publishes it beside each of them.
"""

from __future__ import annotations

from feedwright.generators.internal_links import beside, split_address
from feedwright.generators.template_syntax import Page, Unserved
from feedwright.generators.url_paths import encode_path

_DUPLICATED = "markup.goldmark.duplicateResourceFiles"


def resource(address: str, page: Page) -> str | Unserved | None:
    """Return the address of a file that an article in another language names; None if it is beside its page.

    It is the file with the language in its name, else that of the page in the main language. A file of a
    bundle that has no such page is not published.
    """
    path, rest = split_address(address)
    folder, _, name = page.path.rpartition("/")
    if not path or path.startswith("/") or ":" in path or not (folder and name.startswith("index.")):
        return None
    target = beside(path, page.path)
    if not target.startswith(f"{folder}/"):
        return None
    if page.site_value(_DUPLICATED) == "true":
        return None
    main = page.site_value("defaultContentLanguage") or "en"
    _, *language, suffix = name.split(".")
    if language:
        if target.rpartition(".")[0].endswith(f".{language[0]}"):
            return None
        own = _in_language(target, language[0])
        if page.file(own):
            return f"{page.link}{encode_path(own.removeprefix(f'{folder}/'))}{rest}"
        return _beside_main(target, folder, (f"index.{suffix}", f"index.{main}.{suffix}"), page, rest)
    top, _, below = folder.partition("/")
    main_top = _folder(main, page)
    if not main_top or main_top == top or page.file(target):
        return None
    target = f"{main_top}/{target.removeprefix(f'{top}/')}"
    return _beside_main(target, f"{main_top}/{below}", (name,), page, rest)


def _in_language(path: str, language: str) -> str:
    stem, dot, suffix = path.rpartition(".")
    return f"{stem}.{language}{dot}{suffix}"


def _folder(language: str, page: Page) -> str:
    """Return the name of the folder with the articles in a language, "" where it has none of its own."""
    tables = (f"{table}{language}" for table in ("languages.", ""))
    given = (page.site_value(f"{table}.contentDir") for table in tables)
    return next(filter(None, given), "").rstrip("/").rpartition("/")[2]


def _beside_main(
    target: str, folder: str, names: tuple[str, ...], page: Page, rest: str
) -> str | Unserved | None:
    """Return the address of a file beside the page in the main language, None where there is no file."""
    if not page.file(target):
        return None
    bundle = page.file(*(f"{folder}/{name}" for name in names))
    article = page.article(bundle, written=bundle) if bundle else None
    if article is None:
        name = f"picture.{page.language.lower()}.png"
        reason = "it is beside the page in the main language only, which is missing"
        return Unserved(reason, f"name it as {name}")
    return article.value.rstrip("/") + "/" + encode_path(target.removeprefix(f"{folder}/")) + rest
