"""Incidents come in chunks, with the columns that are asked for."""

from pathlib import Path

import pandas as pd
import pytest

from etl.profiles import Incidents, load_profile
from etl.reading import chunks
from etl.reading.incidents import count_incidents, estimate_incidents, read_incidents
from geo.errors import InputError


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
    assert estimate_incidents(tmp_path / "a.csv") == pytest.approx(10, abs=1)
    assert estimate_incidents(tmp_path / "a.parquet") is None


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
