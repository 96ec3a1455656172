"""How a file is kept out of all feeds: its author hid or locked it, or it is a page of the site.

When in doubt, nothing is published: a key that could hide does, unless its value plainly says otherwise, and
a key of another generator hides too, which is told.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from feedwright.articles.field_reader import FieldReader
from feedwright.articles.front_matter.fields import Field
from feedwright.generators.generator import HidingRule
from feedwright.generators.table import GENERATORS, HIDING, HIDING_ELSEWHERE, PAGE_NAMES
from feedwright.model import Hiding
from feedwright.problems import Problem
from feedwright.text import some

_STRENGTH: tuple[Hiding, ...] = ("", "hidden", "page", "locked")


def pages_among(
    paths: Sequence[str], dialect: str, published: Container[str] = frozenset()
) -> frozenset[str]:
    """Return the files that are pages of the site by where they lie.

    They are all that is not in a folder of articles such as `_posts`, where a site has one. The first files
    in such a folder take none of the `published` out of the feeds, unless these are fewer. Else they are
    About, Not found and the like at the top of the content folder, and the generator's own folders of pages.
    """
    generator = GENERATORS[dialect]
    posts = sum(_is_below(path, (generator.posts,)) for path in paths) if generator.posts else 0
    if posts:
        others = frozenset(path for path in paths if not _is_below(path, generator.folders))
        known = {path for path in others if path in published}
        return others - known if len(known) > posts else others
    return frozenset(path for path in paths if _is_page_by_name(path, generator.pages))


def hiding(reader: FieldReader) -> tuple[Hiding, tuple[Problem, ...]]:
    """Return how a file that was read is kept out of all feeds, "" if it is not, and what is odd about it."""
    dialect, fields = reader.options.dialect, reader.parsed.hiding
    if not fields and not reader.undated:  # as of most articles
        return "", ()
    generator = GENERATORS[dialect]
    effects = {key: effect for key, field in fields.items() if (effect := _effect(HIDING[key], field))}
    if reader.undated and (generator.undated_pages or _is_bare(reader)):
        effects[""] = "page"
    if effects and _is_below(reader.path, generator.folders):
        effects = {key: effect for key, effect in effects.items() if effect != "page"}
    if not effects:
        return "", ()
    elsewhere = HIDING_ELSEWHERE[dialect]
    # nothing is odd where something else hides it here too
    odd = [_problem(reader.path, fields[key], dialect, elsewhere[key]) for key in effects if key in elsewhere]
    return max(effects.values(), key=_STRENGTH.index), tuple(odd) if len(odd) == len(effects) else ()


def _is_bare(reader: FieldReader) -> bool:
    """Tell whether a file without a date, which the generator dates by its file, has no title either."""
    options = reader.options
    if not (options.has_known_generator and GENERATORS[options.dialect].dates_of_files):
        return False
    is_misspelt = any(problem.code == "FM018" for problem in reader.problems)
    return reader.get("title") is None and not is_misspelt


def _effect(rule: HidingRule, field: Field) -> Hiding:
    value = field.value
    if isinstance(value, str):
        hides = (value.strip().lower() in rule.words) != rule.unless
    elif not rule.lists or not value:  # a list of parts to hide, as `hide: [toc]`, hides no article
        hides = False
    else:
        texts = {text.strip().lower() for text in value if isinstance(text, str)}
        hides = texts.isdisjoint(rule.words) == rule.unless
    return rule.hiding if hides else ""


def _is_below(path: str, folders: Iterable[str]) -> bool:
    return "/" in path and any(f"{folder}/" in path and folder in path.split("/")[:-1] for folder in folders)


def _is_page_by_name(path: str, pages: frozenset[str]) -> bool:
    """Tell whether it is About, Not found or the like: only at the top of the content folder is it one."""
    top, slash, rest = path.partition("/")
    if slash and (top in pages or rest.partition(".")[0] != "index"):
        return top in pages
    return top.partition(".")[0].lower() in PAGE_NAMES


def _problem(path: str, field: Field, dialect: str, generators: Sequence[str]) -> Problem:
    names = some([name.capitalize() for name in generators])
    message = f"left out: `{field.key}` hides articles in {names}, not in {dialect.capitalize()}"
    hint = f"to publish it, take out `{field.key}`; if this is a site of {names}, set `dialect`"
    return Problem.warning("FM022", message, path, field.line, field.column, field=field.key, hint=hint)
