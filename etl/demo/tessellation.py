"""Cells around seeds: Voronoi regions whose edges wander but never cross."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Voronoi

from etl.demo.plane import Points

MERGED_KM = 0.002
STEP_KM = 0.45
MAX_HALVINGS = 4
WANDERING = 0.17
GUARDS = 24


@dataclass(frozen=True)
class Ridges:
    """The lines between neighbouring seeds.

    Ridge i separates the seeds ``sides[i]`` and runs through
    ``points[start[i]:start[i + 1]]``. Seeds ≥ the number given are guards far outside.
    """

    sides: NDArray[np.int64]
    start: NDArray[np.int64]
    points: Points

    @property
    def owner(self) -> NDArray[np.int64]:
        """The ridge of each point."""
        return np.repeat(np.arange(len(self.sides)), np.diff(self.start))


def draw_ridges(seeds: Points, rng: np.random.Generator) -> Ridges:
    """Draw the lines between seeds (n, 2) in a plane, in km.

    A Voronoi edge and the two seeds beside it span a kite; the kites of all edges tile
    the plane. Each edge wanders inside its own kite only, so lines cannot cross.
    """
    middle, reach = (seeds.min(axis=0) + seeds.max(axis=0)) / 2, np.ptp(seeds, axis=0).max()
    turn = np.linspace(0, 2 * np.pi, GUARDS, endpoint=False)
    ring = middle + 4 * (reach + 1.0) * np.column_stack([np.cos(turn), np.sin(turn)])
    everything = np.concatenate([seeds, ring])
    diagram = Voronoi(everything)
    sides = diagram.ridge_points.astype(np.int64)
    ends = np.array(diagram.ridge_vertices)
    finite = (ends >= 0).all(axis=1)
    sides, ends = sides[finite], ends[finite]
    corners, ends = _merge_close(diagram.vertices, ends)
    kept = ends[:, 0] != ends[:, 1]
    return _wander(everything, corners, sides[kept], ends[kept], rng)


def regions(ridges: Ridges, seeds: Points) -> NDArray[np.object_]:
    """Close the ridges around each seed into polygons, one per seed, anticlockwise."""
    count = len(seeds)
    first, last = ridges.points[ridges.start[:-1]], ridges.points[ridges.start[1:] - 1]
    ridge = np.tile(np.arange(len(ridges.sides)), 2)
    seed = ridges.sides.T.ravel()
    ridge, seed = ridge[seed < count], seed[seed < count]
    a, b = first[ridge] - seeds[seed], last[ridge] - seeds[seed]
    backwards = a[:, 0] * b[:, 1] < a[:, 1] * b[:, 0]
    middle = (a + b) / 2
    order = np.lexsort([np.arctan2(middle[:, 1], middle[:, 0]), seed])
    ridge, seed, backwards = ridge[order], seed[order], backwards[order]
    # Each ridge gives all its points but the last one met, which opens the next ridge.
    length = np.diff(ridges.start)[ridge] - 1
    offset = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    turned = np.repeat(backwards, length)
    begin, end = np.repeat(ridges.start[ridge], length), np.repeat(ridges.start[ridge + 1], length)
    points = ridges.points[np.where(turned, end - 1 - offset, begin + offset)]
    return np.asarray(
        shapely.polygons(shapely.linearrings(points, indices=np.repeat(seed, length)))
    )


def _merge_close(corners: Points, ends: NDArray[np.int64]) -> tuple[Points, NDArray[np.int64]]:
    """Let corners joined by an edge shorter than ``MERGED_KM`` be one corner."""
    short = np.hypot(*(corners[ends[:, 0]] - corners[ends[:, 1]]).T) < MERGED_KM
    shape = (len(corners), len(corners))
    graph = coo_array((np.ones(short.sum()), tuple(ends[short].T)), shape=shape)
    _, group = connected_components(graph, directed=False)
    _, first = np.unique(group, return_index=True)
    return corners[first], group[ends].astype(np.int64)


def _wander(
    seeds: Points,
    corners: Points,
    sides: NDArray[np.int64],
    ends: NDArray[np.int64],
    rng: np.random.Generator,
) -> Ridges:
    start, end = corners[ends[:, 0]], corners[ends[:, 1]]
    length = np.hypot(*(end - start).T)
    halvings = np.ceil(np.log2(length / STEP_KM)).clip(0, MAX_HALVINGS).astype(np.int64)
    halvings[(sides >= len(seeds) - GUARDS).any(axis=1)] = 0
    pieces, order = [], []
    for number in range(MAX_HALVINGS + 1):
        group = np.flatnonzero(halvings == number)
        limit = _kite(seeds, start[group], end[group], sides[group], number)
        drift = _bridge(len(group), number, rng) * length[group, None]
        pieces.append(_bent(start[group], end[group], np.clip(drift, -limit, limit)).reshape(-1, 2))
        order.append(np.repeat(group, 2**number + 1))
    ridge = np.concatenate(order)
    points = np.concatenate(pieces)[np.argsort(ridge, kind="stable")]
    return Ridges(sides, np.concatenate([[0], np.cumsum(2**halvings + 1)]), points)


def _bridge(count: int, halvings: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Random walks from 0 to 0 by midpoint displacement, (count, 2**halvings + 1)."""
    walk = np.zeros((count, 2))
    for number in range(halvings):
        finer = np.zeros((count, 2 * walk.shape[1] - 1))
        finer[:, ::2] = walk
        noise = rng.normal(0.0, WANDERING * 0.6**number, (count, walk.shape[1] - 1))
        finer[:, 1::2] = (walk[:, 1:] + walk[:, :-1]) / 2 + noise
        walk = finer
    return walk


def _kite(
    seeds: Points, start: Points, end: Points, sides: NDArray[np.int64], halvings: int
) -> NDArray[np.float64]:
    """How far each point of an edge may leave it, in km, and stay inside the kite."""
    place = np.linspace(0.0, 1.0, 2**halvings + 1)
    span = end - start
    length2 = (span**2).sum(axis=1)
    limit = np.full((len(start), len(place)), np.inf)
    for side in (0, 1):
        arm = seeds[sides[:, side]] - start
        foot = ((arm * span).sum(axis=1) / length2)[:, None]
        height = np.abs(arm[:, 0] * span[:, 1] - arm[:, 1] * span[:, 0])[:, None]
        height = height / np.sqrt(length2)[:, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            rising = np.where(foot > 0, height * place / foot, np.inf)
            falling = np.where(foot < 1, height * (1 - place) / (1 - foot), np.inf)
        limit = np.minimum(limit, np.minimum(rising, falling))
    limit[:, [0, -1]] = 0.0
    return 0.7 * limit


def _bent(start: Points, end: Points, drift: NDArray[np.float64]) -> NDArray[np.float64]:
    place = np.linspace(0.0, 1.0, drift.shape[1])[:, None]
    span = end - start
    length = np.hypot(*span.T)[:, None]
    sideways = np.column_stack([-span[:, 1], span[:, 0]]) / length
    bent = start[:, None] * (1 - place) + end[:, None] * place
    bent += sideways[:, None] * drift[..., None]
    # The corners are shared by several edges and must stay the same to the last bit.
    bent[:, 0], bent[:, -1] = start, end
    return bent
