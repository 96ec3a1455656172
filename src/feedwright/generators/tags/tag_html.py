"""The HTML of what tags of many generators give: pictures, code, links, quotes, players."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import quote

from feedwright.generators.template_syntax import BODY, Call, Html, Part, Rule, Source, Text
from feedwright.patterns import lazy_pattern

_ID = lazy_pattern(r"[\w.=-]{1,64}", re.ASCII)
_SIZE = lazy_pattern(r"[0-9]{1,5}(?=(?:px)?$)")
_LANGUAGE = lazy_pattern(r"[\w+#.-]+")
_ADDRESS = lazy_pattern(r"https?://|/.")
_PLACES: Mapping[str, str] = {
    "youtube": "https://www.youtube.com/watch?v={}",
    "playlist": "https://www.youtube.com/playlist?list={}",
    "vimeo": "https://vimeo.com/{}",
    "bilibili": "https://www.bilibili.com/video/{}",
    "youku": "https://v.youku.com/v_show/id_{}.html",
    "streamable": "https://streamable.com/{}",
    "asciinema": "https://asciinema.org/a/{}",
    "instagram": "https://www.instagram.com/p/{}/",
    "spotify": "https://open.spotify.com/track/{}",
}
"""Where people find what a player shows, by the name of its tag."""


def picture(
    src: str, *, alt: str = "", title: str = "", width: str = "", height: str = "", caption: str = ""
) -> list[Part]:
    """Return an `img`, in a `figure` where it has a caption."""
    sizes = ((name, _SIZE.match(value)) for name, value in (("width", width), ("height", height)))
    facts = {"src": src, "alt": alt or title, "title": title}
    facts |= {name: match[0] for name, match in sizes if match}
    rows = (f' {name}="{escape(value)}"' for name, value in facts.items() if value or name == "alt")
    image = f"<img{''.join(rows)}>"
    if not caption:
        return [Html(image)]
    return [Html(f"<figure>{image}<figcaption>{escape(caption)}</figcaption></figure>")]


def link(address: str, label: str = "") -> list[Part]:
    """Return a link."""
    return [Html(f'<a href="{escape(address)}">{escape(label or address)}</a>')] if address else []


def code(text: str, language: str = "", caption: str = "") -> list[Part]:
    """Return code as it is written, without the line breaks around it."""
    text = re.sub(r"\A(?:[ \t]*+\n)++", "", text.rstrip())
    match = _LANGUAGE.fullmatch(language)
    kind = f' class="language-{match[0]}"' if match else ""
    title = f"<p>{escape(caption)}</p>" if caption else ""
    return [Html(f"{title}<pre><code{kind}>{escape(text, quote=False)}</code></pre>")]


def fence_caption(info: str) -> str:
    """Return the caption that Hexo takes from the line of a fence: what follows the language, or its parts.

    These are a title, an address, and the text of the link to it.
    """
    words = info.partition("=")[0].split()
    at = next((at for at, word in enumerate(words) if at > 1 and _ADDRESS.match(word)), None)
    title = escape(" ".join(words[1:at]))
    if at is not None:
        address, text = escape(words[at]), escape(" ".join(words[at + 1 :]) or "link")
        title += f' <a href="{address}">{text}</a>'
    return f"<p>{title}</p>\n" if title else ""


def enclosed(call: Call) -> Sequence[Part] | None:
    """Return what the pair encloses."""
    return None if not call.is_pair else [BODY]


def titled(call: Call) -> Sequence[Part] | None:
    """Return what the pair encloses, with its title before it."""
    title = call.get("title", "header", "summary")
    before = [Html(f"<p><strong>{escape(title)}</strong></p>")] if title else []
    return None if not call.is_pair else [*before, BODY]


def nothing(call: Call) -> Sequence[Part]:
    """Return nothing: the tag and what it encloses is for the page alone."""
    return []


def note(call: Call) -> Sequence[Part] | None:
    """Return a block that stands out; its text may be an argument."""
    text = call.get("text", "content", "body")
    if not call.is_pair and not text:
        return None
    title = call.get("title", "header")
    head = f"<p><strong>{escape(title)}</strong></p>" if title else ""
    inside = BODY if call.is_pair else Source(f"\n{text}\n")
    return [Html(f"<blockquote>{head}"), inside, Html("</blockquote>")]


def quotation(call: Call) -> Sequence[Part] | None:
    """Return a quotation with its source."""
    if not call.is_pair:
        return None
    source = call.get("author", "source", "cite", "by")
    footer = f"<p>— {escape(source)}</p>" if source else ""
    return [Html("<blockquote>"), BODY, Html(f"{footer}</blockquote>")]


def details(call: Call) -> Sequence[Part] | None:
    """Return a block that is opened by its title."""
    if not call.is_pair:
        return None
    title = call.get("summary", "title", "header", "label") or " ".join(call.words)
    return [Html(f"<details><summary>{escape(title or '…')}</summary>"), BODY, Html("</details>")]


def watched(call: Call) -> Sequence[Part] | None:
    """Return a link to the place where people see what a player shows."""
    video = call.get("id", "bvid", "video", "videoid", "code", at=0)
    if video.startswith(("https://", "http://")):
        return link(video, call.get("title"))
    if not _ID.fullmatch(video):
        return None
    place = _PLACES[call.name if call.name in _PLACES else "youtube"]
    if call.name == "youtube" and call.get(at=1) == "playlist":
        place = _PLACES["playlist"]
    return link(place.format(video), call.get("title"))


def player(call: Call) -> Sequence[Part] | None:
    """Return a player of the web's own."""
    src = call.get("src", "url", "file", "mp4", "mp3", "webm", "path", at=0)
    kind = "audio" if call.name in ("audio", "music") else "video"
    return [Html(f'<{kind} controls src="{escape(src)}"></{kind}>')] if src else None


