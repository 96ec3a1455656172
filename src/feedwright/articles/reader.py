"""One file becomes an article, or the problems that keep it from being one.

`read_head` is the first phase: front matter only, of every file. `read_article` reads the body too, of the
articles that some feed shows.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Literal

from msgspec import Struct

from feedwright import disk
from feedwright.articles import article, files, visibility
from feedwright.articles.decode import decode
from feedwright.articles.field_reader import FieldReader, ReadOptions
from feedwright.articles.front_matter import parse
from feedwright.articles.sections import defaults_for
from feedwright.articles.steps import Steps, alone, together
from feedwright.generators.generator import MissingKeyError
from feedwright.generators.markdown_dialect import switches
from feedwright.model import Article, ArticleHead, ArticleSource, ReadResult, replace, summary_of
from feedwright.problems import HeldError, Problem, blaming

_NO_FRONT_MATTER = Problem.warning(
    "FM001", "there is no front matter; skipped", line=1, column=1, hint=article.EXAMPLE_HINT
)
_EMPTY = replace(_NO_FRONT_MATTER, code="FM007", message="the file is empty; skipped")


class _Text(Struct, frozen=True, kw_only=True):
    """One file as far as it was read, decoded, and the SHA-256 of the whole of it, "" if nobody asks."""

    path: str
    text: str
    is_whole: bool
    digest: str
    problems: list[Problem]


class Head(Struct, frozen=True):
    """The outcome of reading front matter, and the article where the whole file was read for that."""

    result: ReadResult
    article: ArticleHead | None = None


def _bytes(path: str, content: Path, options: ReadOptions, limit: int) -> tuple[bytes, bool]:
    return files.read(content, path, limit=limit, follow=options.follow_symlinks)


def _decoded(path: str, data: bytes, is_whole: bool, options: ReadOptions, digest: str = "") -> _Text:
    """Decode the first bytes of a file. Raises `FileError`."""
    text, problems = decode(data, path=path, encoding=options.encoding, whole=is_whole)
    return _Text(path=path, text=text, is_whole=is_whole, digest=digest, problems=problems)


def _parse(file: _Text, options: ReadOptions) -> parse.ParsedFields | None:
    """Parse the front matter; None where there is none."""
    return alone(_parse_in_steps(file, options))


def _parse_in_steps(file: _Text, options: ReadOptions) -> Steps[parse.ParsedFields | None]:
    defaults = defaults_for(file.path, options.defaults) if options.defaults else {}
    return parse.read_in_steps(
        file.text, file=file.path, dialect=options.dialect, whole=file.is_whole, defaults=defaults
    )


def read_head(path: str, *, content: Path, options: ReadOptions) -> ReadResult:
    """Return what the first 64 KiB of one file say about its article."""
    return read_heads([path], content=content, options=options)[0].result


def read_heads(paths: Iterable[str], *, content: Path, options: ReadOptions) -> list[Head]:
    """Return what the first 64 KiB of each of some files say about its article."""
    return together([_head(path, content, options) for path in paths])


def _open(path: str, content: Path, options: ReadOptions) -> _Text | ReadResult:
    """The text of a file, or the result where it cannot be read."""
    try:
        data, is_whole = _bytes(path, content, options, files.HEAD_SIZE)
        digest = disk.sha256(data) if is_whole else disk.file_sha256(os.path.join(content, path))
        return _decoded(path, data, is_whole, options, digest)
    except files.FileError as error:
        return held(path, error.problems)


def _head(path: str, content: Path, options: ReadOptions) -> Steps[Head]:
    file = _open(path, content, options)
    if not isinstance(file, _Text):
        return Head(file)
    digest = file.digest
    yield
    parsed = yield from _parse_in_steps(file, options)
    if parsed is None:
        problem = _NO_FRONT_MATTER if file.text.strip() else _EMPTY
        draft, problem = article.is_below_drafts(path), replace(problem, file=path)
        return Head(ReadResult(path, problems=(problem,), draft=draft, skipped=True, digest=digest))
    reader = FieldReader(path=path, parsed=parsed, options=options, problems=file.problems)
    yield
    result = yield from article.read_in_steps(reader)
    yield
    summary = summary_of(result) if result else None
    hiding, odd = visibility.hiding(reader)
    problems = odd if hiding else tuple(reader.problems)
    return Head(
        ReadResult(path, summary, problems, reader.draft, hiding, False, reader.naive, digest),
        _article_head(file, result, parsed, digest) if result and file.is_whole else None,
    )


def _article_head(file: _Text, result: Article, parsed: parse.ParsedFields, digest: str) -> ArticleHead:
    texts = {}
    if "{" in file.text:
        texts = {at.key.lower(): at.value for at in parsed.raw.values() if isinstance(at.value, str)}
    return ArticleHead(
        result,
        parsed.body_offset,
        parsed.body_line,
        digest,
        switches({key: at.value for key, at in parsed.raw.items()}),
        texts,
    )


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


def read_article(
    path: str, *, content: Path, options: ReadOptions, limit: int, head: ArticleHead | None = None
) -> ArticleSource:
    """Return an article with its body. Raises `FileError` if the file can no longer be read as one.

    `limit` is in bytes. `head` is what was read of the file before: if that is still the same, its front
    matter is not parsed again. What is wrong with that was reported when the head was read.
    """
    data, is_whole = _bytes(path, content, options, limit)
    if not is_whole:
        message = f"the file has more than {limit // 2**20} MiB"
        hint = "make several articles of it, or link to what is long"
        raise files.FileError("HTML004", message, path, hint=hint)
    digest = disk.sha256(data)
    file = _decoded(path, data, is_whole, options)
    if head is None or head.digest != digest:
        head = _parsed_again(file, options)
    return ArticleSource(
        article=head.article,
        body=file.text[head.offset :],
        line=head.line,
        digest=digest,
        problems=tuple(file.problems) if len(data) > files.HEAD_SIZE else (),
        switches=head.switches,
        fields=head.fields,
    )


def _parsed_again(file: _Text, options: ReadOptions) -> ArticleHead:
    parsed = _parse(file, options)
    result = article.read(FieldReader(path=file.path, parsed=parsed, options=options)) if parsed else None
    if parsed is None or result is None:
        raise files.FileError("FS006", "the file changed while it was read", file.path, hint="build again")
    return _article_head(file, result, parsed, "")


def read_body(path: str, *, content: Path, options: ReadOptions, limit: int) -> str | None:
    """Return a file's body as it is written; None where it has no front matter or cannot be read."""
    with suppress(HeldError), blaming(path):
        file = _decoded(path, *_bytes(path, content, options, limit), options)
        parsed = _parse(file, options)
        return file.text[parsed.body_offset :] if parsed else None
    return None


def facts(path: str, *, content: Path, options: ReadOptions) -> tuple[str, datetime | None]:
    """Return title and date of a file's front matter as far as they can be read, even if it is broken."""
    with suppress(HeldError), blaming(path):
        file = _decoded(path, *_bytes(path, content, options, files.HEAD_SIZE), options)
        if parsed := _parse(file, options):
            reader = FieldReader(path=path, parsed=parsed, options=options)
            return article.title_and_date(reader, file.text[: parsed.body_offset])
    return "", None


def page(path: str, *, content: Path, options: ReadOptions) -> tuple[str, str]:
    """Return the address and the title of a page of the site that is no article, "" where none is known."""
    with suppress(HeldError, MissingKeyError), blaming(path):
        file = _decoded(path, *_bytes(path, content, options, files.HEAD_SIZE), options)
        if parsed := _parse(file, options):
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
        head = _bytes(problem.file, content, options, files.HEAD_SIZE)
        parsed = _parse(_decoded(problem.file, *head, options), options)
        if parsed and (at := parsed.fields.get(problem.field)):
            return replace(problem, line=at.value_line, column=at.value_column)
    return problem
