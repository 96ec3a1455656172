"""The one matcher of two sides, such as recorded entries and new files, by keys that both have.

Keys are compared stage by stage, the surest first; what one stage matched takes no part in the next.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

Name = TypeVar("Name")
Old = TypeVar("Old")
New = TypeVar("New")
Stage: TypeAlias = "tuple[Name, Callable[[Old], Hashable], Callable[[New], Hashable]]"
"""A name, and the key function of either side; a key of None matches nothing."""


def match(
    old: Iterable[Old], new: Iterable[New], stages: Iterable[Stage[Name, Old, New]], *, unique: bool = False
) -> Iterator[tuple[Name, list[Old], list[New]]]:
    """Yield the stage's name and what has one key, each side in its order.

    Both sides of a match are equally long, and belong together in pairs: where more of one side have a key,
    the last of them go on to the next stage. If only `unique` keys count, a match is all that has the key:
    one of either side, or some that cannot be told apart.
    """
    left, right = dict(enumerate(old)), dict(enumerate(new))
    for name, old_key, new_key in stages:
        waiting: dict[Hashable, list[int]] = defaultdict(list)
        for number, old_item in left.items():
            waiting[old_key(old_item)].append(number)
        waiting.pop(None, None)
        meeting: dict[Hashable, list[int]] = defaultdict(list)
        for number, new_item in right.items():
            key = new_key(new_item)
            if key in waiting:
                meeting[key].append(number)
        for key, numbers in meeting.items():
            count = None if unique else min(len(waiting[key]), len(numbers))
            olds, news = waiting[key][:count], numbers[:count]
            yield name, [left.pop(number) for number in olds], [right.pop(number) for number in news]
