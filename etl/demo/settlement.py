"""Where people of a county live: seat, towns, hamlets along valleys, empty land."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import shapely
from numpy.typing import NDArray

from etl.demo.divisions import County, Township
from etl.demo.plane import Area, Plane, Points, nearest
from etl.demo.roads import seat_roads, wander

CORE_PEOPLE_PER_KM2 = 9_000.0
TOWN_PEOPLE_PER_KM2 = 5_000.0
LARGE_PART = 0.1


class Zone(IntEnum):
    """What a piece of land is like."""

    CORE = 0
    TOWN = 1
    RURAL = 2
    EMPTY = 3


@dataclass(frozen=True)
class Ground:
    """What is known of a county before anything is invented; lengths in km of ``plane``."""

    county: County
    townships: tuple[Township, ...]
    quota: NDArray[np.int64]
    """Cells of urban, rural and empty land."""
    plane: Plane
    polygon: Area
    """The county in km of ``plane``, prepared."""

    @property
    def seat(self) -> Points:
        """The county seat, shape (2,)."""
        return self.plane.to_km(np.array([self.county.seat_lon, self.county.seat_lat]))

    @property
    def people_per_km2(self) -> float:
        """Mean density; tells a desert county from a crowded one."""
        return float(self.county.population / self.polygon.area)

    def is_core(self) -> NDArray[np.bool_]:
        """Tell which townships make up the seat: subdistricts, else the first township."""
        flags = np.array([township.kind == "subdistrict" for township in self.townships])
        if not flags.any():
            flags[0] = True
        return flags


@dataclass(frozen=True)
class Settlement:
    """Invented places of a county, in km."""

    towns: Points
    """One point per township, in order; those of the core lie at the seat."""
    lines: NDArray[np.float64]
    """Pieces of road and valley (k, 2, 2) along which people settle."""
    hamlets: Points


def settle(ground: Ground, seed: int, rng: np.random.Generator) -> Settlement:
    """Invent towns, the lines that join them and the hamlets along these."""
    roads = ground.plane.to_km(seat_roads(seed))
    roads = _inside(ground, np.concatenate([roads[:, :-1], roads[:, 1:]], axis=2).reshape(-1, 2, 2))
    core = ground.is_core()
    towns = np.tile(ground.seat, (len(core), 1))
    towns[~core] = _place_towns(ground, roads, int((~core).sum()), rng)
    lines = np.concatenate([roads, _branches(ground, roads, towns[~core], rng)])
    hamlets = _place_hamlets(ground, lines, rng)
    return Settlement(towns, np.concatenate([lines, _lanes(lines, hamlets)]), hamlets)


def along(
    lines: NDArray[np.float64], count: int, spread: float, rng: np.random.Generator
) -> Points:
    """Draw points beside lines, by length, ``spread`` km to either side on average."""
    span = lines[:, 1] - lines[:, 0]
    length = np.hypot(span[:, 0], span[:, 1])
    pick = rng.choice(len(lines), count, p=length / length.sum())
    place = lines[pick, 0] + span[pick] * rng.random((count, 1))
    return np.asarray(place + rng.laplace(0.0, spread, (count, 2)))


def anywhere(ground: Ground, count: int, rng: np.random.Generator) -> Points:
    """Draw points uniformly within the county."""
    west, south, east, north = ground.polygon.bounds
    found = np.empty((0, 2))
    while len(found) < count:
        tried = rng.random((2 * count + 16, 2)) * [east - west, north - south] + [west, south]
        found = np.concatenate([found, keep_inside(ground, tried)])
    return found[:count]


def keep_inside(ground: Ground, points: Points) -> Points:
    """Drop the points outside the county."""
    return points[shapely.contains_xy(ground.polygon, points[:, 0], points[:, 1])]


def _inside(ground: Ground, lines: NDArray[np.float64]) -> NDArray[np.float64]:
    middle = lines.mean(axis=1)
    inside = shapely.contains_xy(ground.polygon, middle[:, 0], middle[:, 1])
    return np.asarray(lines[inside])


def _place_towns(
    ground: Ground, roads: NDArray[np.float64], count: int, rng: np.random.Generator
) -> Points:
    """Spread towns out, preferring roads; in arid counties staying near them."""
    pool = np.concatenate(
        [
            keep_inside(ground, along(roads, 30 * count + 60, 1.0, rng))
            if len(roads)
            else np.empty((0, 2)),
            anywhere(ground, 20 * count + 40, rng),
        ]
    )
    nodes = np.concatenate([ground.seat[None], roads.mean(axis=1)])
    remote = nearest(nodes, pool)[0][:, 0]
    reach = 0.35 * np.sqrt(ground.polygon.area) if ground.people_per_km2 < 25 else np.inf
    liking = np.exp(rng.normal(0.0, 0.35, len(pool)) - remote / reach)
    # Spreading points out would push them to the border, where towns rarely are.
    margin = 0.4 * np.sqrt(ground.polygon.area / (count + 1))
    edge = shapely.distance(ground.polygon.boundary, shapely.points(pool))
    liking *= (edge / margin).clip(0.1, 1.0)
    chosen = np.empty((count, 2))
    gap = np.hypot(*(pool - ground.seat).T)
    for i, allowed in enumerate(_first_parts(ground, pool, count)):
        best = int(np.argmax(gap * liking * allowed))
        chosen[i] = pool[best]
        gap = np.minimum(gap, np.hypot(*(pool - pool[best]).T))
    return chosen


def _first_parts(ground: Ground, pool: Points, count: int) -> list[NDArray[np.bool_]]:
    """Say where each town may be: every large part of the county away from the seat gets one."""
    parts = shapely.get_parts(ground.polygon)
    large = parts[shapely.area(parts) > LARGE_PART * ground.polygon.area]
    away = large[~shapely.contains_xy(large, *ground.seat)]
    forced = [shapely.contains_xy(part, pool[:, 0], pool[:, 1]) for part in away]
    free = [np.ones(len(pool), dtype=bool)] * count
    return ([inside for inside in forced if inside.any()] + free)[:count]


def _branches(
    ground: Ground, roads: NDArray[np.float64], towns: Points, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Join each town to the nearest road, seat or town nearer the seat."""
    nodes = np.concatenate([ground.seat[None], roads.mean(axis=1), towns])
    far = np.hypot(*(nodes - ground.seat).T)
    far[: 1 + len(roads)] = -1.0
    ends = np.empty_like(towns)
    for i, town in enumerate(towns):
        nearer = nodes[far < far[1 + len(roads) + i]]
        ends[i] = nearer[np.argmin(np.hypot(*(nearer - town).T))]
    lines = wander(towns, ends, 5, 0.14, rng)
    return _inside(ground, np.stack([lines[:, :-1], lines[:, 1:]], axis=2).reshape(-1, 2, 2))


