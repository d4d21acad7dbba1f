"""Statistics of a province: how long they take, how near to a reference they are, what they find.

Times are those of the statistics alone, with the contiguity graph and the counts at hand, as they
are in a server that has answered once; both are measured too. Each reference computes the same
figures in the same run. Spots in space and time are compared on one county: the reference needs a
graph of all bins, which for a province would hold 45 million links.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pymannkendall
import shapely
from esda.getisord import G_Local
from libpysal.graph import Graph
from scipy.sparse import coo_array, csr_array
from sqlalchemy import Engine, text

from dashboard.counts import Floats
from dashboard.filters import Filters
from dashboard.period import Days
from dashboard.signals.months import months_back
from dashboard.signals.neighbours import read_neighbours
from dashboard.signals.spots import Layer, emerging_spots, hot_spots
from dashboard.source import Source
from dashboard.store import Store
from etl.demo.planted import choose_patterns
from etl.demo.scene import Scene, set_scene
from geo.database import transaction
from geo.emerging import Pattern, bin_scores, emergence
from geo.excess import expected, standardised
from geo.hierarchy import CELL, COUNTY
from geo.neighbours import Weights
from geo.trends import mann_kendall
from tests.benchmarks.target import ROOT, demo_engine, demo_viewer

ROUNDS = 5
DEMO_SEED = 1
MEGABYTES = 600
_AREAS = (
    "SELECT code, level, parent_code, kind, population, ST_AsBinary(geom) AS shape"
    " FROM current_area ORDER BY level, code"
)


@dataclass(frozen=True)
class Province:
    """What is measured: all cells of the demo, and their incidents by month."""

    source: Source
    layer: Layer
    steps: tuple[Days, ...]
    counts: Floats
    graph_s: float
    counts_s: float


def measure() -> dict[str, float]:
    """Return stats.* figures."""
    engine = demo_engine()
    province = read_province(engine)
    times = {"stats.graph_s": province.graph_s, "stats.counts_s": province.counts_s}
    return times | gi(province) | emerging(province) | found(province, engine)


def read_province(engine: Engine) -> Province:
    """Read what the statistics start from, as a server does."""
    source = Source(engine, demo_viewer(), Store(MEGABYTES * 1_000_000))
    lineage, covered = source.picture.lineage, source.coverage()
    assert covered is not None, "the demo holds no incidents"
    with transaction(engine, demo_viewer()) as connection:
        neighbours, graph_s = timed(lambda: read_neighbours(connection, lineage, CELL))
    steps = months_back(covered.until, covered.since)
    source.counts(ROOT, CELL, Filters(covered))
    tally = source.tally(ROOT)

    def by_month() -> Floats:
        counted = [tally.by_feature(CELL, Filters(days))[1] for days in steps]
        return np.stack([counts for counts in counted if counts is not None], axis=1)

    counts, counts_s = timed(by_month)
    people = lineage.numbers("population")[neighbours.rows]
    return Province(source, Layer(neighbours, people), steps, counts, graph_s, counts_s)


def gi(province: Province) -> dict[str, float]:
    """Hot spots of the last month: with esda's analytic Gi* on the same graph."""
    layer, counts, days = province.layer, province.counts[:, -1], province.steps[-1]
    ours, ours_s = fastest(lambda: hot_spots(layer, counts, days))
    known = layer.known
    observed = counts[known][:, None]
    values = standardised(observed, expected(observed, layer.people[known], np.ones(1)))[:, 0]
    graph = Graph.from_sparse(layer.neighbours.among(known))
    theirs, theirs_s = fastest(lambda: reference(values, graph))
    return {
        "stats.gi_ms": ours_s * 1000,
        "stats.gi_esda_ms": theirs_s * 1000,
        "stats.gi_difference": float(np.abs(ours.z[known] - theirs).max()),
    }


def emerging(province: Province) -> dict[str, float]:
    """Emerging spots of 36 months; of one county with esda and pymannkendall beside them."""
    layer, counts, steps = province.layer, province.counts, province.steps
    _, whole_s = fastest(lambda: emerging_spots(layer, counts, steps), rounds=3)
    part = of_one_county(province) & layer.known
    weights, observed = layer.neighbours.among(part), counts[part]
    shares = np.full(len(steps), 1 / len(steps))
    values = standardised(observed, expected(observed, layer.people[part], shares))
    _, ours_s = fastest(lambda: emergence(values, weights))
    z = bin_scores(values, weights)
    their_z, spots_s = timed(lambda: space_and_time(values, weights))
    # Of the same scores: those that differ by rounding alone are ties in one and none in the other.
    their_trend, trends_s = timed(lambda: trends(z))
    return {
        "stats.emerging_s": whole_s,
        "stats.emerging_county_ms": ours_s * 1000,
        "stats.emerging_county_reference_ms": (spots_s + trends_s) * 1000,
        "stats.emerging_difference": float(np.abs(z - their_z).max()),
        "stats.emerging_trend_difference": float(np.abs(mann_kendall(z).z - their_trend).max()),
    }


