"""The one matcher of two sides, such as recorded entries and new files, by keys that both have.

Keys are compared stage by stage, the surest first; what one stage matched takes no part in the next.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeAlias, TypeVar

Name = TypeVar("Name")
Old = TypeVar("Old")
New = TypeVar("New")
Stage: TypeAlias = "tuple[Name, Callable[[Old | New], Hashable]]"
"""A name, and the key function of both sides; a key of None matches nothing."""


def pairs(
    old: Iterable[Old], new: Iterable[New], stages: Iterable[Stage[Name, Old, New]]
) -> Iterator[tuple[Name, Old, New]]:
    """Yield the name of the stage and two that have a key in common; of several the first of either side."""
    for name, olds, news in groups(old, new, stages, equal=True):
        for old_item, new_item in zip(olds, news, strict=True):
            yield name, old_item, new_item


def groups(
    old: Iterable[Old], new: Iterable[New], stages: Iterable[Stage[Name, Old, New]], *, equal: bool = False
) -> Iterator[tuple[Name, list[Old], list[New]]]:
    """Yield the name of the stage and all that have one key, in their order: one of either side, or a doubt.

    Groups that are to be `equal` have as many of either side: where more of one have the key, the last of
    them go on to the next stage.
    """
    left, right = dict(enumerate(old)), dict(enumerate(new))
    for name, key in stages:
        olds, news = defaultdict[Hashable, list[int]](list), defaultdict[Hashable, list[int]](list)
        for number, old_item in left.items():
            olds[key(old_item)].append(number)
        olds.pop(None, None)
        for number, new_item in right.items():
            if (value := key(new_item)) in olds:
                news[value].append(number)
        for value, numbers in news.items():
            count = min(len(olds[value]), len(numbers)) if equal else None
            yield name, [left.pop(n) for n in olds[value][:count]], [right.pop(n) for n in numbers[:count]]
