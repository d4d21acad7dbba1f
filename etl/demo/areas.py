"""All areas of the demo: real to the county, synthetic below, one frame."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import Literal, TypeVar

import geopandas as gpd
import shapely

from etl.demo.borders import add_corners
from etl.demo.boundaries import read_counties
from etl.demo.cells import Sketch, finish, sketch
from etl.demo.divisions import Township, read_townships
from etl.demo.divisions import read_counties as read_census
from etl.demo.levels import below_county, up_to_province
from etl.demo.plane import Area, Plane
from etl.demo.population import cell_quotas
from etl.demo.settlement import Ground

Size = Literal["province", "county"]
COUNTY = "620103"
_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def demo_areas(
    size: Size = "province", seed: int = 1, *, county: str = COUNTY, processes: int = 2
) -> gpd.GeoDataFrame:
    """Make the demo's areas of every level; the same seed gives the same bytes.

    Each level covers the province without gap or overlap, corners matching along every
    border, and the union of an area's children is the area itself, to the last corner.
    Boundaries down to the county are real, with corners added where cell lines meet
    them; townships and villages have real names and codes, but invented shapes; cells
    are invented. Population and households sum to the 2020 census in every county (the
    figures of Lanzhou New Area go to the two counties its land lies in).

    Args:
        size: "province" (90,000 cells) or "county": one county with its ancestors cut
            down to it. It has the cells it has in the province, but for corners which
            neighbours put on its border.
        seed: of everything invented.
        county: which one, for ``size="county"``.
        processes: how many work side by side; the result does not depend on it.

    Returns:
        Rows in order of level and code, EPSG:4326: code, level (slot 0 province to
        5 cell), parent_code (None for the province), name, name_en (None below county),
        kind, population and households (Int64, missing for the three special areas and
        left out of the sums), geometry (Polygon or MultiPolygon).

        Jiayuguan has no county: its townships are children of the city. Special areas
        are children of the province at city level and have no children.
    """
    polygons = dict(read_counties()["geometry"])
    grounds = _grounds(polygons)
    codes = sorted(grounds) if size == "province" else [county]
    if size == "county":
        polygons = {county: polygons[county]}
    sketches = _run(
        partial(_sketch, seed), [(grounds[code], polygons[code]) for code in codes], processes
    )
    crossings = [drawn.crossings for drawn in sketches]
    borders = {code: add_corners(polygon, crossings) for code, polygon in polygons.items()}
    jobs = [(drawn, borders.pop(code)) for code, drawn in zip(codes, sketches, strict=True)]
    counties = _run(partial(_below, seed), jobs, processes)
    return up_to_province(counties, special=borders)


def _grounds(polygons: dict[str, Area]) -> dict[str, Ground]:
    """Lay out every county that has people and share the cells out among them."""
    townships: dict[str, tuple[Township, ...]] = {}
    for township in read_townships():
        townships[township.county_code] = (*townships.get(township.county_code, ()), township)
    census = read_census()
    planes = {code: Plane.around(polygons[code]) for code in census}
    flat = {code: shapely.transform(polygons[code], planes[code].to_km) for code in census}
    quotas = cell_quotas(census, townships, {code: float(flat[code].area) for code in census})
    return {
        code: Ground(census[code], townships[code], quotas[code], planes[code], flat[code])
        for code in census
    }


def _sketch(seed: int, job: tuple[Ground, Area]) -> Sketch:
    ground, polygon = job
    return sketch(ground, polygon, seed)


def _below(seed: int, job: tuple[Sketch, Area]) -> gpd.GeoDataFrame:
    drawn, border = job
    return below_county(drawn.ground, finish(drawn, border, seed), seed)


def _run(work: Callable[[_Item], _Result], items: list[_Item], processes: int) -> list[_Result]:
    if processes == 1 or len(items) == 1:
        return [work(item) for item in items]
    with ProcessPoolExecutor(processes, mp_context=get_context("forkserver")) as pool:
        return list(pool.map(work, items, chunksize=4))
