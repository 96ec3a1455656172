"""The fuzzer's targets on a small budget: the seeds, and seeds cut and mixed."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzz_targets import TARGETS, seeds

EXAMPLES = int(os.environ.get("FEEDWRIGHT_TEST_FUZZ", "150"))
"""The number of inputs for each target; `tests/fuzz.py` tries more."""

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


def _mutated(target: str) -> st.SearchStrategy[bytes]:
    """One or two seeds, cut anywhere, with something odd in between."""
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
def test_mutated_seeds_hold_too(target: str) -> None:
    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), database=None)
    @given(_mutated(target))
    def run(data: bytes) -> None:
        TARGETS[target](data)

    run()
