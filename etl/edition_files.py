"""From files to an edition: read them, map them, and build the levels that none brings."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from etl.editions import COLUMNS
from etl.mapping import make_text, map_areas
from etl.profiles import Derived, Profile
from etl.reading.areas import match_files, read_areas
from geo import coverage
from geo.crs import STORED_CRS
from geo.errors import InputError
from geo.hierarchy import Hierarchy


def read_edition(paths: list[Path], profile: Profile, hierarchy: Hierarchy) -> gpd.GeoDataFrame:
    """Read the files of an edition, all levels in one frame.

    Args:
        paths: files, each fitting one pattern of the profile.
        profile: what they hold.
        hierarchy: the levels.

    Returns:
        Areas as ``load_boundaries`` takes them.

    Raises:
        InputError: a file fits no pattern, cannot be read, or is not as the profile says.
    """
    pairs = match_files(paths, profile.boundaries)
    mapped = [map_areas(read_areas(path, part), part, hierarchy) for path, part in pairs]
    areas = gpd.GeoDataFrame(pd.concat(mapped, ignore_index=True), crs=STORED_CRS)
    return derive_levels(areas, profile.derived, hierarchy)


def derive_levels(
    areas: gpd.GeoDataFrame, derived: tuple[Derived, ...], hierarchy: Hierarchy
) -> gpd.GeoDataFrame:
    """Add the levels that are unions of the level below, narrowest first.

    A level of which the areas already hold some is left as it is.

    Args:
        areas: areas as ``load_boundaries`` takes them, EPSG:4326.
        derived: the profile's derived levels.
        hierarchy: the levels.

    Returns:
        The areas and the derived ones; their borders coincide with those of their children.

    Raises:
        InputError: there is nothing below a level to unite, or something below has no parent.
    """
    for rule in sorted(derived, key=lambda rule: -hierarchy.level(rule.level).slot):
        slot = hierarchy.level(rule.level).slot
        if (areas["level"] == slot).any():
            continue
        below = hierarchy.below(slot)
        children = areas[areas["level"] == (below.slot if below else -1)]
        if not len(children) or children["parent_code"].isna().any():
            raise InputError(f"level {rule.level} cannot be built: areas below it lack a parent")
        areas = pd.concat([areas, _unite(children, rule, slot)], ignore_index=True)
    return areas


def _unite(children: gpd.GeoDataFrame, rule: Derived, slot: int) -> gpd.GeoDataFrame:
    """One area for each parent the children name."""
    groups, codes = pd.factorize(children["parent_code"], sort=True)
    shapes = np.asarray(children.geometry)
    coverage.validate(children["code"].to_numpy(object), shapes, f"level below {rule.level}")
    united = coverage.dissolve(shapes, groups.astype(np.int64), len(codes))
    made = pd.DataFrame({"code": codes.astype("str")})
    made["name"] = make_text(rule.name, made)
    made["parent_code"] = make_text(rule.parent, made) if rule.parent else None
    made = made.assign(level=slot).reindex(columns=[*COLUMNS])
    return gpd.GeoDataFrame(made, geometry=united, crs=STORED_CRS)
