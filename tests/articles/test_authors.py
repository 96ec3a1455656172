"""Authors: every shape they have, and what is wrong with them, at its place."""

from __future__ import annotations

import time

import pytest

from feedwright import text
from feedwright.model import Author
from matter import DAY, good, head, told


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("Bob", [Author(name="Bob")]),
        ("5", [Author(name="5")]),
        ("[Bob, Al, Bob]", [Author(name="Bob"), Author(name="Al")]),
        ("Bob <bob@e.org>", [Author(name="Bob", email="bob@e.org")]),
        ("Bob <bob@e.org> & co", [Author(name="Bob <bob@e.org> & co")]),
        ("Bob <bob>", [Author(name="Bob <bob>")]),
        ('"\\xad <bob@e.org>"', [Author(name="bob", email="bob@e.org")]),
        ('"\\xad <\\xad@e.org>"', []),
        (
            "{name: Bob, email: b@e.org, uri: https://e.org/b}",
            [Author(name="Bob", email="b@e.org", uri="https://e.org/b")],
        ),
        ("{Name: Bob, url: /about}", [Author(name="Bob", uri="https://example.org/about")]),
        ("{name: Bob, link: 'http://e.org', mail: none}", [Author(name="Bob", uri="http://e.org/")]),
        ("{email: bob@e.org}", [Author(name="bob", email="bob@e.org")]),
        ("{display_name: Bob Lee, login: bob, email: b@e.org}", [Author(name="Bob Lee", email="b@e.org")]),
        ("{first_name: Bob, last_name: Lee}", [Author(name="Bob Lee")]),
        ("{login: bob}", [Author(name="bob")]),
        ("[{name: Bob}, Al]", [Author(name="Bob"), Author(name="Al")]),
        ("['', ~, Bob]", [Author(name="Bob")]),
        ("趣头条", [Author(name="趣头条")]),
        ("~", []),
    ],
)
def test_authors(row: str, expected: list[Author]) -> None:
    assert list(good(f"title: a\n{DAY}\nauthor: {row}").authors) == expected


@pytest.mark.parametrize(
    ("row", "code", "expected"),
    [
        ("{name: Bob, uri: 'javascript:x'}", "AUT001", [Author(name="Bob")]),
        ("{uri: https://e.org/}", "AUT003", []),
        ("[[Bob], Al]", "AUT003", [Author(name="Al")]),
        ('"B\\x0bob"', "XML001", [Author(name="Bob")]),
        ('"B\\u202eob"', "UNI001", [Author(name="Bob")]),
    ],
)
def test_authors_that_are_repaired(row: str, code: str, expected: list[Author]) -> None:
    found = head(f"title: a\n{DAY}\nauthor: {row}")
    assert told(found) == [f"warning {code} 4:9"]
    assert found.article
    assert list(found.article.authors) == expected


@pytest.mark.parametrize("row", ["{name}", "[{{name: {name}}}]", "[{{email: {name}@e.org}}]"])
def test_a_long_name_is_cut(row: str) -> None:
    found = head(f"title: a\n{DAY}\nauthor: {row.format(name='x' * 501)}")
    assert told(found) == ["warning LIM003 4:9"]
    assert found.article
    assert found.article.authors == (Author(name="x" * 500),)


def test_the_number_of_authors_is_bounded() -> None:
    found = head(f"title: a\n{DAY}\nauthor: [{', '.join(f'a{n}' for n in range(66))}]")
    assert told(found) == ["warning LIM004 4:9"]
    assert found.article
    assert [author.name for author in found.article.authors] == [f"a{n}" for n in range(64)]


def test_a_hostile_author_takes_no_quadratic_time() -> None:
    def seconds(words: int) -> float:
        begun = time.process_time()
        assert not text.MAILBOX.fullmatch("a " * words + "<")
        return time.process_time() - begun

    assert seconds(400_000) < 40 * max(seconds(50_000), 0.001)
