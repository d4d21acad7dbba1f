"""Where disputes happen: the cells, how prone each is, and the places within them."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from etl.demo.dictionary import habit
from etl.demo.levels import CELL
from etl.demo.plane import Points
from geo.errors import InputError

PEOPLE_PER_PLACE = 70
MOST_PLACES = 60
VISITORS = 150.0
DECIMALS = 6


@dataclass(frozen=True)
class Scene:
    """n cells in order of code; the stage on which incidents are drawn."""

    cells: pd.DataFrame
    """code, village, township, county, city, is_town, weight (of incidents, sum 1)."""
    polygons: NDArray[np.object_]
    """Prepared, EPSG:4326."""
    first_place: NDArray[np.int64]
    """Places of cell i: ``first_place[i]`` up to ``first_place[i + 1]``."""
    places: Points
    """lon, lat; strictly inside their cell."""
    taste: NDArray[np.int64]
    """The row of ``tastes`` for each cell: by county, town or country."""
    tastes: dict[str, NDArray[np.float64]]
    """How common each category and channel is, relative shares of shape (rows, terms)."""


def set_scene(areas: gpd.GeoDataFrame, seed: int) -> Scene:
    """Prepare the drawing of incidents.

    Args:
        areas: rows of all levels as made by `demo_areas` (or read back from the
            database): code, level, parent_code, kind, population, geometry (EPSG:4326).
        seed: of proneness and places.

    Raises:
        InputError: there are no cells among the areas.
    """
    cells = areas[areas["level"] == CELL].sort_values("code", ignore_index=True)
    if cells.empty:
        raise InputError("The areas hold no cells (level 5); incidents need cells to lie in.")
    rng = np.random.default_rng([seed, 10])
    lineage = _lineage(areas, cells)
    polygons = np.asarray(cells["geometry"].array)
    shapely.prepare(polygons)
    population = cells["population"].to_numpy(dtype=float, na_value=0.0)
    count = (population / PEOPLE_PER_PLACE).round().clip(2, MOST_PLACES).astype(np.int64)
    places = _draw_places(polygons, count, rng)
    weight = _proneness(lineage, population, cells["kind"], rng)
    county, names = pd.factorize(lineage["county"], sort=True)
    return Scene(
        lineage.assign(weight=weight),
        polygons,
        np.concatenate([[0], np.cumsum(count)]),
        places,
        county * 2 + lineage["is_town"].to_numpy(),
        {kind: _tastes(kind, len(names), rng) for kind in ("category", "channel")},
    )


def locate(scene: Scene, cell: NDArray[np.int64], rng: np.random.Generator) -> Points:
    """Draw a point for each incident: a few metres beside a place, strictly in the cell.

    Args:
        scene: the stage.
        cell: the cell of each of n incidents, by position.
        rng: source of chance.

    Returns:
        (n, 2) lon, lat with six decimals. Low-numbered places are met more often.
    """
    count = np.diff(scene.first_place)[cell]
    skewed = (count * rng.random(len(cell)) ** 1.8).astype(np.int64)
    place = scene.places[scene.first_place[cell] + skewed]
    beside = np.round(place + rng.normal(0.0, 1.4e-4, place.shape), DECIMALS)
    inside = shapely.contains_xy(scene.polygons[cell], beside[:, 0], beside[:, 1])
    return np.asarray(np.where(inside[:, None], beside, place))


def _lineage(areas: gpd.GeoDataFrame, cells: gpd.GeoDataFrame) -> pd.DataFrame:
    """Climb from each cell to its city; without a county the city stands in for it."""
    parent = areas.set_index("code")["parent_code"]
    level = areas.set_index("code")["level"]
    kind = areas.set_index("code")["kind"]
    village = cells["parent_code"]
    township = village.map(parent)
    county = township.map(parent)
    is_city = county.map(level) == 1
    return pd.DataFrame(
        {
            "code": cells["code"],
            "village": village,
            "township": township,
            "county": county,
            "city": county.where(is_city, county.map(parent)),
            "is_town": (village.map(kind) == "community").to_numpy(dtype=bool),
        }
    )


def _proneness(
    lineage: pd.DataFrame,
    population: NDArray[np.float64],
    kind: pd.Series,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Share of all incidents by cell: people, town or country, and local temper."""
    people = population + np.where(kind == "special", VISITORS, 0.0)
    rate = np.where(lineage["is_town"], 1.2, 0.85)
    for column, shape in (("county", 30.0), ("township", 10.0)):
        number, _ = pd.factorize(lineage[column], sort=True)
        rate = rate * rng.gamma(shape, 1 / shape, number.max() + 1)[number]
    weight = people * rate * rng.gamma(4.0, 0.25, len(people))
    return np.asarray(weight / weight.sum())


def _tastes(kind: str, counties: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Shares of each term for country and town of each county; counties differ a little."""
    basic = np.stack([habit(kind, "country"), habit(kind, "town")])
    local = np.exp(rng.normal(0.0, 0.2, (counties, 1, basic.shape[1])))
    return np.asarray((basic * local).reshape(2 * counties, -1))


def _draw_places(
    polygons: NDArray[np.object_], count: NDArray[np.int64], rng: np.random.Generator
) -> Points:
    """Draw places in each cell: most around its first one, the others anywhere."""
    cell = np.repeat(np.arange(len(polygons)), count)
    hub = shapely.get_coordinates(shapely.point_on_surface(polygons))
    west, south, east, north = shapely.bounds(polygons).T
    size = np.column_stack([east - west, north - south])
    places = np.round(hub, DECIMALS)[cell]
    missing = np.arange(len(cell))
    for attempt in range(4):
        at = cell[missing]
        around = hub[at] + rng.normal(0.0, 0.16, (len(at), 2)) * size[at]
        uniform = np.column_stack([west, south])[at] + rng.random((len(at), 2)) * size[at]
        clustered = rng.random(len(at)) < (0.75 if attempt < 2 else 1.0)
        tried = np.round(np.where(clustered[:, None], around, uniform), DECIMALS)
        good = shapely.contains_xy(polygons[at], tried[:, 0], tried[:, 1])
        places[missing[good]] = tried[good]
        missing = missing[~good]
    # What was never met stays at the cell's inner point.
    return places
