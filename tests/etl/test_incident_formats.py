"""The same incidents in every format are the same incidents."""

import gzip
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine, text

from etl.loading import load_incident_file
from etl.profiles import Profile, load_profile
from geo.errors import InputError
from geo.settings import DatabaseSettings
from tests.areas import SIDE, SOUTH, WEST
from tests.etl.drawn import counts
from tests.etl.reading.sources import write_sheet

ROWS = 40
NOON = datetime(2024, 5, 10, 12, tzinfo=UTC)


def quiet(step: str, done: int, total: int) -> None:
    """No progress."""


def ledger() -> pd.DataFrame:
    """Incidents with gridboard's own column names and the words of centres; clocks of China."""
    return pd.DataFrame(
        [
            {
                "incident_id": f"{620102000000 + number}",
                "occurred_at": f"{NOON + timedelta(hours=number):%Y-%m-%d %H:%M:%S}",
                "received_at": f"{NOON + timedelta(hours=number + 2):%Y-%m-%d %H:%M:%S}",
                "deadline": f"{NOON + timedelta(days=15):%Y-%m-%d}",
                "resolved_at": f"{NOON + timedelta(days=3):%Y-%m-%d}" if number % 3 else None,
                "lon": round(WEST + (number % 2 + 0.5) * SIDE, 6),
                "lat": round(SOUTH + 0.5 * SIDE, 6),
                "category": ["邻里纠纷", "宅基地纠纷"][number % 2],
                "channel": ["12345热线", "诉前"][number % 2],
                "status": "已化解" if number % 3 else "办理中",
                "scale": ["01", "02", "03"][number % 3],
                "method": "人民调解",
                "organisation": None if number % 4 else "司法所",
                "people": number % 7,
            }
            for number in range(ROWS)
        ]
    )


def as_gb18030(folder: Path) -> Path:
    (folder / "a.gz").write_bytes(
        gzip.compress(ledger().to_csv(index=False, sep="\t").encode("gb18030"))
    )
    return folder / "a.gz"


def as_workbook(folder: Path) -> Path:
    frame = ledger()
    for name in ("occurred_at", "received_at", "deadline", "resolved_at"):
        frame[name] = [pd.Timestamp(each).to_pydatetime() for each in frame[name]]
    rows = frame.astype(object).where(frame.notna(), None).to_numpy().tolist()
    for row in rows:
        row[0] = int(row[0])  # As a spreadsheet keeps a code: a floating number.
    return write_sheet(folder / "a.xlsx", [["2024年台账"], list(frame.columns), *rows])


def as_json(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr("台账.jsonl", ledger().to_json(orient="records", lines=True))
    return folder / "a.zip"


def as_parquet(folder: Path) -> Path:
    frame = ledger()
    clock = pd.to_datetime(frame["occurred_at"]).dt.tz_localize("Asia/Shanghai")
    frame.assign(occurred_at=clock).astype({"incident_id": "int64"}).to_parquet(folder / "a")
    return folder / "a"


def china() -> Profile:
    return load_profile("china").with_crs("EPSG:4326")


@pytest.fixture
def loaded(drawn: Engine, tmp_path: Path) -> Engine:
    """A database with the incidents, from a CSV file."""
    ledger().to_csv(tmp_path / "a.csv", index=False, encoding="utf-8-sig")
    report = load_incident_file(drawn, tmp_path / "a.csv", china(), quiet)
    assert counts(report) == {"read": ROWS, "loaded": ROWS}
    return drawn


@pytest.mark.parametrize("write", [as_gb18030, as_workbook, as_json, as_parquet])
def test_other_formats_change_nothing(
    loaded: Engine, tmp_path: Path, write: Callable[[Path], Path]
) -> None:
    report = load_incident_file(loaded, write(tmp_path), china(), quiet)
    assert counts(report) == {"read": ROWS, "unchanged": ROWS}


def test_a_table_of_another_database_changes_nothing(
    loaded: Engine, admin_engine: Engine, database: DatabaseSettings
) -> None:
    with admin_engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA source"))
        ledger().to_sql("ledger", connection, schema="source", index=False)
        connection.execute(text("CREATE VIEW source.all_of_it AS SELECT * FROM source.ledger"))
    address = database.url("admin").set(drivername="postgresql")
    url = address.render_as_string(hide_password=False)
    url += ("&" if "?" in url else "?") + "table=source.all_of_it"
    report = load_incident_file(loaded, url, china(), quiet)
    assert counts(report) == {"read": ROWS, "unchanged": ROWS}
    with admin_engine.connect() as connection:
        names = connection.execute(text("SELECT file_name FROM gridboard.batch ORDER BY 1")).all()
    assert any("table=source.all_of_it" in str(name) for (name,) in names)
    password = address.password
    assert not password or not any(password in str(name) for (name,) in names)


def test_an_undeclared_crs_blocks_the_load(drawn: Engine, tmp_path: Path) -> None:
    ledger().to_csv(tmp_path / "a.csv", index=False)
    with pytest.raises(InputError, match=r"in which CRS lon and lat are: write crs = .*--crs"):
        load_incident_file(drawn, tmp_path / "a.csv", "china", quiet)
