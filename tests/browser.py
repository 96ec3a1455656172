"""Documents in Debian's Chromium, headless, examined by a script on a page of our own."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

_PATIENCE = 150
_PAGE = """<!DOCTYPE html><meta charset="utf-8"><body><pre id="answer"></pre><script>
BEFORE
const frames_ = FILES.map(file => new Promise(done => {
  const frame = document.createElement('iframe');
  frame.onload = () => done(frame.contentDocument);
  frame.src = file;
  document.body.append(frame);
}));
const ask = SCRIPT;
Promise.all(frames_).then(documents => ask(documents)).then(
  found => { document.getElementById('answer').textContent = JSON.stringify(found); },
  error => { document.getElementById('answer').textContent = JSON.stringify('failed: ' + error.stack); });
</script>"""


def in_browser(test: Callable[..., None]) -> Callable[..., None]:
    """Mark a test that needs Chromium."""
    missing = pytest.mark.skipif(not shutil.which("chromium"), reason="needs Debian's chromium")
    marked: Callable[..., None] = pytest.mark.browser(missing(test))
    return marked


def ask(folder: Path, script: str, files: Sequence[str] = (), *, before: str = "") -> Any:
    """Return the JSON value that a JavaScript function returns.

    `files` of the folder are loaded into frames first, after the statements `before`; the function gets their
    documents, and may be async.
    """
    page = folder / "ask.html"
    parts = {"BEFORE": before, "FILES": json.dumps(list(files)), "SCRIPT": script}
    page.write_text(re.sub("|".join(parts), lambda found: parts[found[0]], _PAGE), "utf-8")
    words = ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files"]
    words += ["--host-resolver-rules=MAP * ~NOTFOUND", "--disable-background-networking"]
    words += [f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=20000", "--dump-dom"]
    done = subprocess.run([*words, page.as_uri()], capture_output=True, check=True, timeout=_PATIENCE)
    found = re.search(r'<pre id="answer">(.*?)</pre>', done.stdout.decode(), re.DOTALL)
    assert found, done.stdout[-2000:]
    assert found[1], "no answer"
    answer = json.loads(unescape(found[1]))
    assert not str(answer).startswith("failed: "), answer
    return answer
