"""`gridboard check boundaries`: every defect of a folder of files, as rows, table and GeoJSON."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from sqlalchemy import Connection, Engine
from typer.testing import CliRunner, Result

from etl.checking import DefectsError
from etl.cli import app
from etl.edition_checking import Checked, check_boundary_files
from etl.edition_loading import load_boundary_files
from geo.defects import Kind
from geo.errors import InputError
from geo.hierarchy import SLOTS
from geo.settings import DatabaseSettings
from tests.areas import COUNTY, PROVINCE, SIDE, TOWNSHIPS, cell_code, province_areas
from tests.etl.drawn import ask, counts

PROFILE = """
key = "drawn"
hierarchy = "china"
"""
LEVEL = """
[[boundaries]]
level = "{level}"
match = "*{level}*"
code = {{ column = "code" }}
parent = {{ column = "parent_code" }}
name = {{ column = "name" }}
valid_from = "since"
"""
S1, S2, N1, E1 = (cell_code(name) for name in ("S1", "S2", "N1", "E1"))


def quiet(step: str, done: int, total: int) -> None:
    """No progress."""


@pytest.fixture
def profile(tmp_path: Path) -> str:
    """A profile for files of the drawn province that state the day of each row."""
    parts = [LEVEL.format(level=level) for level in SLOTS]
    # A province has no parent.
    parts[0] = parts[0].replace('parent = { column = "parent_code" }\n', "")
    path = tmp_path / "drawn.toml"
    path.write_text(PROFILE + "".join(parts), encoding="utf-8")
    return str(path)


def write_files(folder: Path, areas: gpd.GeoDataFrame) -> list[Path]:
    """One GeoPackage a level, each row valid since 2020."""
    if "since" not in areas:
        areas = areas.assign(since="2020-01-01")
    paths = []
    for slot, level in areas.groupby("level"):
        path = folder / f"{SLOTS[int(str(slot))]}.gpkg"
        gpd.GeoDataFrame(level.drop(columns="level")).to_file(path)
        paths.append(path)
    return paths


def hostile() -> gpd.GeoDataFrame:
    """Everything that can be wrong with cells, at once.

    +-----+-----+-----+-----+   S1  reaches 11 m into S2, and its code says so too:
    | N1  | N2  | E2  | J2  |       a second, different S1 lies in J1
    +-----+-----+-----+-----+   N1  has a bow tie for a ring
    | S1  | S2  | E1  | J1  |   N2  has a hole in its middle
    +-----+-----+-----+-----+   E2  has a blank code; J2 is missing; E1 belongs to township J
    """
    areas = province_areas().assign(since="2020-01-01").set_index("code", drop=False)
    west, south, east, north = areas.geometry[S1].bounds
    areas.loc[S1, "geometry"] = shapely.box(west, south, east + 0.0001, north)
    west, south, east, north = areas.geometry[N1].bounds
    tie = [(west, south), (east, north), (east, south), (west, north)]
    areas.loc[N1, "geometry"] = shapely.Polygon(tie)
    n2, e2, j1, j2 = (cell_code(name) for name in ("N2", "E2", "J1", "J2"))
    middle = areas.geometry[n2].centroid.buffer(0.001)
    areas.loc[n2, "geometry"] = areas.geometry[n2].difference(middle)
    areas.loc[e2, "code"] = None
    areas.loc[j1, "code"] = S1
    areas.loc[E1, "parent_code"] = TOWNSHIPS["J"]
    areas.loc[S2, "since"] = "2099-01-01"
    return areas.drop(index=j2).reset_index(drop=True)


def check(files: list[Path], profile: str, **options: object) -> Checked:
    return check_boundary_files(None, files, profile, quiet, **options)  # type: ignore[arg-type]


def test_files_without_a_defect(tmp_path: Path, profile: str) -> None:
    found = check(write_files(tmp_path, province_areas()), profile)
    assert (found.areas, found.defects, found.refused) == (18, [], False)
    assert found.as_dict()["rows"] == []


def test_every_defect_of_a_hostile_folder_is_a_row(tmp_path: Path, profile: str) -> None:
    found = check(write_files(tmp_path, hostile()), profile, geojson=tmp_path / "defects.geojson")
    rows = found.as_dict()["rows"]
    assert isinstance(rows, list)
    told = {(row["kind"], row["code"]) for row in rows}
    n2 = cell_code("N2")
    assert {
        (Kind.INVALID, N1),
        (Kind.OVERLAP, S1),
        (Kind.HOLE, n2),
        (Kind.DUPLICATE, S1),
        (Kind.BLANK, None),
        (Kind.ASTRAY, E1),
        (Kind.DATE, S2),
        (Kind.UNFILLED, TOWNSHIPS["J"]),
    } <= told
    overlap = next(row for row in rows if row["kind"] == Kind.OVERLAP)
    assert (overlap["level"], overlap["other"]) == ("cell", S2)
    assert overlap["area_m2"] == pytest.approx(0.0001 * 90_165 * 1109.6, rel=0.01)
    assert (overlap["lon"], overlap["lat"]) == pytest.approx((100.01005, 36.005), abs=1e-4)
    assert found.refused
    document = pyogrio.read_dataframe(tmp_path / "defects.geojson")
    assert document.crs.to_epsg() == 4326
    assert len(document) == len(found.defects) == len(rows)
    assert {"kind", "level", "code", "other", "area_m2", "note"} <= set(document.columns)
    plain = json.loads((tmp_path / "defects.geojson").read_text(encoding="utf-8"))
    assert plain["type"] == "FeatureCollection"


def test_defects_are_never_written_over_what_is_checked(tmp_path: Path, profile: str) -> None:
    files = write_files(tmp_path, hostile())
    before = files[0].read_bytes()
    with pytest.raises(InputError, match="is one of the files to check"):
        check(files, profile, geojson=files[0])
    assert files[0].read_bytes() == before


Command = Callable[..., Result]


@pytest.fixture
def run(database: DatabaseSettings, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run a command against the test's database."""
    url = database.url("admin").render_as_string(hide_password=False)
    monkeypatch.setenv("GRIDBOARD_DATABASE_URL", url)
    monkeypatch.setenv("COLUMNS", "200")

    def invoke(*words: object) -> Result:
        return CliRunner().invoke(app, [str(word) for word in words])

    return invoke


