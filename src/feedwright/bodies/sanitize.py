"""From an article's body to safe HTML: the steps, two passes and a look; door to bleach and nh3.

A body goes through `STEPS` as one tree, then through bleach, then through nh3, under one policy, and is read
once more by a third parser: unless that finds the very tree that went in, all is done again. Nothing changes
the HTML after the last pass, except that a character XML forbids becomes U+FFFD.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Literal

from msgspec import Struct

from feedwright import text
from feedwright.bodies import (
    attributes,
    elements,
    fallbacks,
    footnotes,
    frames,
    heading_anchors,
    lazy_images,
    limits,
    line_numbers,
    math,
    media,
    policy,
    stand_ins,
)
from feedwright.bodies.html_tree import Tree, before_mark
from feedwright.bodies.tag_forms import TagForms
from feedwright.model import Picture, SafeHtml
from feedwright.patterns import lazy_pattern
from feedwright.problems import Problem

Engine = Literal["bleach", "nh3"]

STEPS: tuple[Callable[[Tree], None], ...] = (
    lazy_images.load,
    math.write,
    frames.link,
    fallbacks.show,
    stand_ins.write,
    elements.remove_unknown,
    line_numbers.remove,
    heading_anchors.remove,
    footnotes.link,
    attributes.clean,
    elements.trim_preformatted,
    media.settle,
)
"""Repairs on the parsed body, in order. They leave it in the form that the passes do not change."""

_ROUNDS = 5
_CHARACTERS = 5 * 2**20
_CDATA = lazy_pattern(r"\s*<!\[CDATA\[(.*)\]\]>\s*", re.DOTALL)
"""A body that is one CDATA section, as exports from feeds are."""

_DOCUMENT = ("<!doctype", "<html", "<head>", "<body")


class Body(Struct, frozen=True, kw_only=True):
    """An article's body, clean: HTML, its visible text on one line, its pictures.

    `prose` is that text without headings, code and tables; `excerpt` is the prose before a mark. `unseen` is
    the number of letters and digits that no page shows, or that it shows twice.
    """

    content: SafeHtml
    text: str
    prose: str
    excerpt: str | None
    unseen: int
    pictures: tuple[Picture, ...]
    problems: tuple[Problem, ...]


def clean(
    html: str, *, base: str, file: str, line: int = 0, engine: Engine = "bleach", longest: int = _CHARACTERS
) -> Body:
    """Sanitize a body that stands on the page `base` and begins on `line` of `file` (0: unknown).

    Raises `HeldError`: HTML001 where the parsers do not agree on the outcome, HTML002 nested more than 512
    deep, HTML003 more than 256 attributes on one tag, HTML004 more than `longest` characters. Not for
    threads.
    """
    with limits.holding(file, line):
        limits.check_length(html, longest)
        source = text.scrub(html)
        cdata = _CDATA.fullmatch(source)
        inside = cdata[1] if cdata else source
        limits.check(inside)
        repaired, tree = repair(inside, base)
        problems = list(_warnings(html, source, tree, file, line))
        unseen, decorations = tree.unseen, tree.decorations
        del tree  # what follows needs its memory
        marked = excerpt(inside, base)
        content, tree = _wash(repaired, base, engine)
    pictures = media.pictures(tree, decorations)
    visible, prose = tree.texts()
    if not visible and not pictures and tree.tags.isdisjoint(policy.PLAYERS):
        hint = "write a text, or leave it out until it has one: draft: true"
        problems.append(Problem.warning("HTML007", "the body is empty", file, line, hint=hint))
    if not content.strip():
        content = SafeHtml("")
    return Body(
        content=content,
        text=visible,
        prose=prose or visible,
        excerpt=marked,
        unseen=unseen,
        pictures=pictures,
        problems=tuple(problems),
    )


def repair(source: str, base: str) -> tuple[str, Tree]:
    """Take a body on the page `base` through the steps; return its HTML and the tree.

    `source` has no character that XML forbids. Raises `limits.RefusedError`.
    """
    tree = Tree(source, base=base)
    limits.check_tree(source, tree)
    _take_steps(tree)
    return tree.scrub(tree.html) if "&#" in source else tree.html, tree


def _take_steps(tree: Tree) -> None:
    for step in STEPS:
        step(tree)


def excerpt(source: str, base: str) -> str | None:
    """Return the visible text before a mark, None without one; nothing is said that the body does not say."""
    tree = before_mark(source, base=base)
    if tree is None:
        return None
    _take_steps(tree)
    visible, prose = tree.texts()
    return prose or visible or None


def _wash(repaired: str, base: str, engine: Engine) -> tuple[SafeHtml, Tree]:
    """Sanitize until the last parser finds the tree that went in; misnested markup takes two rounds."""
    for _ in range(_ROUNDS):
        try:
            washed = _through_passes(repaired, engine)
        except RecursionError:
            raise limits.RefusedError("HTML002", "elements are nested too deep") from None
        # what `repair` makes has none of them, and a pass only brings one in where it goes wrong
        content = washed if washed == repaired else text.FORBIDDEN.sub("\ufffd", washed)
        tree = Tree(content)
        stranger = look(tree)
        if tree.html == repaired and not stranger:
            return SafeHtml(content), tree
        repaired = repair(content, base)[0]
    reason = f"{stranger} stays" if stranger else "the parsers do not agree on its structure"
    raise limits.RefusedError("HTML001", f"the HTML does not come out clean: {reason}")


def look(tree: Tree) -> str:
    """Return the first element or attribute that the policy does not permit, "" where there is none."""
    for node, tag in tree.nodes:
        if tag not in policy.ELEMENTS:
            return f"<{tag}>"
        for name, value in node.attributes.items():
            if not policy.permits(tag, name, value or ""):
                return f"<{tag} {name}>"
    return ""


def recheck(html: str) -> SafeHtml | None:
    """Return HTML that is said to have gone through the passes, None unless it looks like that.

    For what comes from a file that anybody may have written: the third parser finds nothing, and writes it
    as it is, or else nh3 does, which always comes last.
    """
    tree = Tree(html)
    if not text.is_legal(html) or look(tree):
        return None
    return SafeHtml(html) if tree.html == html or nh3_pass()(html) == html else None


@cache
def bleach_pass() -> Callable[[str], str]:
    """Return bleach under the policy: values reach it with their references not yet decoded."""
    from html import unescape

    from bleach.sanitizer import Cleaner

    clean: Callable[[str], str] = Cleaner(
        tags=policy.ELEMENTS,
        attributes=lambda tag, name, value: policy.permits(tag, name, unescape(value)),
        protocols=policy.SCHEMES,
        strip=True,
        strip_comments=True,
    ).clean
    return clean


@cache
def nh3_pass() -> Callable[[str], str]:
    """Return nh3 under the policy; it sets `rel` itself and so must not be told to let it pass."""
    import nh3

    return nh3.Cleaner(
        tags=set(policy.ELEMENTS),
        clean_content_tags={"script", "style"},
        attributes={tag: names - {"rel"} for tag, names in policy.ATTRIBUTES.items()},
        attribute_filter=lambda tag, name, value: value if policy.permits(tag, name, value) else None,
        strip_comments=True,
        link_rel=policy.REL,
        url_schemes=set(policy.SCHEMES),
    ).clean


PASSES = {"bleach": (bleach_pass, nh3_pass), "nh3": (nh3_pass,)}
"""What makes the passes of each engine, in order."""


@cache
def tag_forms() -> TagForms:
    """Return what bleach has said of the forms of tags; it is imported when it is first asked."""
    return TagForms(lambda html: bleach_pass()(html))


def _through_passes(html: str, engine: Engine) -> str:
    """Take HTML through the passes; where nh3 changes nothing, bleach need not read what it would keep."""
    if engine == "bleach" and nh3_pass()(html) == html and tag_forms().keeps(html):
        return html
    for make_pass in PASSES[engine]:
        html = make_pass()(html)
    return html


def _warnings(html: str, source: str, tree: Tree, file: str, line: int) -> Iterator[Problem]:
    """Report what was repaired."""
    warning = partial(Problem.warning, file=file, line=line)
    if count := len(html) - len(source):
        start = next(text.FORBIDDEN.finditer(html)).start()
        row = line + html.count("\n", 0, start) if line else 0
        column = start - html.rfind("\n", 0, start) if line else 0
        yield warning("XML001", f"characters that XML forbids removed: {count}", line=row, column=column)
    if html.lstrip()[:9].lower().startswith(_DOCUMENT):
        hint = "keep only what <body> holds"
        yield warning("HTML009", "a whole HTML document; its body is used", hint=hint)
    if tree.promoted:
        yield warning("HTML006", f"lazily loaded pictures given their source: {tree.promoted}")
    if tree.references:
        yield warning("HTML014", f"references to characters that XML forbids removed: {tree.references}")
    if dropped := +tree.dropped:
        shown = ", ".join(f"<{tag}> ({number})" for tag, number in sorted(dropped.items()))
        hint = "put a picture, a text or a link in its place; <title> in a drawing is shown"
        yield warning("HTML015", f"left out, since no feed can carry it: {shown}", hint=hint)
    if tree.refused:
        shown = ", ".join(text.visible(url[:80]) for url in tree.refused[:3])
        *schemes, last = sorted(policy.SCHEMES)
        hint = f"only {', '.join(schemes)} and {last} URLs are published"
        yield warning("HTML010", f"URLs dropped ({len(tree.refused)}): {shown}", hint=hint)
