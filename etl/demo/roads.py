"""Invented roads between the county seats, and lines that wander like valleys."""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Delaunay

from etl.demo.divisions import read_counties
from etl.demo.plane import Points

ROAD_HALVINGS = 7


def wander(
    starts: Points, ends: Points, halvings: int, roughness: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Draw crooked lines by displacing midpoints.

    Args:
        starts: n first points (n, 2), in a plane.
        ends: n last points.
        halvings: how often each line is halved.
        roughness: sideways shift of a midpoint per length, standard deviation.
        rng: source of chance.

    Returns:
        n lines of 2**halvings + 1 points, shape (n, 2**halvings + 1, 2).
    """
    lines = np.stack([starts, ends], axis=1)
    for _ in range(halvings):
        along = lines[:, 1:] - lines[:, :-1]
        sideways = np.stack([-along[..., 1], along[..., 0]], axis=-1)
        shift = rng.normal(0.0, roughness, (*along.shape[:2], 1)).clip(-0.35, 0.35)
        middle = (lines[:, 1:] + lines[:, :-1]) / 2 + sideways * shift
        finer = np.empty((len(lines), 2 * lines.shape[1] - 1, 2))
        finer[:, ::2], finer[:, 1::2] = lines, middle
        lines = finer
    return lines


@cache
def seat_roads(seed: int) -> NDArray[np.float64]:
    """Join neighbouring county seats of the province by crooked roads.

    Two seats are neighbours when no third lies in the circle between them (Gabriel
    graph). A road is the same whichever county asks for it.

    Returns:
        Lines in degrees (EPSG:4326), shape (m, 2**ROAD_HALVINGS + 1, 2).
    """
    counties = read_counties()
    seats = np.array([(county.seat_lon, county.seat_lat) for county in counties.values()])
    flat = seats * [np.cos(np.radians(36.0)), 1.0]
    pairs = {
        (min(a, b), max(a, b))
        for triangle in Delaunay(flat).simplices
        for a, b in zip(triangle, np.roll(triangle, 1), strict=True)
    }
    ends = np.array([pair for pair in sorted(pairs) if _is_gabriel(flat, *pair)])
    rng = np.random.default_rng([seed, 620000])
    lines = wander(flat[ends[:, 0]], flat[ends[:, 1]], ROAD_HALVINGS, 0.11, rng)
    return np.asarray(lines / [np.cos(np.radians(36.0)), 1.0])


def _is_gabriel(points: Points, a: int, b: int) -> bool:
    middle = (points[a] + points[b]) / 2
    radius2 = ((points[a] - middle) ** 2).sum()
    others = np.delete(points, [a, b], axis=0)
    return bool((((others - middle) ** 2).sum(axis=1) >= radius2).all())
