"""Checks that any frame of demo areas has to pass."""

import geopandas as gpd
import numpy as np
import shapely


def assert_coverages(areas: gpd.GeoDataFrame) -> None:
    """Every level is a valid coverage of valid polygons, and all cover the same land."""
    whole = areas["geometry"].iloc[0]
    for level, group in areas.groupby("level"):
        polygons = np.asarray(group.geometry)
        assert shapely.is_valid(polygons).all(), level
        assert shapely.coverage_is_valid(polygons), level
        if level in (0, 1, 3):
            assert shapely.area(polygons).sum() <= whole.area * (1 + 1e-9)


def assert_nested(areas: gpd.GeoDataFrame) -> None:
    """The union of an area's children is the area itself, corner for corner."""
    shapes = areas.set_index("code")["geometry"]
    for parent, children in areas.groupby("parent_code"):
        union = shapely.coverage_union_all(np.asarray(children.geometry))
        assert shapely.equals(union, shapes[parent]), parent
        assert union.symmetric_difference(shapes[parent]).area < 1e-12, parent
        assert shapely.get_num_coordinates(union) == shapely.get_num_coordinates(shapes[parent])


def assert_sums(areas: gpd.GeoDataFrame) -> None:
    """Children's people sum to their parent's; what has no figures is left out."""
    for column in ("population", "households"):
        own = areas.set_index("code")[column]
        for parent, total in areas.groupby("parent_code")[column].sum().items():
            assert own[parent] == total, (parent, column)
