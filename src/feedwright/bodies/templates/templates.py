"""What the templates of a site's generator mean in one article: in its body, its summary, its picture."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from feedwright.bodies.templates import internal_links, scanner
from feedwright.bodies.templates.expansion import Expansion, expand
from feedwright.bodies.templates.references import ArticlePage, OwnAnswers, hash_of, place_of
from feedwright.bodies.templates.scanner import Lock
from feedwright.generators.table import GENERATORS
from feedwright.generators.tags import unknown_site
from feedwright.generators.template_syntax import BODY, Answer, Call, Html, Part, Rule, Text
from feedwright.media_types import RESTRUCTURED_TEXT
from feedwright.model import ArticleSource, Picture, replace
from feedwright.patterns import lazy_pattern
from feedwright.problems import HeldError, Problem
from feedwright.text import fold_space, visible

if TYPE_CHECKING:
    from feedwright.bodies.options import BodyOptions

_FIELD = lazy_pattern(r"\{([\w-]*)\}")


class Templates:
    """The templates in one article, and what is found out about them."""

    def __init__(self, source: ArticleSource, options: BodyOptions, answers: Mapping[str, Answer]) -> None:
        """`answers` are those to the questions that the article has asked before."""
        self.page = ArticlePage(
            source,
            site_url=options.site_url,
            site_title=options.site_title,
            own=OwnAnswers(options.content, options.values),
            answers=answers,
        )
        self._longest = options.longest
        self._source = source
        self._generator = GENERATORS[options.dialect]
        self._syntax = self._generator.templates if options.is_known else unknown_site.TEMPLATES
        self._own = rules_of(tuple(options.tags.items()))
        self._is_known = options.is_known
        self._locks: list[Lock] = []
        self._unknown: dict[str, str] = {}
        self._lost: dict[str, str] = {}
        switches = self._generator.templates.switches.items()
        self._is_off = any(source.fields.get(key, "").lower() == value for key, value in switches)

    def check_answers(self) -> None:
        """Raise `UnansweredError` where something was asked that is not known."""
        self.page.check_answers()

    @property
    def has_locks(self) -> bool:
        """Whether a part of the body is shown to some only."""
        return bool(self._locks)

    def uncovered(self, body: str) -> str:
        """Return the body without comments and without the parts that only some may see."""
        if self._is_off or "{" not in body:
            return body
        text, self._locks = scanner.without_comments(body, self._generator)
        return text

    def expand(self, text: str) -> Expansion:
        """Return the body, which has no comments, without its tags."""
        is_plain = self._source.article.path.lower().endswith(RESTRUCTURED_TEXT)
        if self._is_off or is_plain or "{" not in text:
            return Expansion(text=text)
        return self._expand(text)

    def _expand(self, text: str) -> Expansion:
        expansion = expand(text, self._syntax, self.page, self._own, longest=self._longest)
        self._unknown = expansion.unknown | self._unknown
        self._lost = expansion.lost | self._lost
        return expansion

    def with_links(self, html: str) -> str:
        """Return the HTML with the addresses that name files of the site."""
        return internal_links.resolve(html, self._generator, self.page)

    def plain(self, text: str) -> str:
        """Return a line of text without its tags and comments."""
        if self._is_off or "{" not in text:
            return text
        expansion = self._expand(scanner.without_comments(text, self._generator)[0])
        return fold_space(expansion.fill(expansion.text))

    def picture(self) -> Picture | None:
        """Return the picture that the front matter names, None where its address cannot be told."""
        picture = self._source.article.picture
        if picture is None or not picture.src:
            return picture
        src = picture.src
        if "{" in src and not self._is_off:
            expansion = expand(src, self._generator.templates, self.page, self._own, longest=self._longest)
            if expansion.unknown or expansion.lost or expansion.html:
                message = f"the address {visible(src[:80])} leads nowhere and was left out"
                place, hint = (picture.line, picture.column), "write the address without a template"
                self.page.problems.append(
                    Problem.warning("LNK006", message, self.page.path, *place, field=picture.field, hint=hint)
                )
                return None
            src = expansion.text
        found = internal_links.resolve_address(src, self._generator, self.page)
        return None if found == "" else replace(picture, src=found or src)

    def nothing_left(self, expansion: Expansion) -> HeldError:
        """Return the error for a body that is nothing but tags that are not known."""
        name, written = next(iter(expansion.unknown.items()))
        place = place_of(written, self._source)
        message = f"the body has nothing but template tags that are not known: {name}"
        hint = "write a text or a link beside it, or say what becomes of the tag: " + _setting(name)
        return HeldError((Problem.error("TPL004", message, self.page.path, *place, hint=hint),))

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with templates, and what of them is left out."""
        yield from self._locked()
        for name, written in self._unknown.items():
            place = (self.page.path, *place_of(written, self._source))
            if self._syntax.keeps_unknown:
                hint = f"say what becomes of it: {_setting(name)}"
                whose = "hugo" if name.startswith("{{") else "jekyll"
                hint = hint if self._is_known else f'say whose it is, as dialect = "{whose}"; or {hint}'
                yield Problem.warning("TPL007", f"{name} is published as it is written", *place, hint=hint)
            elif not self._syntax.calls and name.startswith(self._syntax.expression or "\0"):
                hint = "write what it stands for"
                yield Problem.warning("TPL003", f"{name} is not known and was left out", *place, hint=hint)
            else:
                message = f"the tag {name} is not known and was left out"
                yield Problem.warning("TPL002", message, *place, hint=_setting(name))
        for name, written in self._lost.items():
            place = (self.page.path, *place_of(written, self._source))
            message = f"an address with {name} leads nowhere and was left out"
            yield Problem.warning("LNK006", message, *place, hint="write the address itself")
        yield from self.page.problems

    def _locked(self) -> Iterator[Problem]:
        """Tell which parts of a body are left out, since the site shows them to some only."""
        source = self._source
        for lock in self._locks:
            line = source.line + source.body.count("\n", 0, lock.start)
            column = lock.start - source.body.rfind("\n", 0, lock.start)
            message = f"the part between the tags `{lock.name}` is locked and was left out"
            hint = "nothing is to be done; what only some may read is in no feed"
            yield Problem.warning("TPL001", message, source.article.path, line, column, hint=hint)

    def asked(self) -> Iterator[tuple[str, str]]:
        """Yield what was asked, each with the hash of its answer."""
        return ((question, hash_of(target)) for question, target in self.page.answers())


