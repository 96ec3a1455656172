"""Hexo's tag plug-ins and those of its usual themes (hexo.io/docs/tag-plugins)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

from feedwright.generators.tags.expressions import FILTERS, Filter, absolute_url, base_of, prefixed_url
from feedwright.generators.tags.tag_html import (
    EMBEDS,
    NOTES,
    address_of,
    as_html,
    code,
    details,
    enclosed,
    figure,
    last_words,
    link,
    note,
    nothing,
    picture,
    value,
)
from feedwright.generators.template_syntax import BODY, Call, Html, Page, Part, Rule, Source
from feedwright.model import replace
from feedwright.patterns import lazy_pattern

_PATH = lazy_pattern(r"(?:https?:)?//|/|\.{1,2}/|[^\s]+\.[A-Za-z0-9]{2,5}(?:[?#]|$)")
_ELSEWHERE = lazy_pattern(r"[A-Za-z][A-Za-z0-9+.-]*:|/|\\")
_PAGE_SUFFIX = lazy_pattern(r"\.html?$")
_OPTION = lazy_pattern(r"(?<![a-z_])([a-z_]++):(\S*+)")
_TAB = lazy_pattern(r"<!--\s*+tab\b((?:[^\n<-]|-(?!->)|<(?!!--))*+)-->")
_TAB_END = lazy_pattern(r"<!--\s*+endtab\s*+-->")


def _image(call: Call) -> Sequence[Part] | None:
    """Return the picture of `[class names] path [width] [height] [title [alt]]`."""
    words = [*call.words]
    at = next((at for at, word in enumerate(words) if _PATH.match(word)), None)
    if at is None:
        return None
    src, rest = words[at], words[at + 1 :]
    sizes: list[str] = []
    while rest and len(sizes) < 2 and rest[0].isdecimal():
        sizes.append(rest.pop(0))
    width, height = [*sizes, "", ""][:2]
    quoted = re.findall(r"""["']+([^"']*)["']""", call.arguments)
    title, alt = [*quoted, "", ""][:2] if quoted else (" ".join(rest), "")
    if call.name == "img":
        src = prefixed_url(src, (), call.page.site_url)
    elif call.name == "asset_img":
        src = _asset(src, call.page)
    return picture(src, alt=alt.strip(), title=title.strip(), width=width, height=height)


def _code(call: Call) -> Sequence[Part] | None:
    if not call.is_pair:
        return None
    options = dict(_OPTION.findall(call.arguments))
    title = " ".join(word for word in call.words if not _OPTION.fullmatch(word) and "://" not in word)
    return code(call.inside(), options.get("lang", ""), title)


def _included_code(call: Call) -> Sequence[Part] | None:
    words = [word for word in call.words if not _OPTION.fullmatch(word)]
    if not words:
        return None
    label = " ".join(words[:-1]) or words[-1]
    return link(absolute_url(f"downloads/code/{words[-1]}", (), call.page.site_url), label)


def _post_link(call: Call) -> Sequence[Part] | None:
    """Return the link of `slug[#fragment] [title] [escape]`."""
    words = [*call.words]
    if len(words) > 1 and words[-1] in ("true", "false"):
        words.pop()
    slug, sharp, fragment = (words[0] if words else "").partition("#")
    target = call.page.article(*_names(slug), written=slug) if slug else None
    if target is None:
        return None
    return link(target.value + sharp + fragment, " ".join(words[1:]) or target.title)


def _post_path(call: Call) -> Sequence[Part] | None:
    slug = call.words[0] if call.words else ""
    target = call.page.article(*_names(slug), written=slug) if slug else None
    return value(target.value) if target else None


def _names(slug: str) -> tuple[str, ...]:
    return (re.sub(r"\.(?:md|markdown|html)$", "", slug.strip("/")),)


def _asset_path(call: Call) -> Sequence[Part] | None:
    return value(_asset(" ".join(call.words), call.page)) if call.words else None


def _asset_link(call: Call) -> Sequence[Part] | None:
    if not call.words:
        return None
    return link(_asset(call.words[0], call.page), " ".join(call.words[1:]) or call.words[0])


def _asset(path: str, page: Page) -> str:
    """Return the address of a file in the folder of an article (`post_asset_folder`).

    That folder has the page's name without its suffix: `posts/tea/cup.png` beside `posts/tea.html`.
    """
    folder = _PAGE_SUFFIX.sub("/", page.link)
    return path if folder == page.link or _ELSEWHERE.match(path) else folder + path.removeprefix("./")


def _pdf(call: Call) -> Sequence[Part] | None:
    return link(call.words[0], " ".join(call.words[1:]) or call.words[0]) if call.words else None


def _link(call: Call) -> Sequence[Part] | None:
    """Return the link of `text address [external] [title]`, or with commas, as themes have it."""
    mark = next((mark for mark in ("::", ",") if mark in call.arguments), "")
    parts = [part.strip() for part in call.arguments.split(mark)] if mark else [*call.words]
    at = next((at for at, part in enumerate(parts) if re.match(r"https?://|/|\./|mailto:|#", part)), None)
    if at is None:
        return None
    label = parts[0] if mark and at else " ".join(parts[:at])
    return link(parts[at].split()[0], label.strip("\"'") or parts[at])


def _button(call: Call) -> Sequence[Part] | None:
    """Return the link of `address, text [, icon, title]`; themes do not agree on the order."""
    if "," not in call.arguments:
        return _link(call)
    parts = [part.strip().strip("\"'") for part in call.arguments.split(",")]
    address = next((part for part in parts if re.match(r"https?://|/|\./|#", part)), "")
    label = next((part for part in parts if part and part != address and "fa-" not in part), "")
    return link(address, label) if address else None


def _quote(call: Call) -> Sequence[Part] | None:
    """Return the quotation of `[author[, source]] [link] [title of the link]`; a pull quote names none."""
    if not call.is_pair:
        return None
    if call.name == "pullquote":
        return [Html("<blockquote>"), BODY, Html("</blockquote>")]
    before, address, after = _around_address(call.arguments)
    author, _, source = (part.strip() for part in before.partition(","))
    label = after or source or address
    cite = f'<a href="{escape(address)}">{escape(label)}</a>' if address else escape(source)
    footer = " ".join(filter(None, (escape(author), cite)))
    return [
        Html("<blockquote>"),
        BODY,
        Html(f"<p>— {footer}</p></blockquote>" if footer else "</blockquote>"),
    ]


def _around_address(arguments: str) -> tuple[str, str, str]:
    match = re.search(r"https?://\S+", arguments)
    if match is None:
        return arguments.strip().strip("\"'"), "", ""
    return arguments[: match.start()].strip(), match[0], arguments[match.end() :].strip()


def _tabs(call: Call) -> Sequence[Part] | None:
    """Return the tabs one after another, each with its title."""
    if not call.is_pair:
        return None
    body = _TAB_END.sub("", call.inside())
    pieces = _TAB.split(body)
    parts: list[Part] = [Source(pieces[0])]
    for number, (title, text) in enumerate(zip(pieces[1::2], pieces[2::2], strict=True), 1):
        label = title.partition("@")[0].strip() or f"{call.arguments.partition(',')[0].strip()} {number}"
        parts += [Html(f"<p><strong>{escape(label)}</strong></p>"), Source(f"\n{text}")]
    return parts


def _hidden_inline(call: Call) -> Sequence[Part]:
    """Return the words that a button shows."""
    return [Source(call.arguments.partition(",")[0].strip())]


def _note(call: Call) -> Sequence[Part] | None:
    """Return the block of a pair, or of `style, text`."""
    text = call.arguments.partition(",")[2].strip()
    if call.is_pair or not text:
        return note(call)
    return [Html("<blockquote>"), Source(f"\n{text}\n"), Html("</blockquote>")]


def _details(call: Call) -> Sequence[Part] | None:
    """Return what is folded; the title follows the style, or is all there is."""
    style, comma, title = call.arguments.partition(",")
    words = title if comma and not style.strip().startswith("title:") else call.arguments
    return details(replace(call, words=[words.strip().removeprefix("title:")], named={}))


def _words(call: Call) -> Sequence[Part]:
    """Return what a tag says, without its options."""
    return [Source(" ".join(word for word in call.words if not _OPTION.fullmatch(word)))]


def _frame(call: Call) -> Sequence[Part] | None:
    return [Html(f'<iframe src="{escape(call.words[0])}"></iframe>')] if call.words else None


def _video(call: Call) -> Sequence[Part] | None:
    src = next(
        (word.removeprefix("url:") for word in call.words if _PATH.match(word.removeprefix("url:"))), ""
    )
    src = call.named.get("url", "").strip("\"'") or src
    kind = "audio" if call.name == "audio" else "video"
    return [Html(f'<{kind} controls src="{escape(src)}"></{kind}>')] if src else None


def values(name: str, page: Page) -> str | None:
    """Return what a name in an expression stands for."""
    known = {
        "title": page.title,
        "permalink": page.link,
        "config.title": page.site_title,
        "site.title": page.site_title,
        "config.url": page.site_url.rstrip("/"),
        "site.url": page.site_url.rstrip("/"),
        "config.root": f"{base_of(page.site_url)}/",
        "site.root": f"{base_of(page.site_url)}/",
    }
    found = known.get(name)
    return page.fields.get(name.removeprefix("page.").lower()) if found is None else found


EXPRESSION_FILTERS: Mapping[str, Filter] = {
    **FILTERS,
    "url_for": prefixed_url,
    "full_url_for": absolute_url,
}

TAGS: Mapping[str, Rule] = {
    **EMBEDS,
    **NOTES,
    **dict.fromkeys(("note", "noteblock", "tip", "notel"), _note),
    "asset_img": _image,
    "img": _image,
    **dict.fromkeys(
        ("image", "inlineimage", "inlineimg", "fb_img", "figure"), lambda call: _image(call) or figure(call)
    ),
    "asset_path": _asset_path,
    "asset_link": _asset_link,
    "post_link": _post_link,
    "post_path": _post_path,
    "link": _link,
    **dict.fromkeys(("btn", "button", "cell"), _button),
    **dict.fromkeys(("blockquote", "quote", "pullquote"), _quote),
    **dict.fromkeys(("codeblock", "code"), _code),
    **dict.fromkeys(("include_code", "include-code"), _included_code),
    **dict.fromkeys(
        """
        btns centerquote cq gallery gallerygroup galleryGroup grid gp grouppicture timeline timenode poem site
        swiper series subnote
        """.split(),  # noqa: SIM905
        enclosed,
    ),
    **dict.fromkeys(("folding", "fold", "hideToggle", "hidetoggle", "hideBlock", "hideblock"), _details),
    **dict.fromkeys(("tabs", "subtabs", "subsubtabs"), _tabs),
    **dict.fromkeys(("hideInline", "hideinline", "flink"), _hidden_inline),
    **dict.fromkeys(
        ("label", "span", "u", "emp", "wavy", "del", "kbd", "psw", "p", "checkbox", "radio", "mark"),
        last_words,
    ),
    **dict.fromkeys(("dplayer", "video", "audio"), _video),
    "iframe": _frame,
    "pdf": _pdf,
    "quot": _words,
    "paper": enclosed,
    **dict.fromkeys(("ghcard", "ghcardgroup"), address_of("https://github.com/{}")),
    "html": as_html,
    **dict.fromkeys(("br", "icon", "fa", "more", "nota"), nothing),
}
"""Name → rule; Hexo's own first among them."""
