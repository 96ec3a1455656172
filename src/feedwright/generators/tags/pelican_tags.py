"""The tags of Pelican's plug-in liquid_tags (github.com/pelican-plugins/liquid-tags)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from feedwright.generators.tags.hexo_tags import TAGS as HEXO
from feedwright.generators.tags.tag_html import EMBEDS, code, link
from feedwright.generators.template_syntax import Call, Part, Rule


def _included_code(call: Call) -> Sequence[Part] | None:
    path = next((word for word in call.words if "." in word), "")
    return link(f"{call.page.site_url}code/{path}", path) if path else None


def _code(call: Call) -> Sequence[Part] | None:
    return None if not call.is_pair else code(call.inside())


TAGS: Mapping[str, Rule] = {
    **EMBEDS,
    "img": HEXO["img"],
    "include_code": _included_code,
    "codeblock": _code,
}
"""Name → rule."""
