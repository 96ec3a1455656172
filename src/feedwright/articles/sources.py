"""Articles that were read whole for their front matter, kept so that their files are read once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush

from feedwright.model import ArticleSource


@dataclass(slots=True, kw_only=True)
class Sources:
    """The newest articles that were kept, `room` characters of bodies at most: feeds show the newest."""

    room: int = 2**18
    _by_path: dict[str, ArticleSource] = field(default_factory=dict)
    _oldest: list[tuple[datetime, str]] = field(default_factory=list)

    def keep(self, source: ArticleSource) -> None:
        """Keep an article; if there is no room for all, the oldest go."""
        article = source.article
        self._by_path[article.path] = source
        heappush(self._oldest, (article.published, article.path))
        self.room -= len(source.body)
        while self.room < 0:
            self.take(heappop(self._oldest)[1])

    def take(self, path: str) -> ArticleSource | None:
        """Return the article, which is kept no longer; None where it is not here."""
        source = self._by_path.pop(path, None)
        self.room += len(source.body) if source else 0
        return source
