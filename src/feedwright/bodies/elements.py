"""Elements of HTML by what becomes of them, or of the text around them, on the way into a feed."""

from __future__ import annotations


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


DROPPED = _names(
    "applet area base basefont bgsound button canvas datalist embed frame frameset head iframe input"
    " isindex keygen link map math meta meter noembed noframes noscript object optgroup option param"
    " plaintext portal progress script select style svg template textarea title track xmp"
)
"""Go with all that is in them; every other element that the policy does not list leaves its content."""

BREAKING = _names("center dialog dir fieldset form legend listing marquee menu search")
"""Not listed by the policy, but stand on lines of their own."""

BLOCKS = _names(
    "address article aside blockquote br caption dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5"
    " h6 header hgroup hr li main nav ol p pre section summary table td th tr ul"
)
"""Part the words before and after them."""

PLAYERS = frozenset({"video", "audio"})
"""Hold text that nobody sees who sees them."""

MEDIA = PLAYERS | {"img", "source", "picture"}

COPY_BUTTONS = _names("copy-code-btn copy-btn btn-copy copy-button code-copy copybtn btn-clipboard")
"""Classes of what highlighters put beside code for a script to bring to life."""
