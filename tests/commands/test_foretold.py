"""What `diff` calls unread is what readers call unread, and no build lets it happen without a word."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from feedwright.commands.context import Context, Options
from feedwright.commands.diff import diff
from feedwright.model import replace
from feedwright.problems import GuardError
from readers import Subscriber, mark
from sites import NOW, URL, Folder, text

if TYPE_CHECKING:
    import pytest

    from feedwright import Outcome

START = datetime(2026, 1, 1, 9, 30, tzinfo=UTC)
LABELS = ("", "x", "y", "x, y")
LIMIT = 'limit = {}\nformats = ["rss", "atom"]\ntimezone = "UTC"\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """An article as its writer means it; `away` says that its file is not there for now."""

    path: str
    title: str
    words: str
    date: datetime
    labels: str = ""
    guid: str = ""
    draft: bool = False
    away: bool = False

    def written(self, name: str) -> str:
        """Return the file."""
        more = {"categories": f"[{self.labels}]", "guid": self.guid, "draft": "true" if self.draft else ""}
        facts = {key: value for key, value in more.items() if value}
        return text(self.title, f"{self.date:%Y-%m-%d %H:%M:%S}", f"{self.words} {mark(name)}", **facts)


@dataclass
class Writer:
    """A site, its articles by name, and a reader of all its feeds."""

    folder: Folder
    pieces: dict[str, Piece]
    limit: int = 3
    reader: Subscriber = field(default_factory=Subscriber)

    def save(self) -> None:
        """Write all files anew."""
        for file in sorted(self.folder.content.rglob("*"), reverse=True):
            file.unlink() if file.is_file() else file.rmdir()
        for name, piece in self.pieces.items():
            if not piece.away:
                self.folder.write(piece.path, piece.written(name))
        (self.folder.root / "feedwright.toml").write_text(LIMIT.format(self.limit), "utf-8")

    def foretold(self) -> set[str]:
        """Return the ids that `diff` calls unread."""
        context = Context(
            Options(url=URL, jobs=1),
            {},
            str(self.folder.root),
            now=NOW,
            began=time.time_ns(),
            notify=lambda message: None,
        )
        changes = diff(context, against=None).changes or ()
        return {entry.id for change in changes for entry in change.entries if entry.fate == "unread"}

    def build(self, *accept: str) -> Outcome:
        """Build with these guards accepted."""
        return self.folder.build(LIMIT.format(self.limit), accept=frozenset(accept))

    def refusal(self) -> str:
        """Return the code of the guard at which a build stops, "" if it stops at none."""
        try:
            self.build("shrink", "empty")
        except GuardError as error:
            return error.code
        return ""

    def poll(self) -> list[str]:
        """Let the reader look, and return whatever hurts it."""
        documents = {path: data for path, data in self.folder.published().items() if path.endswith(".xml")}
        return self.reader.poll(documents)

    def follow_advice(self, outcome: Outcome) -> None:
        """Do what the problems of files that are held say."""
        for problem in outcome.problems:
            name = next(n for n, p in self.pieces.items() if p.path == problem.file and not p.away)
            if problem.code == "ID002":
                line = problem.hint.splitlines()[0]
                self.pieces[name] = replace(self.pieces[name], guid=line.removeprefix("guid: "))
            elif problem.code == "ID003":
                original = re.match("the same title, date and text as (.*), which", problem.message)
                assert original, problem
                path = self.pieces.pop(name).path
                others = (n for n, p in self.pieces.items() if p.path == original[1] and not p.away)
                other = next(others)
                self.pieces[other] = replace(self.pieces[other], path=path)
            elif problem.code == "PUB013":
                guid = re.search(r"the article was published as (\S+):", problem.message)
                assert guid, problem
                self.pieces[name] = replace(self.pieces[name], guid=guid[1])
            else:
                raise AssertionError(problem)


EDITS = (
    "rename",
    "move",
    "retitle",
    "rewrite",
    "redate",
    "rename and retitle",
    "rename and rewrite",
    "rename and redate",
    "rename, retitle and rewrite",
    "rename, retitle and redate",
    "rename, rewrite and redate",
    "recategorize",
    "guid",
    "draft",
    "away",
    "away and renamed",
    "delete",
    "add",
    "copy",
    "limit",
)
TURNS = st.lists(
    st.lists(
        st.tuples(st.sampled_from(EDITS), st.integers(0, 5), st.integers(1, 4)),
        min_size=1,
        max_size=2,
        unique_by=lambda row: row[1],
    ),
    min_size=1,
    max_size=7,
)


def _piece(n: int) -> Piece:
    return Piece(
        path=f"posts/{n}.md",
        title=f"Title {n}",
        words=f"Words {n}",
        date=START + timedelta(days=n),
        labels=LABELS[n % 4],
    )


def _edit(writer: Writer, edit: str, n: int, k: int, turn: int) -> None:
    name, pieces, new = f"{n}", writer.pieces, f"{turn}x{n}"
    if edit == "limit":
        writer.limit = k
        return
    piece = pieces.get(name)
    if piece is None:
        if edit == "add":
            pieces[name] = replace(_piece(n), path=f"posts/{n}.md")
        return
    if piece.away:
        path = f"back/{new}.md" if "renamed" in edit else piece.path
        pieces[name] = replace(piece, away=not edit.startswith("away"), path=path)
        return
    if piece.draft and edit.count(" ") > 2:
        return  # one thing alone says nothing of an article that no reader sees at the time
    changes = {
        "rename": {"path": f"posts/{new}.md"},
        "move": {"path": f"moved{turn}/{piece.path.rpartition('/')[2]}"},
        "retitle": {"title": f"Title {new}"},
        "rewrite": {"words": f"Words {new}"},
        "redate": {"date": piece.date + timedelta(minutes=turn + 1, days=k - 2)},
        "recategorize": {"labels": LABELS[k % 4]},
        "guid": {"guid": f"urn:x:{new}"},
        "draft": {"draft": not piece.draft},
        "away": {"away": True},
    }
    if edit == "delete":
        del pieces[name]
    elif edit == "copy":
        pieces[f"{name}c{turn}"] = replace(piece, path=f"copies/{new}.md", guid="")
    else:
        for word in re.findall("rename|move|retitle|rewrite|redate|recategorize|guid|draft|away", edit):
            pieces[name] = replace(pieces[name], **changes[word])  # type: ignore[arg-type]


def _turn(writer: Writer, before: dict[str, Piece]) -> None:
    """Build, after the guards had their say; hold that nobody was hurt without it."""
    writer.save()
    foretold = writer.foretold()
    if code := writer.refusal():
        assert code == "PUB009"
        assert foretold
        writer.pieces = before
        writer.save()
    else:
        assert not foretold
    outcome = writer.build("shrink", "empty")
    assert writer.poll() == []
    if outcome.held:
        assert outcome.exit_code == 1
        writer.follow_advice(outcome)
        writer.save()
        settled = writer.build("shrink", "empty")
        assert not settled.held
        assert writer.poll() == []


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(turns=TURNS)
@example(turns=[[("rename", 3, 1)], [("away", 3, 1)], [("away", 3, 1)]])
@example(turns=[[("away", 1, 1)], [("away and renamed", 1, 1)]])
@example(turns=[[("limit", 0, 1)], [("rename and retitle", 0, 1)], [("limit", 0, 4), ("delete", 5, 1)]])
@example(turns=[[("rename, retitle and redate", 2, 1)], [("copy", 3, 1)], [("guid", 4, 1)]])
def test_no_build_brings_back_what_diff_does_not_foretell(
    turns: list[list[tuple[str, int, int]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    writer = Writer(Folder(tmp_path_factory.mktemp("site")), {f"{n}": _piece(n) for n in range(5)})
    writer.save()
    writer.build()
    assert writer.poll() == []
    for turn, edits in enumerate(turns, 1):
        before = dict(writer.pieces)
        for edit, n, k in edits:
            _edit(writer, edit, n, k, turn)
        _turn(writer, before)
