"""Vector tiles of ninety thousand cells: ours from the cache, ours drawn, and tipg's."""

from __future__ import annotations

import math
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

from sqlalchemy import text

from dashboard.commands.database import state
from geo.database import transaction
from geo.revisions import current
from geo.settings import DatabaseSettings, read_settings
from tests.benchmarks.load import fetch_all
from tests.benchmarks.target import demo_engine, demo_viewer, running, served

CELL_SLOT = 5
CLIENTS = 2
_SQL = Path(__file__).parent / "sql"


def measure() -> dict[str, float]:
    """Return tiles.* figures; every request is one z8-z10 tile that holds cells."""
    engine = demo_engine()
    with transaction(engine, demo_viewer()) as connection:
        places = connection.execute(text((_SQL / "cell_places.sql").read_text())).all()
        revision = current(connection).area
    shutil.rmtree(state().folder / "tiles", ignore_errors=True)
    with served() as address:
        base = f"{address}/tiles/{demo_viewer().scope_key}/{revision}/{CELL_SLOT}"
        z10 = [f"{base}/10/{x}/{y}.mvt" for x, y in sorted({tile_of(*p, 10) for p in places})]
        uncached = fetch_all(z10)
        cached = fetch_all(z10, CLIENTS, repeats=max(1, 6000 // len(z10)))
    with tipg() as address:
        theirs = fetch_all([_peer(address, url) for url in z10], CLIENTS)
    assert uncached.failures == cached.failures == theirs.failures == 0
    return {
        "tiles.cached_per_s": cached.per_s,
        "tiles.uncached_z10_p95_ms": uncached.percentile_ms(95),
        "tiles.uncached_z10_p50_ms": uncached.percentile_ms(50),
        "tiles.tipg_per_s": theirs.per_s,
        "tiles.tipg_z10_p95_ms": theirs.percentile_ms(95),
        "tiles.vs_tipg": cached.per_s / theirs.per_s,
        "tiles.uncached_vs_tipg": uncached.per_s * CLIENTS / theirs.per_s,
    }


def tile_of(longitude: float, latitude: float, zoom: int) -> tuple[int, int]:
    """The tile a place lies in, in the usual web scheme."""
    scale = 2**zoom
    phi = math.radians(latitude)
    x = int((longitude + 180) / 360 * scale)
    y = int((1 - math.asinh(math.tan(phi)) / math.pi) / 2 * scale)
    return x, y


def _peer(address: str, ours: str) -> str:
    """The same shapes of the same table in the same tile, with nothing but their ids."""
    place = ours.split(f"/{CELL_SLOT}/", 1)[1].removesuffix(".mvt")
    query = urlencode({"filter": "layer = 5 AND band = 2", "properties": "area_id"})
    return f"{address}/collections/gridboard.area_shape/tiles/WebMercatorQuad/{place}?{query}"


@contextmanager
def tipg() -> Iterator[str]:
    """Run tipg on the same database; yields its address. It reads as the administrator."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = read_settings(DatabaseSettings).url("admin")
    folder = quote(str(url.query.get("host", url.host)), safe="")
    where = f"{folder}:{url.port or url.query.get('port', 5432)}"
    variables = os.environ | {
        "DATABASE_URL": f"postgresql://{url.username}@{where}/{url.database}",
        "TIPG_DB_SCHEMAS": '["gridboard"]',
        "TIPG_MAX_FEATURES_PER_TILE": "100000",
    }
    serve = ["uvicorn", "tipg.main:app", f"--port={port}", "--no-access-log"]
    ready = f"http://127.0.0.1:{port}/healthz"
    with running([sys.executable, "-m", *serve], variables, "tipg", ready):
        yield f"http://127.0.0.1:{port}"