def _setting(name: str) -> str:
    """The setting that decides about a tag, as an example."""
    bare = name.strip("{}%<> /")
    key = bare if re.fullmatch(r"[\w-]+", bare) else '"NAME"'
    return f'[tags] {key} = "drop", "keep" or "<p>{{0}}</p>"'


@lru_cache(8)
def rules_of(settings: tuple[tuple[str, str], ...]) -> Mapping[str, Rule]:
    """Return the rules that the setting `tags` gives, by name."""
    return {name: _rule(value) for name, value in settings}


def _rule(setting: str) -> Rule:
    if setting == "drop":
        return lambda call: []
    if setting == "keep":
        return lambda call: [BODY] if call.is_pair else [Text(call.written)]
    pieces = _FIELD.split(setting)

    def rule(call: Call) -> list[Part]:
        parts: list[Part] = []
        html = [pieces[0]]
        for name, text in zip(pieces[1::2], pieces[2::2], strict=True):
            if name == "body" and call.is_pair and not parts:
                parts = [Html("".join(html)), BODY]
                html = []
            elif name != "body":
                html.append(escape(_argument(name, call)))
            html.append(text)
        return [*parts, Html("".join(html))]

    return rule


def _argument(name: str, call: Call) -> str:
    if name == "arguments":
        return call.arguments
    return call.get(at=int(name)) if name.isdecimal() else call.get(name)
