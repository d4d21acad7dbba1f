"""What is measured: the demo's million incidents, in this checkout's own database."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.error import URLError

from sqlalchemy import Engine, text

from dashboard.commands.database import provide_database
from dashboard.commands.demo import DEMO, provide_demo_accounts
from dashboard.people.accounts import read_account
from dashboard.people.cookies import cookie_name
from dashboard.people.limits import SessionLimits
from dashboard.people.sessions import open_session
from dashboard.period import PRESETS, Days, Period
from dashboard.settings import DashboardSettings
from dashboard.source import Source
from dashboard.state import MapState
from geo.database import engine_for, guarding, transaction
from geo.settings import DatabaseSettings, read_settings
from geo.viewer import Viewer

GRIDBOARD = Path(sys.executable).with_name("gridboard")
DEMO_INCIDENTS = 1_000_000
SEED = 20261121
ROOT = "620000"
LOGIN = "demo-operator"
UNLIMITED = str(10**9)


class NotLoadedError(Exception):
    """The database does not hold what is to be measured."""


def demo_viewer() -> Viewer:
    """The viewer of the whole province."""
    return Viewer("operator", 0, ROOT)


def demo_settings() -> DashboardSettings:
    """How the demo is served."""
    settings = read_settings(DashboardSettings)
    update = {"demo": True, "cookie_secure": False, "figures_per_min": int(UNLIMITED)}
    return settings.model_copy(update=update)


def demo_cookie(login: str = LOGIN) -> str:
    """The header of a session of one of the demo's ready accounts, as a browser would send it."""
    return f"{cookie_name(secure=False)}={demo_session(login)}"


def demo_session(login: str = LOGIN) -> str:
    """Open a session of one of the demo's ready accounts; its cookie's token."""
    provide_demo_accounts()
    engine = engine_for(read_settings(DatabaseSettings))
    with guarding(engine) as connection:
        account = read_account(connection, login)
        scope, limits = account.scopes[0], SessionLimits()
        token = open_session(connection, account, scope, "demo", None, "benchmarks", limits)
    engine.dispose()
    return token


def demo_engine() -> Engine:
    """Connections of the application's role to the demo, which must be loaded in full."""
    provide_database()
    engine = engine_for(read_settings(DatabaseSettings))
    with transaction(engine, demo_viewer()) as connection:
        count = connection.execute(text("SELECT count(*) FROM incident")).scalar_one()
    if count < DEMO_INCIDENTS:
        raise NotLoadedError(
            f"the demo database holds {count:,} incidents, not {DEMO_INCIDENTS:,}: run make demo"
        )
    return engine


def mixed_states(source: Source, count: int) -> list[MapState]:
    """Places people drill to, each with filters of its own: the same ones at every run.

    A third without filters, the others by categories, channels, statuses or several; the
    periods are the presets and ranges of one to four hundred days anywhere in the data.
    """
    chance = random.Random(SEED)  # noqa: S311 - not for secrets
    by_level = [_codes(source, layer) for layer in ("city", "county", "township", "village")]
    covered = source.coverage()
    assert covered is not None, "the demo holds no incidents"
    terms = {kind: [term.code for term in source.terms(kind)] for kind in ("category", "channel")}
    states = []
    for _ in range(count):
        codes = chance.choices([[source.home], *by_level], (2, 4, 5, 3, 1))[0]
        state = MapState(area=chance.choice(codes), period=_period(chance, covered))
        if chance.random() < 0.67:
            state = replace(state, categories=_some(chance, terms["category"], 4))
        if chance.random() < 0.33:
            state = replace(state, channels=_some(chance, terms["channel"], 2))
        if chance.random() < 0.25:
            state = replace(state, statuses=("open",))
        states.append(replace(state, metric=chance.choice(("count", "density", "rate"))))
    return states


def _codes(source: Source, layer: str) -> list[str]:
    filters = source.filters(MapState())
    return list(source.children(source.home, filters, layer)["code"])


def _period(chance: random.Random, covered: Days) -> Period:
    if chance.random() < 0.5:
        return Period(preset=chance.choice(sorted(PRESETS)))
    length = chance.randint(1, 400)
    start = covered.since + timedelta(days=chance.randrange(len(covered) - length))
    return Period.over(Days(start, start + timedelta(days=length)))


def _some(chance: random.Random, codes: list[str], most: int) -> tuple[str, ...]:
    return tuple(sorted(chance.sample(codes, chance.randint(1, most))))


@contextmanager
def served(**environment: str) -> Iterator[str]:
    """Run ``gridboard serve`` on a free port; yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {"GRIDBOARD_PORT": str(port), "GRIDBOARD_FIGURES_PER_MIN": UNLIMITED}
    variables = os.environ | DEMO | own | environment
    command = [str(GRIDBOARD), "serve"]
    with running(command, variables, "serve", f"http://127.0.0.1:{port}/readyz"):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def running(command: list[str], variables: dict[str, str], name: str, ready: str) -> Iterator[None]:
    """Run a server until the end of the block; what it prints goes to build/bench-NAME.log."""
    path = Path(f"build/bench-{name}.log")
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as log:
        server = subprocess.Popen(command, env=variables, stdout=log, stderr=log)
        try:
            wait_for(ready, server, str(path))
            yield
        finally:
            server.terminate()
            server.wait(timeout=30)


def wait_for(url: str, server: subprocess.Popen[bytes], log: str, limit_s: float = 60) -> None:
    """Wait until a server answers; ``log`` is where it says why it does not."""
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        if server.poll() is not None:
            raise NotLoadedError(f"the server ended: see {log}")
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except (URLError, OSError):
            time.sleep(0.1)
    raise NotLoadedError(f"{url} did not answer within {limit_s:.0f} s")
