"""Whole numbers are shared out without losing any."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from etl.demo.divisions import County, read_counties, read_townships
from etl.demo.population import CELLS, apportion, cell_quotas, settle_people
from etl.demo.settlement import Zone


@given(
    st.integers(0, 10_000_000),
    st.lists(st.floats(0.0, 1e6, allow_subnormal=False), min_size=1, max_size=50),
)
def test_shares_sum_to_the_total_and_are_off_by_less_than_one(
    total: int, weights: list[float]
) -> None:
    array = np.array(weights)
    if array.sum() < 1e-3:
        array[0] = 1.0
    shares = apportion(total, array)
    assert shares.sum() == total
    assert (np.abs(shares - array * total / array.sum()) < 1 + 1e-6).all()


def test_equal_remainders_go_to_the_first() -> None:
    assert apportion(5, np.ones(3)).tolist() == [2, 2, 1]


def test_new_area_is_folded_into_the_two_counties_it_lies_in() -> None:
    counties = read_counties()
    assert "620171" not in counties
    assert len(counties) == 87
    assert sum(county.population for county in counties.values()) == 25_019_831
    assert sum(county.households for county in counties.values()) == 8_422_836
    assert all(county.urban + county.rural == county.population for county in counties.values())
    assert counties["620121"].population > 285_549
    assert counties["620122"].population > 125_157


def test_cells_of_all_counties_are_90000_and_enough_for_their_villages() -> None:
    counties = read_counties()
    townships = {
        code: [unit for unit in read_townships() if unit.county_code == code] for code in counties
    }
    quotas = cell_quotas(counties, townships, dict.fromkeys(counties, 4_000.0))
    assert sum(int(quota.sum()) for quota in quotas.values()) == CELLS
    for code, quota in quotas.items():
        assert quota.sum() >= 2 * sum(len(unit.villages) for unit in townships[code])


def test_a_county_without_countryside_still_has_people_in_its_fields() -> None:
    county = County("620105", "Anning", 103.7, 36.1, 400_000, 400_000, 0, 130_000)
    zone = np.repeat([Zone.CORE, Zone.RURAL, Zone.EMPTY], [300, 80, 10]).astype(np.int64)
    people = settle_people(county, zone, np.random.default_rng(1))
    assert people.population.sum() == 400_000
    assert people.households.sum() == 130_000
    assert 0 < people.population[zone == Zone.RURAL].sum() < 20_000
    assert (people.population[people.is_special] == 0).any()
