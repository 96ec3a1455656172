"""Hugo (gohugo.io/content-management/front-matter, gohugo.io/content-management/urls)."""

from __future__ import annotations

import re

from feedwright.generators.generator import HIDES, SHOWS, Generator, HidingRule, PermalinkFacts
from feedwright.generators.template_syntax import NO_TEMPLATES, TemplateSyntax
from feedwright.generators.url_paths import encode_path, is_word, without_suffix

_MARKS = frozenset("./\\_#+~-@")


def permalink(facts: PermalinkFacts) -> str:
    """Return `/:sections/:slugorcontentbasename/`; an `index` file (a leaf bundle) is its folder's page."""
    parts = without_suffix(facts.path).split("/")
    if parts[-1].lower() == "index":
        del parts[-1]
    if facts.slug and (slug := _segment(facts.slug)):
        return encode_path("/".join([*map(_name, parts[:-1]), slug]) + "/")
    return encode_path("/".join(map(_name, parts)) + "/")


def _name(name: str) -> str:
    return _segment(name.replace(" ", "-")) or name


def _segment(text: str) -> str:
    """Return what `paths.Sanitize` lets stand, in lower case: runs of space are one hyphen."""
    letters: list[str] = []
    gap = False
    for offset, character in enumerate(text):
        code = character == "%" and re.match("%[0-9a-fA-F]{2}", text[offset : offset + 3])
        if code or character in _MARKS or is_word(character):
            if gap and character != "-":
                letters.append("-")
            gap = False
            # Go maps one letter to one: İ becomes i, and Σ is σ at the end of a word too.
            letters.append(character.lower()[0])
        elif letters and letters[-1] != "-" and character.isspace():
            gap = True
    return "".join(letters)


GENERATOR = Generator(
    keys={
        # the date of its own feeds (`PublishDate`, since 0.125)
        "published": "publishdate pubdate publish_date date created",
        "updated": "lastmod modified updated last_modified_at last_modified datemodified",
        "summary": "summary description excerpt",
        "permalink": "url permalink",
    },
    permalink=permalink,
    hiding={
        # the second and the third are those of the themes LoveIt, DoIt and FixIt
        **dict.fromkeys(("headless", "hiddenfromrss", "hiddenfromfeed"), HIDES),
        "outputs": HidingRule("hidden", frozenset(("rss", "")), unless=True, lists=True),
        **dict.fromkeys(("build.list", "build.render", "_build.list", "_build.render"), SHOWS),
    },
    # the shortcodes with passwords are those of hugo_encryptor, hugo-encrypt and FixIt
    templates=TemplateSyntax(
        marks={"{{<": ">}}", "{{%": "%}}"},
        comment_marks={"{{/*": "*/}}", "{{- /*": "*/ -}}"},
        escapes={"{{</*": "*/>}}", "{{%/*": "*/%}}"},
        comments=frozenset(("comment",)),
        locks=NO_TEMPLATES.locks | {"hugo-encryptor", "hugo-encrypt", "fixit-encryptor"},
    ),
)
