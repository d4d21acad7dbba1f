"""A coverage of squares of different sizes somewhere on the ground, to plant defects in."""

from dataclasses import dataclass

import numpy as np
import shapely

from geo.crs import Geometries
from geo.plane import Plane

Xs = tuple[float, ...]


@dataclass(frozen=True)
class Squares:
    """Rectangles between lines of longitude and latitude.

    Attributes:
        plane: of the middle; sizes of defects are stated in its metres.
        xs: columns' borders in the plane, metres.
        ys: rows' borders.
    """

    plane: Plane
    xs: Xs
    ys: Xs

    @property
    def places(self) -> list[tuple[int, int]]:
        """Column and row of each square, row by row."""
        return [(c, r) for r in range(len(self.ys) - 1) for c in range(len(self.xs) - 1)]

    def code(self, column: int, row: int) -> str:
        """The code of the square at a place."""
        return f"{column}/{row}"

    @property
    def codes(self) -> list[str]:
        """One code a square."""
        return [self.code(*place) for place in self.places]

    def corners(self, column: int, row: int) -> tuple[float, float, float, float]:
        """West, south, east, north, in the plane."""
        return self.xs[column], self.ys[row], self.xs[column + 1], self.ys[row + 1]

    def flat(self) -> Geometries:
        """The squares in the plane."""
        return np.array([shapely.box(*self.corners(*place)) for place in self.places])

    def degrees(self, flat: Geometries) -> Geometries:
        """From the plane to EPSG:4326."""
        return self.plane.unflatten(flat)


def squares(lon: float, lat: float, widths: list[int], heights: list[int]) -> Squares:
    """Squares of the given widths and heights in metres, from a corner."""
    plane = Plane(lat)
    west, south = lon * plane.scale[0], lat * plane.scale[1]
    xs = tuple(float(west + done) for done in np.cumsum([0, *widths]))
    ys = tuple(float(south + done) for done in np.cumsum([0, *heights]))
    return Squares(plane, xs, ys)
