"""Step: frames, embedded files and objects become links; a video player, one to where people watch."""

from __future__ import annotations

import re

from feedwright import text, urls
from feedwright.bodies.attributes import is_hidden
from feedwright.bodies.decorations import is_tracker
from feedwright.bodies.html_tree import Node, Tree, unwrap
from feedwright.bodies.policy import REL
from feedwright.patterns import lazy_pattern

_ID = lazy_pattern(r"[\w.=-]{1,64}", re.ASCII)

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


_ADDRESSES = {"iframe": ("src", "data-src"), "embed": ("src",), "object": ("data",)}


def link(tree: Tree) -> None:
    """Put a link before every frame that has an address, or the fallback of an object in its place."""
    for frame, tag in tree.select(_ADDRESSES.keys()):
        attributes = frame.attributes
        if frame.parent is None or is_tracker(attributes) or is_hidden(attributes):
            continue
        if tag == "object" and _has_fallback(frame):
            unwrap(frame)
            tree.changed()
            continue
        written = next((value for name in _ADDRESSES[tag] if (value := attributes.get(name))), "")
        if source := urls.web(written, tree.base) if written.strip() else None:
            page = watch_page(source)
            title = text.fold_space(attributes.get("title") or "")
            insert_link(tree, frame, page or source, title or page or urls.parts(source)[0])
            tree.remove(frame)


def _has_fallback(frame: Node) -> bool:
    return frame.css_first("img, embed, iframe, object") is not None or bool((frame.text() or "").strip())


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


def insert_link(tree: Tree, frame: Node, page: str, label: str) -> None:
    """Put a link to `page` before an element, in a paragraph of its own where one may stand."""
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
    tree.changed()
