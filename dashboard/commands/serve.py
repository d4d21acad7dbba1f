"""gridboard serve and stop."""

from flask import Flask

from dashboard.cluster.state import make_public
from dashboard.commands.database import check_database, private_cluster, provide_database, state
from dashboard.commands.tiles import warm_tiles
from dashboard.preloading import read_statements
from dashboard.serving import require_free_port, run_server, stop_noted, url_host
from dashboard.settings import DashboardSettings
from etl.console import progress, say
from geo.settings import read_settings


def serve() -> None:
    """Serve the map on GRIDBOARD_HOST and GRIDBOARD_PORT until Ctrl-C."""
    settings = read_settings(DashboardSettings)
    folder = state().folder
    require_free_port(settings, folder)
    provide_database()
    check_database()
    make_public(folder)
    warm_tiles(settings)
    run_server(lambda: load_app(settings), settings, folder, lambda: say(greeting(settings)))


def load_app(settings: DashboardSettings) -> Flask:
    """Build the web application; its libraries take a moment to load."""
    with progress("Loading the application"):
        from dashboard.app import create_app
        from dashboard.server.requestlog import log_json

        log_json(settings.log_level)
        read_statements()
        server: Flask = create_app(settings, read_ahead=True).server
        return server


def greeting(settings: DashboardSettings) -> str:
    """What to open, and how to end it."""
    return f"gridboard serves {own_address(settings)}/ (Ctrl-C ends it)"


def own_address(settings: DashboardSettings) -> str:
    """Where this machine itself finds the site."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    return f"http://{url_host(host)}:{settings.port}"


def stop() -> None:
    """Stop server, workers and the private PostgreSQL of this checkout; data are kept."""
    folder = state().folder
    said = [
        f"{count} {name}{'s' * (count > 1)}"
        for name, count in (
            ("server", stop_noted(folder, "serve")),
            ("worker", stop_noted(folder, "work")),
        )
        if count
    ]
    said += ["PostgreSQL"] * private_cluster().stop()
    say(f"Stopped {listed(said)}" if said else "Nothing was running")


def listed(parts: list[str]) -> str:
    """Parts of a sentence, such as ``a, b and c``."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
