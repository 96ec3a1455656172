"""Template tags in a body become what their rules give: text, or HTML that no Markdown is looked for in.

HTML waits behind a comment while the body is read as Markdown, and takes its place in the end.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import quote

from msgspec import Struct, field

from feedwright import urls
from feedwright.bodies import limits, policy
from feedwright.bodies.templates.references import MOST_TOLD, ArticlePage
from feedwright.bodies.templates.scanner import Tag, tags
from feedwright.generators.tags.expressions import evaluate, host_of
from feedwright.generators.template_syntax import BODY, Call, Html, Part, Rule, Source, TemplateSyntax, Text
from feedwright.patterns import lazy_pattern
from feedwright.text import visible

_ARGUMENT = lazy_pattern(
    r"(?:([\w-]+)\s*+=\s*+)?+(?:\"((?:[^\"\\]|\\.)*+)\"|'((?:[^'\\]|\\.)*+)'|`([^`]*+)`"
    r"|([^\s,\"'`=]++[^\s,\"'`]*+))"
)
_IN_ADDRESS = lazy_pattern(
    r"(?:\]\(<?|^[ \t]*+\[[^\[\]\n]+\]:[ \t]*+<?"
    r"|\b(?:href|src|srcset|poster|cite|content|data(?:-[a-z]+)?)[ \t]*+=[ \t]*+[\"']?)([^\s\"'<>()]*)\Z",
    re.MULTILINE,
)
_STAYS_IN_ADDRESS = lazy_pattern(r"[^\s\"'<>()]*")
_LINE_START = lazy_pattern(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?")
_PLACE = lazy_pattern(r"\u2060?(<|&lt;)!--feedwright-(\d+)--(?:>|&gt;)")
_LOST = "feedwright-unknown"
_LOST_ADDRESS = lazy_pattern(
    rf"[ \t\n][a-zA-Z-]+\s*+=\s*+(?:\"[^\"<>]*{_LOST}[^\"<>]*\"|'[^'<>]*{_LOST}[^'<>]*')"
)
_FIRST_TAG = lazy_pattern(r"\s*+</?([a-z0-9]++)", re.IGNORECASE)
_BLOCKS = policy.BLOCKS | policy.PLAYERS | {"iframe"}
_LOOK_BACK = 100
_DEEPEST = 8
_SAFE = "!#$%&'()*+,/:;=?@[]~"


class Expansion(Struct, kw_only=True):
    """A body without tags; what is HTML waits in `html` for `fill`.

    `says_nothing` tells that there was nothing but tags that are not known. `unknown` are those, each as it
    is named in messages, with what stands there; `lost` are those in addresses.
    """

    text: str
    html: list[str] = field(default_factory=list)
    says_nothing: bool = False
    unknown: dict[str, str] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)

    def fill(self, html: str) -> str:
        """Return the HTML that was made of the text with each part at its place."""
        if _LOST in html:
            html = _LOST_ADDRESS.sub("", html).replace(_LOST, "")
        if not self.html:
            return html
        parts: dict[int, str] = dict(enumerate(self.html))

        def part(place: re.Match[str]) -> str:
            found = parts.pop(int(place[2][:9]), "")  # once: a body may have the same comment many times
            return found if place[1] == "<" else escape(found, quote=False)

        return _PLACE.sub(part, html)


def expand(
    text: str, syntax: TemplateSyntax, page: ArticlePage, own: Mapping[str, Rule], *, longest: int
) -> Expansion:
    """Return a body without its tags; `own` are the rules of the site, by the names of tags.

    Raises `limits.RefusedError` where the text would become longer than `longest` characters, or than a body
    may grow: an include that stands there many times costs what it gives.
    """
    if not any(mark in text for mark in (*syntax.marks, *syntax.escapes)):
        return Expansion(text=text)
    writer = _Writer(syntax, page, own, min(longest, limits.most_of(len(text))))
    writer.write(text, 0)
    body = "".join(writer.out)
    return Expansion(
        text=body,
        html=writer.html,
        says_nothing=bool(writer.unknown) and not writer.says_something,
        unknown=writer.unknown,
        lost=writer.lost,
    )


class _Writer:
    """The text that was written so far, and the HTML that waits."""

    def __init__(
        self, syntax: TemplateSyntax, page: ArticlePage, own: Mapping[str, Rule], longest: int
    ) -> None:
        self.longest = longest
        self.size = 0
        self.syntax = syntax
        self.page = page
        self.own = own
        self.out: list[str] = []
        self.html: list[str] = []
        self.unknown: dict[str, str] = {}
        self.lost: dict[str, str] = {}
        self.says_something = False

    def write(self, text: str, depth: int) -> None:
        """Write a text, with what its tags give in their place."""
        every = [*tags(text, self.syntax)]
        partners = _partners(every, self.syntax)
        after: dict[int, Sequence[Part]] = {}
        position, address = 0, None
        for number, tag in enumerate(every):
            if tag.start < position:
                continue
            gap = text[position : tag.start]
            address = _address_before(gap, address)
            self._literal(gap)
            position = tag.end
            if number in after:
                self._put(after.pop(number), text, tag, depth)
                continue
            end = partners.get(number)
            parts = self._known(text, tag, every[end] if end is not None else None, address)
            if parts is None:
                is_loop = end is not None and tag.name in self.syntax.loops
                position = every[end].end if end is not None and is_loop else position
                continue
            body = next((at for at, part in enumerate(parts) if part is BODY), None)
            if end is not None and body is None:
                position = every[end].end
            elif end is not None and body is not None:
                after[end] = parts[body + 1 :]
            if address is None:
                self._put(parts[:body], text, tag, depth)
            else:
                address += self._put_address(parts[:body], address)
        self._literal(text[position:])

    def _literal(self, text: str) -> None:
        self._add(text)
        self.says_something = self.says_something or (not text.isspace() and text != "")

    def _add(self, text: str) -> None:
        self._count(text)
        self.out.append(text)

    def _count(self, text: str) -> None:
        self.size += len(text)
        if self.size > self.longest:
            message = f"what its templates give makes the body longer than {self.longest:,} characters"
            raise limits.RefusedError("HTML004", message, "make several articles of it")

    def _known(self, text: str, tag: Tag, end: Tag | None, address: str | None) -> Sequence[Part] | None:
        """What a tag gives; None where nobody knows, and then it is left out."""
        missing = self.page.missing
        parts = self._parts(text, tag, end)
        if parts is None:
            is_told = self.page.missing > missing
            self._leave_out(text, tag, in_address=address is not None, is_told=is_told)
        return parts

    def _parts(self, text: str, tag: Tag, end: Tag | None) -> Sequence[Part] | None:
        """What a tag gives, None where nobody knows."""
        syntax = self.syntax
        if tag.mark in syntax.escapes:
            plain = tag.mark.replace("/*", "") + tag.arguments + syntax.escapes[tag.mark].replace("*/", "")
            return [Text(plain)]
        if tag.closing:
            return None if syntax.keeps_unknown else []
        if tag.name in syntax.raw:
            return [Text(text[tag.end : end.start])] if end else None if syntax.keeps_unknown else []
        if tag.mark == syntax.expression:
            inside = text[tag.start + len(tag.mark) : tag.end - len(syntax.marks[tag.mark])].strip("-~ \t\n")
            if syntax.calls and not tag.arguments.startswith("("):
                return [Text(text[tag.start : tag.end])]
            if not syntax.calls:
                return self._expression(inside)
        rule = self.own.get(tag.name) or syntax.tags.get(tag.name)
        return rule(self._call(text, tag, end)) if rule else None

    def _expression(self, inside: str) -> Sequence[Part] | None:
        page = self.page
        found = evaluate(
            inside,
            values=lambda name: self.syntax.values(name, page),
            filters=self.syntax.filters,
            site_url=page.site_url,
        )
        return None if found is None else [Text(found)]

    def _call(self, text: str, tag: Tag, end: Tag | None) -> Call:
        arguments = tag.arguments.removesuffix("/").strip()
        if self.syntax.calls:
            arguments = arguments.removeprefix("(").removesuffix(")")
        words, named = _arguments(arguments)
        return Call(
            name=tag.name,
            written=text[tag.start : tag.end],
            arguments=arguments,
            words=words,
            named=named,
            is_pair=end is not None,
            inside=lambda: text[tag.end : end.start] if end else "",
            page=self.page,
        )

    def _put(self, parts: Sequence[Part], text: str, tag: Tag, depth: int) -> None:
        for part in parts:
            self.says_something = self.says_something or part.text != ""
            if isinstance(part, Html):
                self._put_html(part.text, text, tag)
            elif isinstance(part, Source) and depth < _DEEPEST:
                self.write(part.text, depth + 1)
            else:
                self._add(part.text)

    def _put_address(self, parts: Sequence[Part], before: str) -> str:
        """Write what a tag gives in an address after what it has already, and return that."""
        if any(isinstance(part, Html) for part in parts):  # no address can hold it
            written = _LOST
        else:
            written = _rest("".join(part.text for part in parts), before, self.page.site_url)
        self._add(quote(written, safe=_SAFE))
        self.says_something = True
        return written

    def _put_html(self, html: str, text: str, tag: Tag) -> None:
        place = f"<!--feedwright-{len(self.html)}-->"
        self._count(html)
        self.html.append(html)
        first = _FIRST_TAG.match(html)
        if first is None or first[1].lower() not in _BLOCKS:
            self.out.append(f"\u2060{place}")  # so that no line begins with a comment, which would end it
            return
        before = text[max(0, tag.start - _LOOK_BACK) : tag.start].rpartition("\n")[2]
        match = _LINE_START.match(before)
        beginning = match[0] if match else ""
        indent = re.sub(r"[^\s>]", " ", beginning)
        is_first = beginning == before or not self.out or self.out[-1].endswith("\n")
        is_last = text.startswith("\n", tag.end) or tag.end == len(text)
        self.out += ["" if is_first else f"\n{indent}", place, "" if is_last else f"\n{indent}"]

    def _leave_out(self, text: str, tag: Tag, *, in_address: bool, is_told: bool) -> None:
        """Leave out a tag that gives nothing, or leave it as it is; tell its name unless that was done."""
        written = text[tag.start : tag.end]
        if self.syntax.keeps_unknown:
            self.out.append(written)
        elif in_address:
            self.out.append(_LOST)
        if is_told or (tag.closing and self.syntax.keeps_unknown):
            return
        name = f"{tag.mark} {tag.name or tag.arguments} {self.syntax.marks[tag.mark]}"
        if tag.mark == self.syntax.expression and not self.syntax.calls:
            name = " ".join(written.split())
        names = self.lost if in_address and not self.syntax.keeps_unknown else self.unknown
        if len(names) < MOST_TOLD:
            names.setdefault(visible(name[:80]), written)


def _partners(every: Sequence[Tag], syntax: TemplateSyntax) -> dict[int, int]:
    """Return which tag ends each pair, by the numbers of both."""
    partners: dict[int, int] = {}
    ends: dict[str, list[int]] = {}
    for number in range(len(every) - 1, -1, -1):
        tag = every[number]
        if tag.mark in syntax.escapes or (tag.mark == syntax.expression and not tag.closing):
            continue
        name = "" if syntax.calls else tag.name
        if tag.closing:
            ends.setdefault(name, []).append(number)
        elif not tag.arguments.endswith("/") and ends.get(name):
            partners[number] = ends[name].pop()
    return partners


def _address_before(gap: str, address: str | None) -> str | None:
    """Return what the address has in which a tag stands, None where it stands in none.

    `gap` is the text before the tag, `address` what that of the tag before has.
    """
    if address is not None and _STAYS_IN_ADDRESS.fullmatch(gap):
        return (address + gap)[: urls.LONGEST]
    match = _IN_ADDRESS.search(gap[-_LOOK_BACK:])
    return match[1] if match else None


def _rest(value: str, before: str, site_url: str) -> str:
    """Return what an address of the site adds to the beginning that it has, such as `site.baseurl`."""
    if before and value.startswith(site_url):
        for whole in (value, value.removeprefix(host_of(site_url))):
            if whole.startswith(before):
                return whole[len(before) :]
    return value


def _arguments(text: str) -> tuple[list[str], dict[str, str]]:
    words: list[str] = []
    named: dict[str, str] = {}
    for match in _ARGUMENT.finditer(text):
        value = next((group for group in match.groups()[1:] if group is not None), "")
        if match[2] is not None or match[3] is not None:
            value = re.sub(r"\\(.)", r"\1", value)
        if match[1]:
            named[match[1]] = value
        else:
            words.append(value)
    return words, named
