"""Entries that stand in several feeds: each is written and judged once, and documents are joined of them.

What a format with `PARTS` writes of an entry depends on no more of a feed than its language and what all
feeds of the site have in common.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial

from msgspec import Struct, field

from feedwright.formats import faults
from feedwright.formats.layout import Target
from feedwright.formats.parts import Parts
from feedwright.formats.table import FORMATS
from feedwright.formats.wire import check_ids
from feedwright.model import Document, Entry, Feed, replace
from feedwright.workers import Lazy, Map

PARTS = {name: format_.parts for name, format_ in FORMATS.items() if format_.parts}
"""Where entries stand, in the formats whose documents are joined."""

_AT_ONCE = 25
"""Entries that are written as one document: fewer would cost more, since each document has a feed's facts."""


_NEVER = datetime(1, 1, 1, tzinfo=UTC)


class _Written(Struct, frozen=True):
    """An entry as a format has it: its id as it is read back, and its bytes."""

    id: str
    text: Document


class SharedEntries:
    """The entries of some documents in each of their formats.

    `refused` says by id why no document can carry an entry.
    """

    def __init__(
        self,
        targets: Sequence[Target],
        *,
        earlier: Callable[[Target], Mapping[str, bytes]],
        with_content: Callable[[Feed], Feed],
        spread: Map,
        spool: Callable[[Document], Document],
    ) -> None:
        """Write the entries of all targets, but those of which `earlier` returns the bytes, by id.

        The other functions are those that `render` takes.
        """
        self.refused: dict[str, str] = {}
        self._written: dict[tuple[str, str], dict[str, _Written]] = defaultdict(dict)
        for target in targets:
            known = self._written[target.format, target.feed.language]
            for entry_id, text in earlier(target).items():
                known[entry_id] = _Written(entry_id, Document(path="", data=text))
        batches = list(_batches(targets, self._is_written))
        shown = Lazy(partial(_with_content, with_content), batches)
        for batch, part in zip(batches, spread(_write, shown), strict=True):
            self.refused.update(part.refused)
            for name, rows in part.rows.items():
                known = self._written[name, batch[0].feed.language]
                for entry_id, (read_id, text) in rows.items():
                    known[entry_id] = _Written(read_id, spool(Document(path="", data=text)))

    def _is_written(self, target: Target, entry: Entry) -> bool:
        return entry.id in self._written[target.format, target.feed.language]

    def document(self, target: Target, head: bytes) -> Document:
        """Return the document of a target without refused entries, which begins with that head.

        Raises ValueError if two of its entries have one id.
        """
        known = self._written[target.format, target.feed.language]
        entries = [known[entry.id] for entry in target.feed.entries]
        check_ids(entry.id for entry in entries)
        texts = [entry.text for entry in entries]
        return _Joined(path=target.path, data=b"", parts=PARTS[target.format], head=head, entries=texts)


def _batches(
    targets: Iterable[Target], is_written: Callable[[Target, Entry], bool]
) -> Iterator[list[Target]]:
    """The entries to write, some at a time, each once for a language, in all formats that occur."""
    entries: dict[str, dict[str, Entry]] = defaultdict(dict)
    samples: dict[str, dict[str, Target]] = defaultdict(dict)
    for target in targets:
        language = target.feed.language
        samples[language].setdefault(target.format, target)
        for entry in target.feed.entries:
            if not is_written(target, entry):
                entries[language].setdefault(entry.id, entry)
    for language, by_format in samples.items():
        shown = tuple(entries[language].values())
        for at in range(0, len(shown), _AT_ONCE):
            yield [_without_others(target, shown[at : at + _AT_ONCE]) for target in by_format.values()]


def common(target: Target) -> Target:
    """Return a target without entries and all that is its own: what is left may count for its entries."""
    alike = _without_others(target, ())
    feed = replace(alike.feed, id="", updated=_NEVER, archived=None, articles=0)
    return replace(alike, format="", feed=feed)


def _without_others(target: Target, entries: tuple[Entry, ...]) -> Target:
    feed = replace(faults.plain(target.feed), entries=entries)
    index = replace(target.index, feeds=(), above=(), below=(), folders={})
    return replace(target, path="", feed=feed, index=index)


def _with_content(with_content: Callable[[Feed], Feed], batch: Sequence[Target]) -> list[Target]:
    feed = with_content(batch[0].feed)
    return [replace(target, feed=feed) for target in batch]


class _Part(Struct, frozen=True, kw_only=True):
    """What formats make of a batch: by format and id, an entry's id as it is read back, and its bytes."""

    rows: dict[str, dict[str, tuple[str, bytes]]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


def _write(batch: Sequence[Target]) -> _Part:
    part = _Part()
    for target in batch:
        try:
            part.rows[target.format] = _rows(target)
        except faults.NOT_THE_FEEDS:
            raise
        except Exception:
            part.rows[target.format] = _rows_alone(target, part.refused)
    return part


def _rows(target: Target) -> dict[str, tuple[str, bytes]]:
    data, feed = faults.judged(target)
    _, texts = PARTS[target.format].split(data)
    ids = (entry.id for entry in feed.entries)
    rows = zip(ids, texts, strict=True)
    return dict(zip((entry.id for entry in target.feed.entries), rows, strict=True))


def _rows_alone(target: Target, refused: dict[str, str]) -> dict[str, tuple[str, bytes]]:
    """The same, where they cannot stand in one document."""
    rows: dict[str, tuple[str, bytes]] = {}
    for entry in target.feed.entries:
        try:
            rows |= _rows(replace(target, feed=replace(target.feed, entries=(entry,))))
        except faults.NOT_THE_FEEDS:
            raise
        except Exception as error:
            refused[entry.id] = faults.reason(error)
    return rows


class _Joined(Document, frozen=True, kw_only=True):
    """A document that is joined whenever its bytes are asked for."""

    parts: Parts
    head: bytes
    entries: Sequence[Document]

    @property  # type: ignore[misc]  # in the place of the field
    def data(self) -> bytes:
        """The bytes of the document. Raises OSError if those of an entry cannot be read."""
        return self.parts.join(self.head, [entry.data for entry in self.entries])
