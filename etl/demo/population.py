"""How many people and cells each place gets; totals are exact, never rounded away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from etl.demo.divisions import County, Township
from etl.demo.settlement import Zone

CELLS = 90_000
URBAN_HOUSEHOLDS = 340.0
AREA_KM2_PER_CELL = 70.0
CELLS_PER_VILLAGE = 2.6
SPECIAL_SHARE = 0.05
EDGE_SHARE = 0.03


def apportion(total: int, weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """Split a whole number in proportion to weights (largest remainders).

    Args:
        total: the number to split, ≥ 0.
        weights: n weights ≥ 0, not all zero.

    Returns:
        n whole numbers that sum to ``total``; equal remainders go to the first.
    """
    exact = weights * (total / weights.sum())
    shares = np.floor(exact).astype(np.int64)
    missing = total - int(shares.sum())
    first = np.argsort(shares - exact, kind="stable")[:missing]
    shares[first] += 1
    return np.asarray(shares)


def cell_quotas(
    counties: dict[str, County],
    townships: Mapping[str, Sequence[Township]],
    area_km2: dict[str, float],
) -> dict[str, NDArray[np.int64]]:
    """Decide how many cells each county gets, ``CELLS`` in all.

    Urban cells hold about ``URBAN_HOUSEHOLDS`` households, empty land adds a cell every
    ``AREA_KM2_PER_CELL``, and the countryside takes the rest by households and villages.

    Returns:
        By county code: three numbers, cells of urban, rural and empty land.
    """
    codes = sorted(counties)
    urban, rural, empty, villages = (np.empty(len(codes)) for _ in range(4))
    for i, code in enumerate(codes):
        county = counties[code]
        share = county.urban / county.population
        urban[i] = max(county.households * share / URBAN_HOUSEHOLDS, 3.0)
        rural[i] = county.households * (1 - share)
        villages[i] = sum(len(township.villages) for township in townships[code])
        empty[i] = area_km2[code] / AREA_KM2_PER_CELL
    floor = np.maximum(villages * CELLS_PER_VILLAGE - urban, 8.0)
    left = CELLS - (urban + floor + empty).sum()
    quotas = np.stack([urban, floor + left * rural / rural.sum(), empty])
    whole = apportion(CELLS, quotas.ravel()).reshape(quotas.shape)
    return {code: whole[:, i] for i, code in enumerate(codes)}


@dataclass(frozen=True)
class People:
    """Who lives in each of n cells."""

    population: NDArray[np.int64]
    households: NDArray[np.int64]
    is_special: NDArray[np.bool_]
    """A campus, market or park of its own (专属网格); half of them without residents."""


def settle_people(county: County, zone: NDArray[np.int64], rng: np.random.Generator) -> People:
    """Spread a county's people over its cells; the census totals are met exactly.

    Townspeople go to cells of core and town, the others to the countryside, except that
    a few of those counted as urban always live at the edge of town.

    Args:
        county: with its census figures.
        zone: of each cell (`settlement.Zone`).
        rng: source of chance.
    """
    urban = zone <= Zone.TOWN
    weight = np.exp(rng.normal(0.0, np.where(urban, 0.38, 0.5)))
    weight[zone == Zone.TOWN] *= 0.7
    weight[zone == Zone.EMPTY] *= 0.12
    is_special = urban & (rng.random(len(zone)) < SPECIAL_SHARE)
    weight[is_special & (rng.random(len(zone)) < 0.5)] = 0.0
    in_fields = county.rural + round(county.urban * EDGE_SHARE)
    population = np.empty(len(zone), dtype=np.int64)
    population[urban] = apportion(county.population - in_fields, weight[urban])
    population[~urban] = apportion(in_fields, weight[~urban])
    homes = np.exp(rng.normal(0.0, 0.07, len(zone))) * np.where(urban, 1.08, 1.0)
    return People(population, apportion(county.households, population * homes), is_special)
