"""From the features of a file to areas of one level, as a profile says.

What is wrong with codes, parts and dates becomes a defect with its place, so that a check
can show all of them at once; nothing is dropped without one.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from etl.area_names import find_unfit_names
from etl.mapping import make_text
from etl.profiles import AreaColumns
from geo.coverage import as_multipolygons
from geo.crs import STORED_CRS
from geo.defects import NOISE_M2, Defect, Kind, measured, polygon_parts
from geo.errors import InputError
from geo.hierarchy import Hierarchy
from geo.plane import Plane

_TEXTS = ("parent_code", "name", "name_en", "kind")
_DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y.%m.%d", "%Y年%m月%d日")
"""How a day may be written."""


def map_areas(
    raw: gpd.GeoDataFrame, columns: AreaColumns, hierarchy: Hierarchy
) -> tuple[gpd.GeoDataFrame, list[Defect]]:
    """Turn a file's features into areas of one level.

    Args:
        raw: the file's own columns, EPSG:4326.
        columns: what the profile says about them.
        hierarchy: knows the level.

    Returns:
        One row a code: code, level (slot), parent_code, name, name_en, kind, population,
        households, valid_from (date; None where the profile names no column), geometry
        (EPSG:4326). And the defects: blank codes, characters that no name must have, several
        features or different areas with one code, parts of one area that overlap, days that
        are missing or unreadable. A row with a blank code is left out, of several with one
        code the first is kept.

    Raises:
        InputError: a column is missing, or holds no whole numbers where it must.
    """
    raw = _whole_numbers(raw)
    slot = hierarchy.level(columns.level).slot
    rules = {
        "code": columns.code,
        "parent_code": columns.parent,
        "name": columns.name,
        "name_en": columns.name_en,
        "kind": columns.kind,
    }
    data = {name: make_text(rule, raw) if rule else None for name, rule in rules.items()}
    for name in ("population", "households"):
        data[name] = _make_count(raw, getattr(columns, name))
    frame = pd.DataFrame(data, index=raw.index).assign(level=slot)
    days, undated = _make_days(raw, columns.valid_from)
    frame["valid_from"] = pd.Series(days, index=raw.index, dtype=object)
    areas = gpd.GeoDataFrame(frame, geometry=raw.geometry.to_numpy(), crs=STORED_CRS)
    areas = areas.reset_index(drop=True)
    blank = (areas["code"].fillna("").str.strip() == "").to_numpy()
    shapes = areas.geometry.to_numpy()
    defects = [
        Defect(Kind.BLANK, (), 0.0, shapes[row], f"row {row + 1}", slot)
        for row in np.flatnonzero(blank)
    ]
    defects += [
        Defect(Kind.DATE, (str(areas["code"][row]),), 0.0, shapes[row], note, slot)
        for row, note in undated.items()
        if not blank[row]
    ]
    defects += find_unfit_names(areas, slot)
    kept, repeated = _one_row_a_code(areas[~blank].reset_index(drop=True), columns.several, slot)
    return kept, defects + repeated


def _whole_numbers(raw: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Codes that GDAL read as 620102.0, because others in the column are missing, as 620102."""
    whole = {
        name: raw[name].astype("Int64")
        for name in raw.columns
        if raw[name].dtype.kind == "f" and (raw[name].dropna() % 1 == 0).all()
    }
    return raw.assign(**whole)


def _make_count(raw: gpd.GeoDataFrame, column: str | None) -> pd.Series | None:
    """Whole numbers of people or households."""
    if column is None:
        return None
    if column not in raw:
        present = [name for name in raw.columns if name != "geometry"]
        raise InputError(f"no column {column!r}; there are {present}")
    numbers = pd.to_numeric(raw[column], errors="coerce")
    bad = (numbers.isna() & raw[column].notna()) | (numbers < 0) | (numbers % 1 > 0)
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise InputError(
            f"column {column!r} holds '{raw[column].iloc[row]}' in row {row + 1}"
            f" ({bad.sum()} such rows), not a whole number from 0"
        )
    return pd.Series(numbers.astype("Int64"))


