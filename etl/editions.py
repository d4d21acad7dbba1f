"""Check and complete the areas of a new edition before any of them is stored."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import coverage
from geo.crs import STORED_CRS, area_km2
from geo.errors import InputError
from geo.hierarchy import PROVINCE, Hierarchy
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

FILL_TOLERANCE = 0.01
"""How far the children's area may differ from their parent's, as a share."""


def check_areas(areas: gpd.GeoDataFrame, hierarchy: Hierarchy) -> None:
    """Refuse a frame whose columns, CRS, levels or codes are not right.

    Raises:
        InputError: says which and why.
    """
    if missing := sorted({*COLUMNS, "geometry"} - set(areas.columns)):
        raise InputError(f"areas lack the columns {', '.join(missing)}")
    if areas.crs is None or areas.crs.to_epsg() != 4326:
        raise InputError(f"areas are in {areas.crs or 'an unstated CRS'}, not in {STORED_CRS}")
    if not len(areas):
        raise InputError("there are no areas in the file")
    repeated = areas["code"][areas["code"].duplicated()]
    if len(repeated):
        raise InputError(f"area codes occur more than once: {', '.join(sorted(set(repeated))[:5])}")
    if unnamed := areas["code"][areas["name"].fillna("").str.strip() == ""].tolist():
        raise InputError(f"areas without a name: {', '.join(unnamed[:5])}")
    for slot, group in areas.groupby("level"):
        level = hierarchy.at(int(str(slot)))
        if level is None:
            raise InputError(f"{hierarchy.key} has no level at slot {slot}")
        bad = ~group["code"].fillna("").str.fullmatch(level.code_pattern)
        if bad.any():
            level.check_code(str(group["code"][bad].iloc[0]))


def check_coverage(
    areas: gpd.GeoDataFrame, neighbours: gpd.GeoDataFrame, hierarchy: Hierarchy
) -> None:
    """Refuse levels that are no coverage, together with the neighbours already loaded.

    Args:
        areas: the new edition, EPSG:4326.
        neighbours: current areas around it that stay as they are, EPSG:4326, with
            columns code, level, geometry.
        hierarchy: names the levels.

    Raises:
        InputError: names codes and places.
    """
    for slot, group in areas.groupby("level"):
        beside = neighbours[neighbours["level"] == slot]
        codes = np.concatenate([group["code"].to_numpy(object), beside["code"].to_numpy(object)])
        shapes = np.concatenate([np.asarray(group.geometry), np.asarray(beside.geometry)])
        level = hierarchy.at(int(str(slot)))
        coverage.validate(codes, shapes, f"level {level.key if level else slot}")


def complete(areas: gpd.GeoDataFrame, hierarchy: Hierarchy) -> gpd.GeoDataFrame:
    """Add what is measured: area_km2 (equal-area CRS) and label (point inside, EPSG:4326)."""
    shapes = coverage.as_multipolygons(np.asarray(shapely.force_2d(areas.geometry)))
    measured = area_km2(shapes, hierarchy.measuring_crs)
    labels = coverage.label_points(shapes)
    completed = areas.assign(area_km2=measured, label=labels)
    return completed.set_geometry(gpd.GeoSeries(shapes, index=areas.index, crs=STORED_CRS))


def check_nesting(areas: gpd.GeoDataFrame, parents: gpd.GeoDataFrame) -> None:
    """Refuse children that lie outside their parent or do not fill it.

    Args:
        areas: areas with label and area_km2.
        parents: every parent they name, with code, area_km2 and geometry, EPSG:4326.

    Raises:
        InputError: names codes, and the place or the areas.
    """
    children = areas[areas["level"] != PROVINCE]
    at = pd.Index(parents["code"]).get_indexer(children["parent_code"])
    if (at < 0).any():
        orphan = children[at < 0].iloc[0]
        raise InputError(f"{orphan['code']}: its parent {orphan['parent_code']} is not known")
    around = np.asarray(parents.geometry)
    shapely.prepare(around)
    labels = children["label"].to_numpy()
    outside = np.flatnonzero(~shapely.covers(around[at], labels))
    if len(outside):
        child, place = children.iloc[outside[0]], labels[outside[0]]
        raise InputError(
            f"{child['code']} lies outside its parent {child['parent_code']}"
            f" near {place.x:.5f}, {place.y:.5f} ({len(outside)} such areas)"
        )
    filled = np.bincount(at, weights=children["area_km2"], minlength=len(parents))
    whole = parents["area_km2"].to_numpy()
    bad = (filled > 0) & (np.abs(filled - whole) > FILL_TOLERANCE * whole)
    if bad.any():
        first = np.flatnonzero(bad)[0]
        raise InputError(
            f"the areas of {parents['code'].iloc[first]} measure {filled[first]:.3f} km²,"
            f" itself {whole[first]:.3f} km² ({bad.sum()} such areas)"
        )


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
