"""Fuzz a target, guided by coverage: `python tests/fuzz.py article|body [--seconds N] [--corpus DIR]`.

Needs atheris (`pip install -e '.[fuzz]'`). Failing inputs go to `crash-…` files: turn them into cases.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["feedwright", "bleach", "frontmatter", "markdown_it", "yaml"]):
    from fuzz_targets import TARGETS, seeds

    for name, target in TARGETS.items():  # so that late imports are instrumented too
        for seed in seeds(name)[:100]:
            target(seed)


def main() -> None:
    """Run libFuzzer on one target, starting from its seeds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=sorted(TARGETS))
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--corpus", type=Path, help="a folder that is kept; by default one that is not")
    asked = parser.parse_args()
    corpus = asked.corpus or Path(tempfile.mkdtemp(prefix="feedwright-corpus-"))
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(asked.target)):
        (corpus / f"seed-{number}").write_bytes(seed)
    limits = [f"-max_total_time={asked.seconds}", "-max_len=4096", "-timeout=30", "-rss_limit_mb=4096"]
    atheris.Setup([sys.argv[0], *limits, str(corpus)], TARGETS[asked.target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
