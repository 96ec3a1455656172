"""Where documents wait until they are published: on the disk, since those of a large site fill the memory."""

from __future__ import annotations

import os
import tempfile
import weakref

from feedwright.model import Document


class Spool:
    """Documents in a file without a name, which is gone with the last of them."""

    def __init__(self, folder: str) -> None:
        """Begin with nothing; the file is opened in `folder` for the first document."""
        self._folder = folder
        self._file: int | None = None
        self._end = 0

    def put(self, document: Document) -> Document:
        """Return the same document, whose bytes are read back when they are asked for.

        Where there is no room for it, it stays in memory.
        """
        try:
            if self._file is None:
                with tempfile.TemporaryFile(buffering=0, dir=self._folder) as file:
                    self._file = os.dup(file.fileno())
                weakref.finalize(self, os.close, self._file)
            os.lseek(self._file, self._end, os.SEEK_SET)
            written = os.write(self._file, document.data)
        except OSError:
            return document
        if written < len(document.data):
            return document
        waiting = _Waiting(document.path, self, self._end, written)
        self._end += written
        return waiting

    def read(self, at: int, size: int) -> bytes:
        """Return the bytes that stand there. Raises OSError where they cannot be read."""
        if self._file is None:
            raise ValueError("nothing was put here")
        os.lseek(self._file, at, os.SEEK_SET)
        parts: list[bytes] = []
        while size > 0 and (part := os.read(self._file, size)):
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


class _Waiting(Document):
    """A document whose bytes are elsewhere."""

    __slots__ = ("_at", "_size", "_spool")
    _spool: Spool
    _at: int
    _size: int

    def __init__(self, path: str, spool: Spool, at: int, size: int) -> None:
        for name, value in (("path", path), ("_spool", spool), ("_at", at), ("_size", size)):
            object.__setattr__(self, name, value)  # as a frozen dataclass does

    @property
    def data(self) -> bytes:
        """The bytes of the document, read anew."""
        return self._spool.read(self._at, self._size)
