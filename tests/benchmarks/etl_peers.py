"""The same work by others: a bare COPY, COPY with SQL, GeoPandas; each in its best form."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy import Connection, Engine, text

from geo.driver import driver_cursor, run_statement

SQL = Path(__file__).parent / "sql"
FORMS = ("etl_assign_by_points", "etl_assign_by_cells")


@dataclass(frozen=True)
class Assigned:
    """What a peer took.

    Attributes:
        assigned_s: until every row is in a table with its cell.
        finished_s: and until that has the indexes and counts that our load leaves.
    """

    assigned_s: float
    finished_s: float


def copy_file(engine: Engine, file: Path) -> float:
    """Seconds to COPY a file into a plain table that is new, so that no log is written."""
    start = time.perf_counter()
    with engine.begin() as connection:
        _copy(connection, file)
    return time.perf_counter() - start


def assign_in_sql(engine: Engine, file: Path, rows: int) -> list[Assigned]:
    """COPY, then assign by ST_Covers: by points that look for cells, and by cells for points."""
    found = []
    for form in FORMS:
        start = time.perf_counter()
        with engine.begin() as connection:
            run_statement(connection, "DROP TABLE IF EXISTS bench_assigned")
            _copy(connection, file)
            run_statement(connection, (SQL / f"{form}.sql").read_text())
        taken = time.perf_counter() - start
        _check(engine, rows)
        found.append(Assigned(taken, taken + _finish(engine)))
    return found


def assign_in_geopandas(engine: Engine, file: Path, rows: int) -> Assigned:
    """read_csv by pyarrow, sjoin, the lowest code of several, to_postgis (which COPYs)."""
    start = time.perf_counter()
    moments = ["occurred_at", "received_at", "deadline", "resolved_at"]
    frame = pd.read_csv(file, engine="pyarrow", dtype={"scale": "str"}, parse_dates=moments)
    points = gpd.GeoDataFrame(
        frame, geometry=gpd.points_from_xy(frame["lon"], frame["lat"]), crs="EPSG:4326"
    )
    cells = gpd.read_postgis("SELECT * FROM bench_cell ORDER BY code", engine, crs="EPSG:4326")
    cells = cells.rename(columns={"code": "cell_code"})
    joined = points.sjoin(cells, how="left", predicate="intersects").drop(columns="index_right")
    joined = joined[~joined.index.duplicated()]
    zone = joined["occurred_at"].dt.tz_convert("Asia/Shanghai")
    joined["occurred_on"] = zone.dt.tz_localize(None).dt.normalize()
    joined.rename_geometry("geom").to_postgis(
        "bench_assigned", engine, schema="gridboard", if_exists="replace", chunksize=250_000
    )
    taken = time.perf_counter() - start
    _check(engine, rows)
    return Assigned(taken, taken + _finish(engine))


def read_points(connection: Connection) -> tuple[np.ndarray, np.ndarray]:
    """Longitudes and latitudes of all incidents."""
    query = text("SELECT ST_X(geom), ST_Y(geom) FROM incident")
    found = np.array([tuple(row) for row in connection.execute(query)])
    return found[:, 0].copy(), found[:, 1].copy()


def _copy(connection: Connection, file: Path) -> None:
    """The file's rows into a table without anything."""
    run_statement(connection, (SQL / "etl_plain.sql").read_text())
    statement = "COPY bench_plain FROM STDIN WITH (FORMAT csv, HEADER)"
    with driver_cursor(connection) as cursor, file.open("rb") as source:
        cursor.copy_expert(statement, source, size=1 << 20)


def _check(engine: Engine, rows: int) -> None:
    """Whether every row came through with a cell."""
    query = text("SELECT count(*), count(cell_code) FROM bench_assigned")
    with engine.begin() as connection:
        assert tuple(connection.execute(query).one()) == (rows, rows)


def _finish(engine: Engine) -> float:
    """Seconds for the indexes and counts that our load leaves."""
    start = time.perf_counter()
    with engine.begin() as connection:
        run_statement(connection, "DROP TABLE IF EXISTS bench_by_cell, bench_by_county")
        run_statement(connection, (SQL / "etl_finish.sql").read_text())
    return time.perf_counter() - start
