"""The positions of keys in TOML documents, where an error is shown."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from feedwright.articles.front_matter import parse
from feedwright.articles.front_matter.toml_positions import positions

if TYPE_CHECKING:
    from collections.abc import Mapping


def test_positions() -> None:
    text = """# url = "no"
url = "x" # y = 1
author = { name = "A, b = 1", email="e", deep = {a=1, b=[{c=2},{d=3}]} }
list = [ # q = 1
  "a = 1", "]",
  { k = 1 },
]
text = \"\"\"
fake = 1
"" x\"\"\"\"
lit = '''a
"b = 1'''
a.b . "c.d" = 3.5
[categories."分类"] # z
slug = 'x'
'limit' = 2020-01-01T00:00:00.5Z
[[x.y]]
  q=1
[[x.y]]
  q=2
"""
    in_order = sorted(positions(text).items(), key=lambda row: (row[1].line, row[1].column, row[0]))
    shown = [f"{'.'.join(path)}@{at.line}:{at.column}" for path, at in in_order]
    assert " ".join(shown) == (
        "url@2:1 author@3:1 author.name@3:12 author.email@3:31 author.deep@3:42 author.deep.a@3:50 "
        "author.deep.b@3:55 author.deep.b.c@3:59 author.deep.b.d@3:65 list@4:1 list.k@6:5 text@8:1 lit@11:1 "
        "a@13:1 a.b@13:1 a.b.c.d@13:1 categories@14:2 categories.分类@14:2 categories.分类.slug@15:1 "
        "categories.分类.limit@16:1 x@17:3 x.y@17:3 x.y.q@18:3"
    )


def _paths(table: Mapping[str, object], above: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    found = set()
    for name, value in table.items():
        found.add((*above, name))
        inner = value if isinstance(value, list) else [value]
        for item in inner:
            if isinstance(item, dict):
                found |= _paths(item, (*above, name))
    return found


_LINES = st.sampled_from(
    [
        "a = 1",
        'b.c = "x # = y"  # d = 1',
        "  \"q r\" = '='",
        "'t' = [ 1, 'a = [', [ \"]\" ] ]",
        "s = {}",
        'u = { v = 1, "w=" = { x.y = [] } , z = [{ k = 1 }, { k = 2, l = 3 }] }',
        "f = 1.5e3",
        "g = 1979-05-27T07:32:00.5Z",
        "[h]",
        "[h.'i j']",
        "[[k]]",
        "[[ k ]]",
        "  [k.l]",
        '[m . "n.o"]',
        "not TOML",
        'n = """\no = 1\n""p\\"""""',
        "p = '''\n[r]\n'''",
        "r = [\n  1, # =\n  { a = 1 },\n]",
        "",
        "# e = 1",
        "\t",
    ]
)


@given(st.lists(_LINES, max_size=12, unique=True), st.sampled_from(["\n", "\r\n"]))
def test_every_key_of_an_accepted_document_has_a_place(lines: list[str], end: str) -> None:
    text = end.join(lines)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert set(positions(text)) == _paths(table)


def test_a_text_of_several_lines_holds_no_key() -> None:
    text = '+++\nextra = """\ntitle = 1\n[a]\n"""\ntitle = "b"\n{}+++\n'
    accepted = parse.read(text.format(""), file="a.md")
    refused = parse.read(text.format('title = "c"\n'), file="a.md")
    assert accepted
    assert refused
    title, (problem,) = accepted.fields["title"], refused.problems
    assert (title.line, title.column, title.value_column) == (6, 1, 9)
    assert (problem.code, problem.line, "6:1" in problem.message) == ("FM012", 7, True)
