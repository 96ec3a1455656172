"""What pages say of themselves, in the languages that they speak."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_RIGHT_TO_LEFT = {"ar", "ckb", "dv", "fa", "he", "iw", "ku", "ps", "sd", "ug", "ur", "yi"}
_SCRIPTS = {
    "adlm": "rtl",
    "arab": "rtl",
    "hebr": "rtl",
    "syrc": "rtl",
    "thaa": "rtl",
    "cyrl": "ltr",
    "latn": "ltr",
}
_ENGLISH = "January February March April May June July August September October November December"
_ARABIC = "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """One language's phrases; `months` are names for `day`, a date as `str.format` makes it."""

    skip: str
    path: str
    subscribe: str
    explain: str
    open: str
    entries: str
    feeds: str
    opml: str
    site: str
    raw: str
    comma: str
    day: str
    months: tuple[str, ...]

    def date(self, moment: datetime) -> str:
        """Return the day as people write it, in the moment's own zone."""
        return self.day.format(year=moment.year, month=self.months[moment.month - 1], day=moment.day)


_PHRASES = {
    "en": Phrases(
        skip="Skip to the entries",
        path="Where this feed belongs",
        subscribe="Subscribe",
        explain=(
            "This is a feed: copy one of its addresses into a feed reader, and what is new here comes to you."
        ),
        open="Open",
        entries="Newest entries",
        feeds="All feeds",
        opml="All feeds in one list for your reader (OPML)",
        site="The website",
        raw=(
            "This is a feed for feed readers: copy the address of this page into yours. "
            "For a page to read, open the address without the file’s name."
        ),
        comma=", ",
        day="{day} {month} {year}",
        months=tuple(_ENGLISH.split()),
    ),
    "zh": Phrases(
        skip="跳到文章列表",
        path="所属网站",
        subscribe="订阅",
        explain="这是一个订阅源：把下面任一地址复制到你的阅读器里，有新文章时它会自动送到你面前。",
        open="打开",
        entries="最新文章",
        feeds="全部订阅源",
        opml="一次导入全部订阅源（OPML）",
        site="访问网站",
        raw="这是供阅读器使用的订阅源：请把本页的地址复制到你的阅读器里。想在浏览器里阅读，请打开去掉文件名之后的地址。",
        comma="、",
        day="{year}年{month}月{day}日",
        months=tuple(map(str, range(1, 13))),
    ),
    "zh-hant": Phrases(
        skip="跳到文章列表",
        path="所屬網站",
        subscribe="訂閱",
        explain="這是一個訂閱源：把下面任一網址複製到你的閱讀器裡，有新文章時它會自動送到你面前。",
        open="開啟",
        entries="最新文章",
        feeds="全部訂閱源",
        opml="一次匯入全部訂閱源（OPML）",
        site="前往網站",
        raw="這是供閱讀器使用的訂閱源：請把本頁的網址複製到你的閱讀器裡。想在瀏覽器裡閱讀，請開啟去掉檔名之後的網址。",
        comma="、",
        day="{year}年{month}月{day}日",
        months=tuple(map(str, range(1, 13))),
    ),
    "ar": Phrases(
        skip="انتقل إلى المقالات",
        path="الموقع الذي تتبعه هذه الخلاصة",
        subscribe="اشترك",
        explain="هذه خلاصة: انسخ أحد عناوينها إلى قارئ الخلاصات لديك، فيصلك كل جديد من تلقاء نفسه.",
        open="افتح",
        entries="أحدث المقالات",
        feeds="كل الخلاصات",
        opml="كل الخلاصات في قائمة واحدة لقارئك (OPML)",
        site="الموقع",
        raw=(
            "هذه خلاصة لقارئات الخلاصات: انسخ عنوان هذه الصفحة إلى قارئك. "
            "ولقراءتها في المتصفح افتح العنوان من دون اسم الملف."
        ),
        comma="، ",
        day="{day} {month} {year}",
        months=tuple(_ARABIC.split()),
    ),
}


def phrases(language: str) -> tuple[str, Phrases]:
    """Return the phrases for a language tag (BCP 47) and the language they are in; English for most."""
    primary, *others = language.lower().split("-")
    if primary == "zh" and {"hant", "tw", "hk", "mo"} & set(others) and "hans" not in others:
        return language, _PHRASES["zh-hant"]
    return (language, _PHRASES[primary]) if primary in _PHRASES else ("en", _PHRASES["en"])


def direction(language: str) -> str:
    """Return the direction in which a language is written, "rtl" or "ltr"; a script that is told decides."""
    primary, *others = language.lower().split("-")
    script = next((_SCRIPTS[one] for one in others if one in _SCRIPTS), "")
    return script or ("rtl" if primary in _RIGHT_TO_LEFT else "ltr")
