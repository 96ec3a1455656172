"""Sites grown from constructs cost no more than they may; `tests/cost.py` looks for an hour."""

from __future__ import annotations

import os
import sys

import pytest

import cost
import costly_sites

SITES = int(os.environ.get("FEEDWRIGHT_TEST_COST", "12"))
"""The number of sites."""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_no_site_costs_too_much() -> None:
    assert cost.search(range(SITES)) == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_what_costs_too_much_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cost, "MEMORY", 2**20)
    assert [seed for seed, _ in cost.search(range(1))] == [0]


def test_sites_are_below_a_megabyte_and_always_the_same() -> None:
    for seed in range(200):
        files = costly_sites.site(seed)
        assert 0 < sum(map(len, files.values())) < costly_sites.SIZE
        assert costly_sites.site(seed) == files
