"""Conversion and measuring."""

import numpy as np
import pytest
import shapely

from geo.crs import DISPLAY_CRS, STORED_CRS, area_km2, reproject
from geo.errors import InputError
from geo.hierarchy import load_hierarchy


def test_equal_vertices_stay_equal() -> None:
    west, east = shapely.box(103, 36, 103.1, 36.1), shapely.box(103.1, 36, 103.2, 36.1)
    moved = reproject(np.array([west, east]), STORED_CRS, DISPLAY_CRS)
    shared = set(map(tuple, shapely.get_coordinates(moved[0])))
    assert len(shared & set(map(tuple, shapely.get_coordinates(moved[1])))) == 2


def test_there_and_back_again() -> None:
    shape = shapely.Point(103.8, 36.06).buffer(0.1)
    there = reproject(np.array([shape]), STORED_CRS, "EPSG:4547")
    back = reproject(there, "EPSG:4547", STORED_CRS)
    assert shapely.hausdorff_distance(shape, back[0]) < 1e-8
    assert shape.centroid.x == pytest.approx(103.8)


def test_heights_are_dropped() -> None:
    shape = shapely.from_wkt("POLYGON Z ((0 0 5, 1 0 5, 1 1 5, 0 0 5))")
    assert not shapely.has_z(reproject(np.array([shape]), STORED_CRS, STORED_CRS)).any()


def test_areas_agree_with_the_ellipsoid() -> None:
    """One degree by one degree at 36° N measures 10,015 km² (pyproj's Geod says so too)."""
    from pyproj import Geod

    square = shapely.segmentize(shapely.box(103, 36, 104, 37), 0.01)
    on_ellipsoid = abs(Geod(ellps="WGS84").geometry_area_perimeter(square)[0]) / 1e6
    measured = area_km2(np.array([square]), load_hierarchy("china").measuring_crs)
    assert measured[0] == pytest.approx(on_ellipsoid, rel=1e-4)


def test_unknown_crs_is_refused() -> None:
    with pytest.raises(InputError, match="unknown coordinate reference system"):
        reproject(np.array([shapely.Point(0, 0)]), "EPSG:999999", STORED_CRS)


def test_coordinates_beyond_the_target_are_refused() -> None:
    with pytest.raises(InputError, match="outside the area of use of EPSG:3857"):
        reproject(np.array([shapely.Point(0, 90), shapely.Point(500, 95)]), STORED_CRS, DISPLAY_CRS)
