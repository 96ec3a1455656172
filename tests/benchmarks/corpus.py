"""A corpus for the benchmarks: articles as a Hexo mirror of news sites has them, of random hanzi.

Article `number` depends on its number alone, so that a small corpus is the beginning of a large one. The mean
is 6.4 kB of HTML, or 2 kB with the front matter where articles are `SHORT`; 50 categories, some of them much
larger than others; 200 authors; tags only on request; no two articles have one date.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

CATEGORIES = 50
AUTHORS = 200
_WEIGHTS = [1 / place for place in range(1, CATEGORIES + 1)]
Form = Literal["hexo", "hugo"]

_FIRST_DAY = datetime(2018, 3, 1, tzinfo=UTC)
_SECONDS = 5 * 365 * 86_400
_STRIDE = 15_485_863
"""A prime that does not divide `_SECONDS`: every second is taken once before any is taken again."""
NEWS, SHORT = 4_800, 1_150
"""Bytes of the median body."""
_SPREAD = 0.72
_LEAST_BYTES, _MOST_BYTES = 900, 40_000
_HOSTS = ("img.example.net", "cdn.example.com", "news.example.org")


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article, whatever its front matter will look like."""

    number: int
    title: str
    date: datetime
    author: str
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    picture: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stock:
    """What articles are put together from."""

    sentences: list[str]
    titles: list[str]
    names: list[str]
    categories: list[str]


@cache
def _stock() -> _Stock:
    random = Random("stock")

    def hanzi(least: int, most: int) -> str:
        return "".join(chr(random.randint(0x4E00, 0x9FA5)) for _ in range(random.randint(least, most)))

    ends = ("。", "。", "！", "？", "&nbsp;R&amp;D。", "，2020年1月。")
    sentences = [f"{hanzi(4, 20)}，{hanzi(4, 24)}{random.choice(ends)}" for _ in range(4000)]
    return _Stock(
        sentences=sentences,
        titles=[hanzi(8, 26) for _ in range(3000)],
        names=[hanzi(2, 3) for _ in range(AUTHORS)],
        categories=[f"{hanzi(2, 4)}{number}" for number in range(CATEGORIES)],
    )


def article(number: int, *, median: int = NEWS, tags: int = 0) -> Article:
    """Return the article of that number; it has three of so many tags."""
    random, stock = Random(f"article {number}"), _stock()
    wanted = random.choices((1, 2, 3), (4, 4, 2))[0]
    categories: dict[str, None] = {}
    while len(categories) < wanted:
        categories[random.choices(stock.categories, _WEIGHTS)[0]] = None
    ending = random.choice(("", "", "：'快讯'", "“最新” - R&D", " <独家>"))
    return Article(
        number=number,
        title=f"{random.choice(stock.titles)}{ending} {number}",
        date=_date(number),
        author=random.choice(stock.names),
        categories=tuple(categories),
        tags=_tags(number, tags),
        picture=f"https://img.example.net/400/300?random={random.randint(1, 999)}",
        body=_body(random, stock, median),
    )


def _tags(number: int, count: int) -> tuple[str, ...]:
    """The tags of an article: the first ones name each tag once, so that all are there."""
    if not count:
        return ()
    others = Random(f"tags {number}").sample(range(count), 2)
    return tuple(f"t{one}" for one in dict.fromkeys([number % count, *others]))


def _date(number: int) -> datetime:
    return _FIRST_DAY + timedelta(seconds=number * _STRIDE % _SECONDS)


def _body(random: Random, stock: _Stock, median: int) -> str:
    wanted = random.lognormvariate(math.log(median), _SPREAD)
    wanted = min(_MOST_BYTES, max(_LEAST_BYTES, wanted))
    blocks = [f"<p>{_text(random, stock, 2)}</p>"]
    size = len(blocks[0].encode())
    while size < wanted:
        blocks.append(_block(random, stock))
        size += len(blocks[-1].encode())
    return f"<div>   \n{''.join(blocks)}  \n</div>\n            "