def _make_days(raw: gpd.GeoDataFrame, column: str | None) -> tuple[list[object], dict[int, str]]:
    """The days of a column, and what is wrong with those that are none, by row."""
    if column is None:
        return [None] * len(raw), {}
    if column not in raw:
        present = [name for name in raw.columns if name != "geometry"]
        raise InputError(f"no column {column!r}; there are {present}")
    values = raw[column]
    if pd.api.types.is_datetime64_any_dtype(values):
        found = values.dt.tz_localize(None) if values.dt.tz is not None else values
    else:
        text = values.astype("str").str.strip()
        found = pd.Series(pd.NaT, index=text.index, dtype="datetime64[s]")
        for form in _DAYS:
            found = found.fillna(
                pd.to_datetime(text, format=form, errors="coerce").astype(found.dtype)
            )
    missing = found.isna().to_numpy()
    notes = {
        int(row): "no day" if pd.isna(values.iloc[row]) else f"{values.iloc[row]!r} is no day"
        for row in np.flatnonzero(missing)
    }
    return [None if pd.isna(day) else day.date() for day in found], notes


def _one_row_a_code(
    areas: gpd.GeoDataFrame, several: str, slot: int
) -> tuple[gpd.GeoDataFrame, list[Defect]]:
    """Merge the features of one code if the profile says so; else name them."""
    repeated = areas["code"].duplicated(keep=False)
    if not repeated.any():
        return areas, []
    first = areas.drop_duplicates("code").reset_index(drop=True)
    shapes = np.array(first.geometry, dtype=object)
    rows = pd.Index(first["code"])
    defects: list[Defect] = []
    for code, group in areas[repeated].groupby("code"):
        parts = group.geometry.to_numpy()
        defects += _name_repeated(group, several, slot)
        if several == "merge" and shapely.is_valid(parts).all():
            shapes[rows.get_loc(code)] = as_multipolygons(np.array([shapely.union_all(parts)]))[0]
    return first.set_geometry(gpd.GeoSeries(shapes, crs=STORED_CRS)), defects


def _name_repeated(group: gpd.GeoDataFrame, several: str, slot: int) -> list[Defect]:
    """What is wrong with the features of one code."""
    code, shapes = (str(group["code"].iloc[0]),), group.geometry.to_numpy()
    place = shapely.geometrycollections(shapes[~shapely.is_missing(shapes)])
    told = group[[*_TEXTS, "population", "households"]].astype("str").drop_duplicates()
    if len(told) > 1:
        names = ", ".join(group["name"].astype("str").unique()[:3])
        note = f"{len(group)} areas that are not alike: {names}"
        return [Defect(Kind.DUPLICATE, code, 0.0, place, note, slot)]
    if several == "refuse":
        note = f'{len(group)} features; if they are one area, write several = "merge"'
        return [Defect(Kind.FEATURES, code, 0.0, place, note, slot)]
    return _name_overlap(code, shapes, slot) if shapely.is_valid(shapes).all() else []


def _name_overlap(code: tuple[str, ...], shapes: np.ndarray, slot: int) -> list[Defect]:
    """The parts of one area that lie on each other: merging would hide them."""
    plane = Plane.around(shapes)
    flat = plane.flatten(shapes)
    if shapely.area(flat).sum() - shapely.area(shapely.union_all(flat)) < NOISE_M2:
        return []
    one, other = np.triu_indices(len(flat), 1)
    pieces = [polygon_parts(shared) for shared in shapely.intersection(flat[one], flat[other])]
    found = measured(plane, Kind.OVERLAP, code, np.concatenate(pieces), "its own parts")
    return (
        [Defect(found.kind, code, found.area_m2, found.geometry, "its own parts", slot)]
        if found
        else []
    )
