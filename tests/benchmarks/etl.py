"""A million incidents from a CSV file to the map: ours, a bare COPY, GeoPandas and SQL.

All read the same file into databases of one server, whose areas are the demo's 90,000 cells.
BENCH_SMALL=1 leaves the ten million rows out.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from etl.loading import load_incident_file
from etl.places import read_places
from geo.database import engine_for, loading
from tests.benchmarks import etl_peers
from tests.benchmarks.etl_data import (
    PROFILE,
    Server,
    copied_areas,
    count_rows,
    write_rows,
)

MILLION = 1_000_000
PARTS = 10
APPENDED = 100_000
CHUNK = 250_000


@dataclass(frozen=True)
class Run:
    """One load in a process of its own.

    Attributes:
        seconds: from opening the file to the commit.
        peak_mb: the most memory the loading process held; PostgreSQL's is not in it.
        phases: seconds by phase, some of them at once.
        loaded: new rows.
    """

    seconds: float
    peak_mb: float
    phases: dict[str, float]
    loaded: int


def measure() -> dict[str, float]:
    """Return etl.* figures; times are of one run each, all in a row on one server."""
    small = bool(os.environ.get("BENCH_SMALL"))
    with copied_areas() as server, TemporaryDirectory(prefix="gridboard-bench-") as name:
        folder = Path(name)
        parts = [write_rows(server, folder / "part-0.csv", 0)]
        figures = compare(server, parts[0])
        if not small:
            parts += [write_rows(server, folder / f"part-{k}.csv", k) for k in range(1, PARTS)]
            figures |= grow(server, folder, parts, figures["etl.load_s"])
    return figures


def compare(server: Server, file: Path) -> dict[str, float]:
    """Ours and everybody else's, over a million rows."""
    copied = etl_peers.copy_file(server.engine, file)
    with server.clone("ours") as url:
        ours = load_apart(url, file)
        assert ours.loaded == MILLION
        again = load_apart(url, file)
        assert again.loaded == 0
        appended = append(server, url, file.parent, part=90)
        per_s = points_per_s(url)
    copied = min(copied, etl_peers.copy_file(server.engine, file))
    by_points, by_cells = etl_peers.assign_in_sql(server.engine, file, MILLION)
    by_sql = min(by_points, by_cells, key=lambda peer: peer.assigned_s)
    by_pandas = etl_peers.assign_in_geopandas(server.engine, file, MILLION)
    return {
        "etl.load_s": ours.seconds,
        "etl.rows_per_s": MILLION / ours.seconds,
        "etl.peak_mb_1m": ours.peak_mb,
        "etl.copy_s": copied,
        "etl.vs_copy": ours.seconds / copied,
        "etl.sql_by_points_s": by_points.assigned_s,
        "etl.sql_by_cells_s": by_cells.assigned_s,
        "etl.vs_sql": by_sql.assigned_s / ours.seconds,
        "etl.vs_sql_finished": by_sql.finished_s / ours.seconds,
        "etl.geopandas_s": by_pandas.assigned_s,
        "etl.vs_geopandas": by_pandas.assigned_s / ours.seconds,
        "etl.vs_geopandas_finished": by_pandas.finished_s / ours.seconds,
        "etl.assign_per_s": per_s,
        "etl.reload_s_per_1m": again.seconds,
        "etl.append_s_per_100k_at_1m": appended.seconds,
    } | {f"etl.phase_{name}_s": seconds for name, seconds in ours.phases.items()}


def grow(server: Server, folder: Path, parts: list[Path], million_s: float) -> dict[str, float]:
    """Ten million rows in one file, and a month more on top of them."""
    whole = folder / "whole.csv"
    with whole.open("wb") as sink:
        for number, part in enumerate(parts):
            with part.open("rb") as source:
                if number:
                    source.readline()
                while piece := source.read(1 << 24):
                    sink.write(piece)
    with server.clone("grown") as url:
        grown = load_apart(url, whole)
        assert grown.loaded == PARTS * MILLION
        appended = append(server, url, folder, part=91)
    return {
        "etl.load_10m_s": grown.seconds,
        "etl.peak_mb_10m": grown.peak_mb,
        "etl.growth": grown.seconds / million_s,
        "etl.append_s_per_100k": appended.seconds,
    }


def append(server: Server, url: str, folder: Path, part: int) -> Run:
    """Load the next hundred thousand rows of a source that is known."""
    file = write_rows(server, folder / f"append-{part}.csv", part, APPENDED)
    run = load_apart(url, file)
    assert run.loaded == APPENDED == count_rows(file)
    return run


def load_apart(url: str, file: Path) -> Run:
    """Load a file in a fresh process, so that its memory can be told."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as apart:
        return apart.submit(_load, url, file).result()


def _load(url: str, file: Path) -> Run:
    """In a process of its own: load, and say what it took."""
    with _connected(url) as engine:
        start = time.perf_counter()
        done = load_incident_file(engine, file, PROFILE, lambda step, done, total: None)
        seconds = time.perf_counter() - start
    return Run(seconds, _peak_mb(), done.seconds, done.rows_loaded)


def _peak_mb() -> float:
    """The most memory this program has held; getrusage would add what its parent held before."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def points_per_s(url: str) -> float:
    """How many points a second find their cell in one thread, the index included."""
    with _connected(url) as engine, loading(engine) as connection:
        places = read_places(connection)
        lon, lat = etl_peers.read_points(connection)
    start = time.perf_counter()
    for at in range(0, len(lon), CHUNK):
        places.locate(lon[at : at + CHUNK], lat[at : at + CHUNK])
    return len(lon) / (time.perf_counter() - start)


@contextmanager
def _connected(url: str) -> Iterator[Engine]:
    engine = engine_for(Server.settings(url), "loader")
    yield engine
    engine.dispose()
