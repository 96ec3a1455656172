"""Markdown as Pelican has it, by Python-Markdown itself; the one door to it."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from typing import Any

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor

from feedwright.bodies.markdown.bounds import check_blocks, check_tags

_FORMULA = (
    r"(\$\$[^$\x02]{1,10000}+\$\$|\\\([^\x02]{1,2000}?\\\)|\\\[[^\x02]{1,10000}?\\\]"
    r"|\$(?=\S)(?:\\[^\x02]|[^$\\\x02]){1,2000}+(?<=\S)\$(?!\d))"
)
"""A formula, unless there is code in it: that is set aside before, and U+0002 stands for it."""

_CONFIGURATION = {"codehilite": {"css_class": "highlight", "use_pygments": False}}
_NOT_OURS = frozenset({"math", "meta"})
"""Features that are no extensions: what `meta` reads was taken off with the front matter."""


def render(body: str, features: frozenset[str]) -> str:
    """Return the HTML of a body with these extensions. Raises RecursionError for what is nested too deep."""
    converter = _converter(features)
    converter.reset()
    return converter.convert(body) + "\n"


@cache
def _converter(features: frozenset[str]) -> Markdown:
    extensions: list[str | Extension] = [*sorted(features - _NOT_OURS)]
    extensions += [_Math()] if "math" in features else []
    extensions += [_WithoutContents()] if "toc" in features else []
    configuration = {name: row for name, row in _CONFIGURATION.items() if name in features}
    extensions.append(_Limits())
    return Markdown(extensions=extensions, extension_configs=configuration)


class _Limits(Extension):
    """What would take long is refused: tags after code was taken out, blocks after HTML was too."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        md.preprocessors.register(_CheckTags(md), "tags", 22)
        md.preprocessors.register(_CheckBlocks(md), "blocks", 1)


class _CheckTags(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        check_tags(lines)
        return lines


class _CheckBlocks(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        check_blocks(lines)
        return lines


class _Math(Extension):
    """TeX between marks stays as it is written."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        md.inlinePatterns.register(_Formula(_FORMULA, md), "math", 186)


class _Formula(InlineProcessor):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # type: ignore[override]  # noqa: N802
        return self.md.htmlStash.store(escape(m[0], quote=False)), m.start(0), m.end(0)


class _WithoutContents(Extension):
    """The table of contents of a page is in no feed."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        md.parser.blockprocessors.register(_Contents(md.parser), "contents", 200)


class _Contents(BlockProcessor):
    def test(self, parent: Any, block: str) -> bool:
        return block.strip() == "[TOC]"

    def run(self, parent: Any, blocks: list[str]) -> None:
        blocks.pop(0)
