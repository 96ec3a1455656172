"""Paths in a checkout."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).parent
ROOT = TESTS.parent
DATA = TESTS / "data"
CASES = TESTS / "cases"
SOURCE = ROOT / "src" / "feedwright"
