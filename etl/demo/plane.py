"""A flat picture of one county, in kilometres, that straight lines survive."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import shapely
from numpy.typing import NDArray

Points = NDArray[np.float64]

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
    def around(cls, geometry: shapely.Geometry) -> Self:
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
