"""Vector tiles of ninety thousand cells: ours from the cache, ours drawn, and tipg's."""

from __future__ import annotations

import math
import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

from sqlalchemy import text

from dashboard.commands.database import state
from geo.database import transaction
from geo.revisions import current
from geo.settings import DatabaseSettings, read_settings
from tests.benchmarks.load import fetch_all
from tests.benchmarks.target import demo_cookie, demo_engine, demo_viewer, running, served

Address = Callable[[str], str]
CELL_SLOT = 5
CLIENTS = 2
_SQL = Path(__file__).parent / "sql"


def measure() -> dict[str, float]:
    """Return tiles.* figures; every request is one z10 tile that holds cells.

    Both servers have one process (tipg's default; with two it was slower here) and two
    clients, except where one client asks for one tile after the other to see how long a
    tile takes.
    """
    engine = demo_engine()
    with transaction(engine, demo_viewer()) as connection:
        places = connection.execute(text((_SQL / "cell_places.sql").read_text())).all()
        revision = current(connection).area
    cookie = demo_cookie()
    paths = [f"10/{x}/{y}" for x, y in sorted({tile_of(*place, 10) for place in places})]
    with ours(revision) as url:
        alone = fetch_all([url(path) for path in paths], cookie=cookie)
    with ours(revision) as url:
        tiles = [url(path) for path in paths]
        drawn = fetch_all(tiles, CLIENTS, cookie=cookie)
        repeats = max(1, 6000 // len(tiles))
        cached = fetch_all(tiles, CLIENTS, repeats, cookie)
    with tipg() as url:
        tiles = [url(path) for path in paths]
        theirs_alone = fetch_all(tiles)
        theirs = fetch_all(tiles, CLIENTS)
    assert not sum(part.failures for part in (alone, drawn, cached, theirs_alone, theirs))
    return {
        "tiles.cached_per_s": cached.per_s,
        "tiles.uncached_per_s": drawn.per_s,
        "tiles.uncached_z10_p50_ms": alone.percentile_ms(50),
        "tiles.uncached_z10_p95_ms": alone.percentile_ms(95),
        "tiles.tipg_per_s": theirs.per_s,
        "tiles.tipg_z10_p95_ms": theirs_alone.percentile_ms(95),
        "tiles.vs_tipg": cached.per_s / theirs.per_s,
        "tiles.uncached_vs_tipg": drawn.per_s / theirs.per_s,
    }


@contextmanager
def ours(revision: int) -> Iterator[Address]:
    """Serve tiles from an empty cache; yields what makes a tile's address of ``z/x/y``."""
    shutil.rmtree(state().folder / "tiles", ignore_errors=True)
    with served(GRIDBOARD_WORKERS="1") as address:
        base = f"{address}/tiles/{demo_viewer().scope_key}/{revision}/{CELL_SLOT}"
        yield lambda path: f"{base}/{path}.mvt"


def tile_of(longitude: float, latitude: float, zoom: int) -> tuple[int, int]:
    """The tile a place lies in, in the usual web scheme."""
    scale = 2**zoom
    phi = math.radians(latitude)
    x = int((longitude + 180) / 360 * scale)
    y = int((1 - math.asinh(math.tan(phi)) / math.pi) / 2 * scale)
    return x, y


@contextmanager
def tipg() -> Iterator[Address]:
    """The same for tipg: the same shapes of the same table, with nothing but their ids.

    It reads as the administrator, without row-level security.
    """
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
        query = urlencode({"filter": "layer = 5 AND band = 2", "properties": "area_id"})
        base = f"http://127.0.0.1:{port}/collections/gridboard.area_shape/tiles/WebMercatorQuad"
        yield lambda path: f"{base}/{path}?{query}"
