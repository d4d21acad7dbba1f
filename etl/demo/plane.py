"""A flat picture of one county, in kilometres, that straight lines survive."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Points = NDArray[np.float64]
Area = shapely.Polygon | shapely.MultiPolygon

KM_PER_DEGREE = 111.2


@dataclass(frozen=True)
class Plane:
    """An affine map between degrees (EPSG:4326) and kilometres around a point.

    Affine, so that a straight line is straight in both: what is cut in degrees meets
    what was drawn in kilometres. Good for layout over a county, not for measuring.
    """

    lon: float
    lat: float
    km_per_lon: float

    @classmethod
    def around(cls, geometry: Area) -> Self:
        """Centre a plane on the bounds of a geometry (EPSG:4326)."""
        west, south, east, north = geometry.bounds
        lat = (south + north) / 2
        return cls((west + east) / 2, lat, KM_PER_DEGREE * float(np.cos(np.radians(lat))))

    def to_km(self, degrees: Points) -> Points:
        """Turn points of shape (…, 2) from degrees into kilometres."""
        return (degrees - [self.lon, self.lat]) * [self.km_per_lon, KM_PER_DEGREE]

    def to_degrees(self, km: Points) -> Points:
        """Turn points of shape (…, 2) from kilometres into degrees."""
        return km / [self.km_per_lon, KM_PER_DEGREE] + [self.lon, self.lat]


def nearest(points: Points, places: Points, count: int = 1) -> tuple[Points, NDArray[np.int64]]:
    """Find the points nearest to each place.

    Args:
        points: (n, 2), n ≥ 1.
        places: (m, 2).
        count: how many points; fewer are given if there are fewer.

    Returns:
        Distances and positions in ``points``, both (m, min(count, n)), nearest first.
    """
    many = range(1, min(count, len(points)) + 1)
    distance, position = cKDTree(points).query(places, k=list(many))
    return np.asarray(distance), np.asarray(position, dtype=np.int64)