def _place_hamlets(ground: Ground, lines: NDArray[np.float64], rng: np.random.Generator) -> Points:
    """Put a hamlet per village beside the lines, the more scattered the denser the county."""
    count = sum(len(township.villages) for township in ground.townships)
    scattered = int(count * np.clip(ground.people_per_km2 / 250.0, 0.06, 0.6))
    spacing = np.sqrt(ground.polygon.area / count)
    spread = min(0.8 * spacing, 3.0)
    beside = keep_inside(ground, along(lines, 2 * count, spread, rng))[: count - scattered]
    return np.concatenate([beside, anywhere(ground, count - len(beside), rng)])


def _lanes(lines: NDArray[np.float64], hamlets: Points) -> NDArray[np.float64]:
    """Join each hamlet to the nearest line or hamlet that lies nearer to a line."""
    nodes = lines.mean(axis=1)
    away = nearest(nodes, hamlets)[0]
    everything = np.concatenate([nodes, hamlets])
    rank = np.concatenate([np.full(len(nodes), -1.0), away[:, 0]])
    _, near = nearest(everything, hamlets, 10)
    nearer = rank[near] < away
    first = near[np.arange(len(hamlets)), np.argmax(nearer, axis=1)]
    lanes = np.stack([hamlets, everything[first]], axis=1)
    return lanes[nearer.any(axis=1)]
