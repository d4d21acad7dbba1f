"""Real files end to end: Chicago's beats, districts and incidents of 2018."""

from collections.abc import Iterator

import pandas as pd
import pytest
import shapely
from sqlalchemy import Connection, Engine

from etl.edition_checking import check_boundary_files
from etl.edition_loading import load_boundary_files
from etl.loading import load_incident_file
from etl.verification import verify_rollups
from geo.database import loading
from geo.settings import DatabaseSettings
from tests.databases import cloned_database, opened
from tests.etl.drawn import ask, counts
from tests.real import real_file

FILES = [real_file(f"chicago/police_{level}.geojson") for level in ("beats", "districts")]
INCIDENTS = real_file("chicago/crimes_2018.parquet")


def quiet(step: str, done: int, total: int) -> None:
    """No progress."""


@pytest.fixture(scope="module")
def chicago(server: str, template: str) -> Iterator[DatabaseSettings]:
    """A database with Chicago's areas and incidents; tests only read it."""
    with cloned_database(server, template) as settings, opened(settings, "loader") as engine:
        areas = load_boundary_files(engine, FILES, "chicago", None, quiet)
        assert counts(areas) == {"read": 367, "loaded": 367}
        incidents = load_incident_file(engine, INCIDENTS, "chicago", quiet)
        assert counts(incidents) == {"read": 156_385, "loaded": 155_969, "rejected": 416}
        assert incidents.reasons == {"outside the area of the database": 416}
        yield settings


@pytest.fixture
def reader(chicago: DatabaseSettings) -> Iterator[Connection]:
    """A connection that sees everything."""
    with opened(chicago, "admin") as engine, engine.connect() as connection:
        yield connection


def test_levels_and_their_nesting(reader: Connection) -> None:
    levels = "SELECT level, count(*) FROM gridboard.current_area GROUP BY level ORDER BY level"
    assert ask(reader, levels) == [(0, 1), (2, 23), (3, 68), (5, 275)]
    lineage = (
        "SELECT province_code, city_code, county_code, township_code FROM gridboard.area"
        " WHERE code = '1713'"
    )
    assert ask(reader, lineage) == [("chicago", "chicago", "17", "171")]
    layers = "SELECT layer, band, count(*) FROM gridboard.area_shape GROUP BY 1, 2 ORDER BY 1, 2"
    expected = {0: 1, 2: 23, 3: 68, 5: 275}
    assert ask(reader, layers) == [
        (slot, band, n) for slot, n in expected.items() for band in range(3)
    ]


def test_districts_are_derived_where_their_file_is_missing(
    loader_engine: Engine, admin_engine: Engine
) -> None:
    load_boundary_files(loader_engine, FILES[:1], "chicago", None, quiet)
    districts = "SELECT code, name, ST_AsBinary(geom) FROM gridboard.area WHERE level = 2"
    with admin_engine.connect() as connection:
        rows = ask(connection, districts)
    derived = {code: shapely.from_wkb(bytes(shape)) for code, _, shape in rows}
    assert ("17", "District 17") in [row[:2] for row in rows]
    assert len(derived) == 23
    assert shapely.coverage_is_valid(list(derived.values()))


def test_the_same_file_again_changes_nothing(chicago: DatabaseSettings) -> None:
    with opened(chicago, "loader") as engine:
        report = load_incident_file(engine, INCIDENTS, "chicago", quiet)
        assert counts(report) == {"read": 156_385, "unchanged": 155_969, "rejected": 416}
        with loading(engine) as connection:
            assert verify_rollups(connection) == []


def test_days_are_those_of_the_file(reader: Connection) -> None:
    days = "SELECT min(occurred_on)::text, max(occurred_on)::text FROM gridboard.incident"
    assert ask(reader, days) == [("2018-01-01", "2018-08-08")]


def test_counts_by_kind_and_outcome_are_those_of_the_file(reader: Connection) -> None:
    file = pd.read_parquet(INCIDENTS, columns=["PrimaryType", "Arrest"])
    question = (
        "SELECT code, count(*) FROM gridboard.incident JOIN gridboard.term"
        " ON kind = :kind AND id = CASE :kind WHEN 'status' THEN status ELSE category END"
        " GROUP BY code"
    )
    found = dict(ask(reader, question, kind="category"))
    in_file = file["PrimaryType"].value_counts()
    assert set(found) == set(in_file.index)
    assert all(0 <= in_file[code] - n <= 416 for code, n in found.items())
    outcomes = dict(ask(reader, question, kind="status"))
    assert set(outcomes) == {"open", "resolved"}
    assert 0 <= file["Arrest"].sum() - outcomes["resolved"] <= 416
    labels = "SELECT name_en FROM gridboard.term WHERE kind = 'status' AND id < 3 ORDER BY id"
    assert ask(reader, labels) == [("No arrest",), ("Arrest made",)]


def test_hours_are_those_of_the_clocks_of_chicago(reader: Connection) -> None:
    file = pd.read_parquet(INCIDENTS, columns=["Date"])["Date"]
    [(hours,)] = ask(
        reader,
        "SELECT array_agg(n ORDER BY hour) FROM (SELECT extract(hour FROM occurred_at"
        " AT TIME ZONE 'America/Chicago') AS hour, count(*) AS n FROM gridboard.incident"
        " GROUP BY 1) AS by_hour",
    )
    in_file = file.dt.hour.value_counts().sort_index()
    assert all(abs(n - in_file[hour]) <= 60 for hour, n in enumerate(hours))


def test_the_check_finds_the_two_borders_on_which_districts_and_beats_disagree() -> None:
    """What the real files show: 68 m² and 141 m² at two places, else hairs along the borders."""
    stated = check_boundary_files(None, FILES, "chicago", quiet)
    assert (stated.areas, stated.forbidding, stated.refused) == (367, [], False)
    strict = check_boundary_files(None, FILES, "chicago", quiet, tolerance_m2=10)
    told = {(str(d.kind), d.codes[0], round(d.area_m2)) for d in strict.forbidding}
    assert told == {
        ("unfilled", "06", 141), ("outside", "041", 141),
        ("unfilled", "03", 68), ("outside", "062", 68),
    }  # fmt: skip
    rest = [defect for defect in strict.defects if defect not in strict.forbidding]
    assert {str(defect.kind) for defect in rest} == {"outside", "unfilled"}
    assert max(defect.area_m2 for defect in rest) < 5
