"""What is loaded already around a new edition: what it must fit."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Connection

from etl.divisions import Divisions, read_divisions
from etl.statements import read_frame
from geo.crs import STORED_CRS, Floats, Geometries

_LOOKED_AT = 2_000
"""Areas that are compared with where they were."""

_PLACES = ["code", "level", "parent_code"]


@dataclass(frozen=True)
class Surroundings:
    """Current areas that matter to an edition.

    Attributes:
        kept: every area that the edition neither brings nor closes: code, level, parent_code.
        closed: those that it closes.
        neighbours: kept areas of the same levels in its bounding box, with geometry.
        parents: areas it names as parents and does not bring, with geometry.
        children: kept areas whose parents it brings, with geometry.
        divisions: the division list, empty if none is loaded.
    """

    kept: pd.DataFrame
    closed: pd.DataFrame
    neighbours: gpd.GeoDataFrame
    parents: gpd.GeoDataFrame
    children: gpd.GeoDataFrame
    divisions: Divisions


def no_surroundings() -> Surroundings:
    """Those of an empty database."""
    places = pd.DataFrame({name: pd.Series(dtype=object) for name in _PLACES})
    areas = gpd.GeoDataFrame(places, geometry=[], crs=STORED_CRS)
    return Surroundings(places, places, areas, areas, areas, Divisions({}))


def read_surroundings(connection: Connection, areas: gpd.GeoDataFrame) -> Surroundings:
    """Read what is around an edition.

    Args:
        connection: a loading transaction.
        areas: the edition: code, level, parent_code, geometry, EPSG:4326.
    """
    kept, closed = _split(read_frame(connection, "read_current_codes"), areas)
    beside = kept["code"][kept["level"].isin(areas["level"].unique())]
    # Without any geometry there are no neighbours.
    west, south, east, north = map(float, np.nan_to_num(areas.total_bounds))
    box = {"west": west, "south": south, "east": east, "north": north}
    named = areas["parent_code"].dropna().unique()
    above = pd.Series(named, dtype=object)
    below = kept["code"][kept["parent_code"].isin(areas["code"])]
    return Surroundings(
        kept,
        closed,
        _frame(read_frame(connection, "read_areas_within", box | {"codes": beside.tolist()})),
        read_areas_of(connection, above[~above.isin(areas["code"])]),
        read_areas_of(connection, below),
        read_divisions(connection),
    )


def read_areas_of(connection: Connection, codes: pd.Series) -> gpd.GeoDataFrame:
    """Current areas of some codes: code, level, parent_code, area_km2, geometry."""
    return _frame(read_frame(connection, "read_areas_of", {"codes": codes.tolist()}))


def find_moved(
    connection: Connection, areas: gpd.GeoDataFrame, far_degrees: float
) -> tuple[int, float]:
    """Look where some of the areas lie that are loaded already under their code.

    Args:
        connection: a loading transaction.
        areas: code, geometry, EPSG:4326.
        far_degrees: how far a side of the bounding box must have moved.

    Returns:
        How many of those looked at are loaded, and the share of them that lies elsewhere.
    """
    some = (
        areas.iloc[:: max(1, len(areas) // _LOOKED_AT)]
        .dropna(subset="code")
        .drop_duplicates("code")
    )
    boxes = read_frame(connection, "read_current_boxes", {"codes": some["code"].tolist()})
    if not len(boxes):
        return 0, 0.0
    rows = pd.Index(some["code"]).get_indexer(boxes["code"])
    here: Geometries = some.geometry.to_numpy()[rows]
    before: Floats = boxes[["west", "south", "east", "north"]].to_numpy(np.float64)
    # Two opposite sides, so that an area that only grew does not count.
    moved = np.abs(shapely.bounds(here) - before) > far_degrees
    both = (moved[:, 0] & moved[:, 2]) | (moved[:, 1] & moved[:, 3])
    return len(boxes), float(np.mean(both))


def _split(current: pd.DataFrame, areas: gpd.GeoDataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Current areas that stay as they are, and those that the edition closes."""
    named = pd.MultiIndex.from_frame(areas[["level", "parent_code"]].dropna())
    pairs = pd.MultiIndex.from_frame(current[["level", "parent_code"]])
    replaced = pairs.isin(named) & current["parent_code"].notna().to_numpy()
    brought = current["code"].isin(areas["code"])
    return current[~replaced & ~brought], current[replaced & ~brought]


def _frame(rows: pd.DataFrame) -> gpd.GeoDataFrame:
    shapes = shapely.from_wkb([bytes(value) for value in rows.pop("geom")])
    return gpd.GeoDataFrame(rows, geometry=np.asarray(shapes, dtype=object), crs=STORED_CRS)
