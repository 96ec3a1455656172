"""Works that take their steps together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from feedwright.articles.steps import alone, together

if TYPE_CHECKING:
    from feedwright.articles.steps import Steps


def counting(name: str, steps: int, done: list[str]) -> Steps[str]:
    for _ in range(steps):
        done.append(name)
        yield
    return name.upper()


def test_all_take_one_step_before_any_takes_the_next() -> None:
    done: list[str] = []
    assert together([counting("a", 1, done), counting("b", 3, done), counting("c", 0, done)]) == [
        "A",
        "B",
        "C",
    ]
    assert "".join(done) == "abbb"
    done.clear()
    assert together(counting(name, 2, done) for name in "ab") == ["A", "B"]
    assert "".join(done) == "abab"


def test_one_alone_takes_all_its_steps() -> None:
    done: list[str] = []
    assert alone(counting("a", 2, done)) == "A"
    assert done == ["a", "a"]


def test_what_one_raises_ends_all() -> None:
    def failing() -> Steps[str]:
        yield
        raise KeyError("b")

    done: list[str] = []
    with pytest.raises(KeyError):
        together([counting("a", 3, done), failing()])
    assert done == ["a", "a"]
