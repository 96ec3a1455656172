"""The page on which people watch the video that a known player shows in a frame."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from feedwright import urls

if TYPE_CHECKING:
    from collections.abc import Mapping

_ID = re.compile(r"[\w.=-]{1,64}", re.ASCII)

# player's host and the path before the id, or else the name of the query field that holds it; the watch page
_PLAYERS = (
    ("youtube.com", ("embed", "videoseries"), "list", "https://www.youtube.com/playlist?list={}"),
    ("youtube-nocookie.com", ("embed", "videoseries"), "list", "https://www.youtube.com/playlist?list={}"),
    ("youtube.com", ("embed",), "", "https://www.youtube.com/watch?v={}"),
    ("youtube-nocookie.com", ("embed",), "", "https://www.youtube.com/watch?v={}"),
    ("player.vimeo.com", ("video",), "", "https://vimeo.com/{}"),
    ("player.bilibili.com", ("player.html",), "bvid", "https://www.bilibili.com/video/{}"),
    ("player.bilibili.com", ("player.html",), "aid", "https://www.bilibili.com/video/av{}"),
    ("bilibili.com", ("blackboard", "html5mobileplayer.html"), "bvid", "https://www.bilibili.com/video/{}"),
    ("bilibili.com", ("blackboard", "html5mobileplayer.html"), "aid", "https://www.bilibili.com/video/av{}"),
    ("player.youku.com", ("embed",), "", "https://v.youku.com/v_show/id_{}.html"),
    ("v.qq.com", ("txp", "iframe", "player.html"), "vid", "https://v.qq.com/x/page/{}.html"),
    ("v.qq.com", ("iframe", "player.html"), "vid", "https://v.qq.com/x/page/{}.html"),
    ("v.qq.com", ("iframe", "preview.html"), "vid", "https://v.qq.com/x/page/{}.html"),
    ("dailymotion.com", ("embed", "video"), "", "https://www.dailymotion.com/video/{}"),
    ("geo.dailymotion.com", ("player.html",), "video", "https://www.dailymotion.com/video/{}"),
)


def watch_page(player: str) -> str | None:
    """The watch page of the absolute URL of a player; None where the player is not known."""
    host, path, query = urls.parts(player)
    for known, before, name, page in _PLAYERS:
        if host == known and path[: len(before)] == before:
            identity = _identity(path[len(before) :], query, name)
            if identity is not None and _ID.fullmatch(identity):
                return page.format(identity)
    return None


def _identity(rest: tuple[str, ...], query: Mapping[str, str], name: str) -> str | None:
    if name:
        return query.get(name)
    return rest[0] if rest else None
