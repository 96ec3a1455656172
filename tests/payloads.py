"""Hostile HTML by family: the lines of the files in `tests/hostile/`, and combinations made here.

Every payload that could run calls `pwned()`, which becomes a call in the topmost window. In the files `\\n`,
`\\t`, `\\r`, `\\\\`, `\\xNN` and `\\uNNNN` stand for characters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from paths import TESTS

if TYPE_CHECKING:
    from pathlib import Path

CALL = "top.pwned()"
_FOLDER = TESTS / "hostile"
_ESCAPE = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|([ntr\\]))")
_NAMED = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\"}

_SCHEMES = (
    "javascript:pwned()",
    "javascript:123",
    "javascript:",
    "vbscript:pwned()",
    "vbscript:1",
    "livescript:pwned()",
    "mocha:pwned()",
    "jscript:pwned()",
    "data:text/html,<script>pwned()</script>",
    "data:text/html;base64,PHNjcmlwdD5wd25lZCgpPC9zY3JpcHQ+",
    "data:application/xhtml+xml,<x:script xmlns:x='http://www.w3.org/1999/xhtml'>pwned()</x:script>",
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='pwned()'/>",
    "data:text/xml,<x/>",
    "data:80",
    "data:,",
    "view-source:javascript:pwned()",
    "feed:javascript:pwned()",
    "jar:javascript:pwned()!/",
    "blob:https://example.org/0b1c",
    "filesystem:https://example.org/temporary/x",
    "file:///etc/passwd",
    "about:blank",
    "chrome://settings",
    "ftp://example.org/",
    "ws://example.org/",
    "ms-word:ofe|u|https://example.org/",
    "intent://x#Intent;scheme=https;end",
    "x:1",
)

_DISGUISES = {
    "upper case": "JAVASCRIPT:pwned()",
    "mixed case": "jAvAsCrIpT:pwned()",
    "space before": "  javascript:pwned()",
    "tab inside": "java\tscript:pwned()",
    "newline inside": "java\nscript:pwned()",
    "return inside": "java\rscript:pwned()",
    "newline before the colon": "javascript\n:pwned()",
    "all three everywhere": "\tj\na\rv\ta\ns\rc\tr\ni\rp\tt\n:\rpwned()",
    "control before": "\x01javascript:pwned()",
    "controls before": "\x01\x02\x03\x1f javascript:pwned()",
    "null inside": "java\0script:pwned()",
    "vertical tab inside": "java\x0bscript:pwned()",
    "form feed inside": "java\x0cscript:pwned()",
    "delete inside": "java\x7fscript:pwned()",
    "no-break space before": "\xa0javascript:pwned()",
    "line separator before": "\u2028javascript:pwned()",
    "ideographic space before": "\u3000javascript:pwned()",
    "byte order mark before": "\ufeffjavascript:pwned()",
    "soft hyphen inside": "java\xadscript:pwned()",
    "zero width space inside": "java\u200bscript:pwned()",
    "zero width joiner before the colon": "javascript\u200d:pwned()",
    "override before": "\u202ejavascript:pwned()",
    "forbidden character inside": "java\ufffescript:pwned()",
    "full width": "\uff4a\uff41\uff56\uff41\uff53\uff43\uff52\uff49\uff50\uff54:pwned()",
    "full width colon": "javascript\uff1apwned()",
    "long s": "java\u017fcript:pwned()",
    "decimal references": "&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;pwned()",
    "references without semicolons": "&#106&#97&#118&#97&#115&#99&#114&#105&#112&#116&#58pwned()",
    "padded references": "&#0000106avascript&#0000058pwned()",
    "hexadecimal references": "&#x6a;avascript&#x3A;pwned()",
    "a reference to a tab": "jav&#9;ascript:pwned()",
    "a reference to a newline": "jav&#xA;ascript:pwned()",
    "a reference to a null": "jav&#0;ascript:pwned()",
    "a reference to a control": "&#1;javascript:pwned()",
    "Tab": "java&Tab;script:pwned()",
    "NewLine": "java&NewLine;script:pwned()",
    "colon": "javascript&colon;pwned()",
    "shy": "java&shy;script:pwned()",
    "zwnj": "java&zwnj;script:pwned()",
    "twice escaped": "java&amp;#115;cript:pwned()",
    "percent": "javascript%3Apwned()",
    "backslash": "java\\script:pwned()",
    "slashes": "//javascript:pwned()",
    "like an address": "javascript://example.org/%0Apwned()",
    "a web address inside": "javascript:pwned()//https://example.org/",
    "an address before": "https://example.org/\njavascript:pwned()",
    "dots": "./javascript:pwned()",
    "question": "?javascript:pwned()",
}

_CARRIERS = {
    "a": '<a href="{}">x</a>',
    "area": '<map><area href="{}"></map>',
    "img": '<img src="{}">',
    "lazy img": '<img data-src="{}">',
    "noscript": '<noscript><img src="{}"></noscript>',
    "srcset": '<img src="https://example.org/a.png" srcset="{} 1x">',
    "lazy srcset": '<img data-srcset="{} 2x">',
    "longdesc": '<img src="https://example.org/a.png" longdesc="{}">',
    "picture": '<picture><source srcset="{}"><img src="https://example.org/a.png"></picture>',
    "iframe": '<iframe src="{}"></iframe>',
    "lazy iframe": '<iframe data-src="{}"></iframe>',
    "video": '<video src="{}"></video>',
    "poster": '<video src="https://example.org/a.mp4" poster="{}"></video>',
    "video source": '<video><source src="{}"></video>',
    "audio": '<audio src="{}"></audio>',
    "track": '<video src="https://example.org/a.mp4"><track default src="{}"></video>',
    "embed": '<embed src="{}">',
    "object": '<object data="{}"></object>',
    "applet": '<applet codebase="{}" code="x"></applet>',
    "form": '<form action="{}"><input type=submit></form>',
    "button": '<form><button formaction="{}">x</button></form>',
    "input": '<input type=image src="{}">',
    "link": '<link rel=stylesheet href="{}">',
    "base": '<base href="{}"><a href="x">x</a>',
    "refresh": '<meta http-equiv=refresh content="0;url={}">',
    "blockquote": '<blockquote cite="{}">x</blockquote>',
    "q": '<q cite="{}">x</q>',
    "ins": '<ins cite="{}">x</ins>',
    "ping": '<a href="https://example.org/" ping="{}">x</a>',
    "background": '<table background="{}"><tr><td background="{}">x</td></tr></table>',
    "svg a": '<svg><a xlink:href="{}"><text>x</text></a></svg>',
    "svg use": '<svg><use href="{}"></use></svg>',
    "math": '<math href="{}"><mi href="{}">x</mi></math>',
    "frame": '<frameset><frame src="{}"></frameset>',
    "style": "<p style=\"background:url('{}')\">x</p>",
}

_LOOKED_AT = ("a", "img", "lazy img", "srcset", "poster", "blockquote")

_EVENTS = """
    abort afterprint animationcancel animationend animationiteration animationstart auxclick beforecopy
    beforecut beforeinput beforematch beforepaste beforeprint beforetoggle beforeunload beforexrselect
    blur cancel canplay canplaythrough change click close command contentvisibilityautostatechange
    contextlost contextmenu contextrestored copy cuechange cut dblclick drag dragend dragenter dragexit
    dragleave dragover dragstart drop durationchange emptied ended error focus focusin focusout formdata
    fullscreenchange fullscreenerror gotpointercapture hashchange input invalid keydown keypress keyup
    languagechange load loadeddata loadedmetadata loadend loadstart lostpointercapture message
    messageerror mousedown mouseenter mouseleave mousemove mouseout mouseover mouseup mousewheel offline
    online pagehide pagereveal pageshow pageswap paste pause play playing pointercancel pointerdown
    pointerenter pointerleave pointermove pointerout pointerover pointerrawupdate pointerup popstate
    progress promptaction ratechange readystatechange rejectionhandled reset resize scroll scrollend
    scrollsnapchange scrollsnapchanging search securitypolicyviolation seeked seeking select
    selectionchange selectstart show slotchange stalled start storage submit suspend timeupdate toggle
    touchcancel touchend touchmove touchstart transitioncancel transitionend transitionrun transitionstart
    unhandledrejection unload validationstatuschange visibilitychange volumechange waiting
    webkitanimationend webkitanimationiteration webkitanimationstart webkitfullscreenchange
    webkitmouseforcechanged webkittransitionend wheel activate afterscriptexecute afterupdate
    beforeactivate beforedeactivate beforeeditfocus beforescriptexecute bounce cellchange controlselect
    dataavailable datasetchanged deactivate errorupdate filterchange finish help layoutcomplete
    losecapture move propertychange resizeend resizestart rowenter rowexit rowsdelete rowsinserted stop
    timeerror
"""

_HANDLED = ('<img src="x" on{}="pwned()">', "<details open on{}=pwned()><summary>x</summary></details>")


def families() -> dict[str, list[str]]:
    """Return all payloads by family."""
    found = {file.stem: _written(file) for file in sorted(_FOLDER.glob("*.txt"))}
    found["schemes"] = [_carried(form, url) for form in _CARRIERS.values() for url in _SCHEMES]
    found["disguises"] = [
        _carried(_CARRIERS[name], url) for name in _LOOKED_AT for url in _DISGUISES.values()
    ]
    found["handlers"] = [form.format(event) for form in _HANDLED for event in _EVENTS.split()]
    return {name: [payload.replace("pwned()", CALL) for payload in rows] for name, rows in found.items()}


def _written(file: Path) -> list[str]:
    lines = file.read_text("utf-8").split("\n")
    return [_ESCAPE.sub(_character, line) for line in lines if line]


def _character(found: re.Match[str]) -> str:
    number = found[1] or found[2]
    return chr(int(number, 16)) if number else _NAMED[found[3]]


def _carried(form: str, url: str) -> str:
    return form.replace("{}", url.replace('"', "&quot;"))