def test_the_command_shows_a_table_and_its_exit_code(
    run: Command, tmp_path: Path, profile: str
) -> None:
    good = write_files(tmp_path, province_areas())
    fine = run("check", "boundaries", *good, "--profile", profile)
    assert (fine.exit_code, "No defects" in fine.output) == (0, True)
    assert "CRS: taken on trust" not in fine.output
    bad = write_files(tmp_path, hostile())
    out, account = tmp_path / "defects.geojson", tmp_path / "account.json"
    options = ["--profile", profile, "--out", out, "--report", account]
    refused = run("check", "boundaries", *bad, *options)
    assert refused.exit_code == 1
    lines = [" ".join(line.split()) for line in refused.output.splitlines()]
    assert any(line.startswith(f"✗ invalid {N1}") and "Self-intersection" in line for line in lines)
    assert any("tolerance 10 m²: a load would be refused" in line for line in lines)
    told = json.loads(account.read_text(encoding="utf-8"))
    assert told["refused"]
    assert told["above"] > 5
    assert out.is_file()


def test_a_refused_load_shows_the_same_table_and_stores_nothing(
    run: Command, tmp_path: Path, profile: str, reader: Connection
) -> None:
    result = run("load", "boundaries", *write_files(tmp_path, hostile()), "--profile", profile)
    assert isinstance(result.exception, DefectsError)
    assert "✗" in result.output
    assert "above tolerance" in result.output
    assert ask(reader, "SELECT count(*) FROM gridboard.area") == [(0,)]


def nearly(by_m: float) -> gpd.GeoDataFrame:
    """S1 reaches into S2 by so many metres; all else is right."""
    areas = province_areas().set_index("code", drop=False)
    west, south, east, north = areas.geometry[S1].bounds
    areas.loc[S1, "geometry"] = shapely.box(west, south, east + by_m / 90_165, north)
    return areas.reset_index(drop=True)


