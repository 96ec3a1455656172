"""An entry that a format cannot carry is named, and a fault of our own is not hidden."""

from __future__ import annotations

import pytest

from feedwright.formats import render
from feedwright.formats.layout import Target
from feedwright.formats.table import FORMATS
from feedwright.model import NO_INDEX, Feed, SiteIndex, replace
from sample_feeds import entry, feed


def targets(original: Feed, *formats: str) -> list[Target]:
    return [
        Target(path=original.path + FORMATS[name].file, format=name, feed=original, index=NO_INDEX)
        for name in formats
    ]


def test_an_entry_that_no_feed_can_carry_is_refused_by_its_id() -> None:
    good = entry(id="tag:example.org,2026:good")
    bad = entry(id="tag:example.org,2026:bad", link="not an address")
    done = render.render(targets(feed(good, bad), "rss", "atom", "json"))
    assert set(done.refused) == {"tag:example.org,2026:bad"}
    assert done.refused[bad.id] == "'not an address' is not an http(s) address"
    again = render.render(targets(feed(good), "rss", "atom"))
    assert [d.path.rpartition("/")[2] for d in again.documents] == ["rss.xml", "atom.xml"]
    assert not again.refused


def test_a_feed_that_no_document_can_hold_is_refused_and_the_others_are_rendered() -> None:
    twins = replace(feed(entry(title="one"), entry(title="two")), id="urn:x:twins", path="x/")
    done = render.render([*targets(twins, "rss"), *targets(feed(entry()), "rss")])
    assert (set(done.refused), set(done.refused_feeds)) == (set(), {"urn:x:twins"})
    assert len(done.documents) == 1


def test_a_fault_of_no_entry_and_no_category_is_our_own() -> None:
    twins = feed(entry(title="one"), entry(title="two"))
    index = SiteIndex(formats=("rss",), feeds=(twins,))
    (target,) = targets(twins, "rss")
    with pytest.raises(RuntimeError, match="not a valid rss document"):
        render.render([replace(target, index=index)])


def test_what_keeps_the_list_of_all_feeds_from_being_written_is_the_feed_to_blame() -> None:
    own = replace(feed(entry()), path="")
    listed = [replace(own, id=f"urn:x:{n}", path=f"{n}/", url=f"https://example.org/{n}/") for n in "ab"]
    listed.append(replace(own, id="urn:x:bad", path="c/", url="not an address"))
    index = SiteIndex(formats=("rss", "atom", "opml"), feeds=(own, *listed))
    (target,) = targets(own, "opml")
    done = render.render([replace(target, index=index)])
    assert (set(done.refused), set(done.refused_feeds)) == (set(), {"urn:x:bad"})


def test_a_failure_of_our_own_at_one_entry_is_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(original: Feed, index: SiteIndex) -> bytes:
        if any(e.title == "odd" for e in original.entries):
            raise LookupError
        return FORMATS["rss"].render(original, index)

    broken = {**FORMATS, "rss": replace(FORMATS["rss"], render=fail)}
    monkeypatch.setattr(render, "FORMATS", broken)
    done = render.render(targets(feed(entry(), entry(id="urn:x:odd", title="odd")), "rss"))
    assert done.refused == {"urn:x:odd": "feedwright failed at it (LookupError)"}
