"""A real server on a real PostGIS, and Chromium looking at it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright
from sqlalchemy import Engine

from dashboard.people.cookies import cookie_name
from dashboard.settings import DashboardSettings
from geo.settings import DatabaseSettings
from tests.areas import PROVINCE
from tests.browser.lateness import late
from tests.dashboard.conftest import cases
from tests.dashboard.visitors import Visitors
from tests.dashboard.world import Cases, drawn_province
from tests.databases import opened
from tests.ports import free_port

__all__ = ["cases"]

OPERATOR = f"operator@province:{PROVINCE}"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
READY = '[data-map-state="ready"][data-map-idle="true"]'
WAIT_MS = 60_000
START_S = 60
_WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@dataclass
class Visitor:
    """A page of a browser, and all that went wrong in it or out of it.

    Attributes:
        page: Playwright's page.
        site: address of the server.
        requests: addresses asked for since the last ``forget``.
        open: requests without a whole answer yet; a stream never has one.
        errors: uncaught errors and errors on the console.
    """

    page: Page
    site: str
    requests: list[str] = field(default_factory=list)
    open: set[Request] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)

    @classmethod
    def watching(cls, page: Page, site: str) -> Visitor:
        """Note from now on what the page asks for and what goes wrong in it."""
        visitor = cls(page, site)
        page.on("request", lambda sent: visitor.requests.append(sent.url))
        page.on("request", lambda sent: visitor.open.add(sent))
        page.on("requestfinished", lambda ended: visitor.open.discard(ended))
        page.on("requestfailed", lambda ended: visitor.open.discard(ended))
        page.on("pageerror", lambda error: visitor.errors.append(str(error)))
        page.on(
            "console",
            lambda message: message.type == "error" and visitor.errors.append(message.text),
        )
        return visitor

    def outside(self) -> list[str]:
        """Return the addresses asked for that are not the site's, nor made within the page."""
        own = (self.site, "blob:", "data:")
        return [url for url in self.requests if not url.startswith(own)]

    def go(self, address: str) -> Page:
        """Open an address of the site and wait for the picture."""
        self.page.goto(self.site + address)
        return self.ready()

    def ready(self) -> Page:
        """Wait until the frame is filled, the map is drawn and the panel has its figures."""
        self.page.wait_for_selector("#breadcrumb [aria-current]", timeout=WAIT_MS)
        self.page.wait_for_selector(READY, timeout=WAIT_MS)
        self.page.wait_for_selector("#kpi .kpi-total", timeout=WAIT_MS)
        return self.page

    def settle(self) -> None:
        """Wait until every answer is there and nothing more has been asked for a while."""
        end, asked = time.monotonic() + WAIT_MS / 1000, -1
        while asked != len(self.requests) or self._awaited():
            assert time.monotonic() < end, self._awaited()
            asked = len(self.requests)
            self.page.wait_for_timeout(500)

    def _awaited(self) -> list[str]:
        return [one.url for one in self.open if not one.url.endswith("/live")]

    def forget(self) -> None:
        """Forget the requests made so far."""
        self.requests.clear()

    def asked(self, part: str) -> list[str]:
        """Return the addresses asked for that hold a text."""
        return [request for request in self.requests if part in request]


Visit = Callable[..., Visitor]


@pytest.fixture(scope="session")
def living_world(server: str, template: str, cases: Cases) -> Iterator[DatabaseSettings]:
    """The drawn province in a database of its own; tests may add incidents to it."""
    with drawn_province(server, template, cases) as settings:
        yield settings


@pytest.fixture(scope="session")
def living_loader(living_world: DatabaseSettings) -> Iterator[Engine]:
    """The loader's connections to it."""
    with opened(living_world, "loader") as engine:
        yield engine


@pytest.fixture(scope="session")
def site(living_world: DatabaseSettings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the application, served as ``gridboard serve`` serves it."""
    folder = tmp_path_factory.mktemp("site")
    with served(living_world, folder, GRIDBOARD_LOAD_WORKER="false") as address:
        yield address


@contextmanager
def served(database: DatabaseSettings, folder: Path, **more: str) -> Iterator[str]:
    """Serve a database with a state in a folder of its own."""
    vendor = DashboardSettings().assets_dir / "vendor" / "maplibre-gl"
    assert vendor.is_dir(), "assets/vendor is missing: npm ci && npm run build"
    port = free_port()
    environment = {
        **os.environ,
        "GRIDBOARD_DATABASE_URL": database.url("admin").render_as_string(hide_password=False),
        "GRIDBOARD_COOKIE_SECURE": "false",
        "GRIDBOARD_PORT": str(port),
        "GRIDBOARD_STATE_DIR": str(folder),
        "GRIDBOARD_WORKERS": "1",
        **more,
    }
    command = [str(Path(sys.executable).with_name("gridboard")), "serve"]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        wait_until_ready(process, f"http://127.0.0.1:{port}", folder / "log")
        with late(port) as wire:
            yield f"http://127.0.0.1:{wire}"
    finally:
        process.terminate()
        process.wait(START_S)


def new_key(database: DatabaseSettings, viewer: str = OPERATOR) -> str:
    """Make an account and a session of a viewer, ``role@slot:code``; its cookie's token."""
    with opened(database, "app") as engine:
        return Visitors(database, engine).token(viewer)


def let_in(context: BrowserContext, site: str, key: str) -> None:
    """Have a browser carry a session; for one site of this machine at a time."""
    cookie = {"name": cookie_name(secure=False), "value": key, "url": site, "httpOnly": True}
    context.add_cookies([{**cookie, "sameSite": "Lax"}])


def wait_until_ready(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Wait until the server answers, or say why it does not."""
    end = time.monotonic() + START_S
    while time.monotonic() < end and process.poll() is None:
        with suppress(URLError, ConnectionError):
            with urlopen(f"{address}/readyz") as answer:
                answer.read()
            return
        time.sleep(0.2)
    raise AssertionError(f"the server did not start: {log.read_text()}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium as the system has it; without it the tests fail."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    assert path, "no Chromium: apt-get install chromium fonts-noto-cjk"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One profile for all pages: what was fetched once is in its cache."""
    shared = browser.new_context()
    shared.add_init_script(_WATCH)
    yield shared
    shared.close()


@pytest.fixture(scope="session")
def key(living_world: DatabaseSettings) -> str:
    """A session of an operator of the province."""
    return new_key(living_world)


@pytest.fixture
def visit(
    context: BrowserContext, site: str, key: str, request: pytest.FixtureRequest
) -> Iterator[Visit]:
    """Open pages as an operator; in the end none may have gone wrong or asked another host.

    A test marked ``errors_expected`` provokes failed requests itself.
    """
    visitors: list[Visitor] = []
    let_in(context, site, key)

    def new(width: int = 1200, height: int = 700, **media: Any) -> Visitor:
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(**media)
        visitors.append(Visitor.watching(page, site))
        return visitors[-1]

    yield new
    for visitor in visitors:
        outside = visitor.outside()
        violations = visitor.page.evaluate("window.violations ?? []")
        visitor.page.close()
        assert outside == []
        assert violations == []
        if not request.node.get_closest_marker("errors_expected"):
            assert visitor.errors == []


@pytest.fixture(scope="session")
def shots() -> Path:
    """Where screenshots of the tests go."""
    folder = Path(__file__).resolve().parents[2] / "build" / "shots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
