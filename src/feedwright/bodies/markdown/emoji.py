"""Names of emoji between colons, such as `:smile:`, become the emoji; door to emoji."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

_NAME = re.compile(r":[a-z0-9_+-]{1,60}:", re.IGNORECASE)


def emoji_plugin(md: MarkdownIt) -> None:
    """Write emoji for their names, as GitHub and others have them; other words between colons stay."""
    md.inline.ruler.before("newline", "emoji", _emoji)


def _emoji(state: StateInline, silent: bool) -> bool:
    name = _NAME.match(state.src, state.pos, state.posMax) if state.src[state.pos] == ":" else None
    sign = _sign(name[0]) if name else ""
    if name is None or not sign:
        return False
    if not silent:
        state.pending += sign
    state.pos = name.end()
    return True


@lru_cache(1024)
def _sign(name: str) -> str:
    """The emoji of a name with its colons, "" where there is none."""
    from emoji import emojize

    sign = emojize(name, language="alias")
    return "" if sign == name else sign
