"""Further incidents as they come in, at a chosen rate."""

from datetime import datetime
from typing import Self
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pandas as pd

from etl.demo.incidents import draw_kinds
from etl.demo.outcomes import draw_delay, draw_outcomes
from etl.demo.planted import Draws, choose_patterns
from etl.demo.records import TIME_ZONE, to_frame
from etl.demo.scene import Scene, locate, set_scene
from geo.errors import InputError


class LiveFeed:
    """Draws incidents received between two moments, like those of `demo_incidents`.

    Cells, categories, channels and places are as common as they are in the demo of the
    same areas and seed; hot spots that still last are in it too. Every incident is open.
    """

    def __init__(self, scene: Scene, per_minute: float, seed: int) -> None:
        if per_minute <= 0:
            raise InputError(f"The rate must be above 0 incidents a minute, not {per_minute}.")
        self._scene = scene
        self._per_minute = per_minute
        self._seed = seed
        self._edges = np.cumsum(_lasting_weights(scene, seed))

    @classmethod
    def of_areas(cls, areas: gpd.GeoDataFrame, per_minute: float, seed: int = 1) -> Self:
        """Prepare a feed for areas of all levels, as `demo_incidents` takes them."""
        return cls(set_scene(areas, seed), per_minute, seed)

    def between(self, since: datetime, until: datetime) -> pd.DataFrame:
        """Draw what is received in [since, until); the same moments give the same rows.

        Args:
            since: tz-aware.
            until: tz-aware, after ``since``.

        Returns:
            Columns of `demo_incidents`, in order of receipt; maybe no rows. Ids are
            unique as long as the intervals asked for do not overlap.
        """
        start = _local_second(since)
        seconds = (until - since).total_seconds()
        rng = np.random.default_rng([self._seed, 12, int(since.timestamp() * 1000)])
        count = int(rng.poisson(self._per_minute * seconds / 60))
        cell = np.searchsorted(self._edges, rng.random(count) * self._edges[-1], side="right")
        category, channel = draw_kinds(self._scene, cell, rng)
        received = start + np.sort((rng.random(count) * seconds).astype(np.int64))
        occurred = received - draw_delay(channel, rng)
        # Seen from the start of the interval nothing in it has ended yet: all are open.
        story = draw_outcomes(received, channel, start, rng)
        drawn = Draws(cell, category, channel, np.zeros_like(cell))
        points = locate(self._scene, cell, rng)
        frame = to_frame(self._scene, drawn, occurred, received, story, points)
        stamp = int(since.timestamp() * 1000)
        frame.insert(0, "incident_id", [f"LIVE-{stamp}-{n:04d}" for n in range(count)])
        return frame


def _lasting_weights(scene: Scene, seed: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    weights = scene.cells["weight"].to_numpy(copy=True)
    # Any length of history will do: lasting patterns are those that end with it.
    days = 1000
    for pattern in choose_patterns(scene, days, np.random.default_rng([seed, 11])):
        if pattern.end_day == days:
            weights[pattern.cells] *= pattern.factor
    return weights


def _local_second(moment: datetime) -> int:
    local = moment.astimezone(ZoneInfo(TIME_ZONE)).replace(tzinfo=ZoneInfo("UTC"))
    return int(local.timestamp())
