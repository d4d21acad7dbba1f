"""A county of the demo, published, and a solver that wants to know what is hidden."""

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo.disclosure import HIDDEN, LEAST, Integers, protect
from tests.geo.disclosure_attack import Attack

_DECEMBER = 11


@pytest.fixture(scope="module")
def monthly(county: gpd.GeoDataFrame, incidents: pd.DataFrame) -> tuple[Integers, Integers, int]:
    """Counts of the county and its townships over the whole quarters; the townships' people."""
    townships = county[county["level"] == 3].sort_values("code")
    month = incidents["occurred_at"].dt.tz_localize(None).dt.to_period("M")
    # A quarter of the demo's incidents: as many small counts as a quiet county has.
    kept = (incidents.index % 4 == 0).tolist()
    by = pd.crosstab(incidents["cell_code"].str[:9][kept], month[kept])
    by = by.reindex(townships["code"], fill_value=0).sort_index(axis=1)
    first = pd.Period("2024-01", "M")
    by = by.loc[:, [period for period in by.columns if first <= period < pd.Period("2026-10", "M")]]
    assert all(b - a == pd.offsets.MonthEnd(1) for a, b in pairwise(by.columns))
    parts = by.to_numpy(np.int64)
    return np.vstack([parts.sum(axis=0), parts]), townships["population"].to_numpy(), 12 * 2024


def test_no_hidden_count_of_a_county_can_be_solved(
    monthly: tuple[Integers, Integers, int],
) -> None:
    """Over the drill-down from the county to its townships, and over months, quarters, years."""
    counts, people, first = monthly
    published = protect(counts[0], counts[1:], np.argsort(np.argsort(people)), first)
    shown = Attack(counts, published, exact=False)
    known = Attack(counts, published, exact=True)
    small = shown.small()
    assert len(small) > 100
    assert any(len(node.months) == 3 for node in small)
    draw = np.random.default_rng(1)
    for at in draw.choice(len(small), 60, replace=False):
        for attack in (shown, known):
            least, most = attack.reach(small[at])
            assert least < 0.5, small[at]
            assert most > LEAST - 1.5, small[at]


def test_the_attack_finds_what_is_left_open(monthly: tuple[Integers, Integers, int]) -> None:
    """Where small counts are left out and nothing else is, the same solver finds them."""
    counts, people, first = monthly
    naive = protect(counts[0], counts[1:], people, first)
    quarters = counts.reshape(len(counts), -1, 3).sum(axis=2)
    naive.months[:] = np.where(counts < LEAST, HIDDEN, counts)
    naive.quarters[:] = np.where(quarters < LEAST, HIDDEN, quarters)
    attack = Attack(counts, naive, exact=True)
    found = 0
    for node in attack.small()[:40]:
        least, most = attack.reach(node)
        found += most - least < LEAST - 1
    assert found > 10


def test_most_figures_of_a_county_are_published(
    monthly: tuple[Integers, Integers, int],
) -> None:
    counts, people, first = monthly
    published = protect(counts[0], counts[1:], np.argsort(np.argsort(people)), first)
    assert (published.months[0] != HIDDEN).all()
    assert (published.quarters[1:] != HIDDEN).mean() > 0.5
    assert (published.years[:, :2] != HIDDEN).mean() > 0.8
