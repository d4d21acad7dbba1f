"""The web application: Dash pages, data routes and the gate before all of them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from dash import Dash
from flask import Flask
from flask_compress import Compress
from sqlalchemy import Engine

from dashboard.cluster.state import state_paths
from dashboard.desk.files import Folders
from dashboard.live.hub import Hub
from dashboard.makers import Makers
from dashboard.metrics import door as metrics_door
from dashboard.metrics import measuring
from dashboard.metrics.counted import Metrics
from dashboard.metrics.measuring import Measuring
from dashboard.metrics.pools import watch_pool
from dashboard.oidc.settings import OidcSettings
from dashboard.pages import registry
from dashboard.people.sessions import Sessions
from dashboard.people.standing import standing
from dashboard.province import province_viewer
from dashboard.publishing import doors as publishing
from dashboard.server import (
    areas,
    brief,
    callbacks,
    campaigns,
    change,
    crossing,
    desk_jobs,
    doors,
    downloads,
    entry,
    errors,
    exports,
    frames,
    headers,
    health,
    heat,
    jsonbody,
    live,
    oidc,
    rates,
    roster,
    signals,
    tiles,
    transport,
    uploads,
    values,
)
from dashboard.server.gate import Gate
from dashboard.server.pseudonyms import Pseudonyms
from dashboard.server.requestlog import RequestLog
from dashboard.server.shortcut import TileShortcut
from dashboard.server.surroundings import Surroundings
from dashboard.server.tilecache import TileCache
from dashboard.server.tiles import TileMaker
from dashboard.server.turnstile import Turnstile
from dashboard.settings import DashboardSettings
from dashboard.source import Source
from dashboard.state import MapState
from dashboard.store import Store
from geo.database import engine_for, gate_engine
from geo.errors import DatabaseUnavailableError, NotFoundError
from geo.hierarchy import CELL
from geo.settings import DatabaseSettings, read_settings

MEGABYTE = 1_000_000
MAX_BODY_BYTES = 1_000_000
_PROJECT = Path(__file__).resolve().parent.parent
_ASSETS_ENDPOINT = "_dash_assets.static"
_COMPRESSED = [
    "text/html",
    "text/css",
    "text/plain",
    "text/javascript",
    "application/javascript",
    "application/json",
    "application/octet-stream",
    "image/svg+xml",
    "image/x-icon",
]
_log = logging.getLogger(__name__)


def create_app(
    settings: DashboardSettings, engine: Engine | None = None, *, read_ahead: bool = False
) -> Dash:
    """Build the application.

    Args:
        settings: how to serve.
        engine: connections of the application's login role; by default the ones that
            the environment's database settings describe.
        read_ahead: whether to read what the first requests of whoever sees everything
            need, and close the connections again; processes forked from this one share it. By
            default nothing connects to the database yet.
    """
    engine = engine or engine_for(read_settings(DatabaseSettings))
    server = _flask()
    app = _dash(server, settings)
    gate = Gate(Sessions(engine), settings)
    folders = work_folders(settings)
    make = Makers(engine, Store(settings.block_cache_mb * MEGABYTE), folders)
    if read_ahead:
        _read_ahead(engine, make.store)
    metrics = Metrics()
    measuring.note_routes(server)
    metrics_door.register(server, metrics, engine, settings.metrics_token)
    for pool, name in ((engine, "app"), (gate_engine(engine), "gate")):
        watch_pool(pool, name, metrics)
    errors.register(server)
    jsonbody.register(server)
    doors.register(server, gate)
    crossing.register(server, settings.public_url)
    rates.register(server, rates.Rates(settings.figures_per_min, settings.work_per_min))
    callbacks.register(app)
    publishing.register(server)
    for routes in (areas, change, frames, heat, signals, values):
        routes.register(server, make.source)
    oidc.register(server, engine, settings, read_settings(OidcSettings))
    transport.register(server, settings.public_url)
    health.register(server, Surroundings(engine, folders.state, settings.load_worker))
    live.register(server, Hub(engine, standing, settings.live_streams, metrics.streams.set))
    cache = tile_cache(settings, lambda origin: metrics.tiles.labels(origin).inc())
    tiles.register(server, TileMaker(engine, cache))
    for work in (uploads, desk_jobs, downloads):
        work.register(server, make.desk)
    exports.register(server, make.exports)
    brief.register(server, make.briefs)
    campaigns.register(server, make.source, make.campaigns)
    entry.register(server, engine, settings)
    roster.register(server, make.people, make.changes, settings.public_url or "")
    registry.register(app, registry.Rooms(make.source, make.desk, make.people))
    _know_scripts(app)
    headers.register(server, app.csp_hashes())
    short = TileShortcut(server.wsgi_app, gate, cache)
    logged = RequestLog(Turnstile(short, settings.threads), Pseudonyms(folders.state))
    measured = Measuring(logged, metrics)
    believed = transport.trust_proxies(measured, settings.trusted_proxies)
    server.wsgi_app = believed  # type: ignore[assignment, method-assign]
    return app


def _read_ahead(engine: Engine, store: Store) -> None:
    try:
        source = Source(engine, province_viewer(engine), store)
        filters = source.filters(MapState())
        source.tally(source.home).by_feature(CELL, filters)
        source.heat(source.home, filters)
    except (DatabaseUnavailableError, NotFoundError) as error:
        _log.warning("nothing read ahead: %s", error)
    finally:
        # A connection must not be shared by the processes forked from this one.
        engine.dispose()


def work_folders(settings: DashboardSettings) -> Folders:
    """Name the folders of the data page's files in this checkout's private state."""
    state = state_paths(_PROJECT, base=settings.state_dir).folder
    limit = settings.upload_limit_mb * MEGABYTE
    return Folders(state=state, inbox=settings.inbox, upload_limit_bytes=limit)


def tile_cache(settings: DashboardSettings, told: Callable[[str], object] = str) -> TileCache:
    """Open the cache of finished tiles in this checkout's private state."""
    folder = state_paths(_PROJECT, base=settings.state_dir).folder
    return TileCache(folder / "tiles", settings.tile_cache_mb * MEGABYTE, told)


def _dash(server: Flask, settings: DashboardSettings) -> Dash:
    return Dash(
        __name__,
        # Dash takes a Flask here, though its annotation does not say so.
        server=server,  # type: ignore[arg-type]
        assets_folder=str(settings.assets_dir),
        # Modules of their own, imported by our scripts; Dash must not put them in the page.
        assets_path_ignore=["^vendor$", "^gridmap$", "^entry$"],
        title="gridboard",
        update_title="",
        suppress_callback_exceptions=True,
        enable_mcp=False,
        add_log_handler=False,
    )


def _flask() -> Flask:
    server = Flask("dashboard", static_folder=None)
    server.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    # Without the second name, assets would be sent again in full at every reload.
    server.config["COMPRESS_STREAMING_ENDPOINT_CONDITIONAL"] = ["static", _ASSETS_ENDPOINT]
    # As by default, and the bytes of indices, counts and densities.
    server.config["COMPRESS_MIMETYPES"] = _COMPRESSED
    Compress(server)
    return server


def _know_scripts(app: Dash) -> None:
    """Have the page's scripts served by a process that has not drawn a page itself.

    Dash learns which of its files may be served while it draws its index; another worker,
    asked for one of them first, would answer 500.
    """
    with app.server.test_request_context("/"):
        app.index()  # type: ignore[no-untyped-call]
