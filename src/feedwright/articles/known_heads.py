"""Articles whose front matter was read, kept so that it is not parsed again for their bodies."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from datetime import datetime


class KnownHeads(Struct, kw_only=True):
    """What was read of the newest articles, as JSON, `room` bytes at most: feeds show the newest."""

    room: int = 2**21
    _by_path: dict[str, bytes] = field(default_factory=dict)
    _oldest: list[tuple[datetime, str]] = field(default_factory=list)

    def keep(self, path: str, published: datetime, head: bytes) -> None:
        """Keep an article; if there is no room for all, the oldest go."""
        self._by_path[path] = head
        heappush(self._oldest, (published, path))
        self.room -= len(head)
        while self.room < 0:
            self.take(heappop(self._oldest)[1])

    def take(self, path: str) -> bytes:
        """Return what was kept of the article, which is kept no longer; nothing where it is not here."""
        head = self._by_path.pop(path, b"")
        self.room += len(head)
        return head
