"""The language of an article: by its folder, by its name, as in `post.fr.md`, or by its front matter.

Folders and names tell only the languages that the settings name: on a site of one language nothing is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

from msgspec import Struct

from feedwright.articles.field_reader import FieldReader, ReadOptions
from feedwright.generators.table import FOLDERS, GENERATORS
from feedwright.patterns import lazy_pattern
from feedwright.problems import Problem
from feedwright.site import EVERY_LANGUAGE, LanguageSettings
from feedwright.text import are_alike, language_tag

_TRANSLATION = lazy_pattern(r"(.+)\.([a-z]{2}(?:-[a-z]{2,4})?)(\.[a-z]+)")


class Language(Struct, frozen=True, kw_only=True):
    """The language of an article, and what it means for the address of its page.

    `tag` and `name`, which is the one in addresses, are "" for the site's main language. `path` is the
    article's without the marks of its language, where the generator has addresses without them; `prefix` is
    the folder of all pages in that language, "" or with a slash at its end.
    """

    tag: str = ""
    name: str = ""
    path: str
    prefix: str = ""


def find_language(reader: FieldReader) -> Language:
    """Return the language of an article: by its folder, else by its name, else by its front matter."""
    options, at = reader.options, reader.get("language")
    if not options.languages and at is None:  # as on most sites
        return Language(path=reader.path)
    rows = {name: row for name, row in options.languages.items() if name != EVERY_LANGUAGE}
    translates = GENERATORS[options.dialect].translates
    name, path = _by_folder(reader.path, rows, by_name=not translates)
    suffix, bare = _by_suffix(path, rows)
    if suffix and translates:
        path = bare
    written = at.value.strip() if at and isinstance(at.value, str) else ""
    tag = language_tag(written.replace("_", "-"))
    if at and written and not tag and options.languages:
        reader.warn(at, "LANG001", f"{at.key} is not a language tag", f"{at.key}: fr")
    name = name or suffix or _declared(written, tag, rows)
    tag = rows[name].tag or "" if name else tag
    main = next((name for name, row in rows.items() if row.tag == options.language), "")
    folder = rows[name or main].path if rows else ""
    prefix = f"{quote(folder.strip('/'))}/" if folder else ""
    if not tag or (tag == options.language if name else are_alike(tag, options.language)):
        return Language(path=path, prefix=prefix)
    return Language(tag=tag, name=name or written.lower(), path=path, prefix=prefix)


def unnamed(paths: Sequence[str], options: ReadOptions) -> Problem | None:
    """Return a warning if files look like translations into languages that no setting names.

    They are `index.fr.md`, or `post.fr.md` beside `post.md`.
    """
    if options.languages or not GENERATORS[options.dialect].translates:
        return None
    known = frozenset(paths)
    matches = [(path, match) for path in paths if (match := _TRANSLATION.fullmatch(path))]
    found = {m[2]: path for path, m in reversed(matches) if m[1].endswith("/index") or m[1] + m[3] in known}
    if not found:
        return None
    name, path = min(found.items())
    message = f"it looks like a translation, but no setting names its language, {name}"
    return Problem.warning("LANG002", message, path, hint=f"write [languages.{name}] into the settings")


def _by_folder(path: str, rows: Mapping[str, LanguageSettings], *, by_name: bool) -> tuple[str, str]:
    """Return the language whose folder holds a path, "" if none does, and the path as addresses have it.

    A folder that no setting names, but that has the name of a language, counts `by_name`.
    """
    for name, row in rows.items():
        folder = (row.folder or "").strip("/") + "/"
        if row.folder and path.startswith(folder):
            return name, path.removeprefix(folder)
    if not by_name:
        return "", path
    folders = (part.lower() for part in path.split("/")[:-1] if part not in FOLDERS)
    first = next(folders, "")
    return _among(first, (name for name, row in rows.items() if row.folder is None)), path


def _by_suffix(path: str, rows: Mapping[str, LanguageSettings]) -> tuple[str, str]:
    """Return the language that the name of a file ends in, as `post.fr.md`, and the path without it."""
    bare, dot, suffix = path.rpartition(".")
    stem, mark, language = bare.rpartition(".")
    name = _among(language.lower(), rows) if mark else ""
    return (name, stem + dot + suffix) if name else ("", path)


def _declared(written: str, tag: str, rows: Mapping[str, LanguageSettings]) -> str:
    """Return the language that has a name or a tag, "" where none has it."""
    by_tag = (name for name, row in rows.items() if tag and row.tag == tag)
    return _among(written.lower(), rows) or next(by_tag, "")


def _among(word: str, names: Iterable[str]) -> str:
    return next((name for name in names if name.lower() == word), "") if word else ""
