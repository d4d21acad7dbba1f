"""Points and the boundaries that own them; the rule is the same in SQL."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import shapely.affinity
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text

from geo.assignment import UNASSIGNED, PolygonIndex, assign_incidents, assign_positions
from geo.errors import InputError


@pytest.fixture
def four_cells() -> gpd.GeoDataFrame:
    """Draw four squares of one degree.

    +---+---+
    | C | D |
    +---+---+
    | A | B |
    +---+---+
    """
    squares = {
        "B": shapely.box(1, 0, 2, 1),
        "A": shapely.box(0, 0, 1, 1),
        "D": shapely.box(1, 1, 2, 2),
        "C": shapely.box(0, 1, 1, 2),
    }
    return gpd.GeoDataFrame(geometry=pd.Series(squares), crs="EPSG:4326")


def incidents(*places: tuple[float, float]) -> gpd.GeoDataFrame:
    points = shapely.points(places) if places else []
    return gpd.GeoDataFrame(geometry=list(points), crs="EPSG:4326")


def test_names_the_cell_around_each_point(four_cells: gpd.GeoDataFrame) -> None:
    found = assign_incidents(incidents((0.5, 0.5), (1.5, 0.5), (0.5, 1.5), (1.5, 1.5)), four_cells)
    assert found.tolist() == ["A", "B", "C", "D"]


def test_lowest_code_wins_on_edges_and_corners(four_cells: gpd.GeoDataFrame) -> None:
    found = assign_incidents(incidents((1, 0.5), (1.5, 1), (1, 1), (0, 0), (2, 2)), four_cells)
    assert found.tolist() == ["A", "B", "A", "A", "D"]


def test_outside_is_missing(four_cells: gpd.GeoDataFrame) -> None:
    found = assign_incidents(incidents((5, 5), (0.5, 0.5)), four_cells)
    assert found.isna().tolist() == [True, False]


def test_keeps_the_index_of_the_incidents(four_cells: gpd.GeoDataFrame) -> None:
    some = incidents((0.5, 0.5), (1.5, 1.5)).set_index(pd.Index(["x", "y"]))
    assert assign_incidents(some, four_cells).to_dict() == {"x": "A", "y": "D"}


def test_nothing_in_nothing_out(four_cells: gpd.GeoDataFrame) -> None:
    assert assign_incidents(incidents(), four_cells).empty
    assert assign_incidents(incidents((0.5, 0.5)), four_cells.iloc[:0]).isna().all()


def test_refuses_another_crs(four_cells: gpd.GeoDataFrame) -> None:
    with pytest.raises(InputError, match="boundaries are in EPSG:3857"):
        assign_incidents(incidents((0, 0)), four_cells.to_crs("EPSG:3857"))


def test_refuses_repeated_codes(four_cells: gpd.GeoDataFrame) -> None:
    with pytest.raises(InputError, match="more than once"):
        assign_incidents(incidents((0, 0)), pd.concat([four_cells, four_cells]))


def slanted_cells(seed: int, count: int) -> np.ndarray:
    """A coverage without a straight edge: Voronoi cells, in order of preference."""
    rng = np.random.default_rng(seed)
    seeds = shapely.multipoints(rng.uniform((100, 36), (100.05, 36.05), (count, 2)))
    return shapely.get_parts(shapely.voronoi_polygons(seeds))


def adversarial_points(cells: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Vertices, middles of edges, points on edges, and a rounding error beside all of them."""
    corners = shapely.get_coordinates(cells)
    ends = np.roll(corners, -1, axis=0)
    share = rng.random((len(corners), 1))
    on_edges = corners + (ends - corners) * share
    exact = np.concatenate([corners, (corners + ends) / 2, on_edges])
    beside = np.nextafter(exact, exact + rng.choice([-1, 1], exact.shape))
    return shapely.points(np.concatenate([exact, beside]))


def assign_all_ways(points: np.ndarray, cells: np.ndarray) -> list[int]:
    """By a tree, and by an index: one answer."""
    by_tree = assign_positions(points, cells).tolist()
    x, y = shapely.get_coordinates(points).T
    assert PolygonIndex(cells).assign(x, y).tolist() == by_tree
    return by_tree


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_both_directions_agree(seed: int) -> None:
    """Few points ask a tree of polygons, many are asked by the polygons: one answer."""
    rng = np.random.default_rng(seed)
    cells = slanted_cells(seed, 30)
    points = adversarial_points(cells, rng)
    at_once = assign_all_ways(points, cells)
    few = rng.choice(len(points), 60, replace=False)
    one_by_one = [int(assign_positions(points[i : i + 1], cells)[0]) for i in few]
    assert [at_once[i] for i in few] == one_by_one
    assert any(position != UNASSIGNED for position in at_once)


