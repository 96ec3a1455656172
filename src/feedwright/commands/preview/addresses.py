"""Addresses on the site and their counterparts on the server: documents, and the pictures that it shows."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cached_property
from posixpath import splitext
from typing import BinaryIO
from urllib.parse import quote, unquote, urljoin, urlsplit

from feedwright.commands.preview.build import Build
from feedwright.commands.preview.files import is_medium, open_medium

_PATH = rb"[^\s\"'<>\\&?#]*"
"""The path of an address in a document: nothing that ends it in HTML, XML, JSON or CSS."""


class Addresses:
    """The addresses of one build: a path on the site's host is the same path on the server."""

    def __init__(self, build: Build) -> None:
        """`build` is the one whose documents are shown."""
        self._build = build
        self._site = build.site
        self._root = urlsplit(build.site.url).path

    @cached_property
    def _documents(self) -> dict[str, str]:
        return {unquote(self.of(path)): path for path in self._build.documents}

    def of(self, path: str) -> str:
        """Return the path on the server of a document, percent-encoded."""
        return urlsplit(urljoin(self._site.feeds_url, quote(path))).path

    def document(self, path: str) -> str | None:
        """Return the document at a decoded path on the server, None where there is none."""
        return self._documents.get(path)

    def open_medium(self, path: str) -> BinaryIO | None:
        """Open the picture, sound or film at a decoded path on the server, None where there is none."""
        if not path.startswith(self._root) or not is_medium(path):
            return None
        return open_medium(path.removeprefix(self._root), self._site, self._beside(path))

    def localized(self, data: bytes, origin: str) -> bytes:
        """Return a document whose addresses of what the server has lead there; `origin` is the server's."""
        hosts = dict.fromkeys(_origin(url) for url in (self._site.feeds_url, self._site.url))
        known: dict[bytes, bytes] = {}

        def local(match: re.Match[bytes]) -> bytes:
            written = match[0]
            if written not in known:
                path = unquote(match[2].decode("utf-8", "replace").rstrip(",."))
                known[written] = origin.encode() + match[2] if self._has(path) else written
            return known[written]

        either = b"|".join(re.escape(host.encode()) for host in hosts)
        return re.sub(rb"(%s)(/%s)" % (either, _PATH), local, data)

    def _has(self, path: str) -> bool:
        if path in self._documents:
            return True
        file = self.open_medium(path)
        if file:
            file.close()
        return file is not None

    def _beside(self, path: str) -> Iterator[str]:
        """The places, below the content folder, of a file whose address begins like that of an article."""
        folder, _, name = path.rpartition("/")
        while folder:
            if article := self._articles.get(folder):
                above, _, file = article.rpartition("/")
                yield os.path.join(above, name)
                yield os.path.join(above, splitext(file)[0], name)
            folder, _, upper = folder.rpartition("/")
            name = f"{upper}/{name}"

    @cached_property
    def _articles(self) -> dict[str, str]:
        """The articles by the folder from which their relative addresses count."""
        host = _origin(self._site.url)
        articles = self._build.plan.selection.articles
        return {unquote(a.link.removeprefix(host).rpartition("/")[0]): a.path for a in articles}


def _origin(url: str) -> str:
    """The scheme and the host of an address, and its port."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
