"""The feeds that a page names: those that a browser would offer, and no others."""

from __future__ import annotations

import pytest

from feedwright import workers
from feedwright.publication import site_feeds
from feedwright.publication.site_feeds import find_feeds, parse

HOME = "https://example.org/blog/"
LINK = '<link rel="alternate" type="application/rss+xml" href="{}">'


def _page(*parts: str) -> bytes:
    return f"<!doctype html><html><head><title>x</title>{''.join(parts)}</head><body>y</body></html>".encode()


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ([LINK.format("feed.xml")], ["https://example.org/blog/feed.xml"]),
        (
            ['<LINK HREF=/a TYPE="application/ATOM+xml;charset=utf-8" REL="x Alternate">'],
            ["https://example.org/a"],
        ),
        (["<base href=/b/>", LINK.format("c")], ["https://example.org/b/c"]),
        (["<base href='javascript:1'>", LINK.format("c")], ["https://example.org/blog/c"]),
        (
            [LINK.format("//example.net/a"), LINK.format("/b"), LINK.format("/b")],
            ["https://example.net/a", "https://example.org/b"],
        ),
        ([LINK.format("/comments/feed/"), LINK.format("/feed/")], ["https://example.org/feed/"]),
        ([LINK.format("javascript:alert(1)"), LINK.format(""), LINK.format("https://u:p@example.org/")], []),
        ([f"<!-- {LINK.format('/a')} -->", f"<script>'{LINK.format('/a')}'</script>"], []),
        (
            [
                '<link rel=alternate type="application/json" href=/a>',
                "<link rel=stylesheet type=text/css href=/a>",
            ],
            [],
        ),
        ([f"<textarea>{LINK.format('/a')}"], []),
    ],
)
def test_the_feeds_of_a_page(parts: list[str], found: list[str]) -> None:
    assert list(find_feeds(_page(*parts), HOME)) == found


def test_there_is_a_bound() -> None:
    assert len(parse(_page(*(LINK.format(n) for n in range(100))), address=HOME)) == site_feeds.MOST


def test_a_page_that_takes_too_long_names_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "watched", lambda *_, **__: workers.Lost(by="time"))
    assert find_feeds(_page(LINK.format("a")), HOME) == ()


def test_what_is_no_page_names_none() -> None:
    assert parse(b"\xff\x00<", address=HOME) == ()
