"""The density map of an area: a kernel of the level's bandwidth over its incidents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.answers import Bounds
from dashboard.filters import Filters
from dashboard.points import Points
from dashboard.tally import Tally
from geo.bins import Bins
from geo.density import REACH_BANDWIDTHS, Density, DensityGrid, mercator_grid
from geo.hierarchy import SLOTS, Hierarchy

USUAL_RADIUS_M = dict(zip(SLOTS, (12_000.0, 5_000.0, 2_000.0, 800.0, 400.0, 200.0), strict=True))
_LONGEST_SIDE = 512
_NODES_PER_RADIUS = 2.5
_M_PER_DEGREE = 111_000.0


@dataclass(frozen=True)
class Heat:
    """A density map.

    Attributes:
        used: incidents it is made of.
        left_out: incidents of the same filters whose place is not known.
    """

    grid: DensityGrid
    used: int
    left_out: int

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.grid.per_km2.nbytes


def density_map(
    points: Sequence[Points],
    tally: Tally,
    filters: Filters,
    bounds: Bounds,
) -> Heat:
    """Estimate incidents per km² over an area.

    Incidents outside the area do not count, so that the map agrees with the area's total;
    density falls off towards its border.

    Args:
        points: the incidents of the area's counties.
        tally: the area's sums.
        filters: what is counted.
        bounds: of the area, degrees.
    """
    picture = tally.picture
    hierarchy = picture.basics.hierarchy
    allowed = picture.basics.terms.allowed(filters)
    inside = picture.lineage.inside(tally.row)
    chosen = [part.chosen(filters.days, allowed, inside) for part in points]
    x_m, y_m = (np.concatenate([np.empty(0), *(part[axis] for part in chosen)]) for axis in (0, 1))
    radius_m = bandwidth(hierarchy, int(picture.lineage.slots[tally.row]))
    side_m = max(bounds[2] - bounds[0], bounds[3] - bounds[1]) * _M_PER_DEGREE
    nodes = (side_m / radius_m + 2 * REACH_BANDWIDTHS) * _NODES_PER_RADIUS
    grid = mercator_grid(
        Density(Bins.around(x_m, y_m, radius_m / 8, REACH_BANDWIDTHS * radius_m), radius_m),
        bounds,
        hierarchy.measuring_crs,
        min(_LONGEST_SIDE, round(nodes)),
    )
    total = int(tally.by_category(filters).sum())
    return Heat(grid, len(x_m), max(0, total - len(x_m)))


def bandwidth(hierarchy: Hierarchy, slot: int) -> float:
    """Return the bandwidth of a level in metres, the same for all of its areas."""
    level = hierarchy.at(slot)
    chosen = level.heat_radius_m if level else None
    return chosen or USUAL_RADIUS_M[SLOTS[slot]]


def pack(heat: Heat) -> bytes:
    """Write a density map as bytes.

    Returns:
        Little-endian: f64 west, south, east, north (degrees), u32 width, height,
        f32 maximum per km², f32 bandwidth in metres, u32 used, u32 left out, and
        u16 grid[height * width], row 0 in the north, linear from 0 to the maximum,
        regular in Web Mercator.
    """
    per_km2 = heat.grid.per_km2
    highest = float(per_km2.max())
    scaled = per_km2 * (65535 / highest) if highest > 0 else np.zeros_like(per_km2)
    head = np.array(
        [
            (
                heat.grid.bounds,
                per_km2.shape[1],
                per_km2.shape[0],
                highest,
                heat.grid.radius_m,
                heat.used,
                heat.left_out,
            )
        ],
        dtype="(4,)<f8, <u4, <u4, <f4, <f4, <u4, <u4",
    )
    return head.tobytes() + np.round(scaled).astype("<u2").tobytes()
