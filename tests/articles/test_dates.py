"""What a date field means: the same moment on every machine, or a problem that says what to write."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwright.articles import dates

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")

READ = [
    ("Sat, 09 Apr 2022 13:05:33 GMT", "2022-04-09T13:05:33+00:00"),
    ("Sun, 18 Jul 2021 17:37:55 +0800", "2021-07-18T17:37:55+08:00"),
    ("18 Jul 2021 17:37", "2021-07-18T17:37:00+08:00"),
    ("Sunday, 18 July 2021 17:37:55 -0000", "2021-07-18T17:37:55+00:00"),
    ("2026-01-03", "2026-01-03T00:00:00+08:00"),
    ("2026-1-3", "2026-01-03T00:00:00+08:00"),
    ("2026/01/03", "2026-01-03T00:00:00+08:00"),
    ("2026-1-3 9:5", "2026-01-03T09:05:00+08:00"),
    ("2026-01-03 12:05 am", "2026-01-03T00:05:00+08:00"),
    ("2026-01-03 12:05:06 P.M. +0900", "2026-01-03T12:05:06+09:00"),
    ("Jan 03 2026", "2026-01-03T00:00:00+08:00"),
    ("January 3rd, 2026 at 07:05 PM", "2026-01-03T19:05:00+08:00"),
    ("Sat, Jan. 3, 2026, 7pm UTC", "2026-01-03T19:00:00+00:00"),
    ("2026.1.3 8:09:10", "2026-01-03T08:09:10+08:00"),
    ("2026/01/03 08:09", "2026-01-03T08:09:00+08:00"),
    ("2026-01-03T12:30:45Z", "2026-01-03T12:30:45+00:00"),
    ("2026-01-03t12:30:45.678z", "2026-01-03T12:30:45+00:00"),
    ("2026-01-03 12:30:45 +0530", "2026-01-03T12:30:45+05:30"),
    ("2026-01-03 12:30:45+05", "2026-01-03T12:30:45+05:00"),
    ("2026-01-03  12:30:45 UTC", "2026-01-03T12:30:45+00:00"),
    ("2026-01-03 12:30", "2026-01-03T12:30:00+08:00"),
    ("2026-01-03T13Z", "2026-01-03T13:00:00+00:00"),
    ("20260103", "2026-01-03T00:00:00+08:00"),
    ("20260103T123045Z", "2026-01-03T12:30:45+00:00"),
    ("2026-01-03 12:00:00 Europe/Vienna", "2026-01-03T12:00:00+01:00"),
    ("2026-01-03T12:00:00+01:00[Europe/Vienna]", "2026-01-03T12:00:00+01:00"),
    ("2026-07-03T12:00:00 America/Argentina/Buenos_Aires", "2026-07-03T12:00:00-03:00"),
    ("1969-12-31", "1969-12-31T00:00:00+08:00"),
]

REFUSED = [
    ("2026-01-03 13:05 PM", "DATE001"),
    ("January 32, 2026", "DATE001"),
    ("Foo 3, 2026", "DATE001"),
    ("2026-13-45", "DATE001"),
    ("2026-02-30", "DATE001"),
    ("20260230", "DATE001"),
    ("tomorrow", "DATE001"),
    ("2026年1月3日", "DATE001"),
    ("12:30:45", "DATE001"),
    ("true", "DATE001"),
    ("2026", "DATE001"),
    ("2026-01-03 25:00", "DATE001"),
    ("2026-01-03 12:00:00 +99:00", "DATE001"),
    ("2026-01-03 12:00:00 +24:00", "DATE001"),
    ("2026-01/03", "DATE001"),
    ("30 Foo 2026", "DATE001"),
    ("03/01/2026", "DATE002"),
    ("26-01-03", "DATE002"),
    ("3.1.2026 12:00", "DATE002"),
    ("Sat, 03 Jan 2026 12:00:00 EST", "DATE003"),
    ("2026-01-03 12:00:00 CST", "DATE003"),
    ("2026-01-03 12:00:00 Atlantis/Center", "DATE003"),
    ("0000-01-01", "DATE005"),
    ("0001-01-01", "DATE005"),
    ("1899-12-31T00:00:00Z", "DATE005"),
    ("9999-12-31T23:59:59-12:00", "DATE005"),
    ("9999-12-31", "DATE005"),
    ("1767441600", "DATE006"),
    ("1767441600000", "DATE006"),
    ("1767441600.5", "DATE006"),
    ("9" * 30, "DATE006"),
]


@pytest.mark.parametrize(("text", "expected"), READ, ids=[t for t, _ in READ])
def test_a_date_means_one_moment(text: str, expected: str) -> None:
    moment = dates.read(text, zone=SHANGHAI)
    assert (moment.at.isoformat(), moment.repair) == (expected, "")


@pytest.mark.parametrize(("text", "code"), REFUSED, ids=[t for t, _ in REFUSED])
def test_what_is_no_date_is_refused_with_a_hint(text: str, code: str) -> None:
    with pytest.raises(dates.DateError) as caught:
        dates.read(text, zone=UTC)
    assert (caught.value.code, bool(caught.value.hint) or code == "DATE006") == (code, True)


@pytest.mark.parametrize(
    ("text", "naive"),
    [("2026-01-03", True), ("2026-01-03 12:00", True), ("2026-01-03T12:00Z", False), ("20260103", True)],
)
def test_a_date_tells_whether_it_named_its_zone(text: str, naive: bool) -> None:
    assert dates.read(text, zone=SHANGHAI).naive == naive
    assert dates.read(f"{text} Europe/Vienna" if " " in text else text, zone=UTC).naive == (
        naive and " " not in text
    )


def test_an_epoch_is_refused_and_the_date_it_would_be_is_shown() -> None:
    for text in ("1767441600", "1767441600000"):
        with pytest.raises(dates.DateError) as caught:
            dates.read(text, zone=UTC)
        assert "2026-01-03 12:00:00 +0000" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "expected", "repaired"),
    [
        ("2026-03-08 02:30", "2026-03-08T03:30:00-04:00", True),
        ("2026-11-01 01:30", "2026-11-01T01:30:00-04:00", False),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59+00:00", True),
    ],
)
def test_skipped_doubled_and_leap_times_have_one_answer(text: str, expected: str, repaired: bool) -> None:
    moment = dates.read(text, zone=NEW_YORK)
    assert (moment.at.isoformat(), bool(moment.repair)) == (expected, repaired)


def test_formats_from_the_settings_come_first() -> None:
    formats = ("%d/%m/%Y", "%Y年%m月%d日", "%d.%m.%Y %H:%M %z")
    for text, expected in [
        ("03/01/2026", "2026-01-03T00:00:00+08:00"),
        ("2026年1月3日", "2026-01-03T00:00:00+08:00"),
        ("3.1.2026 10:00 +0100", "2026-01-03T10:00:00+01:00"),
        ("2026-05-01", "2026-05-01T00:00:00+08:00"),
    ]:
        assert dates.read(text, zone=SHANGHAI, formats=formats).at.isoformat() == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2019-12-15-title", "2019-12-15T00:00:00+08:00"),
        ("2019-12-15", "2019-12-15T00:00:00+08:00"),
        ("2019-1-5 title", "2019-01-05T00:00:00+08:00"),
        ("2019-12-155", None),
        ("2019-13-15-title", None),
        ("title-2019-12-15", None),
        ("0001-01-01-x", None),
    ],
)
def test_the_file_name_gives_a_date_only_at_its_start(name: str, expected: str | None) -> None:
    found = dates.from_name(name, zone=SHANGHAI)
    assert (found.isoformat() if found else None) == expected


@given(
    st.datetimes(min_value=datetime(1901, 1, 1), max_value=datetime(9997, 1, 1)),
    st.integers(min_value=-12 * 60, max_value=14 * 60),
)
def test_what_feeds_write_reads_back(naive: datetime, minutes: int) -> None:
    moment = naive.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    for written in (moment.isoformat(), moment.isoformat(" "), format_datetime(moment)):
        assert dates.read(written, zone=NEW_YORK) == dates.Moment(moment)


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_a_date_error(text: str) -> None:
    try:
        moment = dates.read(text, zone=SHANGHAI)
    except dates.DateError:
        return
    assert moment.at.tzinfo is not None


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (
            "03/01/2026",
            """write 2026-01-03 (day first; for all articles: date_formats = ["%d/%m/%Y"]) or
