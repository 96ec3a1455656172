"""Faults that the reader and the validator's rules must notice: good feeds, each with one fault put in."""

from __future__ import annotations

import re

import pytest

from feed_rules import findings
from feedwright.formats.table import FORMATS
from feedwright.model import NO_INDEX, replace
from sample_feeds import FEEDS, entry, refusal_of

LINK = "<link>https://example.org/posts/0/"
PICTURE = "https://img.example.org/a.jpg"
FAULTS = [
    # format, what is replaced, by what, the reader's message (if any), the validator's name for it
    ("rss", "</channel>", "", "not well-formed", "SAXError"),
    ("rss", r"<link>https://example.org/</link>\s*<desc", "<desc", "0 <link> elements", "MissingLink"),
    ("rss", r"<description>Everything.*\n", "", "0 <description>", "MissingDescription"),
    ("rss", r"<language>.*\n", "", "0 <language>", "MissingDCLanguage"),
    ("rss", "zh-CN", "Chinese (simplified)", "", "InvalidLanguage"),
    ("rss", r"<atom:link [^>]*/rss.xml[^>]*>", "", "0 links with rel='self'", "MissingAtomSelfLink"),
    ("rss", "feeds/media/rss.xml", "feed/rss.xml", "", "SelfDoesntMatchLocation"),
    ("rss", "Sat, 09 Apr 2022 21", "Fri, 09 Apr 2022 21", "does not fall on a Fri", "IncorrectDOW"),
    ("rss", "Sat, 09 Apr 2022 21", "Sat, 09 四月 2022 21", "not a date of RFC", "InvalidRFC2822Date"),
    ("rss", "Sat, 09 Apr 2022 21", "Sat, 30 Feb 2022 21", "not a date of RFC", "InvalidRFC2822Date"),
    ("rss", "Sat, 09 Apr 2022 21", "sat, 9 apr 22 21", "not a date of RFC", "ProblematicalRFC822Date"),
    ("rss", "posts/1</guid>", "posts/0</guid>", "is the id of 2", "DuplicateValue"),
    ("rss", r"<guid .*\n", "", "0 <guid>", "MissingGuid"),
    ("rss", 'isPermaLink="false"', 'isPermaLink="true"', "", "InvalidPermalink"),
    ("rss", r'<enclosure[^>]*>', r"\g<0>\g<0>", "2 enclosures", "DuplicateEnclosure"),
    ("rss", ' length="1234"', "", "has no length", "MissingAttribute"),
    ("rss", ' length="1234"', ' length="-1"', "is not a number", "UseZeroForUnknown"),
    ("rss", 'type="image/jpeg"', 'type="jpeg"', "is not a media type", "InvalidMIMEAttribute"),
    ("rss", f'enclosure url="{PICTURE}"', 'enclosure url="a.jpg"', "http(s)", "InvalidURLAttribute"),
    ("rss", LINK, "<link>/posts/0/", "not an http(s) address", "InvalidFullLink"),
    ("rss", LINK, "<link>https://example.org/新/", "", "InvalidFullLink"),
    ("rss", LINK, "<link>https://example.org/a b/", "http(s)", "InvalidUriChar"),
    ("rss", r"(<description>Summary.*)(\s*<content:encoded>[^<]*</content:encoded>)", r"\2\1",
     "comes before", "NeedDescriptionBeforeContent"),
    ("rss", "(<media:thumbnail[^>]*>)", r"<media:group>\1</media:group>", "",
     "MediaGroupWithoutAlternatives"),
    ("rss", 'width="640"', 'width="0"', "", "InvalidPositiveInteger"),
    ("rss", "<dc:creator>", "<author>a@b.org (A)</author><dc:creator>", "author", "DuplicateItemSemantics"),
    ("rss", "<dc:creator>.*</dc:creator>", "<author>趣头条</author>", "one author", "InvalidContact"),
    ("rss", "<dc:creator>.*</dc:creator>", "<author>a@b.org</author>", "one author", "MissingRealName"),
    ("rss", "(?s)(<image>.*?<title>)[^<]*", r"\1other", "", "ImageTitleDoesntMatch"),
    ("rss", "(?s)(<image>.*?<link>)[^<]*", r"\1https://other.org/", "", "ImageLinkDoesntMatch"),
    ("rss", "logo.png", "logo.svg", "", "ImageUrlFormat"),
    ("rss", "http://search.yahoo.com/mrss/", "http://search.yahoo.com/mrss", "", "MediaRssNamespace"),
    ("rss", "http://purl.org/dc/elements/1.1/", "https://example.org/ns#", "", "UnknownNamespace"),
    ("rss", "<generator>", "<subtitle>x</subtitle><generator>", "", "UndefinedElement"),
    ("rss", "<generator>", "<generator version='1'>", "", "UnexpectedAttribute"),
    ("rss", "(?s)(<ttl>60</ttl>)(.*)(</channel>)", r"\2\1\3", "", "MisplacedItem"),
    ("rss", "<ttl>60", "<ttl>0", "", "InvalidPositiveInteger"),
    ("rss", "Entry 0", "Entry &lt;/b>", "", "ContainsHTML"),
    ("rss", "Entry 0", "\ufffd", "", "BadCharacters"),
    ("rss", "Entry 0", " ", "<title> is empty", "NotBlank"),
    ("rss", "&lt;p&gt;", "&lt;p onclick=x&gt;", "", "SecurityRiskAttr"),
    ("rss", "&lt;p&gt;", "&lt;p style=color:red&gt;", "", "DangerousStyleAttr"),
    ("rss", "&lt;p&gt;", "&lt;script&gt;&lt;/script&gt;&lt;p&gt;", "", "SecurityRisk"),
    ("rss", "&lt;p&gt;", "&lt;blob&gt;&lt;/blob&gt;&lt;p&gt;", "", "NotHtml"),
    ("rss", "https://example.org/x", "x.html", "", "ContainsRelRef"),
    ("rss", "<rss ", "<!DOCTYPE rss><rss ", "document type", "InvalidDoctype"),
    ("atom", r"<id>tag:example.org,2022:feeds/media</id>", "", "0 <id>", "MissingElement"),
    ("atom", r"<updated>2022-04-09T22[^<]*</updated>", "", "0 <updated>", "MissingElement"),
    ("atom", r"2022-04-09T22:05:33\+08:00", "2022-04-09 22:05", "not a date", "InvalidRFC3339Date"),
    ("atom", r"2022-04-09T22:05:33\+08:00", "2022-02-30T22:05:33Z", "not a date", "InvalidRFC3339Date"),
    ("atom", r'<link href="[^"]*" rel="self"[^>]*>', "", "0 links with rel='self'", "MissingSelf"),
    ("atom", "application/atom.xml", "text/xml", "", "SelfNotAtom"),
    ("atom", "feeds/media/atom.xml", "atom.xml", "", "SelfDoesntMatchLocation"),
    ("atom", r'<link[^>]*rel="enclosure"[^>]*>', f'<link href="{PICTURE}" type="text/html"/>',
     "2 links", "DuplicateAtomLink"),
    ("atom", ' length="1234"', ' length="many"', "is not a number", "InvalidNonNegativeInteger"),
    ("atom", 'rel="hub"', 'rel="wheel"', "", "UnregisteredAtomLinkRel"),
    ("atom", "posts/1</id>", "posts/0</id>", "is the id of 2", "DuplicateEntries"),
    ("atom", "tag:example.org,2022-04-09:posts/0", "tag:example.org:posts/0", "", "InvalidTAG"),
    ("atom", "tag:example.org,2022-04-09:posts/0", "tag:example.org,2022:%e6%96%b0", "", "NonCanonicalURI"),
    ("atom", "tag:example.org,2022-04-09:posts/0", "posts/0", "not an absolute IRI", "InvalidFullLink"),
    ("atom", "tag:example.org,2022-04-09:posts/0", "https:posts", "not an absolute IRI", "InvalidFullLink"),
    ("atom", "<id>tag:example.org,2022:feeds/media", "<id>feeds", "not an absolute IRI", "InvalidFullLink"),
    ("atom", "tag:example.org,2022-04-09:posts/0", "https://EXAMPLE.org/0", "", "NonCanonicalURI"),
    ("atom", "(?s)<author>.*?</author>", "", "0 <author>", "MissingElement"),
    ("atom", "<name>趣头条</name>", "", "0 <name>", "MissingElement"),
    ("atom", "<summary[^>]*>[^<]*</summary>|<content[^>]*>[^<]*</content>", "", "0 <summary>",
     "MissingTextualContent"),
    ("atom", 'type="html"', 'type="CDATA"', "not 'html'", "InvalidTextType"),
    ("atom", 'type="html"', 'type="text"', "not 'html'", "ContainsUndeclaredHTML"),
    ("atom", ' xml:lang="zh-CN"', "", "", "MissingDCLanguage"),
    ("atom", "https://example.org/favicon.ico", "favicon.ico", "not an http(s) address", "InvalidLink"),
    ("atom", "<updated>2022-04-08T22", "<updated>2022-04-09T22", "", "DuplicateUpdated"),
    ("atom", "(?s)(<icon>.*</icon>)(.*)(</feed>)", r"\2\1\3", "", "MisplacedMetadata"),
    ("atom", 'scheme="https:', 'scheme="', "", "InvalidFullLink"),
    ("atom", 'xmlns:media="', 'xmlns:m="https://example.org/ns" xmlns:media="', "", "UnknownNamespace"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "message", "rule"), FAULTS)
def test_faults_are_noticed(name: str, old: str, new: str, message: str, rule: str) -> None:
    feed, format_ = replace(FEEDS["everything"], entries=(entry(0), entry(1))), FORMATS[name]
    good = format_.render(feed, NO_INDEX).decode()
    bad = re.sub(old, new, good)
    assert bad != good
    refusal = refusal_of(format_.read, bad.encode())
    assert (message in refusal) if message else not refusal
    url = feed.url + format_.file
    assert rule in {finding.partition(":")[0] for finding in findings(bad.encode(), location=url)}
