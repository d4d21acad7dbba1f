"""A million synthetic disputes over three years, and the truth about what was planted."""

from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from etl.demo.outcomes import DAY, draw_outcomes, draw_received, pick_by_row
from etl.demo.planted import Draws, choose_patterns, plant, truth_of
from etl.demo.records import TIME_ZONE, to_frame
from etl.demo.rhythm import day_weights, draw_seconds
from etl.demo.scene import Scene, locate, set_scene

YEARS = 3
SPARE = 1.03
EPOCH = pd.Timestamp(0)


def demo_incidents(
    areas: gpd.GeoDataFrame, count: int = 1_000_000, until: date | None = None, seed: int = 1
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Make synthetic disputes; the same arguments give the same frame.

    They follow the people of each cell, differ between town and country, and have a
    rhythm of days, weeks and seasons. What had not been received by ``until`` is not
    there, so the last days look incomplete, as they do in life.

    Args:
        areas: of all levels, as made by `demo_areas`.
        count: how many.
        until: the first local day without incidents; today if not given.
        seed: of everything drawn.

    Returns:
        Incidents in order of receipt: incident_id, occurred_at, received_at, category,
        channel, status, scale (codes, categorical), deadline, resolved_at (missing
        unless resolved), method (missing unless resolved), organisation (kinds, in
        Chinese), people, lon, lat (EPSG:4326, strictly inside the cell), cell_code.
        Times are in Asia/Shanghai, from three years before ``until`` on.

        The truth, ready for JSON: seed, first and until (local dates), and patterns:
        kind, from, until, factor, and either the spot (lon, lat, radius_m, codes of its
        cells, townships, counties) or the campaign's city, category and channel.
    """
    until = until or pd.Timestamp.now(TIME_ZONE).date()
    first = (pd.Timestamp(until) - pd.DateOffset(years=YEARS)).date()
    days = pd.date_range(first, until, inclusive="left")
    scene = set_scene(areas, seed)
    rng = np.random.default_rng([seed, 11])
    patterns = choose_patterns(scene, len(days), rng)
    drawn = plant(draw(scene, days, int(count * SPARE) + 200, rng), patterns, rng)
    frame = describe(scene, drawn, days, count, rng)
    frame.insert(0, "incident_id", [f"DEMO-{number:07d}" for number in range(1, count + 1)])
    truth = {"seed": seed, "first": first.isoformat(), "until": until.isoformat()}
    return frame, truth | truth_of(patterns, scene, first)


def draw(scene: Scene, days: pd.DatetimeIndex, count: int, rng: np.random.Generator) -> Draws:
    """Draw cell, category, channel and day of ordinary incidents."""
    weights = scene.cells["weight"].to_numpy()
    edges = np.cumsum(weights)
    cell = np.searchsorted(edges, rng.random(count) * edges[-1], side="right")
    cell = cell.clip(max=len(weights) - 1)
    category, channel = draw_kinds(scene, cell, rng)
    return Draws(cell, category, channel, _draw_days(category, channel, days, rng))


def draw_kinds(
    scene: Scene, cell: NDArray[np.int64], rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draw category and channel of an incident in each of n cells."""
    taste = scene.taste[cell]
    category = pick_by_row(scene.tastes["category"], taste, rng)
    return category, pick_by_row(scene.tastes["channel"], taste, rng)


def describe(
    scene: Scene, drawn: Draws, days: pd.DatetimeIndex, count: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Tell ``count`` of the incidents received by the end of the days, in order of receipt."""
    first, end = (days[0] - EPOCH).days, ((days[-1] - EPOCH).days + 1) * int(DAY)
    occurred = (first + drawn.day) * DAY + draw_seconds(drawn.category, rng)
    received = draw_received(occurred, drawn.channel, rng)
    known = np.flatnonzero(received < end)
    kept = np.sort(rng.choice(known, count, replace=False))
    kept = kept[np.argsort(received[kept], kind="stable")]
    drawn, occurred, received = drawn.take(kept), occurred[kept], received[kept]
    story = draw_outcomes(received, drawn.channel, end, rng)
    return to_frame(scene, drawn, occurred, received, story, locate(scene, drawn.cell, rng))


def _draw_days(
    category: NDArray[np.int64],
    channel: NDArray[np.int64],
    days: pd.DatetimeIndex,
    rng: np.random.Generator,
) -> NDArray[np.int64]:
    weights = day_weights(days)
    edges = np.cumsum(weights.reshape(-1, len(days)), axis=1)
    edges /= edges[:, -1:]
    row = category * weights.shape[1] + channel
    # One search for all rows: row r's shares lie between r and r + 1.
    place = np.searchsorted(
        (edges + np.arange(len(edges))[:, None]).ravel(), row + rng.random(len(row)), side="right"
    )
    return np.asarray((place - row * len(days)).clip(0, len(days) - 1))
