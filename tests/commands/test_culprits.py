"""Where the work on many items fails, the items are found at which it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwright.commands.culprits import find_culprits

if TYPE_CHECKING:
    from collections.abc import Sequence


@given(items=st.lists(st.integers(0, 200), unique=True, max_size=60), bad=st.sets(st.integers(0, 200)))
def test_those_with_which_it_fails_alone(items: list[int], bad: set[int]) -> None:
    def work(some: Sequence[int]) -> None:
        for item in some:
            if item in bad:
                raise LookupError(item)

    found = find_culprits(work, items)
    assert [item for item, _ in found] == [item for item in items if item in bad]
    assert all(error.args == (item,) for item, error in found)


@given(items=st.lists(st.integers(0, 9), max_size=40))
def test_those_that_do_not_go_together_until_the_rest_does(items: list[int]) -> None:
    def work(some: Sequence[tuple[int, int]]) -> None:
        if len({value for _, value in some}) < len(some):
            raise ValueError("twice")

    rest = list(enumerate(items))
    while found := find_culprits(work, rest):
        rest = [item for item in rest if item not in [culprit for culprit, _ in found]]
    assert {value for _, value in rest} == set(items)


@pytest.mark.parametrize("error", [MemoryError, ImportError])
def test_what_is_no_fault_of_an_item_is_raised(error: type[Exception]) -> None:
    def work(some: Sequence[int]) -> None:
        raise error

    with pytest.raises(error):
        find_culprits(work, [1])
