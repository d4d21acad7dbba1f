"""A plane of metres in which borders that are straight as stored stay straight.

Borders are stored in degrees, and the line between two corners is straight there. In an
equal-area projection the same line bows, by 2 m over 10 km: where a neighbour has a corner on
that line, an overlap or a gap would appear that is none. So borders are compared in a plane
that only stretches degrees, and what is found is measured with the ellipsoid's own area at its
latitude.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from geo.crs import Floats, Geometries

_EQUATOR_M = 6_378_137.0
_ECCENTRICITY_2 = 0.006_694_379_990_14
"""WGS 84's larger radius, and the square of its eccentricity."""


def _per_degree(lat: Floats) -> tuple[Floats, Floats]:
    """How many metres a degree of longitude and one of latitude are at a latitude."""
    angle = np.radians(lat)
    under = 1 - _ECCENTRICITY_2 * np.sin(angle) ** 2
    along = _EQUATOR_M / np.sqrt(under) * np.cos(angle)
    up = _EQUATOR_M * (1 - _ECCENTRICITY_2) / under**1.5
    return np.radians(along), np.radians(up)


@dataclass(frozen=True)
class Plane:
    """Degrees stretched to the metres of one latitude.

    Widths are those on the ground at that latitude; 5 degrees away they are off by 6 %.
    """

    lat: float

    @classmethod
    def around(cls, shapes: Geometries) -> "Plane":
        """The plane of the middle of some geometries, EPSG:4326."""
        _, south, _, north = shapely.total_bounds(shapes)
        return cls(0.0 if np.isnan(south) else float(np.clip((south + north) / 2, -85, 85)))

    @property
    def scale(self) -> Floats:
        """Metres a degree of longitude and a degree of latitude."""
        return np.concatenate(_per_degree(np.array([self.lat])))

    def flatten(self, shapes: Geometries) -> Geometries:
        """From degrees to the plane; coordinates that are equal stay equal."""
        return np.asarray(shapely.transform(shapes, lambda places: places * self.scale))

    def unflatten(self, shapes: Geometries) -> Geometries:
        """From the plane to degrees."""
        return np.asarray(shapely.transform(shapes, lambda places: places / self.scale))

    def area_m2(self, flat: Geometries) -> Floats:
        """Measure areas.

        Args:
            flat: n geometries in the plane, each reaching over at most a few degrees.

        Returns:
            n areas on the ellipsoid, as an equal-area projection gives them.
        """
        areas, some = np.asarray(shapely.area(flat)), ~shapely.is_empty(flat)
        lat = shapely.get_y(shapely.centroid(flat[some])) / self.scale[1]
        areas[some] *= np.prod(_per_degree(lat), axis=0) / np.prod(self.scale)
        return areas
