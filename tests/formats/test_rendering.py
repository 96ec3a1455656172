"""Entries are written once for all feeds, and not again while they stay as they are; no fault is hidden."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedwright.commands.inputs import Inputs
from feedwright.formats import earlier, faults, render
from feedwright.formats.earlier import Before, MadeOf
from feedwright.formats.layout import Target
from feedwright.formats.shared_entries import PARTS
from feedwright.formats.table import FORMATS
from feedwright.model import NO_INDEX, Feed, SafeHtml, SiteIndex, replace
from sample_feeds import FEEDS, entry, feed

JOINED = [*PARTS]
TEXT = st.lists(
    st.sampled_from(
        ["\n  <entry>", "\n    <item>", "\n    {\n", '",\n    {\n', "\n</feed>\n", "]]>", "\\u00"]
    )
    | st.text(max_size=5)
).map("".join)


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
    monkeypatch.setattr(faults, "FORMATS", broken)
    done = render.render(targets(feed(entry(), entry(id="urn:x:odd", title="odd")), "rss"))
    assert done.refused == {"urn:x:odd": "feedwright failed at it (LookupError)"}


@settings(max_examples=30)
@given(st.lists(st.tuples(TEXT, TEXT, st.sampled_from(["", "de"])), min_size=1, max_size=30), st.data())
def test_joined_documents_are_those_that_their_formats_write(
    rows: list[tuple[str, str, str]], data: st.DataObject
) -> None:
    entries = [
        entry(
            number,
            title=f"a{title}",
            summary=f"b{content}",
            content=SafeHtml(f"c{content}"),
            language=language,
        )
        for number, (title, content, language) in enumerate(rows)
    ]
    parts = st.lists(st.sampled_from(entries), min_size=1, unique_by=lambda one: one.id)
    feeds = [
        feed(*data.draw(parts), id=f"urn:x:{number}", path=f"{number}/", language=language)
        for number, language in enumerate(["zh-CN", "de", "zh-CN"])
    ]
    done = render.render([target for one in feeds for target in targets(one, *JOINED)])
    assert not done.refused_feeds
    assert [(d.path, d.data) for d in done.documents] == [
        (t.path, FORMATS[t.format].render(t.feed, NO_INDEX)) for one in feeds for t in targets(one, *JOINED)
    ]


@pytest.mark.parametrize("case", [name for name, one in FEEDS.items() if one.entries])
def test_joined_samples_are_those_that_their_formats_write(case: str) -> None:
    wanted = targets(FEEDS[case], *JOINED)
    assert [document.data for document in render.render(wanted).documents] == [
        FORMATS[target.format].render(target.feed, NO_INDEX) for target in wanted
    ]


def test_an_entry_of_many_feeds_is_written_once_in_a_format(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []

    def watched(original: Feed, index: SiteIndex) -> bytes:
        written.extend(one.id for one in original.entries if one.content)
        return FORMATS["atom"].render(original, index)

    monkeypatch.setattr(faults, "FORMATS", {**FORMATS, "atom": replace(FORMATS["atom"], render=watched)})
    entries = [entry(number) for number in range(60)]
    feeds = [feed(*entries, id=f"urn:x:{number}", path=f"{number}/") for number in range(5)]
    assert len(render.render([target for one in feeds for target in targets(one, "atom")]).documents) == 5
    assert sorted(written) == sorted(one.id for one in entries)


def _inputs(*feeds: Feed) -> Inputs:
    return Inputs({one.id: "" for original in feeds for one in original.entries}, {})


@settings(max_examples=30)
@given(
    st.lists(st.tuples(TEXT, st.sampled_from(["", "de"]), TEXT), min_size=1, max_size=30),
    st.sampled_from(["zh-CN", "de"]),
    st.data(),
)
def test_what_earlier_documents_have_in_common_with_new_ones_is_what_their_formats_write(
    rows: list[tuple[str, str, str]], language: str, data: st.DataObject
) -> None:
    ids = st.sampled_from(["https://example.org/?a&b=", "a b ", "<a>", '"', "urn:x:", ""])
    prefix = data.draw(ids)
    old = [
        entry(number, id=f"{prefix}{number}", title=f"a{title}", content=SafeHtml(f"c{title}"), language=own)
        for number, (title, own, _) in enumerate(rows)
    ]
    new = [
        replace(one, summary=f"s{text}") if text else one for one, (*_, text) in zip(old, rows, strict=True)
    ]
    numbers = st.lists(st.sampled_from(range(len(rows))), min_size=1, unique=True)
    before = feed(*(old[n] for n in data.draw(numbers)), language="zh-CN")
    after = feed(*(new[n] for n in data.draw(numbers)), language=language)
    known = {t.path: (t, FORMATS[t.format].render(t.feed, NO_INDEX)) for t in targets(before, *JOINED)}
    inputs, earlier_inputs = _inputs(after), _inputs(before)

    def last_document(target: Target) -> Before:
        last, document = known[target.path]
        return Before(MadeOf.parse(str(earlier_inputs.of(last))), lambda largest: document)

    done = render.render(targets(after, *JOINED), made_of=inputs.of, before=last_document)
    assert [(d.path, d.data) for d in done.documents] == [
        (t.path, FORMATS[t.format].render(t.feed, NO_INDEX)) for t in targets(after, *JOINED)
    ]


@pytest.mark.parametrize("document", [None, b"", b"<rss/>"])
def test_of_two_hundred_entries_one_that_changed_is_written_alone_if_the_others_are_there(
    document: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = feed(*(entry(number, content=SafeHtml("<p>a</p>")) for number in range(200)))
    entries = before.entries
    after = replace(before, entries=(replace(entries[0], title="other"), *entries[1:]))
    (target,), (old,) = targets(after, "rss"), targets(before, "rss")
    data = FORMATS["rss"].render(before, NO_INDEX) if document is None else document
    last = Before(_inputs(before).of(old), lambda largest: data)
    written: list[str] = []

    def watched(original: Feed, index: SiteIndex) -> bytes:
        written.extend(one.id for one in original.entries if one.content)
        return FORMATS["rss"].render(original, index)

    monkeypatch.setattr(faults, "FORMATS", {**FORMATS, "rss": replace(FORMATS["rss"], render=watched)})
    done = render.render([target], made_of=_inputs(after).of, before=lambda target: last)
    assert [d.data for d in done.documents] == [FORMATS["rss"].render(after, NO_INDEX)]
    assert len(written) == (1 if document is None else 200)


def test_no_more_is_read_of_earlier_documents_than_fits_into_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    feeds = [feed(entry(number), id=f"urn:x:{number}", path=f"{number}/") for number in range(3)]
    wanted = [target for one in feeds for target in targets(one, "rss")]
    inputs = _inputs(*feeds)

    def before(target: Target) -> Before:
        def read_it(largest: int) -> bytes | None:
            data = FORMATS["rss"].render(target.feed, NO_INDEX)
            read.extend([target.path] if len(data) <= largest else [])
            return data if len(data) <= largest else None

        return Before(inputs.of(target), read_it)

    size = len(FORMATS["rss"].render(feeds[0], NO_INDEX))
    monkeypatch.setattr(earlier, "_ENOUGH", size + 5)
    assert len(render.render(wanted, made_of=inputs.of, before=before).documents) == 3
    assert read == ["0/rss.xml"]


def test_entries_that_are_alike_only_in_a_document_are_found() -> None:
    twins = feed(entry(id="urn:x:\ufffe"), entry(id="urn:x:\uffff"))
    done = render.render(targets(twins, "rss"))
    assert (done.documents, [*done.refused_feeds]) == ([], [twins.id])
    assert "is the id of 2 entries" in done.refused_feeds[twins.id]


def test_a_document_whose_entries_are_elsewhere_is_not_split() -> None:
    for document in (b"<rss/>", b"<rss>\n    <item>\n    </item>\n</rss>\n"):
        with pytest.raises(ValueError, match="not where they should be"):
            PARTS["rss"].split(document)
