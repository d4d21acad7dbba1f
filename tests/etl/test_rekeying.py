"""A new edition moves incidents, and rollups with them."""

from datetime import date

import geopandas as gpd
import shapely
from sqlalchemy import Connection, Engine

from etl.boundaries import load_boundaries
from etl.checking import Stated
from etl.profiles import Checks
from etl.reports import LoadReport
from etl.verification import verify_rollups
from geo.database import loading
from tests.areas import COUNTY, PROVINCE, SIDE, SOUTH, TOWNSHIPS, WEST, cell_code, province_areas
from tests.etl.drawn import CHINA, ask, incident, load, load_areas

S1, S2 = cell_code("S1"), cell_code("S2")
BORDER = WEST + SIDE
INCIDENTS = [
    incident(1, "S1", lon=BORDER - 0.001),
    incident(2, "S1", lon=BORDER - 0.004),
    incident(3, "S2"),
    incident(4, "E1"),
]


def edition(engine: Engine, areas: gpd.GeoDataFrame, valid_from: date) -> LoadReport:
    with loading(engine) as connection:
        report = load_boundaries(
            connection, areas, CHINA, valid_from=valid_from, stated=Stated(Checks(enclaves=True))
        )
    with loading(engine) as connection:
        assert verify_rollups(connection) == []
    return report


def cells_of(reader: Connection) -> list[tuple[object, ...]]:
    """Where incidents are: the code they carry, and the area their number stands for."""
    return ask(
        reader,
        "SELECT cell_code, code FROM gridboard.incident JOIN gridboard.area ON area_id = cell_id"
        " AND valid_to IS NULL ORDER BY incident_id",
    )


def redrawn() -> gpd.GeoDataFrame:
    """The border between S1 and S2 has a dent of 0.002 degrees to the west in its middle."""
    areas = province_areas().set_index("code")
    south, north = (BORDER, SOUTH), (BORDER, SOUTH + SIDE)
    dent = shapely.Polygon([south, north, (BORDER - 0.002, SOUTH + SIDE / 2)])
    areas.loc[S1, "geometry"] = areas.geometry[S1].difference(dent)
    areas.loc[S2, "geometry"] = areas.geometry[S2].union(dent)
    return areas.reset_index()


def test_a_moved_border_moves_the_incidents_between(drawn: Engine, reader: Connection) -> None:
    load(drawn, INCIDENTS)
    report = edition(drawn, redrawn(), date(2024, 1, 1))
    assert report.rows_moved == 1
    assert [code for code, _ in cells_of(reader)] == [S2, S1, S2, cell_code("E1")]
    assert all(code == area for code, area in cells_of(reader))


def test_merged_cells_share_their_incidents(drawn: Engine, reader: Connection) -> None:
    load(drawn, INCIDENTS)
    areas = province_areas().set_index("code")
    areas.loc[S1, "geometry"] = shapely.union_all([areas.geometry[S1], areas.geometry[S2]])
    report = edition(drawn, areas.drop(index=S2).reset_index(), date(2024, 1, 1))
    assert report.rows_moved == 1
    assert [code for code, _ in cells_of(reader)] == [S1, S1, S1, cell_code("E1")]


def test_incidents_move_down_when_finer_areas_arrive(
    loader_engine: Engine, reader: Connection
) -> None:
    areas = province_areas()
    load_areas(loader_engine)
    coarse = areas[areas["level"] <= 2]
    with loading(loader_engine) as connection:
        for table in ("area_shape", "area", "hierarchy"):
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608
    edition(loader_engine, coarse, date(2020, 1, 1))
    load(loader_engine, INCIDENTS)
    assert {area for _, area in cells_of(reader)} == {COUNTY, "990102"}
    report = edition(loader_engine, areas, date(2021, 1, 1))
    assert report.rows_moved == 4
    assert [code for code, _ in cells_of(reader)] == [S1, S1, S2, cell_code("E1")]
    blocks = "SELECT township_code FROM gridboard.rollup_cell WHERE entries <> '' ORDER BY 1"
    assert ask(reader, blocks) == [(TOWNSHIPS["S"],), (TOWNSHIPS["E"],)]


def test_what_no_area_covers_any_more_counts_for_the_root(
    drawn: Engine, reader: Connection
) -> None:
    load(drawn, INCIDENTS)
    areas = province_areas().set_index("code")
    gone = areas.geometry[cell_code("E1")]
    inside = [PROVINCE, "990100", "990102", TOWNSHIPS["E"]]
    areas.loc[inside, "geometry"] = areas.loc[inside, "geometry"].difference(gone)
    edition(drawn, areas.drop(index=cell_code("E1")).reset_index(), date(2024, 1, 1))
    found = ask(
        reader,
        "SELECT county_code, precision FROM gridboard.incident WHERE incident_id = 'A-4'",
    )
    assert found == [(PROVINCE, 0)]


def test_new_names_move_nothing(drawn: Engine, reader: Connection) -> None:
    load(drawn, INCIDENTS)
    revision = "SELECT number FROM gridboard.revision WHERE kind = 'incident'"
    before = ask(reader, revision)
    areas = province_areas().assign(name="新名")
    report = edition(drawn, areas, date(2024, 1, 1))
    assert (report.rows_updated, report.rows_moved) == (18, 0)
    assert ask(reader, revision) == before


def test_loading_the_incidents_again_changes_nothing(drawn: Engine) -> None:
    load(drawn, INCIDENTS)
    edition(drawn, redrawn(), date(2024, 1, 1))
    assert load(drawn, INCIDENTS).rows_unchanged == len(INCIDENTS)


def test_an_incident_without_a_point_stays_with_the_finest_area_that_is_left(
    drawn: Engine, reader: Connection
) -> None:
    load(drawn, [incident(1, "S2"), incident(2, "S1")])
    reader.exec_driver_sql("UPDATE gridboard.incident SET geom = NULL")
    areas = province_areas().set_index("code")
    areas.loc[S1, "geometry"] = shapely.union_all([areas.geometry[S1], areas.geometry[S2]])
    report = edition(drawn, areas.drop(index=S2).reset_index(), date(2024, 1, 1))
    assert report.rows_moved == 1
    assert cells_of(reader) == [(None, TOWNSHIPS["S"]), (S1, S1)]
