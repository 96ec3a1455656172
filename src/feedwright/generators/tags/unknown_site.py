"""The tags in the articles of a site whose generator is not known: those that can hardly mean anything else.

Whoever writes about templates finds the text as it was written: no expression, no code and no tag that is not
known is touched.
"""

from __future__ import annotations

from collections.abc import Sequence

from feedwright.generators.tags import hexo_tags, hugo_tags, liquid_tags
from feedwright.generators.tags.tag_html import last_words, nothing
from feedwright.generators.template_syntax import Call, Part, TemplateSyntax


def _link(call: Call) -> Sequence[Part] | None:
    """Return the link of Hexo's tag, or the address that Jekyll's gives."""
    return hexo_tags.TAGS["link"](call) or liquid_tags.TAGS["link"](call)


TEMPLATES = TemplateSyntax(
    marks={"{%": "%}", "{{<": ">}}"},
    raw=frozenset(("raw",)),
    code=frozenset(("codeblock", "highlight", "mermaid")),
    in_fences=False,
    tags={
        name: rule
        for tags in (hugo_tags.TAGS, hexo_tags.TAGS, liquid_tags.TAGS)
        for name, rule in tags.items()
        if rule not in (nothing, last_words, liquid_tags.include)
    }
    | {"link": _link},
    keeps_unknown=True,
)
