"""The W3C feed validator's rules for single values: text, HTML, addresses, dates, numbers.

Each check gets an element and its text, and yields `Name` or `Name: detail`.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from html.entities import name2codepoint
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

# the validator reads HTML with html5lib's strict parser; bleach, a dependency, brings it along
from bleach._vendor.html5lib import HTMLParser
from bleach._vendor.html5lib.html5parser import ParseError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SCHEMES = _words(
    """
    ftp http https mailto news nntp tel urn tag info data geo xmpp sip sips file ldap magnet
    """
)

HTML_SAFE = _words(
    """
    a abbr acronym address area article aside audio b bdi big blockquote br button caption center cite
    code col colgroup data datalist dd del details dfn dialog dir div dl dt em fieldset figcaption
    figure footer font form h1 h2 h3 h4 h5 h6 header hgroup hr i img input ins kbd label legend li main
    map mark menu meter nav noscript ol optgroup option output p picture pre progress q rp rt ruby s
    samp section select small source span strike strong sub summary sup table tbody td template textarea
    tfoot th thead time tr track tt u ul var video wbr
    """
)
HTML_UNSAFE = _words(
    """
    applet base basefont bdo body embed frame frameset head html iframe isindex link listing meta
    noframes object param plaintext script slot style title xmp
    """
)
# `controls` and `referrerpolicy` are missing in the validator's list
ATTRIBUTES_SAFE = _words(
    """
    abbr align alt border cellpadding cellspacing char charoff checked cite class clear color cols
    colspan compact coords crossorigin datetime decoding default dir disabled download face headers
    height hidden href hreflang hspace id ismap kind label lang list loading longdesc loop max media min
    muted name nowrap open optimum playsinline poster preload referrerpolicy rel rev reversed rows
    rowspan rules scope shape size sizes span src srclang srcset start summary tabindex target title
    translate type usemap valign value volume vspace width
    """
)

MIME = re.compile(
    r'[^\s()<>,;:\\"/\[\]?=]+/[^\s()<>,;:\\"/\[\]?=]+(\s*;\s*[^\s()<>,;:\\"/\[\]?=]+=("[^"]*"|[^\s;"]+))*'
)
URI_CHARACTERS = r"[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,#]"
FULL_URI = re.compile(r"[a-zA-Z][0-9a-zA-Z+.\-]*:(//)?" + URI_CHARACTERS + "+")
TAG = re.compile(
    r"tag:([a-z0-9\-._]+@)?[a-z0-9.\-]+,\d{4}(-\d\d(-\d\d)?)?:[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,]*(#[^#\s]*)?"
)
URN = re.compile(r"urn:[a-z0-9][a-z0-9-]{1,31}:([a-z0-9()+,.:=@;$_!*'\-]|%[0-9a-f]{2})+", re.IGNORECASE)
DOMAIN = r"([0-9]{1,3}(\.[0-9]{1,3}){3}|([a-z0-9-]+\.)+[a-z0-9][-a-z0-9]*)"
HTTP = re.compile(rf"https?://{DOMAIN}(:\d+)?(/.*)?", re.IGNORECASE)
EMAIL = re.compile(rf"[a-z0-9_\-+.']+@{DOMAIN}", re.IGNORECASE)
RFC2822 = re.compile(
    r"((Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?(\d\d? (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4})"
    r" \d\d:\d\d(:\d\d)? ([+-]?\d\d[03]0|UT|GMT|[ECMP][SD]T|Z)"
)
RFC822 = re.compile(
    r"(\w{3}\s*,\s*)?\d\d?\s+[a-z]{3}\s+\d\d(\d\d)?\s+\d\d:\d\d(:\d\d)?\s+([+-]\d{4}|[a-z]+)", re.IGNORECASE
)
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d*)?(Z|[+-]\d\d:\d\d)")


def nonblank(_: etree._Element, value: str) -> Iterator[str]:
    if not value.strip():
        yield "NotBlank"


def nows(_: etree._Element, value: str) -> Iterator[str]:
    if value != value.strip():
        yield "UnexpectedWhitespace"


def nonhtml(element: etree._Element, value: str, message: str = "ContainsHTML") -> Iterator[str]:
    tags = [tag for tag in re.findall(r"</(\w+)>", value) if tag.lower() in HTML_SAFE | HTML_UNSAFE]
    references = re.findall(r"&(#?\w+)", value)
    if tags:
        yield f"{message}: </{tags[0]}>"
    elif any(name in name2codepoint or name == "apos" or not name.isalpha() for name in references):
        yield f"{message}: &{references[0]}"
    elif element.getroottree().getroot().tag == "rss" and re.search(r"&#[x0-9]|<[/a-zA-Z]", value):
        yield "CharacterData"


def text_construct(element: etree._Element, value: str) -> Iterator[str]:
    kind = element.get("type", "text")
    if kind not in {"text", "html", "xhtml"} and not (
        str(element.tag).endswith("}content") and MIME.fullmatch(kind)
    ):
        yield f"InvalidTextType: {kind}"
    if kind == "html":
        yield from safe_html(element, value)
    else:
        yield from nonhtml(element, value, "ContainsUndeclaredHTML")
    if not value:
        yield "NotBlank"
    if "{http://www.w3.org/XML/1998/namespace}lang" not in element.getroottree().getroot().attrib:
        yield "MissingDCLanguage: xml:lang"


def safe_html(_: etree._Element, value: str) -> Iterator[str]:
    try:
        tree = HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(value)
    except ParseError as error:
        yield f"NotHtml: {error}"
        return
    for element in tree.iter():
        if isinstance(element.tag, str) and element.tag != "DOCUMENT_FRAGMENT":
            yield from _html_element(element)


def _html_element(element: Any) -> Iterator[str]:
    if element.tag not in HTML_SAFE:
        yield f"{'SecurityRisk' if element.tag in HTML_UNSAFE else 'NotHtml'}: <{element.tag}>"
        return
    for name in element.attrib:
        if name == "style":
            yield "DangerousStyleAttr: style"
        elif name not in ATTRIBUTES_SAFE and not name.startswith("data-"):
            yield f"SecurityRiskAttr: <{element.tag} {name}>"
    reference = element.attrib.get({"a": "href", "img": "src"}.get(element.tag, ""))
    if reference is not None and not re.match(r"\w+:|#fn-", reference.strip()):
        yield f"ContainsRelRef: {reference}"


def full_uri(_: etree._Element, value: str, error: str = "InvalidFullLink") -> Iterator[str]:
    value = value.strip()
    scheme = value.partition(":")[0].lower()
    if scheme == "tag":
        if not TAG.fullmatch(value):
            yield f"InvalidTAG: {value}"
    elif scheme == "urn":
        if not URN.fullmatch(value):
            yield f"InvalidURN: {value}"
    elif not FULL_URI.fullmatch(value):
        ascii_only = [letter for letter in value if letter.isascii() and not re.match(URI_CHARACTERS, letter)]
        yield f"{'InvalidUriChar' if ascii_only else error}: {value}"
    elif scheme in {"http", "https", "ftp"} and not re.match(r"\w+://[^/]", value):
        yield f"{error}: {value}"
    elif scheme not in SCHEMES:
        yield f"SchemeNotIANARegistered: {scheme}"


def reference(element: etree._Element, value: str) -> Iterator[str]:
    yield from full_uri(element, value, "InvalidLink")


def canonical(_: etree._Element, value: str) -> Iterator[str]:
    parts = urlsplit(value.strip())
    if parts.scheme in {"http", "https"}:
        port = {"http": ":80", "https": ":443"}[parts.scheme]
        host = parts.netloc.lower().removesuffix(port)
        plain = re.sub(r"/\.\.?(?=/|$)", "", parts.path) or "/"
        expected = parts._replace(netloc=host, path=_percent(plain), query=_percent(parts.query)).geturl()
    else:
        expected = parts._replace(path=_percent(parts.path)).geturl()
    if expected != value.strip():
        yield f"NonCanonicalURI: {value}: {expected}"


def _percent(text: str) -> str:
    kept = re.sub(r"%(2[1346-9A-Fa-f]|3[A-Da-dFf]|40|5[BbDd])", lambda match: "%25" + match[1].upper(), text)
    return quote(unicodedata.normalize("NFC", unquote(kept)), safe="-._~!$&'()*+,;=:@/?").replace("%25", "%")


def http_url(_: etree._Element, value: str) -> Iterator[str]:
    if not (HTTP.fullmatch(value) and FULL_URI.fullmatch(value)):
        yield f"InvalidURLAttribute: {value}"


def rfc822(_: etree._Element, value: str) -> Iterator[str]:
    match = RFC2822.fullmatch(value.strip())
    if match is None:
        known = RFC822.fullmatch(value.strip())
        yield f"{'ProblematicalRFC822Date' if known else 'InvalidRFC2822Date'}: {value}"
        return
    try:
        day = datetime.strptime(match[3], "%d %b %Y")
    except ValueError:
        yield f"InvalidRFC2822Date: {value}"
        return
    if match[2] and match[2] != day.strftime("%a"):
        yield f"IncorrectDOW: {value}"
    if day.year < 1990:
        yield f"ImplausibleDate: {value}"


def rfc3339(_: etree._Element, value: str) -> Iterator[str]:
    try:
        moment = datetime.fromisoformat(value) if RFC3339.fullmatch(value) else None
    except ValueError:
        moment = None
    if moment is None:
        yield f"InvalidRFC3339Date: {value}"
    elif moment.year < 1990:
        yield f"ImplausibleDate: {value}"


def language(_: etree._Element, value: str) -> Iterator[str]:
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", value):
        yield f"InvalidLanguage: {value}"


def positive(_: etree._Element, value: str) -> Iterator[str]:
    if not (value.isdecimal() and int(value) > 0):
        yield f"InvalidPositiveInteger: {value}"


def address(element: etree._Element, value: str) -> Iterator[str]:
    yield from nonhtml(element, value)
    if not EMAIL.fullmatch(value):
        yield f"InvalidContact: {value}"


def address_with_name(element: etree._Element, value: str) -> Iterator[str]:
    match = re.fullmatch(r"(\S+) \(([^()\\]+)\)", value)
    if match is None:
        yield "InvalidContact" if "@" not in value else "EmailFormat" if " " in value else "MissingRealName"
    else:
        yield from address(element, match[1])


def description(element: etree._Element, value: str) -> Iterator[str]:
    parent = element.getparent()
    yield from (safe_html if parent is not None and parent.tag == "item" else nonhtml)(element, value)


def image_url(element: etree._Element, value: str) -> Iterator[str]:
    yield from full_uri(element, value)
    suffix = value.rpartition(".")[2].lower()
    if re.fullmatch(r"\w+", suffix) and suffix not in {"jpg", "jpeg", "gif", "png"}:
        yield f"ImageUrlFormat: {value}"


def guid(element: etree._Element, value: str) -> Iterator[str]:
    permalink = element.get("isPermaLink", "true")
    if permalink not in {"true", "false"}:
        yield "InvalidBooleanAttribute: isPermaLink"
    elif permalink == "true":
        yield from full_uri(element, value, "InvalidHttpGUID")
        if value.lower().startswith(("tag:", "urn:uuid:")):
            yield "InvalidPermalink"
    elif len(value) < 9 and value.isdigit():
        yield "NotSufficientlyUnique"
