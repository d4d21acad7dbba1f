"""Rows of areas, from cells upwards: every area is the sum and union of its children."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from etl.demo.boundaries import PROVINCE, read_names
from etl.demo.cells import Cells
from etl.demo.divisions import read_counties
from etl.demo.faces import merge
from etl.demo.naming import CITY_NAMES_EN, PROVINCE_NAME_EN, SPECIAL_NAMES_EN, kind_of
from etl.demo.numbering import number_cells
from etl.demo.plane import Area
from etl.demo.population import settle_people
from etl.demo.settlement import Ground

COLUMNS = [
    "code", "level", "parent_code", "name", "name_en", "kind", "population", "households",
    "geometry",
]  # fmt: skip
TOP, CITY, COUNTY, TOWNSHIP, VILLAGE, CELL = range(6)


@dataclass(frozen=True)
class Heading:
    """What an area is called, apart from what follows from its children."""

    code: str
    parent_code: str | None
    name: str
    kind: str
    name_en: str | None = None


def below_county(ground: Ground, cells: Cells, seed: int) -> gpd.GeoDataFrame:
    """Make the rows of a county's cells, villages and townships."""
    code = ground.county.code
    frame = _cell_rows(ground, cells, np.random.default_rng([seed, int(code), 3]))
    villages = gather(
        frame,
        VILLAGE,
        [
            Heading(village.code, unit.code, village.name, village.kind)
            for unit in ground.townships
            for village in unit.villages
        ],
    )
    headings = [Heading(unit.code, code, unit.name, unit.kind) for unit in ground.townships]
    return _joined([frame, villages, gather(villages, TOWNSHIP, headings)])


def up_to_province(counties: list[gpd.GeoDataFrame], special: dict[str, Area]) -> gpd.GeoDataFrame:
    """Put counties, cities and the province on top of the rows of each county.

    Args:
        counties: frames of `below_county`.
        special: geometries (EPSG:4326) of the special areas, by code.
    """
    lower = _joined(counties)
    townships = lower[lower["level"] == TOWNSHIP]
    names, census = read_names(), read_counties()
    parents = sorted(townships["parent_code"].unique())
    cities = sorted({_city_of(code) for code in parents})
    is_direct = townships["parent_code"].isin(cities)
    county_rows = gather(
        townships[~is_direct],
        COUNTY,
        [
            Heading(code, _city_of(code), names[code], kind_of(names[code]), census[code].name_en)
            for code in parents
            if code not in cities
        ],
    )
    city_rows = gather(
        _joined([county_rows, townships[is_direct]]),
        CITY,
        [
            Heading(code, PROVINCE, names[code], kind_of(names[code], True), CITY_NAMES_EN[code])
            for code in cities
        ],
    )
    special_rows = _special_rows(special, names)
    top = Heading(PROVINCE, None, names[PROVINCE], "province", PROVINCE_NAME_EN)
    province = gather(_joined([city_rows, special_rows]), TOP, [top])
    everything = _joined([province, city_rows, special_rows, county_rows, lower])
    return everything.sort_values(["level", "code"], ignore_index=True)


def gather(children: gpd.GeoDataFrame, level: int, headings: list[Heading]) -> gpd.GeoDataFrame:
    """Make each parent's row: the union of its children, the sum of their people."""
    position = {heading.code: i for i, heading in enumerate(headings)}
    group = children["parent_code"].map(position).to_numpy(dtype=np.int64)
    order = np.argsort(group, kind="stable")
    polygons = children["geometry"].to_numpy()[order]
    sums = children[["population", "households"]].groupby(group).sum()
    return _frame(
        {
            "code": [heading.code for heading in headings],
            "level": level,
            "parent_code": [heading.parent_code for heading in headings],
            "name": [heading.name for heading in headings],
            "name_en": [heading.name_en for heading in headings],
            "kind": [heading.kind for heading in headings],
            "population": sums["population"].array,
            "households": sums["households"].array,
            "geometry": merge(np.asarray(polygons), group[order], len(headings)),
        }
    )


def _cell_rows(ground: Ground, cells: Cells, rng: np.random.Generator) -> gpd.GeoDataFrame:
    people = settle_people(ground.county, cells.zone, rng)
    villages = [village for unit in ground.townships for village in unit.villages]
    number = number_cells(cells.polygons, cells.village)
    parents = [villages[i] for i in cells.village]
    return _frame(
        {
            "code": [f"{up.code}{n:03d}" for up, n in zip(parents, number, strict=True)],
            "level": CELL,
            "parent_code": [village.code for village in parents],
            "name": [f"{up.name}第{n}网格" for up, n in zip(parents, number, strict=True)],
            "name_en": None,
            "kind": np.where(people.is_special, "special", "basic"),
            "population": people.population,
            "households": people.households,
            "geometry": cells.polygons,
        }
    )


def _special_rows(special: dict[str, Area], names: dict[str, str]) -> gpd.GeoDataFrame:
    return _frame(
        {
            "code": list(special),
            "level": CITY,
            "parent_code": PROVINCE,
            "name": [names[code] for code in special],
            "name_en": [SPECIAL_NAMES_EN[code] for code in special],
            "kind": "special",
            "population": pd.NA,
            "households": pd.NA,
            "geometry": list(special.values()),
        }
    )


def _frame(columns: dict[str, object]) -> gpd.GeoDataFrame:
    kinds = {"level": "int16", "population": "Int64", "households": "Int64", "name_en": "object"}
    return gpd.GeoDataFrame(columns, columns=COLUMNS, crs="EPSG:4326").astype(kinds)


def _joined(frames: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    return pd.concat([frame for frame in frames if len(frame)], ignore_index=True)


def _city_of(code: str) -> str:
    return code[:4] + "00"
