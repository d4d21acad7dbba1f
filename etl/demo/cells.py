"""The cells of one county: drawn first, clipped once every neighbour's lines are known."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array

from etl.demo.borders import Crossings, cross
from etl.demo.divisions import Township
from etl.demo.faces import clip, contacts
from etl.demo.growth import ferried, grow, grow_evenly, travel_graph, within
from etl.demo.plane import Area, Points
from etl.demo.seeds import Seeds, along_hilbert, draw_seeds
from etl.demo.settlement import Ground, Settlement, Zone, settle
from etl.demo.tessellation import Ridges, draw_ridges, regions


@dataclass(frozen=True)
class Sketch:
    """A county's cells before clipping."""

    ground: Ground
    settlement: Settlement
    seeds: Seeds
    ridges: Ridges
    """Lines in degrees, with the crossings of the border added."""
    crossings: Crossings


@dataclass(frozen=True)
class Cells:
    """n finished cells of a county; township and village count from 0 within the county."""

    polygons: NDArray[np.object_]
    zone: NDArray[np.int64]
    township: NDArray[np.int64]
    village: NDArray[np.int64]


def sketch(ground: Ground, polygon: Area, seed: int) -> Sketch:
    """Draw the cells of a county, unclipped."""
    rng = np.random.default_rng([seed, int(ground.county.code), 1])
    shapely.prepare(ground.polygon)
    settlement = settle(ground, seed, rng)
    seeds = draw_seeds(ground, settlement, rng)
    flat = draw_ridges(seeds.points, rng)
    ridges = Ridges(flat.sides, flat.start, ground.plane.to_degrees(flat.points))
    ridges, crossings = cross(ridges, polygon)
    return Sketch(ground, settlement, seeds, ridges, crossings)


def finish(drawn: Sketch, polygon: Area, seed: int) -> Cells:
    """Clip the cells to the county's border and grow townships and villages over them.

    Args:
        drawn: the county's sketch.
        polygon: the county with every crossing of its border added (`add_corners`).
        seed: the same as for the sketch.
    """
    ground, seeds = drawn.ground, drawn.seeds
    rng = np.random.default_rng([seed, int(ground.county.code), 2])
    degrees = ground.plane.to_degrees(seeds.points)
    polygons = clip(regions(drawn.ridges, degrees), degrees, polygon)
    graph = travel_graph(seeds.points, contacts(polygons), rng)
    township = _townships(drawn, graph)
    village = _villages(drawn, graph, township)
    return Cells(polygons, seeds.zone, township, village)


def _townships(drawn: Sketch, graph: csr_array) -> NDArray[np.int64]:
    """Grow every township from its town; those of the core share the seat's cells."""
    ground, seeds = drawn.ground, drawn.seeds
    centres = drawn.settlement.towns.copy()
    core = ground.is_core()
    urban = np.flatnonzero(seeds.zone == Zone.CORE)
    if core.sum() > 1 and len(urban) > core.sum():
        order = urban[along_hilbert(seeds.points[urban])]
        centres[core] = seeds.points[order[_evenly(len(order), int(core.sum()))]]
    cells_per_community, cells_per_village = _cells_per_village(ground)
    communities = np.array([township.communities for township in ground.townships])
    villages = np.array([len(township.villages) for township in ground.townships])
    wanted = communities * cells_per_community + (villages - communities) * cells_per_village
    sources = _nearest(seeds.points, centres)
    graph = ferried(graph, seeds.points, sources, np.zeros(len(seeds.points), dtype=np.int64))
    return grow_evenly(graph, sources, wanted + 1.0, villages)


def _cells_per_village(ground: Ground) -> tuple[float, float]:
    communities = sum(township.communities for township in ground.townships)
    villages = sum(len(township.villages) for township in ground.townships) - communities
    urban, rural, empty = (int(number) for number in ground.quota)
    urban_each = float(np.clip(urban / max(communities, 1), 2.0, 20.0))
    return urban_each, float(np.clip((rural + empty) / max(villages, 1), 2.0, 20.0))


def _villages(drawn: Sketch, graph: csr_array, township: NDArray[np.int64]) -> NDArray[np.int64]:
    """Grow the villages of each township: communities from its most urban cells."""
    sources: list[NDArray[np.int64]] = []
    for number, unit in enumerate(drawn.ground.townships):
        cells = np.flatnonzero(township == number)
        points, zone = drawn.seeds.points[cells], drawn.seeds.zone[cells]
        away = np.hypot(*(points - drawn.settlement.towns[number]).T)
        inner_first = np.lexsort([away, zone > Zone.TOWN])
        share = _urban_cells(unit, zone)
        for group, count in (
            (inner_first[:share], unit.communities),
            (inner_first[share:], len(unit.villages) - unit.communities),
        ):
            order = group[along_hilbert(points[group])] if count else group
            sources.append(cells[order[_evenly(len(order), count)]])
    ordered = _in_code_order(drawn.ground.townships, sources)
    inside = within(graph, township)
    return grow(ferried(inside, drawn.seeds.points, ordered, township), ordered)


def _urban_cells(unit: Township, zone: NDArray[np.int64]) -> int:
    """How many of a township's cells communities may start from; leaves the rest enough."""
    others = len(unit.villages) - unit.communities
    urban = max(int((zone <= Zone.TOWN).sum()), unit.communities)
    return min(urban, len(zone) - others) if others else len(zone)


def _in_code_order(
    townships: tuple[Township, ...], sources: list[NDArray[np.int64]]
) -> NDArray[np.int64]:
    """Line the sources up with the villages, township after township, by code."""
    ordered = []
    for number, unit in enumerate(townships):
        urban, rural = iter(sources[2 * number]), iter(sources[2 * number + 1])
        ordered += [next(urban if village.is_community else rural) for village in unit.villages]
    return np.array(ordered)


def _evenly(length: int, count: int) -> NDArray[np.int64]:
    return ((np.arange(count) + 0.5) * length / max(count, 1)).astype(np.int64)


def _nearest(points: Points, centres: Points) -> NDArray[np.int64]:
    """Take the nearest point of each centre, each point once; first come, first served."""
    taken = np.zeros(len(points), dtype=bool)
    chosen = np.empty(len(centres), dtype=np.int64)
    for i, centre in enumerate(centres):
        away = np.hypot(*(points - centre).T)
        chosen[i] = int(np.argmin(np.where(taken, np.inf, away)))
        taken[chosen[i]] = True
    return chosen
