"""What a longer history costs: the same clicks over a million incidents and over ten million.

The ten million are the demo's million once in each of ten spans of three years, so that years are
added and a year holds as many incidents as before. The clicks look at the last span, as people do;
a sixth of them asks for all there is, which then is ten times as much. It takes ten minutes and
30 GB of disk.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from dashboard.app import MEGABYTE, create_app
from dashboard.source import Source
from dashboard.state import MapState
from dashboard.store import Store
from geo.database import engine_for
from tests.benchmarks.drill import clicker, seconds
from tests.benchmarks.etl import load_apart
from tests.benchmarks.etl_data import Server, copied_areas, write_rows
from tests.benchmarks.target import ROOT, demo_settings, demo_viewer, mixed_states
from tests.dashboard.visitors import Visitors, client_of

SPANS = 10
SPAN_DAYS = 156 * 7
CLICKS = 300


def measure() -> dict[str, float]:
    """Return pages.growth, and the times it is the ratio of."""
    with (
        copied_areas("area_shape") as server,
        TemporaryDirectory(prefix="gridboard-bench-") as name,
        server.clone("grown") as url,
    ):
        load(server, url, Path(name), range(1))
        states = look_around(url)
        before = drill_ms(url, states)
        load(server, url, Path(name), range(1, SPANS))
        after = drill_ms(url, states)
    return {
        "pages.growth": after / before,
        "pages.drill_p95_ms_at_1m": before,
        "pages.drill_p95_ms_at_10m": after,
    }


def load(server: Server, url: str, folder: Path, spans: range) -> None:
    """Load the demo's incidents once a span, back in time."""
    for span in spans:
        file = folder / "span.csv"
        write_rows(server, file, span, shift_days=SPAN_DAYS * span)
        load_apart(url, file)


def look_around(url: str) -> list[MapState]:
    """The clicks, from what is there before the history grows."""
    engine = engine_for(Server.settings(url))
    store = Store(demo_settings().block_cache_mb * MEGABYTE)
    states = mixed_states(Source(engine, demo_viewer(), store), CLICKS)
    engine.dispose()
    return states


def drill_ms(url: str, states: list[MapState]) -> float:
    """The 95th percentile of a click, in a server that has just started."""
    settings = Server.settings(url)
    engine = engine_for(settings)
    app = create_app(demo_settings(), engine)
    token = Visitors(settings, engine).token(f"province:{ROOT}")
    click = clicker(client_of(app.server, token, secure=False))
    times = [seconds(partial(click, state)) for state in states]
    engine.dispose()
    return float(np.percentile(times, 95)) * 1000
