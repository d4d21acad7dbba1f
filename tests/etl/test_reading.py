"""Reading files, and refusing those that do not say what they are."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from etl.profiles import AreaColumns, Incidents, Text, load_profile
from etl.reading import chunks
from etl.reading.areas import match_files, read_areas
from etl.reading.incidents import count_incidents, read_incidents
from geo.errors import InputError

COLUMNS = AreaColumns(level="cell", code=Text(column="code"), name=Text(column="code"))
SQUARE = shapely.box(103, 36, 103.01, 36.01)


def write(path: Path, crs: str | None = "EPSG:4326") -> Path:
    frame = gpd.GeoDataFrame({"code": ["A"]}, geometry=[SQUARE], crs="EPSG:4326")
    frame = frame.to_crs(crs) if crs else frame.set_crs(None, allow_override=True)
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    else:
        frame.to_file(path)
    return path


@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.parquet", "a.shp"])
def test_formats(tmp_path: Path, name: str) -> None:
    found = read_areas(write(tmp_path / name), COLUMNS)
    assert found["code"].tolist() == ["A"]
    assert found.crs.to_epsg() == 4326
    assert found.geometry[0].equals(SQUARE)


def test_other_crs_are_converted(tmp_path: Path) -> None:
    found = read_areas(write(tmp_path / "a.gpkg", "EPSG:4547"), COLUMNS)
    assert shapely.hausdorff_distance(found.geometry[0], SQUARE) < 1e-8


def test_a_file_without_crs_needs_one_stated(tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", None)
    with pytest.raises(InputError, match=r"a\.parquet states no CRS"):
        read_areas(path, COLUMNS)
    stated = COLUMNS.model_copy(update={"crs": "EPSG:4326"})
    assert read_areas(path, stated).geometry[0].equals(SQUARE)


def test_a_file_that_contradicts_the_profile_is_refused(tmp_path: Path) -> None:
    stated = COLUMNS.model_copy(update={"crs": "EPSG:4490"})
    with pytest.raises(InputError, match="is in EPSG:4326, the profile says EPSG:4490"):
        read_areas(write(tmp_path / "a.gpkg"), stated)


def test_what_is_no_file_of_areas(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_areas(tmp_path / "none.gpkg", COLUMNS)
    (tmp_path / "a.geojson").write_text("hello")
    with pytest.raises(InputError, match="cannot be read as a file of areas"):
        read_areas(tmp_path / "a.geojson", COLUMNS)


def test_files_are_matched_by_name() -> None:
    profile = load_profile("chicago")
    paths = [Path("x/police_beats.geojson"), Path("police_districts.geojson")]
    levels = [part.level for _, part in match_files(paths, profile.boundaries)]
    assert levels == ["beat", "district"]
    with pytest.raises(InputError, match=r"wards\.shp fits none of the profile's patterns"):
        match_files([Path("wards.shp")], profile.boundaries)


@pytest.fixture
def rules() -> Incidents:
    found = load_profile("chicago").incidents
    assert found is not None
    return found.model_copy(update={"incident_id": ("Date", "Arrest"), "leave_out": ("Name",)})


def incidents(rows: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Date": pd.date_range("2018-01-01", periods=rows, freq="h"),
            "Latitude": 41.8,
            "Longitude": -87.6,
            "PrimaryType": "THEFT",
            "Arrest": [True, False] * (rows // 2),
            "Name": "nobody's business",
        }
    )


def test_incidents_come_in_chunks_without_what_is_not_asked_for(
    tmp_path: Path, rules: Incidents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "CHUNK_ROWS", 4)
    frame = incidents(10)
    frame.to_parquet(tmp_path / "a.parquet")
    frame.to_csv(tmp_path / "a.csv", index=False)
    for name in ("a.parquet", "a.csv"):
        found = [chunk.frame for chunk in read_incidents(tmp_path / name, rules)]
        assert sum(map(len, found)) == 10
        assert all("Name" not in frame for frame in found)
        assert pd.concat(found)["Arrest"].astype(str).tolist() == ["True", "False"] * 5
    assert count_incidents(tmp_path / "a.parquet") == 10
    assert count_incidents(tmp_path / "a.csv") is None


def test_parquet_chunks_are_bounded(
    tmp_path: Path, rules: Incidents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "CHUNK_ROWS", 4)
    incidents(10).to_parquet(tmp_path / "a.parquet")
    assert [len(chunk.frame) for chunk in read_incidents(tmp_path / "a.parquet", rules)] == [
        4,
        4,
        2,
    ]


def test_missing_columns_are_named(tmp_path: Path, rules: Incidents) -> None:
    incidents(2).drop(columns=["Date", "Arrest"]).to_csv(tmp_path / "a.csv", index=False)
    with pytest.raises(InputError, match=r"a\.csv has no column Arrest, Date"):
        list(read_incidents(tmp_path / "a.csv", rules))


def test_what_is_no_file_of_incidents(tmp_path: Path, rules: Incidents) -> None:
    with pytest.raises(InputError, match="no such file"):
        list(read_incidents(tmp_path / "none.csv", rules))
    (tmp_path / "a.parquet").write_bytes(b"PAR1 hello")
    with pytest.raises(InputError, match=r"a\.parquet cannot be read as Parquet"):
        list(read_incidents(tmp_path / "a.parquet", rules))