def test_cleaning_is_asked_for_and_accounted_for(
    run: Command, tmp_path: Path, profile: str, reader: Connection
) -> None:
    files = write_files(tmp_path, nearly(0.5))
    assert run("load", "boundaries", *files, "--profile", profile).exit_code == 1
    account = tmp_path / "account.json"
    options = ["--profile", profile, "--clean", "1", "--report", account]
    cleaned = run("load", "boundaries", *files, *options)
    assert cleaned.exit_code == 0
    assert "Cleaned up to 1 m" in cleaned.output
    told = json.loads(account.read_text(encoding="utf-8"))["details"]["cleaned"]
    assert told["handovers"][0]["codes"] == [S1, S2]
    assert told["lost_m2"] == pytest.approx(555, rel=0.02)
    [(stored,)] = ask(reader, "SELECT report #> '{details,cleaned,width_m}' FROM gridboard.batch")
    assert stored == 1.0


def test_what_cleaning_cannot_mend_is_refused(run: Command, tmp_path: Path, profile: str) -> None:
    files = write_files(tmp_path, nearly(3))
    result = run("load", "boundaries", *files, "--profile", profile, "--clean", "1")
    assert isinstance(result.exception, DefectsError)


def test_a_tolerance_can_be_stated(run: Command, tmp_path: Path, profile: str) -> None:
    files = write_files(tmp_path, nearly(0.5))
    checked = run("check", "boundaries", *files, "--profile", profile, "--tolerance-m2", "1000")
    assert checked.exit_code == 0
    loaded = run("load", "boundaries", *files, "--profile", profile, "--tolerance-m2", "1000")
    assert loaded.exit_code == 0
    lines = " ".join(loaded.output.split())
    assert "1 × sliver" in lines
    assert "below the tolerance" in lines


def test_a_dry_run_leaves_nothing_behind(
    loader_engine: Engine, reader: Connection, tmp_path: Path, profile: str
) -> None:
    files = write_files(tmp_path, province_areas())
    report = load_boundary_files(loader_engine, files, profile, None, quiet, dry_run=True)
    assert counts(report) == {"read": 18, "loaded": 18}
    for table in ("area", "batch", "hierarchy", "area_shape", "crosswalk"):
        assert ask(reader, f"SELECT count(*) FROM gridboard.{table}") == [(0,)]  # noqa: S608
    done = load_boundary_files(loader_engine, files, profile, None, quiet)
    days = "SELECT DISTINCT valid_from FROM gridboard.area"
    assert (counts(done), ask(reader, days)) == (counts(report), [(date(2020, 1, 1),)])


def test_levels_that_overlap_below_the_tolerance_are_drawn_without_gaps(
    loader_engine: Engine, reader: Connection, tmp_path: Path, profile: str
) -> None:
    files = write_files(tmp_path, nearly(0.5))
    load_boundary_files(loader_engine, files, profile, None, quiet, tolerance_m2=1000)
    shapes = "SELECT ST_AsBinary(geom) FROM gridboard.area_shape WHERE layer = 5 AND band = 1"
    drawn = [shapely.from_wkb(bytes(row[0])) for row in ask(reader, shapes)]
    assert shapely.coverage_is_valid(drawn)


def test_an_edition_is_compared_with_what_is_loaded(
    drawn: Engine, tmp_path: Path, profile: str
) -> None:
    cells = province_areas()
    mine = cells[cells["parent_code"] == TOWNSHIPS["S"]]
    moved = mine.assign(geometry=mine.geometry.translate(SIDE / 100, 0))
    found = check_boundary_files(drawn, write_files(tmp_path, moved), profile, quiet)
    told = {(defect.kind, defect.codes[0]) for defect in found.forbidding}
    assert {(Kind.OUTSIDE, S2), (Kind.UNFILLED, TOWNSHIPS["S"]), (Kind.OVERLAP, S2)} == told
    assert COUNTY not in {code for _, code in told}
    assert PROVINCE not in {code for _, code in told}


def test_frames_of_rows_hold_what_a_page_needs(tmp_path: Path, profile: str) -> None:
    found = check(write_files(tmp_path, hostile()), profile).as_dict()
    rows = pd.DataFrame(found["rows"])
    assert found["defects"] == rows["kind"].value_counts().to_dict()
    json.dumps(found)