def found(province: Province, engine: Engine) -> dict[str, float]:
    """What emerging spots find of what was planted, and how much of what they find is none.

    A false alarm is a cell called hot although, by how prone the demo made each cell and by what
    was planted, no more than its people let one expect happens in it and the cells around.
    """
    layer, until = province.layer, province.steps[-1].until
    first = (pd.Timestamp(until) - pd.DateOffset(years=3)).date()
    scene = set_scene(read_areas(engine), DEMO_SEED)
    length = (until - first).days
    patterns = choose_patterns(scene, length, np.random.default_rng([DEMO_SEED, 11]))
    spots = [pattern for pattern in patterns if pattern.centre is not None]
    place = places(province, scene)
    spot = emerging_spots(layer, province.counts, province.steps)
    hot = (spot.classes > 0) & (spot.classes < Pattern.HISTORICAL)
    size = len(layer.people)
    active = marked(size, [place[p.cells] for p in spots if p.end_day >= length])
    young = marked(size, [place[p.cells] for p in spots if p.kind == "emerging"])
    recent = length - 61
    weight = np.zeros(size)
    np.add.at(weight, place, scene.cells["weight"].to_numpy())
    for pattern in spots:
        lasted = max(0, pattern.end_day - max(pattern.first_day, recent)) / (length - recent)
        weight[place[pattern.cells]] *= 1 + (pattern.factor - 1) * lasted
    people = np.nan_to_num(layer.people)
    around = layer.neighbours.weights
    truly = (around @ weight / weight.sum()) > (around @ people / people.sum())
    near = (around @ active.astype(float)) > 0
    newly = np.isin(spot.classes, (Pattern.NEW, Pattern.CONSECUTIVE))
    return {
        "stats.recall": float(hot[active].mean()),
        "stats.recall_as_new": float(newly[young].mean()),
        "stats.false_alarms": float((~truly)[hot].mean()),
        "stats.hot_outside_planted": float((~near)[hot].mean()),
    }


def read_areas(engine: Engine) -> gpd.GeoDataFrame:
    """The areas as the demo drew them."""
    with transaction(engine, demo_viewer()) as connection:
        rows = connection.execute(text(_AREAS)).all()
    columns: dict[str, Any] = {
        name: [getattr(row, name) for row in rows]
        for name in ("code", "level", "parent_code", "kind")
    }
    columns["population"] = pd.array([row.population for row in rows], dtype="Int64")
    shapes = shapely.from_wkb([bytes(row.shape) for row in rows])
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4326)


def places(province: Province, scene: Scene) -> np.ndarray[Any, np.dtype[np.intp]]:
    """Where each cell of the scene is among the cells tested; both have the same cells."""
    lineage, rows = province.source.picture.lineage, province.layer.neighbours.rows
    at = {lineage.text("code", int(row)): place for place, row in enumerate(rows)}
    return np.array([at[code] for code in scene.cells["code"]], np.intp)


def marked(size: int, spots: list[Any]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Whether each cell is in one of some spots."""
    found = np.zeros(size, np.bool_)
    for places_of_spot in spots:
        found[places_of_spot] = True
    return found


def of_one_county(province: Province) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """The cells of the county that has most of them."""
    above = province.source.picture.lineage.above[COUNTY][province.layer.neighbours.rows]
    counties, sizes = np.unique(above[above >= 0], return_counts=True)
    return np.asarray(above == counties[np.argmax(sizes)])


def trends(z: Floats) -> Floats:
    """The scores of trends by pymannkendall, one series after the other."""
    return np.array([pymannkendall.original_test(series).z for series in z])


def space_and_time(values: Floats, weights: Weights) -> Floats:
    """Scores of bins by esda, on the graph of all of them written out."""
    areas, steps = values.shape
    space = coo_array(weights)
    rows = [space.row * steps + step for step in range(steps)]
    rows += rows[1:]
    columns = [space.col * steps + step for step in range(steps)]
    columns += columns[:-1]
    links = np.concatenate(rows), np.concatenate(columns)
    whole = csr_array((np.ones(len(links[0])), links), shape=(areas * steps, areas * steps))
    return reference(values.ravel(), Graph.from_sparse(whole)).reshape(areas, steps)


def reference(values: Floats, graph: Graph) -> Floats:
    """Analytic Gi* as esda computes it.

    It divides by the sum of the values, so that differences, whose sum may be anything, have to be
    made positive first; scores do not change by it.
    """
    positive = values - values.min() + 1
    return np.asarray(G_Local(positive, graph, transform="B", star=True, permutations=0).Zs)


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """An answer, and the seconds it took."""
    started = time.perf_counter()
    answer = work()
    return answer, time.perf_counter() - started


def fastest(work: Callable[[], Any], rounds: int = ROUNDS) -> tuple[Any, float]:
    """An answer, and the seconds of the fastest of several times."""
    answers = [timed(work) for _ in range(rounds)]
    return answers[-1][0], min(seconds for _, seconds in answers)
