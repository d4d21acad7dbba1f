"""The whole province's cells in a real browser: ours, and plotly's choroplethmap of the same."""

from __future__ import annotations

import json
import shutil
import statistics
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path

from dash import Dash, dcc
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright
from sqlalchemy import Engine, text
from werkzeug.serving import WSGIRequestHandler, make_server

from geo.database import transaction
from tests.benchmarks.target import demo_cookie, demo_engine, demo_viewer, served

RUNS = 3
SIMPLIFIED, AS_LOADED = 0, 2
LIMIT_MS = 120_000
PROVINCE_CELLS = "/map/620000?layer=cell"
PAINTED = "[data-map-state='ready'][data-map-idle='true']"
_SIZE = {"width": 1920, "height": 1080}
_FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Another metric of the same incidents: every cell gets another colour.
_CHANGE_OURS = """async () => {
  const seen = () => performance.getEntriesByName("gridboard:painted");
  const before = seen().length, started = performance.now();
  document.querySelector("a[href*='metric=density']").click();
  while (seen().length === before) await new Promise(requestAnimationFrame);
  return seen().at(-1).startTime - started;
}"""
_CHANGE_PLOTLY = """async () => {
  const chart = document.querySelector(".js-plotly-plot");
  const map = chart._fullLayout.map._subplot.map;
  const values = chart.data[0].z.map((value) => value / 2);
  const started = performance.now();
  await window.Plotly.restyle(chart, { z: [values] });
  if (!map.loaded()) await new Promise((done) => map.once("idle", done));
  return performance.now() - started;
}"""
_SQL = Path(__file__).parent / "sql"
_PLOTLY_IDLE = """() => {
  const chart = document.querySelector(".js-plotly-plot");
  const map = chart?._fullLayout?.map?._subplot?.map;
  const fill = map?.getLayersOrder?.().find((id) => id.endsWith("-fill"));
  const drawn = fill && map.isSourceLoaded(map.getLayer(fill).source) && map.loaded();
  if (drawn && !window.watched) {
    window.watched = true;
    map.once("idle", () => { window.painted = performance.now(); });
    map.triggerRepaint();
  }
  return window.painted > 0;
}"""


def measure() -> dict[str, float]:
    """Return map.* figures and pages.drill_bytes; medians of cold browsers, by turns.

    Both are Dash pages. plotly draws one geometry at every zoom: to show what our map shows it
    needs the cells as loaded. A second figure gives it cells simplified for this view,
    as our tiles are.
    """
    engine = demo_engine()
    with ExitStack() as stack:
        ours = stack.enter_context(served())
        bands = (AS_LOADED, SIMPLIFIED)
        peers = [stack.enter_context(_plotly_app(engine, band)) for band in bands]
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=_chromium(), args=_FLAGS)
        _cells_s(browser, ours)  # fills the server's tile cache, as the demo's set-up does
        runs = [
            (*_cells_s(browser, ours), *chain(*(_plotly_s(browser, peer) for peer in peers)))
            for _ in range(RUNS)
        ]
        drill_bytes = _drill_bytes(browser, ours)
        browser.close()
    painted_s, idle_s, change_s, loaded_s, peer_change_s, simple_s, _ = map(
        statistics.median, zip(*runs, strict=True)
    )
    return {
        "map.province_cells_s": painted_s,
        "map.province_cells_idle_s": idle_s,
        "map.plotly_cells_s": loaded_s,
        "map.plotly_simplified_s": simple_s,
        # Both until maplibre-gl, which plotly draws with too, has nothing left to draw.
        "map.vs_plotly": statistics.median(run[3] / run[1] for run in runs),
        "map.vs_plotly_simplified": statistics.median(run[5] / run[1] for run in runs),
        "map.change_s": change_s,
        "map.plotly_change_s": peer_change_s,
        "map.change_vs_plotly": statistics.median(run[4] / run[2] for run in runs),
        "pages.drill_bytes": drill_bytes,
    }


