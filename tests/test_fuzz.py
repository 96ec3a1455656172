"""The fuzzer's targets with a budget of their own: seeds as they are, and seeds that were cut and mixed."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzz_targets import TARGETS, seeds

EXAMPLES = int(os.environ.get("FEEDWRIGHT_TEST_FUZZ", "150"))
"""How many inputs are made for each target; `tests/fuzz.py` goes on from there."""

SEEDS = {target: seeds(target) for target in TARGETS}
_ODD = [
    *[
        b"\0",
        b"\xff",
        b"\xe2\x80\xae",
        b"\xed\xa0\x80",
        b"&#0;",
        b"---\n",
        b"<![CDATA[",
        b"]]>",
        b"-->",
        b"\r",
    ],
    *[
        b"\r",
        b"<svg>",
        b"<table>",
        b"</p>",
        b"<p ",
        b"'",
        b'"',
        b": ",
        b"\t",
        b"!!",
        b"*a",
        b"&a",
        b"[" * 40,
        b"{",
    ],
]


def _bent(target: str) -> st.SearchStrategy[bytes]:
    """A seed or two, cut anywhere, with something odd in between."""
    seed = st.sampled_from(SEEDS[target])
    cut = st.integers(0, 400)
    return st.builds(
        lambda one, other, odd, here, there: one[:here] + odd + other[there:],
        seed,
        seed,
        st.sampled_from(_ODD) | st.binary(max_size=6),
        cut,
        cut,
    )


@pytest.mark.parametrize("target", TARGETS)
def test_the_seeds_hold(target: str) -> None:
    assert len(SEEDS[target]) > 300
    for seed in SEEDS[target][:: 1 if target == "article" else 7]:
        TARGETS[target](seed)


@pytest.mark.parametrize("target", TARGETS)
def test_what_is_made_of_them_holds_too(target: str) -> None:
    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), database=None)
    @given(_bent(target))
    def run(data: bytes) -> None:
        TARGETS[target](data)

    run()
