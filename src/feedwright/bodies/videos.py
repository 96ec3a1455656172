"""Step: the frame of a known video player becomes a link to the page on which people watch the video."""

from __future__ import annotations

import re

from feedwright import text, urls
from feedwright.bodies.html_tree import Node, Tree
from feedwright.bodies.policy import REL

_ID = re.compile(r"[\w.=-]{1,64}", re.ASCII)

# host and first segments of the player's path; the query field with the id, or "" where the next segment is
# the id; the watch page
_PLAYERS = (
    ("youtube.com", "embed/videoseries", "list", "https://www.youtube.com/playlist?list={}"),
    ("youtube.com", "embed", "", "https://www.youtube.com/watch?v={}"),
    ("player.vimeo.com", "video", "", "https://vimeo.com/{}"),
    ("player.bilibili.com", "player.html", "bvid", "https://www.bilibili.com/video/{}"),
    ("player.bilibili.com", "player.html", "aid", "https://www.bilibili.com/video/av{}"),
    ("bilibili.com", "blackboard/html5mobileplayer.html", "bvid", "https://www.bilibili.com/video/{}"),
    ("bilibili.com", "blackboard/html5mobileplayer.html", "aid", "https://www.bilibili.com/video/av{}"),
    ("player.youku.com", "embed", "", "https://v.youku.com/v_show/id_{}.html"),
    ("v.qq.com", "txp/iframe/player.html", "vid", "https://v.qq.com/x/page/{}.html"),
    ("v.qq.com", "iframe/player.html", "vid", "https://v.qq.com/x/page/{}.html"),
    ("v.qq.com", "iframe/preview.html", "vid", "https://v.qq.com/x/page/{}.html"),
    ("dailymotion.com", "embed/video", "", "https://www.dailymotion.com/video/{}"),
    ("geo.dailymotion.com", "player.html", "video", "https://www.dailymotion.com/video/{}"),
)
_HOLDS_PARAGRAPHS = frozenset({"body", "div", "section", "article", "figure", "main"})


def link(tree: Tree) -> None:
    """Put a link to the watch page before the frame of a known player; the frame itself goes later."""
    for frame, _ in tree.select({"iframe"}):
        attributes = frame.attributes
        source = urls.web(attributes.get("src") or attributes.get("data-src") or "", tree.base)
        if source is not None and (page := watch_page(source)):
            _insert_link(tree, frame, page, text.fold_space(attributes.get("title") or "") or page)


def watch_page(player: str) -> str | None:
    """Return the watch page for the URL of a player, made by `urls.web`; None where it is not known."""
    host, path, query = urls.parts(player)
    host = "youtube.com" if host == "youtube-nocookie.com" else host
    for known_host, start, field, page in _PLAYERS:
        segments = tuple(start.split("/"))
        if host == known_host and path[: len(segments)] == segments:
            video = query.get(field) if field else next(iter(path[len(segments) :]), None)
            if video is not None and _ID.fullmatch(video):
                return page.format(video)
    return None


def _insert_link(tree: Tree, frame: Node, page: str, label: str) -> None:
    parent = frame.parent
    holder = parent.tag if parent is not None else ""
    while parent is not None:
        if parent.tag == "a":
            frame.insert_before(label)
            return
        parent = parent.parent
    link = tree.parser.create_node("a")
    link.attrs["href"] = page
    link.attrs["rel"] = REL
    link.insert_child(label)
    if holder in _HOLDS_PARAGRAPHS:
        paragraph = tree.parser.create_node("p")
        paragraph.insert_child(link, move=True)
        link = paragraph
    frame.insert_before(link, move=True)
