"""Loading areas: all or nothing, checked, completed, versioned."""

from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from sqlalchemy import Connection, Engine

from etl.boundaries import load_boundaries
from etl.reports import LoadReport
from geo.database import loading
from geo.errors import InputError
from geo.hierarchy import load_hierarchy
from geo.lineage import lineages
from tests.areas import (
    CITY_WITHOUT_COUNTIES,
    COUNTY,
    PROVINCE,
    SPECIAL,
    TOWNSHIPS,
    cell_code,
    province_areas,
)
from tests.etl.drawn import CHINA, FIRST_DAY, ask, counts, incident, load, load_areas

LATER = date(2024, 1, 1)


def edition(engine: Engine, areas: gpd.GeoDataFrame, valid_from: date = LATER) -> LoadReport:
    with loading(engine) as connection:
        return load_boundaries(connection, areas, CHINA, valid_from=valid_from)


def changed(area: str, **values: object) -> gpd.GeoDataFrame:
    areas = province_areas()
    at = areas["code"] == area
    for name, value in values.items():
        areas.loc[at, name] = value
    return areas


def test_loads_every_area(loader_engine: Engine, reader: Connection) -> None:
    report = load_areas(loader_engine)
    assert counts(report) == {"read": 18, "loaded": 18}
    assert ask(reader, "SELECT count(*), count(DISTINCT code) FROM gridboard.area") == [(18, 18)]


def test_fills_the_lineage(drawn: Engine, reader: Connection) -> None:
    areas = province_areas()
    above = areas["parent_code"].astype(object).where(areas["parent_code"].notna(), None)
    parents = dict(zip(areas["code"], above, strict=True))
    expected = lineages(dict(zip(areas["code"], areas["level"], strict=True)), parents)
    rows = ask(
        reader,
        "SELECT code, province_code, city_code, county_code, township_code, village_code"
        " FROM gridboard.area",
    )
    assert {row[0]: row[1:] for row in rows} == {
        code: tuple(vars(lineage).values()) for code, lineage in expected.items()
    }


def test_measures_areas_and_puts_labels_inside(drawn: Engine, reader: Connection) -> None:
    rows = ask(
        reader,
        "SELECT code, area_km2, ST_Area(geom::geography) / 1e6, ST_Contains(geom, label)"
        " FROM gridboard.area",
    )
    for _, measured, on_ellipsoid, inside in rows:
        assert measured == pytest.approx(on_ellipsoid, rel=1e-3)
        assert inside


def test_a_second_identical_run_changes_nothing(drawn: Engine, reader: Connection) -> None:
    everything = "SELECT * FROM gridboard.area ORDER BY area_id"
    revision = "SELECT number FROM gridboard.revision WHERE kind = 'area'"
    before = ask(reader, everything), ask(reader, revision)
    assert counts(edition(drawn, province_areas())) == {"read": 18, "unchanged": 18}
    assert (ask(reader, everything), ask(reader, revision)) == before


def test_a_new_edition_keeps_the_former_one(drawn: Engine, reader: Connection) -> None:
    code = cell_code("S1")
    question = (
        "SELECT valid_from, valid_to, population, area_id FROM gridboard.area"
        " WHERE code = :code ORDER BY valid_from"
    )
    current_id = ask(reader, question, code=code)[0][3]
    report = edition(drawn, changed(code, population=999))
    assert counts(report) == {"read": 18, "updated": 1, "unchanged": 17}
    former, current = ask(reader, question, code=code)
    assert former[:3] == (FIRST_DAY, LATER, 1200)
    assert current == (LATER, None, 999, current_id)


def test_a_correction_of_the_same_day_leaves_no_empty_version(
    drawn: Engine, reader: Connection
) -> None:
    edition(drawn, changed(COUNTY, name="新名县"), FIRST_DAY)
    rows = ask(reader, "SELECT name FROM gridboard.area WHERE code = :code", code=COUNTY)
    assert rows == [("新名县",)]


def test_merged_cells_close_the_missing_one(drawn: Engine, reader: Connection) -> None:
    one, other = cell_code("S1"), cell_code("S2")
    areas = province_areas().set_index("code")
    united = shapely.union_all([areas.geometry[one], areas.geometry[other]])
    areas.loc[one, "geometry"] = united
    report = edition(drawn, areas.drop(index=other).reset_index())
    assert counts(report) == {"read": 17, "updated": 1, "unchanged": 16, "closed": 1}
    closed = "SELECT valid_to FROM gridboard.area WHERE code = :code"
    assert ask(reader, closed, code=other) == [(LATER,)]


def test_part_of_a_level_leaves_the_rest_alone(drawn: Engine, reader: Connection) -> None:
    areas = changed(cell_code("E1"), name="改名")
    some = areas[areas["parent_code"] == TOWNSHIPS["E"]]
    assert counts(edition(drawn, some)) == {"read": 2, "updated": 1, "unchanged": 1}
    assert ask(reader, "SELECT count(*) FROM gridboard.current_area") == [(18,)]


