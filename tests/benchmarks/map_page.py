"""The whole province's cells in a real browser: ours, and plotly's choroplethmap of the same."""

from __future__ import annotations

import http.server
import json
import shutil
import statistics
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import plotly
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright
from sqlalchemy import Engine, text

from geo.database import transaction
from tests.benchmarks.target import demo_engine, demo_viewer, served

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
_HERE = Path(__file__).parent


def measure() -> dict[str, float]:
    """Return map.* figures and pages.drill_bytes; medians of cold browsers, by turns.

    plotly draws one geometry at every zoom: to show what our map shows it needs the cells as
    loaded. A second figure gives it the cells simplified for this one view, as our tiles are.
    """
    engine = demo_engine()
    loaded = _plotly_page(engine, Path("build/bench-plotly"), AS_LOADED)
    simple = _plotly_page(engine, Path("build/bench-plotly-simple"), SIMPLIFIED)
    with ExitStack() as stack:
        ours = stack.enter_context(served())
        peers = [stack.enter_context(_files(folder)) for folder in (loaded, simple)]
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=_chromium(), args=_FLAGS)
        _cells_s(browser, ours)  # fills the server's tile cache, as the demo's set-up does
        runs = [
            (*_cells_s(browser, ours), *(_plotly_s(browser, peer) for peer in peers))
            for _ in range(RUNS)
        ]
        drill_bytes = _drill_bytes(browser, ours)
        browser.close()
    painted_s, idle_s, loaded_s, simple_s = map(statistics.median, zip(*runs, strict=True))
    return {
        "map.province_cells_s": painted_s,
        "map.province_cells_idle_s": idle_s,
        "map.plotly_cells_s": loaded_s,
        "map.plotly_simplified_s": simple_s,
        # Both until maplibre-gl, which plotly draws with too, has nothing left to draw.
        "map.vs_plotly": statistics.median(run[2] / run[1] for run in runs),
        "map.vs_plotly_simplified": statistics.median(run[3] / run[1] for run in runs),
        "pages.drill_bytes": drill_bytes,
    }


def _cells_s(browser: Browser, address: str) -> tuple[float, float]:
    """Seconds until every cell is painted and until the map is idle, with an empty cache.

    Counted from asking for the page.
    """
    with _cold(browser) as page:
        page.goto(address + PROVINCE_CELLS, wait_until="commit")
        page.wait_for_selector(PAINTED, timeout=LIMIT_MS)
        idle_ms = page.evaluate("performance.now()")
        painted_ms = page.evaluate("performance.getEntriesByName('gridboard:painted')[0].startTime")
        return painted_ms / 1000, idle_ms / 1000


def _plotly_s(browser: Browser, address: str) -> float:
    with _cold(browser) as page:
        page.goto(f"{address}/index.html", wait_until="commit")
        page.wait_for_function("window.painted > 0", timeout=LIMIT_MS)
        return float(page.evaluate("window.painted")) / 1000


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
    yield context.new_page()
    context.close()


def _plotly_page(engine: Engine, folder: Path, band: int) -> Path:
    """Write a page with plotly's own map of the cells, from shapes of a band of ours."""
    folder.mkdir(parents=True, exist_ok=True)
    query = (_HERE / "sql" / "cells_geojson.sql").read_text()
    with transaction(engine, demo_viewer()) as connection:
        rows = connection.execute(text(query), {"band": band}).all()
    features = [
        {"type": "Feature", "id": row.area_id, "properties": {}, "geometry": json.loads(row.shape)}
        for row in rows
    ]
    collection = {"type": "FeatureCollection", "features": features}
    (folder / "cells.geojson").write_text(json.dumps(collection, separators=(",", ":")))
    (folder / "values.json").write_text(json.dumps([row.incidents for row in rows]))
    package = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    shutil.copy(package, folder / "plotly.min.js")
    shutil.copy(_HERE / "plotly_cells.html", folder / "index.html")
    return folder


@contextmanager
def _files(folder: Path) -> Iterator[str]:
    handler = partial(_Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


def _chromium() -> str:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    assert found, "no chromium: bin/setup bench installs it"
    return found
