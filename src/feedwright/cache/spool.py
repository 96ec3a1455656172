"""What waits on the disk until it is published or cached: that of a large site would fill the memory."""

from __future__ import annotations

import os
import tempfile
import weakref
from collections.abc import Callable
from functools import partial

from feedwright.model import Document


class Spool:
    """Bytes in a file without a name, which is gone with the last that refers to it."""

    def __init__(self, folder: str | None = None) -> None:
        """Begin with nothing; the file is opened for the first bytes, in `folder` or the system's own."""
        self._folder = folder
        self._file = -1
        self._end = 0

    def put(self, document: Document) -> Document:
        """Return the same document, whose bytes are read back on demand.

        If there is no room for it, it stays in memory.
        """
        read = self._write(document.data)
        return _Waiting(path=document.path, data=b"", read=read) if read else document

    def keep(self, data: bytes) -> Callable[[], bytes]:
        """Return what reads the bytes back, and raises OSError if they cannot be read.

        If there is no room for them, they stay in memory.
        """
        return self._write(data) or (lambda: data)

    def _write(self, data: bytes) -> Callable[[], bytes] | None:
        try:
            if self._file < 0:
                with tempfile.TemporaryFile(buffering=0, dir=self._folder) as file:
                    self._file = os.dup(file.fileno())
                weakref.finalize(self, os.close, self._file)
            os.lseek(self._file, self._end, os.SEEK_SET)
            written = os.write(self._file, data)
        except OSError:
            return None
        if written < len(data):
            return None
        at, self._end = self._end, self._end + written
        return partial(self._read, at, written)

    def _read(self, at: int, size: int) -> bytes:
        os.lseek(self._file, at, os.SEEK_SET)
        parts: list[bytes] = []
        while size > 0 and (part := os.read(self._file, size)):
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


class _Waiting(Document, frozen=True, kw_only=True):
    """A document whose bytes are elsewhere."""

    read: Callable[[], bytes]

    @property  # type: ignore[misc]  # in the place of the field
    def data(self) -> bytes:
        """The bytes of the document, read anew. Raises OSError if they cannot be read."""
        return self.read()