def test_an_index_of_nested_and_far_apart_polygons() -> None:
    """Large ones over small ones, and one beyond the sea; points that are nowhere at all."""
    cells = np.array([shapely.box(n, n, 90, 60) for n in range(40)][::-1])
    cells = np.append(cells, shapely.box(-170, -50, -169.9999, -49.9999))
    x = np.array([5.5, 39.5, 90.0, -169.99995, np.nan, np.inf, 170.0, -1.0])
    y = np.array([5.5, 39.5, 60.0, -49.99995, 1.0, 2.0, 80.0, np.nan])
    expected = [34, 0, 0, 40, *[UNASSIGNED] * 4]
    assert PolygonIndex(cells).assign(x, y).tolist() == expected
    assert PolygonIndex(cells).assign(x[:0], y[:0]).tolist() == []


def test_an_index_of_one_polygon_with_a_hole() -> None:
    ring = shapely.box(0, 0, 3, 3).difference(shapely.box(1, 1, 2, 2))
    x, y = np.array([0.5, 1.5, 1.0, 2.0, 0.0]), np.array([0.5, 1.5, 1.5, 2.0, 3.0])
    assert PolygonIndex(np.array([ring])).assign(x, y).tolist() == [0, UNASSIGNED, 0, 0, 0]


def assign_in_sql(connection: Connection, points: np.ndarray, cells: np.ndarray) -> list[int]:
    """The position of the lowest cell for each point, found by PostGIS."""
    for name, shapes in (("area", cells), ("point", points)):
        connection.execute(text(f"DROP TABLE IF EXISTS pg_temp.{name}"))
        connection.execute(text(f"CREATE TEMPORARY TABLE {name} (number integer, geom geometry)"))
        rows = [{"number": n, "geom": shapely.to_wkb(shape)} for n, shape in enumerate(shapes)]
        insert = text(f"INSERT INTO pg_temp.{name} VALUES (:number, ST_GeomFromWKB(:geom, 4326))")  # noqa: S608
        connection.execute(insert, rows)
    query = f"""
        SELECT coalesce(min(area.number), {UNASSIGNED})
        FROM pg_temp.point LEFT JOIN pg_temp.area ON ST_Covers(area.geom, point.geom)
        GROUP BY point.number ORDER BY point.number"""  # noqa: S608
    return [row[0] for row in connection.execute(text(query))]


def test_equal_to_sql_on_random_points(admin_engine: Engine) -> None:
    rng = np.random.default_rng(1)
    cells = slanted_cells(1, 200)
    points = shapely.points(rng.uniform((99.8, 35.8), (100.25, 36.25), (3000, 2)))
    with admin_engine.begin() as connection:
        in_sql = assign_in_sql(connection, points, cells)
    assert assign_all_ways(points, cells) == in_sql
    assert UNASSIGNED in in_sql


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_equal_to_sql_on_adversarial_points(admin_engine: Engine, seed: int) -> None:
    rng = np.random.default_rng(seed)
    cells = slanted_cells(seed, 150)
    points = adversarial_points(cells, rng)
    with admin_engine.begin() as connection:
        in_sql = assign_in_sql(connection, points, cells)
    assert assign_all_ways(points, cells) == in_sql


def test_equal_to_sql_on_straight_edges(admin_engine: Engine, four_cells: gpd.GeoDataFrame) -> None:
    """Edges along the axes: many points lie exactly on two or four cells."""
    cells = np.asarray(four_cells.sort_index().geometry)
    points = adversarial_points(cells, np.random.default_rng(5))
    with admin_engine.begin() as connection:
        in_sql = assign_in_sql(connection, points, cells)
    assert assign_all_ways(points, cells) == in_sql


LATTICE = st.integers(1, 6)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(columns=LATTICE, rows=LATTICE, seed=st.integers(0, 2**32 - 1), holes=st.booleans())
def test_equal_to_sql_on_a_coverage_as_it_is_loaded(
    admin_engine: Engine, columns: int, rows: int, seed: int, holes: bool
) -> None:
    """A bent lattice: inner vertices belong to four cells, a hole has a cell of its own."""
    rng = np.random.default_rng(seed)
    bent = rng.uniform(-0.3, 0.3, (columns + 1, rows + 1, 2)) * 0.01
    corner = np.stack(np.meshgrid(range(columns + 1), range(rows + 1), indexing="ij"), -1) * 0.01
    corner = np.array([103.8, 36.0]) + corner + bent
    cells = [
        shapely.Polygon([corner[i, j], corner[i + 1, j], corner[i + 1, j + 1], corner[i, j + 1]])
        for i in range(columns)
        for j in range(rows)
    ]
    if holes:
        inner = shapely.affinity.scale(cells[0], 0.4, 0.4)
        cells = [cells[0].difference(inner), *cells[1:], inner]
    shapes = np.array(cells)[rng.permutation(len(cells))]
    points = adversarial_points(shapes, rng)
    with admin_engine.begin() as connection:
        in_sql = assign_in_sql(connection, points, shapes)
    assert assign_all_ways(points, shapes) == in_sql