def figure(call: Call) -> Sequence[Part] | None:
    """Return a picture by the names that most generators have for its facts."""
    names = ("src", "url", "path", "file", "image", "light_src", "src_light", "default_src")
    src = call.get(*names, at=0)
    if not src:
        return None
    caption = ": ".join(filter(None, (call.get("title"), call.get("caption", "cap", "attr"))))
    image = picture(
        src,
        alt=call.get("alt", "caption", "title", at=1),
        width=call.get("width", "w"),
        height=call.get("height", "h"),
        caption=re.sub(r"<[^<>]*>", "", caption),
    )
    target = call.get("link", "href")
    if target and "<figure>" not in image[0].text:
        return [Html(f'<a href="{escape(target)}">'), *image, Html("</a>")]
    return image


def address_of(pattern: str) -> Rule:
    """Return the rule of a tag that gives a link: `{}` is its first argument, a part of a path."""

    def rule(call: Call) -> Sequence[Part] | None:
        name = call.get("id", "user", "repo", "hash", at=0).strip("/@")
        return link(pattern.format(quote(name, safe="/@:.,~-_"))) if name else None

    return rule


def gist(call: Call) -> Sequence[Part] | None:
    """Return a link to a gist: an id, `user/id`, or a user and an id."""
    words = [word for word in call.words if word] or [call.get("id", "url")]
    if words[0].startswith("https://"):
        return link(words[0].removesuffix(".js"))
    name = "/".join(words[:2]) if len(words) > 1 and re.fullmatch("[0-9a-f]{5,40}", words[1]) else words[0]
    return link(f"https://gist.github.com/{quote(name, safe='/')}") if name else None


def post(call: Call) -> Sequence[Part] | None:
    """Return a link to a post of a network: a user and a number, or a number."""
    user, number = call.get("user", "username", at=0), call.get("id", at=1)
    if user.startswith("https://"):
        return link(user)
    if not number and user.isdecimal():
        user, number = "i/web", user
    return link(f"https://twitter.com/{quote(user, safe='/')}/status/{quote(number)}") if number else None


def codepen(call: Call) -> Sequence[Part] | None:
    """Return a link to a pen: its address, or its user and its id."""
    pen, user = call.get("id", "slug", "slug_hash", at=0), call.get("user", at=1)
    if pen.startswith("https://"):
        return link(pen)
    return link(f"https://codepen.io/{quote(user or 'pen')}/pen/{quote(pen)}") if pen else None


def drawing(call: Call) -> Sequence[Part] | None:
    """Return the text that a drawing is made of, as code."""
    return code(call.inside(), call.name) if call.is_pair else None


def as_html(call: Call) -> Sequence[Part] | None:
    """Return what the pair encloses as HTML."""
    return None if not call.is_pair else [Html(call.inside())]


def formula(call: Call) -> Sequence[Part] | None:
    """Return a formula as it is written."""
    if not call.is_pair:
        return None
    return [Html(f"$${escape(call.inside().strip(), quote=False)}$$")]


def last_words(call: Call) -> Sequence[Part]:
    """Return what a tag says about a piece of text: all after the first comma, else all after its style."""
    _, comma, words = call.arguments.partition(",")
    return [Text((words if comma else " ".join(call.words[1:] or call.words)).strip().strip("\"'"))]


def value(address: str) -> list[Part]:
    """Return an address that a tag gives in the place of one."""
    return [Text(address)]


EMBEDS: Mapping[str, Rule] = {
    **dict.fromkeys(("youtube", "vimeo", "bilibili", "youku", "streamable", "asciinema"), watched),
    **dict.fromkeys(("instagram", "spotify"), watched),
    **dict.fromkeys(("audio", "video"), player),
    **dict.fromkeys(("tweet", "twitter", "x"), post),
    "gist": gist,
    "codepen": codepen,
    "jsfiddle": address_of("https://jsfiddle.net/{}/"),
    "github": address_of("https://github.com/{}"),
}
"""Tags that show what lies elsewhere; many generators have them, or a plug-in of theirs."""

NOTES: Mapping[str, Rule] = {
    **dict.fromkeys(
        """
        admonition alert attention callout caution danger hint important info note notice notel success tip
        warning
        """.split(),  # noqa: SIM905
        note,
    ),
    **dict.fromkeys(("quote", "blockquote", "pullquote", "epigraph"), quotation),
    **dict.fromkeys(("details", "expand", "collapse", "spoiler", "accordion"), details),
    **dict.fromkeys(("center", "columns", "column", "left", "right", "lead", "steps"), enclosed),
    **dict.fromkeys(("tab", "step", "tabitem"), titled),
    **dict.fromkeys(("mermaid", "plantuml", "graphviz", "chart", "echarts"), drawing),
    **dict.fromkeys(("math", "katex", "latex"), formula),
    "toc": nothing,
}
"""Pairs around text; many generators have them, or a theme of theirs."""
