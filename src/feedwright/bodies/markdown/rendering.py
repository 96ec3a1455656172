"""Markdown to HTML in the dialect of the site's generator; door to markdown_it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from feedwright.bodies.markdown.bounds import brackets_plugin
from feedwright.generators.markdown_dialect import MarkdownDialect, markdown_dialect

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

COMMONMARK = markdown_dialect("commonmark")

_DEEPEST = 600
"""Deeper text would vanish in silence: what nests so deep has more elements than `sanitize` accepts."""


def is_markdown(body: str) -> bool:
    """Tell whether the body of a `.md` file is Markdown.

    It is not where it is one closed HTML element with nothing but space and comments around it.
    """
    from feedwright.bodies import limits
    from feedwright.bodies.html_tree import Tree

    if not body.lstrip().startswith("<"):
        return True
    try:
        limits.check(body)
    except limits.RefusedError:  # what is made of it will be judged
        return True
    nodes = Tree(body + "<feedwright-end></feedwright-end>").body.iter(include_text=True, skip_empty=True)
    roots = [node for node in nodes if not node.is_comment_node]
    if len(roots) != 2 or roots[1].tag != "feedwright-end":
        return True
    name = roots[0].tag or ""
    return not (roots[0].is_element_node and name.replace("-", "").isalnum())


def render(body: str, dialect: MarkdownDialect = COMMONMARK) -> str:
    """Return the HTML of a Markdown body in a dialect; HTML in it passes as it is.

    Raises RecursionError for what is nested too deep, and `limits.RefusedError` for what would take too long.
    """
    if dialect.name == "python-markdown":
        from feedwright.bodies.markdown import python_markdown

        return python_markdown.render(body, dialect.features)
    www = "autolinks" in dialect.features and "www." in body
    return _renderer(dialect, www)(body)


@cache
def _renderer(dialect: MarkdownDialect, www: bool) -> Callable[[str], str]:
    from markdown_it import MarkdownIt

    name, features = dialect.name, dialect.features
    rules = [rule for feature, rule in _RULES.items() if feature in features]
    parser = MarkdownIt("commonmark", _options(name, features)).enable(rules)
    brackets_plugin(parser)
    if "indented-code" not in features:
        parser.disable("code")
    for feature, plug_in in _PLUG_INS.items():
        if feature in features:
            plug_in(parser, name, features)
    if name == "kramdown":
        from feedwright.bodies.markdown.kramdown import kramdown_plugin

        kramdown_plugin(parser)
        if "math" not in features:
            _math(parser, name, features)
    if "autolinks" in features:
        from feedwright.bodies.markdown.links import addresses_plugin

        addresses_plugin(parser, name, www=www)
    if "html" not in features:
        for rule in ("html_block", "html_inline"):
            parser.add_render_rule(rule, _nothing)

    def rendered(body: str) -> str:
        return str(parser.render(body))

    return rendered


_RULES = {"tables": "table", "strikethrough": "strikethrough"}


def _options(name: str, features: frozenset[str]) -> dict[str, Any]:
    return {
        "html": True,
        "maxNesting": _DEEPEST,
        "breaks": "breaks" in features,
        "tasklists": "tasks" in features,
        "alerts": "alerts" in features,
        "strikethrough_single_tilde": name in ("goldmark", "hexo"),
        "typographer": "smart" in features,
    }


def _nothing(self: Any, tokens: Any, idx: int, options: Any, env: Any) -> str:
    return ""


def _footnotes(parser: MarkdownIt, name: str, features: frozenset[str]) -> None:
    from mdit_py_plugins.footnote import footnote_plugin

    if name in ("commonmark", "markdown-it"):
        parser.use(footnote_plugin)
        return
    parser.use(footnote_plugin, inline=False, move_to_end=name != "pulldown-cmark")
    parser.add_render_rule("footnote_caption", _number)
    if name == "pulldown-cmark":
        parser.add_render_rule("footnote_reference_open", _note_open)
        parser.add_render_rule("footnote_reference_close", _note_close)


def _number(self: Any, tokens: Any, idx: int, options: Any, env: Any) -> str:
    return str(tokens[idx].meta["id"] + 1)


def _note_open(self: Any, tokens: Any, idx: int, options: Any, env: Any) -> str:
    """A note where it is written, with its number: that of its first reference, or of its place."""
    notes = env["footnotes"]
    label = f":{tokens[idx].meta['label']}"
    if notes["refs"][label] < 0:
        notes["refs"][label] = len(notes["list"])
        notes["list"][len(notes["list"])] = {}
    number = notes["refs"][label] + 1
    return f'<div id="fn{number}"><sup>{number}</sup>\n'


def _note_close(self: Any, tokens: Any, idx: int, options: Any, env: Any) -> str:
    return "</div>\n"


def _definition_lists(parser: MarkdownIt, name: str, features: frozenset[str]) -> None:
    from mdit_py_plugins.deflist import deflist_plugin

    parser.use(deflist_plugin)


def _heading_attributes(parser: MarkdownIt, name: str, features: frozenset[str]) -> None:
    from feedwright.bodies.markdown.headings import attributes_plugin

    attributes_plugin(parser, only_id=name == "kramdown")


def _attributes(parser: MarkdownIt, name: str, features: frozenset[str]) -> None:
    if name == "markdown-it":
        from feedwright.bodies.markdown.braces import braces_plugin

        braces_plugin(parser)
        return
    from feedwright.bodies.markdown.kramdown import attributes_plugin

    attributes_plugin(parser)


def _containers(parser: MarkdownIt, name: str, features: frozenset[str]) -> None:
    from feedwright.bodies.markdown.containers import containers_plugin

    containers_plugin(parser)


def _abbreviations(parser: MarkdownIt, name: str, features: frozenset[str]) -> None:
    from feedwright.bodies.markdown.kramdown import abbreviations_plugin

    abbreviations_plugin(parser)


def _smart(parser: MarkdownIt, name: str, features: frozenset[str]) -> None:
    from feedwright.bodies.markdown.typography import SUBSTITUTIONS, smart_plugin

    if name in SUBSTITUTIONS:
        smart_plugin(parser, name)
    else:
        parser.enable(["replacements", "smartquotes"])


def _math(parser: MarkdownIt, name: str, features: frozenset[str]) -> None:
    from feedwright.bodies.markdown.tex import math_plugin

    math_plugin(parser, only_double="math" not in features, converts=name == "kramdown")


def _scripts(parser: MarkdownIt, name: str, features: frozenset[str]) -> None:
    from mdit_py_plugins.subscript import sub_plugin

    parser.use(sub_plugin)


def _superscript(parser: MarkdownIt, name: str, features: frozenset[str]) -> None:
    from mdit_py_plugins.superscript import superscript_plugin

    parser.use(superscript_plugin)


def _mark(parser: MarkdownIt, name: str, features: frozenset[str]) -> None:
    from feedwright.bodies.markdown.marks import marks_plugin

    marks_plugin(parser, "=", "mark")


def _insert(parser: MarkdownIt, name: str, features: frozenset[str]) -> None:
    from feedwright.bodies.markdown.marks import marks_plugin

    marks_plugin(parser, "+", "ins")


def _emoji(parser: MarkdownIt, name: str, features: frozenset[str]) -> None:
    from feedwright.bodies.markdown.emoji import emoji_plugin

    emoji_plugin(parser)


def _captions(parser: MarkdownIt, name: str, features: frozenset[str]) -> None:
    parser.add_render_rule("fence", _captioned)


def _captioned(self: Any, tokens: Any, idx: int, options: Any, env: Any) -> str:
    """A fence after its caption, which follows the language: `js title.js https://example.com/ link`."""
    from feedwright.generators.tags.tag_html import fence_caption

    return fence_caption(tokens[idx].info) + str(self.fence(tokens, idx, options, env))


_PLUG_INS: Mapping[str, Callable[[MarkdownIt, str, frozenset[str]], None]] = {
    "footnotes": _footnotes,
    "definition-lists": _definition_lists,
    "heading-attributes": _heading_attributes,
    "attributes": _attributes,
    "abbreviations": _abbreviations,
    "smart": _smart,
    "math": _math,
    "subscript": _scripts,
    "superscript": _superscript,
    "mark": _mark,
    "insert": _insert,
    "captions": _captions,
    "containers": _containers,
    "emoji": _emoji,
}
