"""Places with intervals: as their definition says, and true as often as they claim."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from geo.ranks import Ranks, rank_intervals

AREAS = st.lists(st.tuples(st.integers(0, 400), st.integers(1, 50_000)), min_size=1, max_size=9)


def reference(counts: list[int], people: list[int], confidence: float) -> list[tuple[int, int]]:
    """Pair by pair with scipy's exact test, each side at its share of the level."""
    level = (1 - confidence) / 2 / max(1, len(counts) - 1)
    found = []
    for i, own in enumerate(counts):
        low, high = 1, len(counts)
        for j, other in enumerate(counts):
            if i == j or not own + other:
                continue
            share = people[i] / (people[i] + people[j])
            low += binomtest(own, own + other, share, "less").pvalue <= level
            high -= binomtest(own, own + other, share, "greater").pvalue <= level
        found.append((low, high))
    return found


@given(AREAS, st.sampled_from([0.5, 0.8, 0.95]))
def test_intervals_equal_the_tests_pair_by_pair(
    areas: list[tuple[int, int]], confidence: float
) -> None:
    counts, people = (list(column) for column in zip(*areas, strict=True))
    ranks = rank_intervals(np.array(counts), np.array(people, float), confidence=confidence)
    assert list(zip(ranks.low, ranks.high, strict=True)) == reference(counts, people, confidence)
    assert (ranks.low <= ranks.observed).all()
    assert (ranks.observed <= ranks.high).all()


@given(AREAS, st.randoms())
def test_the_order_of_the_areas_does_not_matter(areas: list[tuple[int, int]], chance) -> None:
    at = list(range(len(areas)))
    chance.shuffle(at)
    counts, people = (np.array(column, float) for column in zip(*areas, strict=True))
    ranks, mixed = rank_intervals(counts, people), rank_intervals(counts[at], people[at])
    for name in ("observed", "low", "high"):
        assert (getattr(ranks, name)[at] == getattr(mixed, name)).all()
    one = rank_intervals(counts, people, of=np.array(at[:1]))
    assert one == Ranks(*(getattr(mixed, part)[:1] for part in ("observed", "low", "high")))


@pytest.mark.parametrize("rates", [[1.0] * 12, [0.5, 0.5, 1, 1, 1, 1, 1, 1.1, 1.2, 1.5, 2, 3]])
def test_an_interval_holds_the_true_place_as_often_as_it_says(rates: list[float]) -> None:
    """With ties, the place is any of those the tied ones share: all of them must be held."""
    rng = np.random.default_rng(5)
    people = rng.uniform(20, 200, len(rates))
    true = np.array(rates)
    first = 1 + (true[None] > true[:, None]).sum(axis=1)
    last = len(true) - (true[None] < true[:, None]).sum(axis=1)
    held, exact = np.zeros(len(true)), 0
    for _ in range(300):
        ranks = rank_intervals(rng.poisson(true * people), people)
        held += (ranks.low <= first) & (last <= ranks.high)
        exact += int((ranks.high - ranks.low < len(true) - 1).sum())
    assert (held / 300 >= 0.95).all()
    assert exact > 300 or len(set(rates)) == 1, "and says something where rates differ"


def test_equal_rates_share_a_place_and_much_evidence_leaves_no_doubt() -> None:
    ranks = rank_intervals(np.array([50_000, 10_000, 10_000, 0]), np.full(4, 1e5))
    assert ranks.observed.tolist() == [1, 2, 2, 4]
    assert ranks.low.tolist() == [1, 2, 2, 4]
    assert ranks.high.tolist() == [1, 3, 3, 4]
    alone = rank_intervals(np.array([3]), np.array([10.0]))
    assert (alone.low[0], alone.high[0]) == (1, 1)


@pytest.mark.parametrize(
    ("areas", "least"),
    # Of k incidents all fall to one of two equal areas with 1 / 2ᵏ; one side of the level is
    # 0.025, divided by the other areas: 1/64 < 0.025, 1/128 < 0.0125 and < 0.00833.
    [(2, 6), (3, 7), (4, 7), (5, 8)],
)
def test_the_level_is_divided_among_the_comparisons(areas: int, least: int) -> None:
    for count, is_certain in ((least, True), (least - 1, False)):
        counts = np.array([count, *[0] * (areas - 1)])
        ranks = rank_intervals(counts, np.full(areas, 1_000.0))
        assert ranks.high.tolist() == [1 if is_certain else areas, *[areas] * (areas - 1)]
        assert ranks.low.tolist() == [1, *[2 if is_certain else 1] * (areas - 1)]
