"""Known patterns hidden in the incidents, so that statistics can be tested against them."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from etl.demo.dictionary import codes
from etl.demo.plane import Plane, Points, nearest
from etl.demo.scene import Scene

CELLS_PER_SPOT = 30
# kind, began so many days before the end (None: always), ended so many days before, factor
SPOTS = (
    ("emerging", 110, 0, 5.0),
    ("persistent", None, 0, 4.0),
    ("vanishing", None, 300, 5.0),
    ("emerging", 80, 0, 6.0),
    ("persistent", None, 0, 3.0),
    ("vanishing", None, 240, 4.0),
    ("emerging", 60, 0, 5.0),
    ("persistent", None, 0, 3.0),
)
CAMPAIGN_DAYS = (200, 158)
CAMPAIGN_FACTOR = 4.0


@dataclass(frozen=True)
class Draws:
    """n incidents before their details: positions of cell, category, channel and day."""

    cell: NDArray[np.int64]
    category: NDArray[np.int64]
    channel: NDArray[np.int64]
    day: NDArray[np.int64]

    def take(self, rows: NDArray[np.int64]) -> Self:
        """Keep only some rows, in the order given."""
        return replace(
            self,
            cell=self.cell[rows],
            category=self.category[rows],
            channel=self.channel[rows],
            day=self.day[rows],
        )


@dataclass(frozen=True)
class Pattern:
    """In some cells, from one day to another, ``factor`` times as many incidents."""

    kind: str
    cells: NDArray[np.int64]
    first_day: int
    end_day: int
    factor: float
    centre: Points | None = None
    radius_m: int | None = None
    city: str | None = None
    category: int | None = None
    channel: int | None = None

    def matches(self, draws: Draws) -> NDArray[np.int64]:
        """Find the rows of the pattern."""
        wanted = np.zeros(int(draws.cell.max(initial=0)) + 1, dtype=bool)
        wanted[self.cells[self.cells < len(wanted)]] = True
        hit = wanted[draws.cell] & (draws.day >= self.first_day) & (draws.day < self.end_day)
        if self.category is not None:
            hit &= draws.category == self.category
        if self.channel is not None:
            hit &= draws.channel == self.channel
        return np.flatnonzero(hit)


def choose_patterns(scene: Scene, days: int, rng: np.random.Generator) -> list[Pattern]:
    """Choose spots that do not touch, in different counties if there are enough, and a city.

    Args:
        scene: the stage.
        days: length of the whole period.
        rng: source of chance.
    """
    plane = Plane.around(scene.polygons[len(scene.polygons) // 2])
    points = scene.places[scene.first_place[:-1]]
    # Each cell's own latitude matters over a province: shrink longitudes by it.
    flat = plane.to_km(points)
    flat[:, 0] *= np.cos(np.radians(points[:, 1])) / np.cos(np.radians(plane.lat))
    size = max(2, min(CELLS_PER_SPOT, len(points) // 60))
    away, near = nearest(flat, flat, size)
    busy = scene.cells["weight"].to_numpy()[near].sum(axis=1)
    centres = _choose_centres(scene, flat, away[:, -1], busy, rng)
    spots = [
        Pattern(
            kind,
            np.sort(near[centre]),
            0 if since is None else max(days - since, 0),
            max(days - until, 1),
            factor,
            points[centre],
            round(float(away[centre, -1]) * 1000),
        )
        for (kind, since, until, factor), centre in zip(SPOTS, centres, strict=False)
    ]
    return [*spots, _campaign(scene, days, rng)]


def plant(draws: Draws, patterns: list[Pattern], rng: np.random.Generator) -> Draws:
    """Add what each pattern has on top of the ordinary incidents that match it."""
    parts = [draws]
    for pattern in patterns:
        rows = pattern.matches(draws)
        extra = round(len(rows) * (pattern.factor - 1))
        if extra:
            added = draws.take(rng.choice(rows, extra))
            parts.append(replace(added, day=draws.day[rng.choice(rows, extra)]))
    return Draws(*(np.concatenate(column) for column in zip(*map(_columns, parts), strict=True)))


def truth_of(patterns: list[Pattern], scene: Scene, first: date) -> dict[str, Any]:
    """Write the patterns down, ready for JSON; intervals are half-open local dates."""
    return {"patterns": [_described(pattern, scene.cells, first) for pattern in patterns]}


def _columns(draws: Draws) -> tuple[NDArray[np.int64], ...]:
    return draws.cell, draws.category, draws.channel, draws.day


def _choose_centres(
    scene: Scene,
    flat: Points,
    reach_km: NDArray[np.float64],
    busy: NDArray[np.float64],
    rng: np.random.Generator,
) -> list[int]:
    """Take cells at random, rather busy ones, town and country by turns, never touching."""
    is_town = scene.cells["is_town"].to_numpy()
    county = scene.cells["county"].to_numpy()
    several = len(set(county)) >= len(SPOTS)
    possible = np.ones(len(flat), dtype=bool)
    chosen: list[int] = []
    while len(chosen) < len(SPOTS) and possible.any():
        wanted = possible & (is_town if len(chosen) % 2 == 0 else ~is_town)
        pool = np.flatnonzero(wanted if wanted.any() else possible)
        centre = int(rng.choice(pool[busy[pool] >= np.median(busy[pool])]))
        chosen.append(centre)
        apart = np.hypot(*(flat - flat[centre]).T) > 1.1 * (reach_km + reach_km[centre])
        possible &= apart & ((county != county[centre]) | (not several))
    return chosen


def _campaign(scene: Scene, days: int, rng: np.random.Generator) -> Pattern:
    weight = scene.cells.groupby("city")["weight"].sum().sort_values(ascending=False)
    city = str(rng.choice(weight.index[: max(1, len(weight) // 2)].to_numpy()))
    first, end = (max(days - ago, 0) for ago in CAMPAIGN_DAYS)
    return Pattern(
        "campaign",
        np.flatnonzero(scene.cells["city"] == city),
        first,
        max(end, 1),
        CAMPAIGN_FACTOR,
        city=city,
        category=codes("category").index("wages"),
        channel=codes("channel").index("inspection"),
    )


def _described(pattern: Pattern, cells: pd.DataFrame, first: date) -> dict[str, Any]:
    known: dict[str, Any] = {
        "kind": pattern.kind,
        "from": (first + timedelta(days=pattern.first_day)).isoformat(),
        "until": (first + timedelta(days=pattern.end_day)).isoformat(),
        "factor": pattern.factor,
    }
    if pattern.centre is None:
        known["city_code"] = pattern.city
        known["category"] = codes("category")[pattern.category or 0]
        known["channel"] = codes("channel")[pattern.channel or 0]
        return known
    inside = cells.iloc[pattern.cells]
    return known | {
        "lon": float(pattern.centre[0]),
        "lat": float(pattern.centre[1]),
        "radius_m": pattern.radius_m,
        "county_codes": sorted(set(inside["county"])),
        "township_codes": sorted(set(inside["township"])),
        "cell_codes": inside["code"].tolist(),
    }