def _text(random: Random, stock: _Stock, most: int) -> str:
    return "".join(random.choices(stock.sentences, k=random.randint(1, most)))


def _block(random: Random, stock: _Stock) -> str:
    """A paragraph more often than not, else something that an editor or an advertiser put there."""
    text, host, number = _text(random, stock, 3), random.choice(_HOSTS), random.randint(1, 10**6)
    title = random.choice(stock.titles)
    kinds = (
        (50, f"<p>{text}{_text(random, stock, 3)}</p>"),
        (16, "<p><br></p>"),
        (8, f"<strong>{text}</strong>{_text(random, stock, 2)}"),
        (
            8,
            (
                f'<p style="text-align: center;"><img src="https://{host}/{number}.jpg?w=640&h=480" '
                f'alt="{title}" referrerpolicy="no-referrer" data-ratio="0.56" onerror="this.remove()"></p>'
            ),
        ),
        (
            6,
            (
                f'<p>{text}<a href="https://{host}/a/{number}.html?x=1&y=2" target="_blank" '
                f'onclick="track({number})">{title}</a>。</p>'
            ),
        ),
        (
            4,
            f'<div class="card c{number % 9}" style="top:0"><span>{text}</span><br><em>{title}</em></div>',
        ),
        (2, f"<h2>{title}</h2><blockquote>{text}</blockquote>"),
        (2, f"<ul>{''.join(f'<li>{one}</li>' for one in random.sample(stock.sentences, 4))}</ul>"),
        (
            1,
            f'<table border="1"><tbody>{f"<tr><td>{host}</td><td>{number}</td></tr>" * 3}</tbody></table>',
        ),
        (1, f'<iframe src="https://{host}/player?vid={number}" width="640" height="360"></iframe>'),
        (1, f"<script>var n={number};if(n<5&&n>2)" + '{document.write("<b>x</b>");}</script>'),
        (1, f"<!-- ad {number} --><p>{text}"),
    )
    return random.choices([block for _, block in kinds], [weight for weight, _ in kinds])[0]


def written(one: Article, form: Form) -> str:
    """Return the article's file: as Hexo has it, or as Hugo reads it without detours."""
    date = format_datetime(one.date, usegmt=True) if form == "hexo" else one.date.isoformat()
    lines = (
        f"title: {_quoted(one.title)}",
        f"categories: {_listed(one.categories)}",
        *([f"tags: {_listed(one.tags)}"] if one.tags else []),
        f"headimg: {_quoted(one.picture)}",
        f"author: {one.author}",
        *([f"authors: {_listed([one.author])}"] if one.tags and form == "hugo" else []),
        "comments: false",
        f"date: {date}",
        f"thumbnail: {_quoted(one.picture)}",
    )
    return "\n".join(("---", *lines, "---", "", one.body))


def _listed(names: Iterable[str]) -> str:
    return "".join(f"\n - {name}" for name in names)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def name(number: int, form: Form) -> str:
    """Return the name of the article's file: Hexo's is called Markdown, though its body is HTML."""
    return f"{number:06d}.{'md' if form == 'hexo' else 'html'}"


def newest(count: int) -> int:
    """Return the number of the newest among the first `count` articles."""
    return max(range(count), key=_date)


def write(folder: Path, count: int, form: Form, *, median: int = NEWS, tags: int = 0) -> int:
    """Write the first `count` articles into a new folder; return how many feeds one for each label makes.

    Labels are categories; where there are tags, these and authors too.
    """
    folder.mkdir(parents=True)
    labels: set[tuple[str, str]] = set()
    for number in range(count):
        one = article(number, median=median, tags=tags)
        labels.update(("category", name) for name in one.categories)
        if tags:
            labels.update(("tag", name) for name in one.tags)
            labels.add(("author", one.author))
        (folder / name(number, form)).write_text(written(one, form), "utf-8", newline="\n")
    return len(labels)
