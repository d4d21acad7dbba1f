"""From files to an edition: read them, map them, and build the levels that none brings."""

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from etl.area_cleaning import Account, clean_areas
from etl.area_mapping import map_areas
from etl.editions import COLUMNS
from etl.mapping import make_text
from etl.profiles import AreaColumns, Derived, Profile
from etl.reading.areas import match_files, read_areas
from geo import coverage
from geo.crs import STORED_CRS
from geo.defects import Defect, find_invalid
from geo.errors import InputError
from geo.hierarchy import Hierarchy


@dataclass(frozen=True)
class Edition:
    """What files bring.

    Attributes:
        areas: as ``load_boundaries`` takes them.
        defects: what was wrong with rows already.
        derived: the slots of levels that no file brings, united from those below.
        separate: whether levels come from different files, so that one can be checked by
            another.
        cleaned: what cleaning changed, if it was asked for.
        crs: the one that all files were converted from; that of what is stored if they differ.
    """

    areas: gpd.GeoDataFrame
    defects: tuple[Defect, ...] = ()
    derived: frozenset[int] = frozenset()
    separate: bool = False
    cleaned: Account | None = None
    crs: str = STORED_CRS


def read_edition(
    paths: list[Path],
    profile: Profile,
    hierarchy: Hierarchy,
    *,
    crs: str | None = None,
    clean_m: float | None = None,
) -> Edition:
    """Read the files of an edition, all levels in one frame.

    Args:
        paths: files, each fitting one pattern of the profile.
        profile: what they hold.
        hierarchy: the levels.
        crs: the CRS of all files as the operator states it; else what the profile says.
        clean_m: clean overlaps and gaps up to this width, in metres.

    Returns:
        The areas of all levels, also those that are derived, and what is wrong with rows.

    Raises:
        InputError: a file fits no pattern, cannot be read, or is not as the profile says.
    """
    pairs = match_files(paths, profile.boundaries)
    raw = [read_areas(path, part, crs) for path, part in pairs]
    systems = {str(frame.attrs["crs"]) for frame in raw}
    mapped = [
        map_areas(frame, part, hierarchy) for frame, (_, part) in zip(raw, pairs, strict=True)
    ]
    defects = tuple(defect for _, found in mapped for defect in found)
    read = gpd.GeoDataFrame(pd.concat([areas for areas, _ in mapped], ignore_index=True))
    areas = derive_levels(read, profile.derived, hierarchy)
    derived = frozenset(areas["level"]) - frozenset(read["level"])
    account = None
    if clean_m is not None:
        areas, account = clean_areas(areas, clean_m)
    separate = read["level"].nunique() > 1
    system = systems.pop() if len(systems) == 1 else STORED_CRS
    return Edition(areas, defects, derived, separate, account, system)


def _map(
    raw: gpd.GeoDataFrame, path: Path, part: AreaColumns, hierarchy: Hierarchy
) -> tuple[gpd.GeoDataFrame, list[Defect]]:
    """Map the features of a file, whose name goes into what is wrong with it."""
    try:
        return map_areas(raw, part, hierarchy)
    except InputError as error:
        raise InputError(f"{path.name}: {error}") from error


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
    """One area for each parent the children name; of broken children, what can be united."""
    groups, codes = pd.factorize(children["parent_code"], sort=True)
    shapes = np.asarray(children.geometry)
    sound = find_invalid(children["code"].tolist(), shapes) == []
    if sound and shapely.coverage_is_valid(shapes):
        united = coverage.dissolve(shapes, groups.astype(np.int64), len(codes))
    else:
        whole = shapely.is_valid(shapes) & (shapely.get_dimensions(shapes) == 2)
        united = np.array(
            [shapely.union_all(shapes[whole & (groups == group)]) for group in range(len(codes))],
            dtype=object,
        )
    made = pd.DataFrame({"code": codes.astype("str")})
    made["name"] = make_text(rule.name, made)
    made["parent_code"] = make_text(rule.parent, made) if rule.parent else None
    made = made.assign(level=slot).reindex(columns=[*COLUMNS, "valid_from"])
    return gpd.GeoDataFrame(made, geometry=united, crs=STORED_CRS)
