"""Look for articles that cost too much: `python tests/cost.py [--seconds N] [--seed N] [--keep DIR]`.

Each input is one site of less than a megabyte, grown from constructs; a process of its own builds it. The
CPU time and the memory of every process of the build are compared with what any input may cost.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

SIZE = 1_000_000
CPU = 10.0
MEMORY = 500 * 2**20
_GRACE = 2.0
"""Seconds that a process may take besides the ten: it starts, and is stopped by the clock on the wall."""

_EVERY = 0.05
"""Seconds between two looks at the processes of a build."""

_HTML = [
    *("<b>", "<b {}>", "<i>", "<a href={}>", "</a>", "<font {}>", "<nobr>", "<p>", "</p>", "<div>", "</div>"),
    *(
        "<table>",
        "<tr>",
        "<td>",
        "</td>",
        "<ul>",
        "<li>",
        "<svg>",
        "<math>",
        "<select>",
        "<template>",
        "</b>",
    ),
    *(
        "<form>",
        "<button>",
        "<style>",
        "<script>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<pre>\n",
        "<noscript>",
    ),
    *(
        "<img src=a>",
        "<img srcset='{} 1x, b 2x'>",
        '<img srcset="',
        " x,",
        '">',
        "<picture>",
        "<source srcset=a>",
    ),
    *(
        "<video>",
        "<iframe src=https://www.youtube.com/embed/a>",
        "<img data-src={}>",
        "&amp",
        "&#0;",
        "&",
        "&#x",
    ),
    *(
        "<span class='language-{}'>",
        "</span>",
        "<br>",
        "<hr>",
        "<!-- more -->",
        "<x-{}>",
        "<a",
        " a",
        "='",
        '"',
    ),
    *("\u0344", "\u0316", "\u200b", "\ufffd", "e\u0301", "\U0001f468\u200d", "\u202e", "字", "。", "? ", "<"),
]
_MARKDOWN = [
    *("> ", "> > > ", "- ", "* ", "1. ", "  ", "    ", "\t", "\n", "\n\n", "# ", "===\n", "---\n", "```\n"),
    *("~~~\n", "|", "||\n", "|-|-|\n", "|a|b|\n", "[", "]", "](", ")", "![", "[a]: b\n", "[a]", "[a]: <b\n"),
    *("[^{}]: ", "[^{}]", "^[", "*", "**", "_", "*a_", "~~", "`", "``", "\\", "<a:", "<div>\n", "<pre>\n"),
    *("</div>\n", "<!--", "<?", "<!A", "a\n", "x ", "'", '"', '[a]: b "', "&copy;", "|x\n", ": ", "- - - "),
]
_FIELDS = [
    *("{}: x\n", "tags: [a, {}]\n", "categories: [a/b/{}]\n", "x: &a{} [1]\n", "x{}: *a\n", "- ", "  - a\n"),
    *(
        "{{",
        "}}",
        "[",
        "]",
        ": ",
        "? ",
        "'",
        '"',
        "\\",
        "|\n",
        ">\n",
        "#",
        "!!str ",
        "%",
        "a.",
        "a = 1\n",
        "{} = 1\n",
    ),
    *("[a.{}]\n", "[[a]]\n", "'''", '"""', "= {{a = 1}}\n", '"{}": 1,\n', '"a": [', '"a": {{', "Title: {}\n"),
    *(
        " go on\n",
        "Category: {}\n",
        "Tags: a, {}\n",
        "date: 2026\n",
        "title: x",
        " ",
        "\n",
        "\u0344",
        "\u3000",
    ),
    *("photos: [a{}.png]\n", "author: a <a@b>\n", "author: [{}]\n", "summary: <b>{}\n", "permalink: /{}/\n"),
]
_NOTATIONS = {
    "yaml": "---\ntitle: T\ndate: 2026-01-03 12:00:00 +0100\n{}---\n",
    "toml": "+++\ntitle = 'T'\ndate = 2026-01-03T12:00:00Z\n{}+++\n",
    "json": '{{"title": "T", "date": "2026-01-03 12:00:00 +0100", {}"z": 0}}\n',
    "headers": "Title: T\nDate: 2026-01-03 12:00\n{}\n\n",
}
_SIZES = (500, 4_000, 16_000, 31_000, 60_000, 200_000, 900_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What the most expensive process of a build took: seconds of CPU and bytes of memory."""

    cpu: float
    memory: int
    exit_code: int
    codes: str = ""

    @property
    def is_too_much(self) -> bool:
        """Whether it is more than any input below `SIZE` may cost, or the build did not end as it should."""
        return self.cpu > CPU + _GRACE or self.memory > MEMORY or self.exit_code not in (0, 1)


def site(seed: int) -> dict[str, bytes]:
    """Return the files of one site: an article, or several alike, of constructs that are repeated."""
    random = Random(seed)
    suffix = random.choice(("html", "md"))
    notation = random.choice(list(_NOTATIONS))
    size = random.choice(_SIZES)
    in_head = random.random() < 0.3
    head = (
        _grown(random, _FIELDS, min(size, 62_000))
        if in_head
        else random.choice(("", "permalink: /%s/\n" % ("a" * 1900)))
    )
    if not in_head and notation != "yaml":
        head = ""
    constructs = _HTML if suffix == "html" else _MARKDOWN + random.sample(_HTML, 12)
    body = "text" if in_head else _grown(random, constructs, size)
    text = _NOTATIONS[notation].format(head) + body
    data = text.encode("utf-8", "replace")[: SIZE - 1]
    number = random.choice((1, 1, 1, 3)) if len(data) * 3 < SIZE else 1
    return {f"a{at}.{suffix}": data for at in range(number)}


def _grown(random: Random, constructs: list[str], size: int) -> str:
    """A beginning, a unit that is repeated and an end; or several of them one after another."""
    parts: list[str] = []
    for _ in range(random.choice((1, 1, 2, 3))):
        share = size // random.choice((1, 2, 3))
        unit = _sequence(random, constructs, random.choice((1, 1, 2, 2, 3, 5, 8)))
        numbered = "{}" in unit and random.random() < 0.7
        before = _sequence(random, constructs, random.randint(0, 4)).replace("{}", "b")
        if random.random() < 0.4:
            before *= random.choice((1, 3, 30, 300))
        count = max(1, (share - len(before)) // max(1, len(unit)))
        units = (
            (unit.replace("{}", str(at)) for at in range(count))
            if numbered
            else (unit.replace("{}", "a"),) * count
        )
        parts += [before[:share], *units]
    return "".join(parts)[:size]


def _sequence(random: Random, constructs: list[str], number: int) -> str:
    return "".join(random.choice(constructs) for _ in range(number))


def cost(files: dict[str, bytes]) -> Cost:
    """Build a site of these files and return what the most expensive process took."""
    words = ["build", "content", "-o", "feeds", "--url", "https://example.org/", "--report", "json", "-q"]
    with tempfile.TemporaryDirectory(prefix="feedwright-cost-") as root:
        folder = Path(root, "content")
        folder.mkdir()
        for name, data in files.items():
            (folder / name).write_bytes(data)
        with open(Path(root, "report"), "wb") as report:
            build = subprocess.Popen(
                [sys.executable, "-m", "feedwright", *words],
                cwd=root,
                stdout=report,
                stderr=report,
                start_new_session=True,
            )
            used: dict[str, tuple[float, int]] = {}
            while build.poll() is None:
                for process, (seconds, most) in _processes(build.pid).items():
                    before = used.get(process, (0.0, 0))
                    used[process] = max(before[0], seconds), max(before[1], most)
                time.sleep(_EVERY)
        cpu, memory = (
            (max(values, default=0) for values in zip(*used.values(), strict=True)) if used else (0, 0)
        )
        codes = tuple(re.findall(rb'"code": ?"(\w+)"', Path(root, "report").read_bytes()))
        return Cost(cpu=cpu, memory=memory, exit_code=build.returncode, codes=b" ".join(codes).decode())


def _processes(session: int) -> dict[str, tuple[float, int]]:
    """Return the CPU time and the greatest memory of every process of a session, by its number."""
    used = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError, ValueError, IndexError):
                facts = (folder / "stat").read_text().rpartition(")")[2].split()
                if int(facts[3]) == session:
                    memory = re.search(r"VmHWM:\s*(\d+)", (folder / "status").read_text())
                    cpu = (int(facts[11]) + int(facts[12])) / os.sysconf("SC_CLK_TCK")
                    used[folder.name] = cpu, int(memory[1]) * 1024 if memory else 0
    return used


def search(
    seeds: range, *, seconds: float = float("inf"), keep: Path | None = None
) -> list[tuple[int, Cost]]:
    """Return the seeds of sites that cost too much, and what they cost; their files go to `keep`."""
    found = []
    end = time.monotonic() + seconds
    for seed in seeds:
        if time.monotonic() > end:
            break
        files = site(seed)
        used = cost(files)
        if used.is_too_much or "LIM" in used.codes or "BUG" in used.codes:
            print(seed, used, {name: len(data) for name, data in files.items()}, flush=True)
        if used.is_too_much:
            found.append((seed, used))
            for name, data in files.items() if keep else ():
                assert keep is not None
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"{seed}-{name}").write_bytes(data)
    print(f"{seed - seeds.start + 1} sites, {len(found)} cost too much", flush=True)
    return found


def main() -> None:
    """Search until the time is up; exit 1 if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    sys.exit(bool(search(range(asked.seed, sys.maxsize), seconds=asked.seconds, keep=asked.keep)))


if __name__ == "__main__":
    main()
