"""What a longer history costs: the same clicks over a million incidents and over ten million.

The ten million are the demo's million once in each of ten spans of three years, so that years are
added and a year holds as many incidents as before. The clicks look at the last span, as people do,
but for those that ask for all there is: one in twelve, for whom it is ten times as much. It takes
ten minutes or more, and some 10 GB of disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from sqlalchemy import Engine

from dashboard.app import MEGABYTE, create_app
from dashboard.filters import Filters
from dashboard.source import Source
from dashboard.state import MapState
from dashboard.store import Store
from geo.database import engine_for
from geo.settings import DatabaseSettings
from tests.benchmarks.drill import clicker, seconds
from tests.benchmarks.etl import load_apart
from tests.benchmarks.etl_data import Server, copied_areas, write_rows
from tests.benchmarks.target import ROOT, demo_settings, demo_viewer, mixed_states
from tests.dashboard.visitors import Visitors, client_of

SPANS = 10
SPAN_DAYS = 156 * 7
CLICKS = 300


def measure() -> dict[str, float]:
    """Return pages.growth, the times it is the ratio of, and what a first look at all costs."""
    with (
        copied_areas("area_shape") as server,
        TemporaryDirectory(prefix="gridboard-bench-") as name,
        server.clone("once") as before,
        server.clone("grown") as after,
    ):
        load(server, before, Path(name), 1)
        load(server, after, Path(name), SPANS)
        clicks = compare(Server.settings(before), Server.settings(after))
        return clicks | first_look(Server.settings(after))


def compare(before: DatabaseSettings, after: DatabaseSettings) -> dict[str, float]:
    """The same clicks on two servers that have just started, by turns."""
    with engine_of(before) as small, engine_of(after) as large:
        store = Store(demo_settings().block_cache_mb * MEGABYTE)
        states = mixed_states(Source(small, demo_viewer(), store), CLICKS)
        clicks = [clicks_of(small, before), clicks_of(large, after)]
        times = [[seconds(partial(click, state)) for click in clicks] for state in states]
    p50, p95 = (np.percentile(times, share, axis=0) * 1000 for share in (50, 95))
    return {
        "pages.growth": float(p95[1] / p95[0]),
        "pages.growth_p50": float(p50[1] / p50[0]),
        "pages.growth_1m_p95_ms": float(p95[0]),
        "pages.growth_10m_p95_ms": float(p95[1]),
    }


def first_look(settings: DatabaseSettings) -> dict[str, float]:
    """All there is of the province by village, nothing in memory; and what all layers hold then."""
    with engine_of(settings) as engine:
        store = Store(demo_settings().block_cache_mb * MEGABYTE)
        source = Source(engine, demo_viewer(), store)
        every = source.coverage()
        assert every is not None
        filters = Filters(every)

        def look(layer: str) -> None:
            source.summary(ROOT, filters)
            source.trend(ROOT, filters)
            source.children(ROOT, filters, layer)

        took_s = seconds(partial(look, "village"))
        for layer in ("county", "township", "cell"):
            look(layer)
        return {
            "pages.growth_first_look_s": took_s,
            "pages.growth_held_mb": store.held_bytes / MEGABYTE,
        }


@contextmanager
def engine_of(settings: DatabaseSettings) -> Iterator[Engine]:
    """Connections of the application to a database."""
    engine = engine_for(settings)
    yield engine
    engine.dispose()


def clicks_of(engine: Engine, settings: DatabaseSettings) -> Callable[[MapState], None]:
    """Start a server, and click in it as a leader of the province."""
    app = create_app(demo_settings(), engine)
    token = Visitors(settings, engine).token(f"province:{ROOT}")
    return clicker(client_of(app.server, token, secure=False))


def load(server: Server, url: str, folder: Path, spans: int) -> None:
    """Load the demo's incidents once a span, back in time."""
    for span in range(spans):
        file = folder / "span.csv"
        write_rows(server, file, span, shift_days=SPAN_DAYS * span)
        load_apart(url, file)