2026-03-01 (month first; for all articles: date_formats = ["%m/%d/%Y"])""",
        ),
        (
            "13.1.26 9:05",
            'write 2026-01-13 9:05 (day first; for all articles: date_formats = ["%d.%m.%y %H:%M"])',
        ),
        ("31/31/2026", "write the year first: 2026-01-03"),
        ("“2026-01-03”", "write 2026-01-03, or put it in \" or '"),
        ("soon", "write it as 2026-01-03, 2026-01-03 12:30:00 +0800 or Sat, 03 Jan 2026 12:30:00 GMT"),
    ],
)
def test_the_hint_can_be_pasted(text: str, hint: str) -> None:
    with pytest.raises(dates.DateError) as caught:
        dates.read(text, zone=ZoneInfo("Asia/Shanghai"))
    assert caught.value.hint == hint


@pytest.mark.parametrize("text", ["03/01/2026", "3-1-26 10:00:05"])
def test_both_readings_are_what_the_setting_gives(text: str) -> None:
    with pytest.raises(dates.DateError) as caught:
        dates.read(text, zone=UTC)
    for line in caught.value.hint.removeprefix("write ").splitlines():
        shown, pattern = line.partition(" (")[0], re.findall('"(.*)"', line)[0]
        assert dates.read(text, zone=UTC, formats=(pattern,)) == dates.read(shown, zone=UTC)
