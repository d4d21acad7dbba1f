"""Keep adding incidents to the demo, as if they were received just now."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy import Connection, Engine

from etl.demo.live import LiveFeed
from etl.demo_loading import SOURCE
from etl.hierarchies import read_hierarchy
from etl.incidents import load_incidents
from etl.places import Places, read_places
from etl.statements import read_frame
from geo.crs import STORED_CRS
from geo.database import loading
from geo.hierarchy import Hierarchy

TICK_S = 2.0
"""Seconds between two loads."""


def run_live(
    engine: Engine,
    *,
    per_minute: float,
    minutes: float | None = None,
    tell: Callable[[str], None] = lambda line: None,
) -> int:
    """Load incidents every ``TICK_S`` seconds until interrupted.

    Args:
        engine: of the loader.
        per_minute: how many on average.
        minutes: when to stop; never if not given.
        tell: told of every load.

    Returns:
        How many were added.

    Raises:
        GridboardError: no demo is loaded, or the database is away.
    """
    with loading(engine) as connection:
        hierarchy = read_hierarchy(connection)
        places = read_places(connection)
        feed = LiveFeed.of_areas(_read_areas(connection), per_minute)
    added, since = 0, datetime.now(UTC)
    end = since + timedelta(minutes=minutes) if minutes else None
    try:
        while end is None or since < end:
            time.sleep(TICK_S)
            until = datetime.now(UTC)
            added += _load(engine, feed.between(since, until), hierarchy, places, tell)
            since = until
    except KeyboardInterrupt:
        return added
    return added


def _load(
    engine: Engine,
    incidents: pd.DataFrame,
    hierarchy: Hierarchy,
    places: Places,
    tell: Callable[[str], None],
) -> int:
    """Load what came in since the last time."""
    if not len(incidents):
        return 0
    start = time.perf_counter()
    with loading(engine) as connection:
        done = load_incidents(connection, [incidents], hierarchy, source=SOURCE, places=places)
    tell(f"{done.rows_loaded} incidents in {time.perf_counter() - start:.2f} s")
    return done.rows_loaded


def _read_areas(connection: Connection) -> gpd.GeoDataFrame:
    """The current areas as the demo's generator takes them."""
    frame = read_frame(connection, "read_current_areas")
    shapes = shapely.from_wkb([bytes(value) for value in frame.pop("geom")])
    counts = {"population": "Int64", "households": "Int64"}
    return gpd.GeoDataFrame(frame.astype(counts), geometry=shapes, crs=STORED_CRS)