def _cells_s(browser: Browser, address: str) -> tuple[float, float, float]:
    """Seconds until every cell is painted, until the map is idle, and for another metric.

    The first two are counted from asking for the page, with an empty cache.
    """
    with _cold(browser) as page:
        page.goto(address + PROVINCE_CELLS, wait_until="commit")
        page.wait_for_selector(PAINTED, timeout=LIMIT_MS)
        idle_ms = page.evaluate("performance.now()")
        painted_ms = page.evaluate("performance.getEntriesByName('gridboard:painted')[0].startTime")
        page.wait_for_timeout(2000)
        change_ms = page.evaluate(_CHANGE_OURS)
        return painted_ms / 1000, idle_ms / 1000, change_ms / 1000


def _plotly_s(browser: Browser, address: str) -> tuple[float, float]:
    """Seconds until plotly's map is idle, and until it is again with other values."""
    with _cold(browser) as page:
        page.goto(address, wait_until="commit")
        page.wait_for_function(_PLOTLY_IDLE, timeout=LIMIT_MS)
        painted_ms = page.evaluate("window.painted")
        page.wait_for_timeout(2000)
        return painted_ms / 1000, page.evaluate(_CHANGE_PLOTLY) / 1000


def _drill_bytes(browser: Browser, address: str) -> int:
    """Bytes on the wire for a drill into a city whose shapes the browser has seen."""
    with _cold(browser) as page:
        _visit(page, f"{address}/map/620000")
        # Twice: what is said on the way back brings faces of its own.
        for _ in range(2):
            _drill(page, "/map/620100")
            page.go_back()
            page.wait_for_url("**/map/620000*")
            _settle(page)
            page.wait_for_timeout(1000)
        wire = Wire(page.context.new_cdp_session(page))
        _drill(page, "/map/620100")
        page.wait_for_timeout(1000)
        return wire.received


class Wire:
    """Counts the bytes that answers took on the wire, headers included."""

    def __init__(self, session: CDPSession) -> None:
        self.received = 0
        session.on("Network.loadingFinished", self._add)
        session.send("Network.enable")

    def _add(self, event: dict[str, float]) -> None:
        self.received += int(event["encodedDataLength"])


def _visit(page: Page, url: str) -> None:
    page.goto(url)
    _settle(page)


def _drill(page: Page, path: str) -> None:
    page.locator(f"#ranking a[href*='{path}']").first.click()
    page.wait_for_url(f"**{path}*")
    _settle(page)


def _settle(page: Page) -> None:
    page.wait_for_selector(PAINTED, timeout=LIMIT_MS)


@contextmanager
def _cold(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=_SIZE)
    name, _, token = demo_cookie().partition("=")
    context.add_cookies([{"name": name, "value": token, "domain": "127.0.0.1", "path": "/"}])
    yield context.new_page()
    context.close()


class _Quiet(WSGIRequestHandler):
    """Answers without a line for each request."""

    def log(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def _plotly_app(engine: Engine, band: int) -> Iterator[str]:
    """Serve a Dash page with plotly's own map of the cells, as its documentation builds one."""
    query = (_SQL / "cells_geojson.sql").read_text()
    with transaction(engine, demo_viewer()) as connection:
        rows = connection.execute(text(query), {"band": band}).all()
    features = [
        {"type": "Feature", "id": row.area_id, "properties": {}, "geometry": json.loads(row.shape)}
        for row in rows
    ]
    trace = {
        "type": "choroplethmap",
        "geojson": {"type": "FeatureCollection", "features": features},
        "locations": [row.area_id for row in rows],
        "z": [row.incidents for row in rows],
        "marker": {"line": {"width": 0}},
    }
    view = {"style": "white-bg", "center": {"lon": 100.5, "lat": 37.8}, "zoom": 4.8}
    layout = {"map": view, "margin": {"l": 0, "r": 0, "t": 0, "b": 0}}
    app = Dash("plotly_cells", include_assets_files=False)
    size = {"width": "1500px", "height": "1000px"}
    app.layout = dcc.Graph(figure={"data": [trace], "layout": layout}, style=size)
    server = make_server("127.0.0.1", 0, app.server, threaded=True, request_handler=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def _chromium() -> str:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    assert found, "no chromium: bin/setup bench installs it"
    return found
