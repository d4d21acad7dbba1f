"""What accounts cost: a county leader's click, its tiles, and a log-in.

``auth.overhead`` is the 95th percentile of a click of a county leader, logged in and under
row-level security, over that of the same click in an application that knows one viewer of
everything and asks for no session: what there was before accounts. Both meet the same machine by
turns, after each has seen every place once.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from secrets import token_urlsafe
from tempfile import TemporaryDirectory

import numpy as np
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from dashboard import app as application
from dashboard.people.account import By, Scope
from dashboard.people.accounts import add_account, disable
from dashboard.people.entering import redeem
from dashboard.people.invitations import invite
from dashboard.people.limits import SessionLimits
from dashboard.people.sessions import Session
from dashboard.server.gate import Gate
from dashboard.server.origin import Origin
from dashboard.server.tilecache import TileCache, TileKey
from dashboard.server.tiles import TileMaker
from dashboard.settings import DashboardSettings
from dashboard.source import Source
from dashboard.state import MapState
from dashboard.store import Store
from geo.database import administering, engine_for, transaction
from geo.revisions import current
from geo.settings import DatabaseSettings, read_settings
from geo.viewer import Viewer
from tests.benchmarks.drill import clicker
from tests.benchmarks.target import (
    SEED,
    demo_engine,
    demo_session,
    demo_settings,
    demo_viewer,
    mixed_states,
)
from tests.benchmarks.tiles import CELL_SLOT, tile_of
from tests.dashboard.visitors import client_of

CLICKS = 300
LOG_INS = 20
COUNTY = "620102"
LEADER = "demo-county-leader"
ZOOM = 10
_SQL = Path(__file__).parent / "sql"


def measure() -> dict[str, float]:
    """Return auth.* figures."""
    engine = demo_engine()
    settings = demo_settings()
    overhead = clicks(engine, settings)
    return {
        **overhead,
        **{f"auth.tile_{name}_ms": figure for name, figure in tiles(engine).items()},
        "auth.login_ms": log_in_ms(engine, settings),
    }


class OpenGate(Gate):
    """Everybody is the viewer of the whole, and nobody is asked."""

    def session(self, environ: object) -> Session:
        """Return the one session there is."""
        now = np.datetime64("now").astype(object)
        scope = Scope(0, demo_viewer().scope_code)
        return Session(0, 0, "", "", "operator", scope, (scope,), "demo", now, now)


def clicks(engine: Engine, settings: DashboardSettings) -> dict[str, float]:
    """Compare clicks with and without accounts; milliseconds, and their ratio."""
    states = own_states(engine)
    ours = clicker(client(engine, settings, demo_session(LEADER)))
    theirs = clicker(client(engine, settings, None))
    for state in states:
        ours(state), theirs(state)
    pairs = [(_ms(partial(ours, state)), _ms(partial(theirs, state))) for state in again(states)]
    with_accounts, without = np.percentile(np.array(pairs), 95, axis=0)
    return {
        "auth.drill_p95_ms": float(with_accounts),
        "auth.drill_without_p95_ms": float(without),
        "auth.overhead": float(with_accounts / without),
    }


def own_states(engine: Engine) -> list[MapState]:
    """Places in the county, with the filters of ``drill``."""
    chance = random.Random(SEED)  # noqa: S311 - not for secrets
    everything = Source(engine, demo_viewer(), Store(10**9))
    codes = [COUNTY]
    for layer in ("township", "village"):
        codes += [*everything.children(COUNTY, everything.filters(MapState()), layer)["code"]]
    states = mixed_states(everything, CLICKS)
    return [replace(state, area=chance.choice(codes)) for state in states]


def client(engine: Engine, settings: DashboardSettings, token: str | None) -> FlaskClient:
    """A client of an application of its own; without a token, of one that asks nobody."""
    gate = application.Gate
    try:
        application.Gate = gate if token else OpenGate  # type: ignore[misc]
        server = application.create_app(settings, engine).server
    finally:
        application.Gate = gate  # type: ignore[misc]
    return client_of(server, token, secure=False)


def again(states: list[MapState]) -> list[MapState]:
    """The same places with other filters' periods untouched: what a second visit asks."""
    return [*states[1:], states[0]]


def tiles(engine: Engine) -> dict[str, float]:
    """Median milliseconds to cut a z10 tile of cells that nobody asked for before.

    The same tiles for both: those of some counties, cut for their leaders, and for the province.
    """
    with transaction(engine, demo_viewer()) as connection:
        revision = current(connection).area
        counties = connection.scalars(text((_SQL / "some_counties.sql").read_text())).all()
    times: dict[str, list[float]] = {"county": [], "province": []}
    for code in counties:
        leader = Viewer("leader", 2, code)
        for at in _tiles_of(engine, leader):
            for name, viewer in (("county", leader), ("province", demo_viewer())):
                times[name].append(_cut_ms(engine, viewer, revision, at))
    return {name: float(np.median(found)) for name, found in times.items()}


def _tiles_of(engine: Engine, viewer: Viewer) -> list[tuple[int, int]]:
    with transaction(engine, viewer) as connection:
        places = connection.execute(text((_SQL / "cell_places.sql").read_text())).all()
    return sorted({tile_of(*place, ZOOM) for place in places})


def _cut_ms(engine: Engine, viewer: Viewer, revision: int, at: tuple[int, int]) -> float:
    key = TileKey(viewer.scope_key, revision, CELL_SLOT, ZOOM, *at)
    with TemporaryDirectory() as folder:
        maker = TileMaker(engine, TileCache(Path(folder), 0))
        return _ms(partial(maker.tile, viewer, key))


def log_in_ms(engine: Engine, settings: DashboardSettings) -> float:
    """Median milliseconds of a log-in by password, through the page's own form."""
    login, password = f"bench-{token_urlsafe(6).lower()}", token_urlsafe(16)
    by, admin = By("benchmarks"), engine_for(read_settings(DatabaseSettings), "admin")
    with administering(admin) as connection:
        account = add_account(connection, login, login, "leader", (Scope(2, COUNTY),), by)
        link = invite(connection, account, by)
    origin = Origin("127.0.0.1", None, None)
    redeem(engine, link, password, origin, SessionLimits())
    visitor = client_of(application.create_app(settings, engine).server, secure=False)
    form = {"login": login, "password": password}

    def enter() -> None:
        assert visitor.post("/log-in", data=form).status_code == 303

    try:
        return float(np.median([_ms(enter) for _ in range(LOG_INS)]))
    finally:
        with administering(admin) as connection:
            disable(connection, account, by)
        admin.dispose()


def _ms(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000
