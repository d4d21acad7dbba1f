"""gridboard tiles: make tiles before anybody asks for them."""

from functools import partial
from typing import Annotated

import typer

from dashboard.settings import DashboardSettings
from etl.console import progress, say
from geo.database import engine_for
from geo.errors import NotFoundError
from geo.settings import DatabaseSettings, read_settings

WARM_UP_TO_ZOOM = 7

app = typer.Typer(help="The map's tiles.", no_args_is_help=True)


@app.callback()
def tiles() -> None:
    """Make tiles before anybody asks for them."""


@app.command()
def warm(
    zoom: Annotated[int, typer.Option(help="Highest zoom to make.", min=4, max=10)] = (
        WARM_UP_TO_ZOOM
    ),
) -> None:
    """Make the tiles of the low zooms for those who see everything."""
    say(f"{warm_tiles(read_settings(DashboardSettings), zoom)} tiles are ready")


def warm_tiles(settings: DashboardSettings, zoom: int = WARM_UP_TO_ZOOM) -> int:
    """Make the tiles of the low zooms for viewers of the area that contains all others.

    Returns:
        How many there are; none while no boundaries are loaded.
    """
    # The application's libraries take a moment to load; other commands need not wait for them.
    from dashboard.app import MEGABYTE, tile_cache
    from dashboard.province import province_viewer
    from dashboard.server.tiles import TileMaker
    from dashboard.server.warm import warm as make
    from dashboard.source import Source
    from dashboard.store import Store

    engine = engine_for(read_settings(DatabaseSettings))
    try:
        store = Store(settings.block_cache_mb * MEGABYTE)
        source = Source(engine, province_viewer(engine), store)
        with progress("Drawing the map's tiles") as report:
            done = partial(report, "Drawing the map's tiles")
            return make(source, TileMaker(engine, tile_cache(settings)), zoom, done)
    except NotFoundError:
        return 0
    finally:
        engine.dispose()
