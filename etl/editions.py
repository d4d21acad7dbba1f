"""Check and complete the areas of a new edition before any of them is stored."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import coverage
from geo.crs import STORED_CRS, area_km2
from geo.errors import InputError
from geo.hierarchy import Hierarchy
from geo.lineage import lineages

COLUMNS = (
    "code",
    "level",
    "parent_code",
    "name",
    "name_en",
    "kind",
    "population",
    "households",
)
"""What a frame of areas holds beside its geometry."""

LINEAGE = ("province_code", "city_code", "county_code", "township_code", "village_code")
"""What is filled from the parents."""


def check_areas(areas: gpd.GeoDataFrame, hierarchy: Hierarchy) -> None:
    """Refuse a frame whose columns, CRS or levels are not right.

    Raises:
        InputError: says which and why.
    """
    if missing := sorted({*COLUMNS, "geometry"} - set(areas.columns)):
        raise InputError(f"areas lack the columns {', '.join(missing)}")
    if areas.crs is None or areas.crs.to_epsg() != 4326:
        raise InputError(f"areas are in {areas.crs or 'an unstated CRS'}, not in {STORED_CRS}")
    if not len(areas):
        raise InputError("there are no areas in the file")
    for slot in areas["level"].unique():
        if hierarchy.at(int(slot)) is None:
            raise InputError(f"{hierarchy.key} has no level at slot {slot}")


def complete(areas: gpd.GeoDataFrame, hierarchy: Hierarchy) -> gpd.GeoDataFrame:
    """Add what is measured: area_km2 (equal-area CRS) and label (point inside, EPSG:4326)."""
    shapes = coverage.as_multipolygons(np.asarray(shapely.force_2d(areas.geometry)))
    measured = area_km2(shapes, hierarchy.measuring_crs)
    labels = coverage.label_points(shapes)
    completed = areas.assign(area_km2=measured, label=labels)
    return completed.set_geometry(gpd.GeoSeries(shapes, index=areas.index, crs=STORED_CRS))


def fill_lineage(places: pd.DataFrame) -> pd.DataFrame:
    """Fill the lineage of all areas from their parents.

    Args:
        places: every current area: code, level, parent_code (missing for the root).

    Returns:
        The same rows with the columns ``LINEAGE`` added.

    Raises:
        InputError: a parent is unknown or not wider, or there is no single root.
    """
    codes = places["code"].tolist()
    parents = [None if pd.isna(code) else str(code) for code in places["parent_code"]]
    slots = dict(zip(codes, places["level"].tolist(), strict=True))
    found = lineages(slots, dict(zip(codes, parents, strict=True)))
    filled = pd.DataFrame.from_records([vars(found[code]) for code in codes], index=places.index)
    return places.join(filled[list(LINEAGE)].astype("str"))