def test_a_county_stands_in_until_its_townships_arrive(
    loader_engine: Engine, reader: Connection
) -> None:
    areas = province_areas()
    edition(loader_engine, areas[areas["level"] <= 2], FIRST_DAY)
    township = "SELECT township_code FROM gridboard.current_area WHERE code = :code"
    assert ask(reader, township, code=COUNTY) == [(COUNTY,)]
    assert counts(edition(loader_engine, areas)) == {"read": 18, "loaded": 12, "unchanged": 6}
    assert ask(reader, township, code=COUNTY) == [(None,)]
    assert ask(reader, township, code=SPECIAL) == [(SPECIAL,)]


def overlapping() -> gpd.GeoDataFrame:
    areas = province_areas().set_index("code")
    areas.loc[cell_code("S1"), "geometry"] = areas.geometry[cell_code("S1")].buffer(0.001)
    return areas.reset_index()


def with_a_hole() -> gpd.GeoDataFrame:
    areas = province_areas()
    return areas[areas["code"] != cell_code("S2")]


def astray() -> gpd.GeoDataFrame:
    return changed(cell_code("S1"), parent_code=TOWNSHIPS["E"])


S1, S2, E1 = cell_code("S1"), cell_code("S2"), cell_code("E1")
SOUTH_TOWN, EAST_TOWN = TOWNSHIPS["S"], TOWNSHIPS["E"]

REFUSED = {
    "overlap": (overlapping, rf"overlap of [\d,.]+ m²: {S1}, {S2} near 100\."),
    "hole": (with_a_hole, rf"unfilled of [\d,.]+ m²: {SOUTH_TOWN} near 100\.01"),
    "outside": (astray, rf"astray.*: {S1}, {EAST_TOWN}, {SOUTH_TOWN} .*its code says {SOUTH_TOWN}"),
    "orphan": (
        lambda: changed(S1, parent_code="990101009"),
        "its parent 990101009 is not known",
    ),
    "code": (lambda: changed(COUNTY, code="99010"), r"bad code: 99010 near .*expected \\d\{6\}"),
    "blank name": (lambda: changed(COUNTY, name=" "), f"no name: {COUNTY}"),
    "twice": (lambda: pd.concat([province_areas()] * 2), "36 × duplicate code"),
    "no CRS": (lambda: province_areas().set_crs(None, allow_override=True), "an unstated CRS"),
    "metres": (lambda: province_areas().to_crs("EPSG:3857"), "EPSG:3857, not in EPSG:4326"),
    "column": (lambda: province_areas().drop(columns="kind"), "lack the columns kind"),
    "none": (lambda: province_areas().iloc[:0], "no areas"),
    "level": (lambda: changed(COUNTY, level=9), "no level at slot 9"),
    "no root": (lambda: province_areas().iloc[1:], "its parent 990000 is not known"),
    "two roots": (
        lambda: pd.concat([province_areas(), changed(PROVINCE, code="980000").iloc[:1]]),
        "980000, 990000",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refuses_with_a_reason_and_stores_nothing(
    loader_engine: Engine, reader: Connection, case: str
) -> None:
    make, message = REFUSED[case]
    with pytest.raises(InputError, match=message):
        edition(loader_engine, make())
    tables = ("area", "hierarchy", "batch")
    assert [ask(reader, f"SELECT count(*) FROM gridboard.{name}") for name in tables] == [  # noqa: S608
        [(0,)]
    ] * 3


def test_refuses_an_edition_older_than_the_current_one(drawn: Engine) -> None:
    edition(drawn, changed(COUNTY, name="新名县"))
    with pytest.raises(InputError, match=f"{COUNTY} has an edition valid from 2024-01-01"):
        edition(drawn, changed(COUNTY, name="旧名县"), date(2023, 1, 1))


def test_refuses_to_close_what_still_has_areas_below(drawn: Engine) -> None:
    areas = province_areas()
    levels = areas[(areas["level"] == 1) & (areas["code"] != CITY_WITHOUT_COUNTIES)]
    with pytest.raises(InputError, match=f"no longer has {CITY_WITHOUT_COUNTIES}, but"):
        edition(drawn, levels)


def test_refuses_another_hierarchy(drawn: Engine) -> None:
    square = province_areas().iloc[:1].assign(code="chicago")
    with loading(drawn) as connection, pytest.raises(InputError, match="this database holds china"):
        load_boundaries(connection, square, load_hierarchy("chicago"), valid_from=LATER)


def test_edges_are_checked_against_neighbours_already_loaded(drawn: Engine) -> None:
    areas = province_areas().set_index("code")
    mine = areas["parent_code"] == TOWNSHIPS["S"]
    shifted = areas[mine].assign(geometry=areas[mine].geometry.translate(0.0001, 0))
    with pytest.raises(InputError, match=r"\d+ × (overlap|unfilled|outside)"):
        edition(drawn, shifted.reset_index())


def test_incidents_stay_with_an_area_that_changes(drawn: Engine, reader: Connection) -> None:
    load(drawn, [incident(1, "S1")])
    edition(drawn, changed(cell_code("S1"), population=7))
    found = ask(
        reader,
        "SELECT population, valid_to FROM gridboard.incident"
        " JOIN gridboard.area ON area_id = cell_id",
    )
    assert found == [(7, None)]
