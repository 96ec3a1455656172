"""References made absolute or refused, and properties that hold for any text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedwright import urls
from feedwright.bodies.policy import SCHEMES

BASE = "https://example.org/2022/04/a/"

ABSOLUTE = {
    "b/c.png": "https://example.org/2022/04/a/b/c.png",
    "../d": "https://example.org/2022/04/d",
    "/e": "https://example.org/e",
    "//cdn.example.net/f": "https://cdn.example.net/f",
    "#g": "https://example.org/2022/04/a/#g",
    "?h=1&i=2": "https://example.org/2022/04/a/?h=1&i=2",
    "": BASE,
    "HTTP://EXAMPLE.COM:80/x y": "http://example.com/x%20y",
    " https://例え.jp/道?値=一#片 ": "https://xn--r8jz45g.jp/%E9%81%93?%E5%80%A4=%E4%B8%80#%E7%89%87",
    "https:\\\\example.com\\a": "https://example.com/a",
    "http:///example.com": "http://example.com/",
    "mailto:a@example.org": "mailto:a@example.org",
    "TEL:+49-30-1": "tel:+49-30-1",
    "a:b/c": None,
    "./a:b": "https://example.org/2022/04/a/a:b",
    "第1章:始": "https://example.org/2022/04/a/%E7%AC%AC1%E7%AB%A0:%E5%A7%8B",
    "1:2": "https://example.org/2022/04/a/1:2",
    "https://": None,
    "https://a b/": None,
    "https://example.org:99999/": None,
    "javascript:123": None,
    "vbscript:1": None,
    "data:80": None,
    " \x01javascript:1": None,
    "java\tscript:1": None,
    "java\u200bscript:1": None,
    "\u2028javascript:1": None,
    "\ufeffJAVASCRIPT:1": None,
    "\uff4aavascript:1": None,
    "file:///etc/passwd": None,
    "ftp://example.org/": None,
    "blob:https://example.org/x": None,
    "\ud800": None,
    "a[1]?b[]=2#[3]": "https://example.org/2022/04/a/a%5B1%5D?b%5B%5D=2#%5B3%5D",
    "http://[::1]/[a]": "http://[::1]/%5Ba%5D",
    "mailto:[a]@example.org": "mailto:%5Ba%5D@example.org",
}


@pytest.mark.parametrize(("reference", "expected"), ABSOLUTE.items())
def test_absolute(reference: str, expected: str | None) -> None:
    assert urls.absolute(reference, BASE, SCHEMES) == expected


@pytest.mark.parametrize(
    "reference",
    ["a" * 2_100, "a" * 2_030, "字" * 300, "\u0344" * 64_000 + "\u0316" * 64_000 + ":", " " * 2_049],
)
def test_an_address_that_is_too_long_is_none(reference: str) -> None:
    assert urls.absolute(reference, BASE, SCHEMES) is None


def test_a_broken_base_makes_no_url() -> None:
    assert urls.absolute("a", "not a url", SCHEMES) is None


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("a.png", BASE + "a.png"),
        ("https://example.com/a@b", "https://example.com/a@b"),
        ("https://example.com?q=@", "https://example.com/?q=@"),
        ("https://user@example.com/", None),
        ("https://user:word@example.com/", None),
        ("mailto:a@example.org", None),
        ("tel:1", None),
        ("data:image/png;base64,AAAA", None),
    ],
)
def test_web(reference: str, expected: str | None) -> None:
    assert urls.web(reference, BASE) == expected


@pytest.mark.parametrize(
    ("srcset", "expected"),
    [
        ("a.png", BASE + "a.png"),
        ("a.png 1x, b.png 2.5x", f"{BASE}a.png 1x, {BASE}b.png 2.5x"),
        ("a.png 100w,b.png 200w", f"{BASE}a.png 100w, {BASE}b.png 200w"),
        ("a,b.png 1x", f"{BASE}a%2Cb.png 1x"),
        (",".join(" x" for _ in range(1000)), ", ".join([f"{BASE}x"] * urls.CANDIDATES)),
        ("a[1].png 1x", f"{BASE}a%5B1%5D.png 1x"),
        ("a.png, b.png 2x", f"{BASE}a.png, {BASE}b.png 2x"),
        ("a.png 1x, javascript:1 2x, b.png 3x", f"{BASE}a.png 1x, {BASE}b.png 3x"),
        ("data:image/gif;base64,R0lGOD 1x, a.png 2x", f"{BASE}a.png 2x"),
        ("a.png 1y, b.png 2x", f"{BASE}b.png 2x"),
        ("javascript:1 1x", None),
        (" , ,, ", None),
        ("\xa0", None),
        ("\xa0a.png 2x", f"{BASE}a.png 2x"),
        ("", None),
    ],
)
def test_candidates(srcset: str, expected: str | None) -> None:
    assert urls.candidates(srcset, BASE) == expected


def test_parts() -> None:
    assert urls.parts("https://www.example.com/a/b?c=1&d=%20e") == (
        "example.com",
        ("a", "b"),
        {"c": "1", "d": " e"},
    )


REFERENCES = st.text(
    st.one_of(st.sampled_from("javscriptdh:/?#.@\\ \t\x01\u200b\xad"), st.characters()), max_size=20
)


@settings(max_examples=400)
@given(REFERENCES)
def test_any_text_gives_a_fixed_point_of_a_known_scheme_or_nothing(reference: str) -> None:
    url = urls.absolute(reference, BASE, SCHEMES)
    if url is not None:
        assert url.partition(":")[0] in SCHEMES
        assert url.isascii()
        assert urls.absolute(url, BASE, SCHEMES) == url


@settings(max_examples=200)
@given(st.text(st.sampled_from("a.pngx 12w,\t\n:jscript/"), max_size=40))
def test_candidates_are_a_fixed_point(srcset: str) -> None:
    usable = urls.candidates(srcset, BASE)
    if usable is not None:
        assert urls.candidates(usable, BASE) == usable
