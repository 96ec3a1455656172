"""What the commands beside `build` do: look, compare, fetch back, take over, clean up."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from feedwright import disk
from feedwright.commands import command
from feedwright.text import count, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from feedwright.commands.command import Request
    from feedwright.commands.inspection import Inspection
    from feedwright.problems import GuardError, Problem
    from feedwright.publication.foreign_feeds import ForeignEntry
    from feedwright.publication.record import Record
    from feedwright.settings.load import Site

_WEB = ("http://", "https://")


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """Where and when a command runs: environment, current folder and moment; `tell` hears of waiting."""

    request: Request
    environ: Mapping[str, str]
    start: str
    now: datetime
    tell: Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a command found: an exit code, problems, lines for people, facts for programs, and a summary.

    `lines` are the result that was asked for; `notes` and the summary are told beside it.
    """

    exit_code: int
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)
    summary: str = ""
    hurt: GuardError | None = None


def check(errand: Errand) -> Answer:
    """Tell whether the output folder is what the articles say, and whether publishing would hurt."""
    from feedwright.cli import diff_table
    from feedwright.commands import inspection

    asked = errand.request
    site = command.site_of(asked, errand.environ, errand.start)
    found = inspection.check(site, now=errand.now, drafts=asked.drafts, future=asked.future, jobs=asked.jobs)
    findings = tuple(replace(p, file=_near(p.file, errand.start)) for p in found.findings)
    differing = "1 file differs" if len(findings) == 1 else f"{len(findings)} files differ"
    stale = tuple(f"stale: {visible(path)} is not made any more" for path in found.stale)
    return Answer(
        exit_code=found.exit_code,
        problems=(*site.warnings, *command.placed(found.problems, site, errand.start), *findings),
        notes=stale,
        facts={"stale": list(found.stale), "changes": diff_table.as_json(found.changes)},
        summary=differing if findings else "every document is what the articles say",
        hurt=found.hurt,
    )


def diff(errand: Errand, *, against: str | None, width: int) -> Answer:
    """Tell what subscribers would see if the site were published now, against what is there or elsewhere."""
    from feedwright.cli import diff_table
    from feedwright.commands import inspection

    asked = errand.request
    site = command.site_of(asked, errand.environ, errand.start)
    published, previous = _elsewhere(against, errand.start, site) if against else (None, None)
    found: Inspection = inspection.differences(
        site,
        now=errand.now,
        drafts=asked.drafts,
        future=asked.future,
        jobs=asked.jobs,
        published=published,
        previous=previous,
    )
    table = diff_table.as_table(found.changes, width)
    return Answer(
        exit_code=5 if found.changes else 0,
        problems=(*site.warnings, *command.placed(found.problems, site, errand.start)),
        lines=tuple(table.splitlines()),
        facts={"changes": diff_table.as_json(found.changes)},
        summary="" if found.changes else "subscribers would see no change",
    )


def restore(errand: Errand, *, url: str | None) -> Answer:
    """Fetch what was published, from where it is served, into the output folder."""
    from feedwright.publication import restore as restoring

    site = command.site_of(errand.request, errand.environ, errand.start)
    done = restoring.restore(
        url or site.feeds_url,
        output=site.output,
        record_path=site.record,
        lock=site.cache / "lock",
        accept=errand.request.accept,
        tell=errand.tell,
    )
    return Answer(
        exit_code=0,
        problems=tuple(replace(p, file=_near(p.file, errand.start)) for p in done.problems),
        facts={"written": list(done.written), "unchanged": list(done.unchanged)},
        summary=f"{count(len(done.written), 'document')} restored, {len(done.unchanged)} there already",
    )


def adopt(errand: Errand, *, feeds: Sequence[str]) -> Answer:
    """Take over the ids of feeds that something else published."""
    from feedwright.commands import adopt as adopting

    site = command.site_of(errand.request, errand.environ, errand.start)
    entries = [entry for feed in feeds for entry in _foreign(feed, errand.start)]
    done = adopting.adopt(entries, site=site, now=errand.now, accept=errand.request.accept, tell=errand.tell)
    own = dict(done.adoption.matched)
    kept = "was published under another id; to change that: --accept id-change"
    left = [(entry.title or entry.link or entry.id, reason) for entry, reason in done.adoption.unmatched]
    left += [(path, kept) for path in done.refused]
    return Answer(
        exit_code=1 if left or done.problems else 0,
        problems=(*site.warnings, *command.placed(done.problems, site, errand.start)),
        lines=(
            *(f"adopted      {visible(path)}  {visible(own[path].id)}" for path in done.paths),
            *(f"not adopted  {visible(name)}: {visible(reason)}" for name, reason in left),
        ),
        facts={
            "adopted": [{"file": path, "id": own[path].id} for path in done.paths],
            "unmatched": [
                {"id": entry.id, "title": entry.title, "link": entry.link, "reason": reason}
                for entry, reason in done.adoption.unmatched
            ],
            "refused": list(done.refused),
            "alone": done.adoption.alone,
        },
        summary=f"{len(done.paths)} adopted, {len(left)} not, {done.adoption.alone} articles in no feed",
    )


def clean(errand: Errand) -> Answer:
    """Delete the documents that are not made any more, as far as they are feedwright's."""
    from feedwright.commands import inspection
    from feedwright.publication import publish

    asked = errand.request
    site = command.site_of(asked, errand.environ, errand.start)
    stale = inspection.stale(site, now=errand.now, drafts=asked.drafts, future=asked.future, jobs=asked.jobs)
    gone: tuple[str, ...] = ()
    if stale:
        gone = publish.remove(
            stale, output=site.output, record_path=site.record, lock=site.cache / "lock", tell=errand.tell
        )
    return Answer(
        exit_code=0,
        lines=tuple(f"removed: {visible(path)}" for path in gone),
        facts={"removed": list(gone)},
        summary=f"{count(len(gone), 'document')} removed",
    )


def _near(file: str, start: str) -> str:
    """A file named from the current folder, so that a terminal can open it."""
    path = Path(file)
    return str(path.relative_to(start)) if path.is_relative_to(start) else file


def _elsewhere(against: str, start: str, site: Site) -> tuple[Callable[[str], bytes | None], Record | None]:
    """What reads the documents of another folder or address, and the record beside them, else the site's."""
    from urllib.parse import quote

    from feedwright.problems import MachineError, UsageError
    from feedwright.publication import fetch, record

    folder = Path(start) / against
    if not against.startswith(_WEB) and not folder.is_dir():
        message = f"there is no folder {visible(against)}"
        raise UsageError(message, code="USE002", hint="name a folder with feeds, or an address")

    def published(path: str) -> bytes | None:
        try:
            if not against.startswith(_WEB):
                return disk.read_bytes(folder / path)
            return fetch.fetch(f"{against.rstrip('/')}/{quote(path)}")
        except OSError:
            return None
        except MachineError as error:
            if error.code != fetch.MISSING:
                raise
            return None

    name = record.name_below(site.record, site.output)
    if data := published(name):
        return published, record.read(data, name=f"{against.rstrip('/')}/{name}")
    return published, record.load(site.record)


def _foreign(feed: str, start: str) -> Sequence[ForeignEntry]:
    from feedwright.publication import fetch, foreign_feeds

    if feed.startswith(_WEB):
        return foreign_feeds.read(fetch.fetch(feed), name=feed).entries
    return foreign_feeds.read(Path(start) / feed, name=feed).entries
