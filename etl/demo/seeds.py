"""One point per future cell, dense where people live and evenly spaced locally."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from etl.demo.plane import Points, nearest
from etl.demo.population import apportion
from etl.demo.settlement import (
    CORE_PEOPLE_PER_KM2,
    TOWN_PEOPLE_PER_KM2,
    Ground,
    Settlement,
    Zone,
    along,
    anywhere,
    keep_inside,
)

DRAWS_PER_SEED = 10
RELAXATIONS = 2


@dataclass(frozen=True)
class Seeds:
    """The points that cells grow from: (n, 2) km and the zone of each."""

    points: Points
    zone: NDArray[np.int64]


def draw_seeds(ground: Ground, settlement: Settlement, rng: np.random.Generator) -> Seeds:
    """Draw as many seeds as the county has cells.

    Ten times as many points are drawn from the density of people; the seeds take every
    tenth of them along a Hilbert curve and are then moved to the middle of the points
    nearest to them, so that cells are small where people are many, and never slivers.
    """
    urban, rural, empty = (int(number) for number in ground.quota)
    core = round(urban * _core_share(ground))
    clouds = {
        Zone.CORE: _core_cloud(ground, core * DRAWS_PER_SEED, rng),
        Zone.TOWN: _town_cloud(ground, settlement, (urban - core) * DRAWS_PER_SEED, rng),
        Zone.RURAL: _rural_cloud(ground, settlement, rural * DRAWS_PER_SEED, rng),
        Zone.EMPTY: anywhere(ground, empty * DRAWS_PER_SEED, rng),
    }
    start = DRAWS_PER_SEED // 2
    points = [_along_hilbert(cloud)[start::DRAWS_PER_SEED] for cloud in clouds.values()]
    zone = np.repeat([int(zone) for zone in clouds], [len(part) for part in points])
    seeds = _relax(ground, np.concatenate(points), np.concatenate([*clouds.values()]))
    return Seeds(seeds, _as_neighbours(seeds, zone))


def along_hilbert(points: Points) -> NDArray[np.int64]:
    """Order points along a Hilbert curve: neighbours in the order lie near each other."""
    series = gpd.GeoSeries.from_xy(points[:, 0], points[:, 1])
    west, south = points.min(axis=0)
    east, north = points.max(axis=0)
    bounds = (west, south, max(east, west + 1e-6), max(north, south + 1e-6))
    return np.argsort(series.hilbert_distance(total_bounds=bounds).to_numpy(), kind="stable")


def _along_hilbert(points: Points) -> Points:
    return points[along_hilbert(points)] if len(points) else points


def _core_share(ground: Ground) -> float:
    """Share of the urban cells that lie at the seat, told by where communities are."""
    communities = np.array([township.communities for township in ground.townships], dtype=float)
    inside = communities[ground.is_core()].sum()
    return float(np.clip((inside + 1) / (communities.sum() + 1), 0.45, 0.97))


def _core_cloud(ground: Ground, count: int, rng: np.random.Generator) -> Points:
    people = ground.county.urban * _core_share(ground)
    radius = np.sqrt(people / CORE_PEOPLE_PER_KM2 / np.pi)
    angle = rng.uniform(0, np.pi)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    found = np.empty((0, 2))
    while len(found) < count:
        shape = rng.normal(0.0, 0.62, (2 * count + 16, 2)) * [1.45 * radius, radius / 1.45]
        found = np.concatenate([found, keep_inside(ground, ground.seat + shape @ turn)])
    return found[:count]


def _town_cloud(
    ground: Ground, settlement: Settlement, count: int, rng: np.random.Generator
) -> Points:
    outer = ~ground.is_core()
    if not outer.any() or not count:
        return _core_cloud(ground, count, rng)
    weights = np.array([1.0 + 2 * township.communities for township in ground.townships])[outer]
    shares = apportion(count, weights)
    people = ground.county.urban * (1 - _core_share(ground)) * weights / weights.sum()
    radius = np.sqrt(people / TOWN_PEOPLE_PER_KM2 / np.pi).clip(0.25)
    centre = np.repeat(settlement.towns[outer], shares, axis=0)
    reach = np.repeat(radius, shares)[:, None]
    return _topped_up(ground, centre + rng.normal(0.0, 0.7, centre.shape) * reach, count, rng)


def _rural_cloud(
    ground: Ground, settlement: Settlement, count: int, rng: np.random.Generator
) -> Points:
    hamlets = settlement.hamlets
    spacing = nearest(hamlets, hamlets, 2)[0][:, -1].clip(0.2, 4.0)
    pick = rng.integers(0, len(hamlets), int(count * 0.62))
    around = hamlets[pick] + rng.normal(0.0, 0.45, (len(pick), 2)) * spacing[pick, None]
    spread = float(np.clip(0.3 * np.median(spacing), 0.15, 0.8))
    beside = along(settlement.lines, int(count * 0.26), spread, rng)
    return _topped_up(ground, np.concatenate([around, beside]), count, rng)


def _topped_up(ground: Ground, points: Points, count: int, rng: np.random.Generator) -> Points:
    inside = keep_inside(ground, points)[:count]
    return np.concatenate([inside, anywhere(ground, count - len(inside), rng)])


def _relax(ground: Ground, seeds: Points, cloud: Points) -> Points:
    for _ in range(RELAXATIONS):
        owner = nearest(seeds, cloud)[1][:, 0]
        size = np.bincount(owner, minlength=len(seeds)).clip(1)
        moved = np.column_stack(
            [np.bincount(owner, cloud[:, axis], len(seeds)) / size for axis in (0, 1)]
        )
        inside = np.isin(np.arange(len(seeds)), owner) & _contains(ground, moved)
        seeds = np.where(inside[:, None], moved, seeds)
    return seeds


def _as_neighbours(points: Points, zone: NDArray[np.int64]) -> NDArray[np.int64]:
    """Turn single urban cells among fields rural, and fields inside a town urban."""
    near = nearest(points, points, 7)[1]
    urban = (zone <= Zone.TOWN)[near].mean(axis=1)
    core = (zone == Zone.CORE)[near].mean(axis=1)
    nearby = np.where(core >= urban / 2, int(Zone.CORE), int(Zone.TOWN))
    changed = np.where((zone > Zone.TOWN) & (urban > 0.6), nearby, zone)
    return np.where((zone <= Zone.TOWN) & (urban < 0.3), int(Zone.RURAL), changed)


def _contains(ground: Ground, points: Points) -> NDArray[np.bool_]:
    return np.asarray(shapely.contains_xy(ground.polygon, *points.T))
