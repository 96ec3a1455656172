"""What publishing a preview would change for subscribers, and what would stop it."""

from __future__ import annotations

from dataclasses import dataclass

from feedwright.commands.inspection import Inspection
from feedwright.commands.preview.build import Build
from feedwright.disk import document_hash
from feedwright.formats.render import Rendered
from feedwright.model import Document, replace
from feedwright.problems import FeedwrightError
from feedwright.publication.changes import FeedChange


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The changes in the feeds, the number of documents that a build would write, and what would stop it."""

    changes: tuple[FeedChange, ...] = ()
    differing: int = 0
    stop: FeedwrightError | None = None


def compare(build: Build) -> Comparison:
    """Compare the documents of a preview with those in the output folder."""
    plan = build.plan
    is_same = {path: _is_published(build, path, data) for path, data in build.documents.items()}
    differing = [Document(path=path, data=build.documents[path]) for path in is_same if not is_same[path]]
    current = {path: document_hash(build.documents[path]) for path in is_same if is_same[path]}
    plan = replace(plan, rendered=Rendered(documents=differing, current=current))
    inspection = Inspection(build.site, build.previous, plan)
    try:
        changes = inspection.changes()
        return Comparison(changes=changes, differing=len(differing), stop=inspection.guard(changes))
    except FeedwrightError as error:
        return Comparison(differing=len(differing), stop=error)


def _is_published(build: Build, path: str, data: bytes) -> bool:
    try:
        file = build.site.output / path
        return file.stat().st_size == len(data) and file.read_bytes() == data
    except OSError:
        return False
