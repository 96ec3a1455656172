"""One file becomes an article, or the problems that keep it from being one.

`read_head` is the first phase: front matter only, of every file. `read_article` reads the body too, of the
articles that some feed shows.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple

from feedwright import disk
from feedwright.articles import article, files, visibility
from feedwright.articles.decode import decode
from feedwright.articles.field_reader import FieldReader, ReadOptions
from feedwright.articles.front_matter import parse
from feedwright.generators.generator import MissingKeyError
from feedwright.model import Article, ArticleSource, ReadResult, summary_of
from feedwright.problems import HeldError, Problem, blaming

_NO_FRONT_MATTER = Problem.warning(
    "FM001", "there is no front matter; skipped", line=1, column=1, hint=article.EXAMPLE_HINT
)
_EMPTY = replace(_NO_FRONT_MATTER, code="FM007", message="the file is empty; skipped")


class _File(NamedTuple):
    """One file as far as it was read; `parsed` is None where it has no front matter."""

    data: bytes
    is_whole: bool
    text: str
    problems: list[Problem]
    parsed: parse.ParsedFields | None


def _bytes(path: str, content: Path, options: ReadOptions, limit: int) -> tuple[bytes, bool]:
    return files.read(content, path, limit=limit, follow=options.follow_symlinks)


def _parse_head(path: str, content: Path, options: ReadOptions) -> _File:
    return _parse(path, *_bytes(path, content, options, files.HEAD_SIZE), options)


def _parse(path: str, data: bytes, is_whole: bool, options: ReadOptions) -> _File:
    """Decode and parse the first bytes of a file. Raises `FileError`."""
    text, problems = decode(data, path=path, encoding=options.encoding, whole=is_whole)
    parsed = parse.read(text, file=path, dialect=options.dialect, whole=is_whole)
    return _File(data, is_whole, text, problems, parsed)


def read_head(
    path: str,
    *,
    content: Path,
    options: ReadOptions,
    keep: Callable[[ArticleSource], None] | None = None,
) -> ReadResult:
    """Return what the first 64 KiB of one file say about its article.

    `keep` is called with the article and its body where that was the whole file.
    """
    try:
        return _read_head(path, content, options, keep)
    except files.FileError as error:
        return held(path, error.problems)


def _read_head(
    path: str, content: Path, options: ReadOptions, keep: Callable[[ArticleSource], None] | None
) -> ReadResult:
    file = _parse_head(path, content, options)
    digest = disk.sha256(file.data) if file.is_whole else disk.file_sha256(os.path.join(content, path))
    if file.parsed is None:
        problem = _NO_FRONT_MATTER if file.text.strip() else _EMPTY
        draft, problem = article.is_below_drafts(path), replace(problem, file=path)
        return ReadResult(path, problems=(problem,), draft=draft, skipped=True, digest=digest)
    reader = FieldReader(path=path, parsed=file.parsed, options=options, problems=file.problems)
    result = article.read(reader)
    summary = summary_of(result) if result else None
    if keep and result and file.is_whole:
        keep(_source(result, file, file.parsed, digest))
    hiding, odd = visibility.hiding(reader)
    problems = odd if hiding else tuple(reader.problems)
    return ReadResult(path, summary, problems, reader.draft, hiding, False, reader.naive, digest)


def held(path: str, problems: tuple[Problem, ...], *, digest: str = "") -> ReadResult:
    """Return the result for a file that cannot be read as an article: why not; `digest` is its own."""
    draft = article.is_below_drafts(path)
    return ReadResult(path, problems=problems, draft=draft, digest=digest)


def lost(path: str, by: Literal["time", "memory", "death"], *, digest: str = "") -> ReadResult:
    """Return the result for a file whose process was stopped or died: a problem; `digest` is its own."""
    code, message = "LIM001", f"the front matter took too much {by} and was given up"
    if by == "death":
        code, message = "LIM002", "the process that read the front matter died"
    return held(path, (Problem.error(code, message, path, hint="simplify it"),), digest=digest)


def read_article(path: str, *, content: Path, options: ReadOptions, limit: int) -> ArticleSource:
    """Return an article with its body. Raises `FileError` if the file can no longer be read as one.

    `limit` is in bytes. What is wrong with the front matter was reported when the head was read.
    """
    data, is_whole = _bytes(path, content, options, limit)
    if not is_whole:
        message = f"the file has more than {limit // 2**20} MiB"
        hint = "make several articles of it, or link to what is long"
        raise files.FileError("HTML004", message, path, hint=hint)
    file = _parse(path, data, is_whole, options)
    parsed = file.parsed
    result = article.read(FieldReader(path=path, parsed=parsed, options=options)) if parsed else None
    if parsed is None or result is None:
        raise files.FileError("FS006", "the file changed while it was read", path, hint="build again")
    return _source(result, file, parsed, disk.sha256(data))


def _source(result: Article, file: _File, parsed: parse.ParsedFields, digest: str) -> ArticleSource:
    texts = {at.key.lower(): at.value for at in parsed.raw.values()} if "{" in file.text else {}
    return ArticleSource(
        article=result,
        body=file.text[parsed.body_offset :],
        fields={key: value for key, value in texts.items() if isinstance(value, str)},
        line=parsed.body_line,
        digest=digest,
        problems=tuple(file.problems) if len(file.data) > files.HEAD_SIZE else (),
    )


def read_body(path: str, *, content: Path, options: ReadOptions, limit: int) -> str | None:
    """Return a file's body as it is written; None where it has no front matter or cannot be read."""
    with suppress(HeldError), blaming(path):
        file = _parse(path, *_bytes(path, content, options, limit), options)
        return file.text[file.parsed.body_offset :] if file.parsed else None
    return None


def facts(path: str, *, content: Path, options: ReadOptions) -> tuple[str, datetime | None]:
    """Return title and date of a file's front matter as far as they can be read, even if it is broken."""
    with suppress(HeldError), blaming(path):
        file = _parse_head(path, content, options)
        if file.parsed:
            reader = FieldReader(path=path, parsed=file.parsed, options=options)
            return article.title_and_date(reader, file.text[: file.parsed.body_offset])
    return "", None


def page(path: str, *, content: Path, options: ReadOptions) -> tuple[str, str]:
    """Return the address and the title of a page of the site that is no article, "" where none is known."""
    with suppress(HeldError, MissingKeyError), blaming(path):
        parsed = _parse_head(path, content, options).parsed
        if parsed:
            return article.page_link(FieldReader(path=path, parsed=parsed, options=options))
    return "", ""


def located(problems: Iterable[Problem], *, content: Path, options: ReadOptions) -> list[Problem]:
    """Return the problems with the line and column of the field they name, where they have none yet.

    What is found out only when all articles are known has no position; few articles have such a problem, so
    their front matter is read once more.
    """
    return [_located(p, content, options) if p.field and p.file and not p.line else p for p in problems]


def _located(problem: Problem, content: Path, options: ReadOptions) -> Problem:
    with suppress(HeldError), blaming(problem.file):
        parsed = _parse_head(problem.file, content, options).parsed
        if parsed and (at := parsed.fields.get(problem.field)):
            return replace(problem, line=at.value_line, column=at.value_column)
    return problem
