"""The web application: Dash pages, data routes and the gate before all of them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from dash import Dash
from flask import Flask
from flask_compress import Compress
from sqlalchemy import Engine

from dashboard.server import callbacks, doors, errors, headers
from dashboard.server.gate import Gate, current_viewer
from dashboard.server.requestlog import RequestLog
from dashboard.settings import DashboardSettings
from dashboard.source import Source
from dashboard.store import Store
from geo.database import engine_for
from geo.settings import DatabaseSettings, read_settings

MAX_BODY_BYTES = 1_000_000
_ASSETS_ENDPOINT = "_dash_assets.static"


def create_app(settings: DashboardSettings, engine: Engine | None = None) -> Dash:
    """Build the application; nothing connects to the database yet.

    Args:
        settings: how to serve.
        engine: connections of the application's login role; by default the ones that
            the environment's database settings describe.
    """
    engine = engine or engine_for(read_settings(DatabaseSettings))
    server = _flask()
    app = Dash(
        __name__,
        server=server,
        assets_folder=str(settings.assets_dir),
        # Modules of their own, imported by our scripts; Dash must not put them in the page.
        assets_path_ignore=["^vendor$", "^gridmap$"],
        title="gridboard",
        update_title=None,
        suppress_callback_exceptions=True,
        enable_mcp=False,
        add_log_handler=False,
    )
    errors.register(server)
    doors.register(server, Gate(settings.demo_viewer))
    callbacks.register(app)
    store = Store(settings.block_cache_mb * 1_000_000)
    _register_page(app, lambda: Source(engine, current_viewer(), store))
    headers.register(server, app.csp_hashes())
    server.wsgi_app = RequestLog(server.wsgi_app)  # type: ignore[method-assign]
    return app


def _flask() -> Flask:
    server = Flask("dashboard", static_folder=None)
    server.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    # Without the second name, assets would be sent again in full at every reload.
    server.config["COMPRESS_STREAMING_ENDPOINT_CONDITIONAL"] = ["static", _ASSETS_ENDPOINT]
    Compress(server)
    return server


def _register_page(app: Dash, sources: Callable[[], Source]) -> None:
    page = import_module("dashboard.pages.map")
    app.layout = page.layout
    page.register(app, sources)
