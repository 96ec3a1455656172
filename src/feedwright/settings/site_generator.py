"""The configuration of the site's own generator: which generator it is, what its files say, and where.

Files are parsed and never run, and nothing outside the site's folder is looked at unless a link leads there.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct, field

from feedwright import disk
from feedwright.articles.front_matter.fields import Field, RawFields, position_of
from feedwright.articles.front_matter.json_fields import read_json
from feedwright.articles.front_matter.toml_fields import read_toml
from feedwright.articles.front_matter.yaml_fields import read_yaml
from feedwright.generators.configuration import Configuration, Given, Table
from feedwright.generators.table import GENERATORS
from feedwright.model import replace
from feedwright.patterns import lazy_pattern
from feedwright.problems import Problem
from feedwright.settings.python_values import read_python

Shown: TypeAlias = Callable[[str], str]

LARGEST = 1 << 20
"""Most bytes of a configuration file."""

_READERS: Mapping[str, Callable[[str, RawFields], None]] = {
    ".json": read_json,
    ".py": read_python,
    ".toml": read_toml,
    ".yaml": read_yaml,
    ".yml": read_yaml,
}
_DATA = (".yml", ".yaml", ".json", ".toml")
_MOST_FILES = 1000
"""Data files of a folder that are read."""

_HARMLESS = frozenset({"FM012", "FM013", "FM017", "XML001"})
"""Faults after which all other keys were read: a key twice, a tag, a key that is no text."""

_KEY = lazy_pattern(r"""(?m)^["']?([A-Za-z_]\w*+)["']?[ \t]*+[:=][ \t]*+["']?([^"'\n]*+)""")


class SiteGenerator(Struct, frozen=True, kw_only=True):
    """The generator of a site: its name, what it gives by the name of our setting, and its files' fields.

    `data` are the fields of files that it can do without.
    """

    name: str
    settings: Mapping[str, Given]
    fields: Mapping[str, RawFields]
    data: Mapping[str, RawFields]

    def named(self, shown: Shown) -> SiteGenerator:
        """Return it with its files named as messages name them."""
        settings = {name: replace(given, file=shown(given.file)) for name, given in self.settings.items()}
        fields = {shown(file): raw for file, raw in self.fields.items()}
        data = {shown(file): raw for file, raw in self.data.items()}
        return SiteGenerator(name=self.name, settings=settings, fields=fields, data=data)

    def position(self, given: Given) -> tuple[str, int, int]:
        """Return file, line and column of a value; zeros where the generator's default stands for it."""
        raw, key = {**self.data, **self.fields}.get(given.file), given.key
        while raw and key:
            inner = key.partition(".")[2]
            places = (fields.get(name) for name in (key, inner) for fields in (raw.fields, raw.nested))
            if at := next(filter(None, places), None):
                return given.file, at.line, at.column
            key = key.rpartition(".")[0]
        return given.file, 0, 0

    def fault(self) -> Problem | None:
        """Return what keeps one of its files from being read."""
        return next(_unread(self.fields), None)

    def data_faults(self) -> Iterator[Problem]:
        """Yield what keeps its data files from being read, as warnings."""
        return (replace(fault, severity="warning", code="CFG030") for fault in _unread(self.data))

    @property
    def title(self) -> str:
        """The generator's name as people write it."""
        return self.name.capitalize()


def _unread(files: Mapping[str, RawFields]) -> Iterator[Problem]:
    for name, raw in files.items():
        for fault in islice(_faults(raw), 1):
            told = fault.message.replace("front matter", "configuration")
            hint = fault.hint or "put that line right"
            yield replace(fault, message=f"{name} cannot be read: {told}", file=name, hint=hint)


class _Folder(Struct, frozen=True, kw_only=True):
    """The folder of a site while it is looked at; `examined` is everything looked at, and its state."""

    root: Path
    examined: dict[str, str] = field(default_factory=dict)
    fields: dict[str, RawFields] = field(default_factory=dict)

    def data(self, name: str) -> dict[str, RawFields]:
        """The fields of the data files of a name, or in the folder of that name, by file."""
        pattern = os.path.join(self.root, name, "*")
        self.examined[pattern] = disk.state_of(pattern)
        files = [f"{name}{suffix}" for suffix in _DATA]
        with suppress(OSError):
            below = sorted(os.listdir(os.path.join(self.root, name)))
            files += [f"{name}/{file}" for file in below[:_MOST_FILES] if file.endswith(_DATA)]
        return {file: raw for file in files if (raw := self.read(file))}

    def has_folder(self, name: str) -> bool:
        path = os.path.join(self.root, name, "")
        self.examined[path] = disk.state_of(path)
        return bool(self.examined[path])

    def read(self, name: str) -> RawFields | None:
        """The fields of a file, None where there is no such file."""
        path = os.path.join(self.root, name)
        if path not in self.examined:
            data = _bytes(path)
            self.examined[path] = "" if data is None else disk.sha256(data)
            if data is not None:
                self.fields[name] = _parsed(data, name)
        return self.fields.get(name)


def find(root: Path, dialect: object, content: object = None) -> tuple[list[SiteGenerator], dict[str, str]]:
    """Return the generators whose files are in a folder, that of `dialect` first, and what was looked at.

    `content` is the folder of the articles if the user has chosen one.
    """
    folder = _Folder(root=root)
    chosen = content if isinstance(content, str) else ""
    generators = [site for name in GENERATORS if (site := _recognized(name, folder, chosen))]
    generators.sort(key=lambda site: site.name != dialect)
    return generators, folder.examined


def _recognized(name: str, folder: _Folder, content: str) -> SiteGenerator | None:
    generator = GENERATORS[name]
    fields = {file: raw for file in generator.configuration_files if (raw := folder.read(file))}
    if not fields and generator.marks and all(map(folder.has_folder, generator.marks)):
        fields = {generator.marks[0]: RawFields(file=generator.marks[0])}
    data: dict[str, RawFields] = {}

    def read_data(name: str) -> Mapping[str, Table]:
        data.update(found := folder.data(name))
        return _tables(found)

    configuration = Configuration(
        files=_tables(fields), has_folder=folder.has_folder, data=read_data, content=content
    )
    if not fields or not generator.recognizes(configuration):
        return None
    settings: dict[str, Given] = {}
    for setting, given in generator.settings(configuration):
        if given.value not in ("", [], {}, None):
            settings.setdefault(setting, given)
    return SiteGenerator(name=name, settings=settings, fields=fields, data=data)


def _tables(files: Mapping[str, RawFields]) -> dict[str, Table]:
    return {file: {at.key: at.value for at in raw.fields.values()} for file, raw in files.items()}


def _bytes(path: str) -> bytes | None:
    try:
        if os.path.getsize(path) > LARGEST:
            return b"\0"
        return disk.read_bytes(path)
    except OSError:
        return None


def _parsed(data: bytes, name: str) -> RawFields:
    raw, read = RawFields(file=name), _READERS.get(os.path.splitext(name)[1])
    if read is None:
        return raw  # a program: that it is there is all that can be read
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(errors="replace")
        raw.error("FM008", "it is not UTF-8", position_of(before, len(before)), "save it as UTF-8")
        return raw
    if data == b"\0":
        raw.error("FM008", f"it has more than {LARGEST // 2**20} MiB", (1, 1))
        return raw
    if text.strip():
        read(text, raw)
    if any(_faults(raw)):
        # enough to recognize whose file it is
        raw.fields.update(_guessed(text))
    return raw


def _guessed(text: str) -> Mapping[str, Field]:
    return {key: Field(key, value.strip() or "?", 0, 0, 0, 0) for key, value in _KEY.findall(text)}


def _faults(raw: RawFields) -> Iterator[Problem]:
    return (p for p in raw.problems if p.severity == "error" and p.code not in _HARMLESS)
