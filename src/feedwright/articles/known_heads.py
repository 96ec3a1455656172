"""Articles whose front matter was read, kept so that it is not parsed again for their bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from datetime import datetime


class KnownHeads(Struct, kw_only=True):
    """What was read of the newest articles, as JSON, `room` bytes at most: feeds show the newest."""

    room: int = 2**21
    _by_path: dict[str, tuple[datetime, bytes]] = field(default_factory=dict)

    def keep(self, path: str, published: datetime, head: bytes) -> None:
        """Keep an article; if there is no room for all, the older half goes."""
        self._by_path[path] = published, head
        self.room -= len(head)
        if self.room < 0:
            oldest = sorted(self._by_path, key=lambda path: self._by_path[path][0])
            for path in oldest[: (len(oldest) + 1) // 2]:
                self.take(path)

    def take(self, path: str) -> bytes:
        """Return what was kept of the article, which is kept no longer; nothing where it is not here."""
        _, head = self._by_path.pop(path, (None, b""))
        self.room += len(head)
        return head
