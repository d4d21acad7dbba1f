"""A province small enough to draw, with the oddities of a real one.

+-----+-----+-----+-----+
| N1  | N2  | E2  | J2  |     city 990100: county 990101 with townships S and N,
+-----+-----+-----+-----+                  county 990102 with township E
| S1  | S2  | E1  | J1  |     city 990200: no counties, township J
+-----+-----+-----+-----+     city 999900: special, nothing below it, population unknown
|         999900        |
+-----------------------+     cells are named by township and number; 0.01 degrees a side
"""

import pandas as pd
from geopandas import GeoDataFrame
from shapely import box, union_all
from shapely.geometry.base import BaseGeometry

WEST, SOUTH, SIDE = 100.0, 36.0, 0.01
"""Corner of cell S1 and length of a cell's side, degrees."""

PROVINCE = "990000"
CITY, CITY_WITHOUT_COUNTIES, SPECIAL = "990100", "990200", "999900"
COUNTY, OTHER_COUNTY = "990101", "990102"
TOWNSHIPS = {"S": "990101001", "N": "990101002", "E": "990102001", "J": "990200001"}

_CELLS = {
    "S1": (0, 0), "S2": (1, 0), "N1": (0, 1), "N2": (1, 1),
    "E1": (2, 0), "E2": (2, 1), "J1": (3, 0), "J2": (3, 1),
}  # fmt: skip


def cell_code(name: str) -> str:
    """The code of a cell of the drawing: its township, no village, its number."""
    return f"{TOWNSHIPS[name[0]]}00000{name[1]}"


def cell_square(column: int, row: int) -> BaseGeometry:
    """The square at a place of the drawing."""
    # Neighbours compute their common corners alike, to the last bit.
    west, east = WEST + column * SIDE, WEST + (column + 1) * SIDE
    south, north = SOUTH + row * SIDE, SOUTH + (row + 1) * SIDE
    return box(west, south, east, north)


def province_areas() -> GeoDataFrame:
    """All areas, widest first, as ``etl`` takes them.

    Columns code, level, parent_code, name, name_en, kind, population, households, geometry;
    EPSG:4326.
    """
    cells = {cell_code(name): cell_square(*place) for name, place in _CELLS.items()}
    # With a vertex wherever a neighbour has one.
    special = union_all([cell_square(column, -1) for column in range(4)])

    def within(prefix: str) -> BaseGeometry:
        return union_all([shape for code, shape in cells.items() if code.startswith(prefix)])

    rows: list[tuple[str, int, str | None, str, str, BaseGeometry]] = [
        (PROVINCE, 0, None, "试省", "Test Province", union_all([*cells.values(), special])),
        (CITY, 1, PROVINCE, "甲市", "Jia City", within("9901")),
        (CITY_WITHOUT_COUNTIES, 1, PROVINCE, "乙市", "Yi City", within("9902")),
        (SPECIAL, 1, PROVINCE, "特区", "Special Area", special),
        (COUNTY, 2, CITY, "南县", "Nan County", within(COUNTY)),
        (OTHER_COUNTY, 2, CITY, "东县", "Dong County", within(OTHER_COUNTY)),
    ]
    parents = {"S": COUNTY, "N": COUNTY, "E": OTHER_COUNTY, "J": CITY_WITHOUT_COUNTIES}
    rows += [
        (code, 3, parents[name], f"{name}镇", f"{name} Town", within(code))
        for name, code in TOWNSHIPS.items()
    ]
    rows += [
        (cell_code(name), 5, TOWNSHIPS[name[0]], f"网格{name}", f"Cell {name}", cell_square(*place))
        for name, place in _CELLS.items()
    ]
    columns = ["code", "level", "parent_code", "name", "name_en", "geometry"]
    areas = GeoDataFrame(rows, columns=columns, geometry="geometry", crs="EPSG:4326")
    areas["kind"] = None
    areas["population"] = pd.array([_people(code) for code in areas["code"]], dtype="Int64")
    areas["households"] = areas["population"] // 3
    return areas


def _people(code: str) -> int | None:
    """1,200 a cell, and the sum of its cells for any wider area; unknown for the special one."""
    if code == SPECIAL:
        return None
    prefix = {PROVINCE: "99", CITY: "9901", CITY_WITHOUT_COUNTIES: "9902"}.get(code, code)
    return 1200 * sum(cell_code(name).startswith(prefix) for name in _CELLS)
