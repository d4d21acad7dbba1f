"""The density map of the province at another bandwidth, as the slider asks for it.

What is measured is everything between the question and the bytes, with the incidents binned as
they are in a server that has drawn the map once: the kernels, the correction along the border, the
reading of a picture, the packing. The reference counts the incidents anew by ``numpy.histogram2d``
and smooths them by ``scipy.ndimage.gaussian_filter`` at the same nodes, and corrects nothing. What
both approximate, the sum over all kernels, is computed at some places far from the border.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np
from scipy.ndimage import binary_erosion, gaussian_filter

from dashboard.counts import Floats
from dashboard.filters import Filters
from dashboard.heat import pack
from dashboard.source import Source
from dashboard.store import Store
from geo.crs import DISPLAY_CRS, STORED_CRS, transformer
from geo.density import direct_density, frame_for
from tests.benchmarks.target import ROOT, demo_engine, demo_viewer

PLACES = 200
MEGABYTES = 600
_TRIED = (10_000.0, 15_000.0, 20_000.0, 12_000.0)


def measure() -> dict[str, float]:
    """Return stats.kde_* figures; medians over some bandwidths."""
    engine = demo_engine()
    source = Source(engine, demo_viewer(), Store(MEGABYTES * 1_000_000))
    covered = source.coverage()
    assert covered is not None, "the demo holds no incidents"
    everything = Filters(covered)
    counted_ms = _ms(lambda: source.heat(ROOT, everything, 8_000.0))
    pairs = []
    for radius_m in _TRIED:
        ours = _ms(lambda radius_m=radius_m: pack(source.heat(ROOT, everything, radius_m)))
        x_m, y_m = places(source, everything)
        pairs.append((ours, _ms(lambda r=radius_m, x=x_m, y=y_m: reference(x, y, r))))
    ours_ms, theirs_ms = (statistics.median(times) for times in zip(*pairs, strict=True))
    again = Filters(covered, statuses=frozenset(range(1, 200)))
    source.heat(ROOT, again, 8_000.0)
    known_ms = _ms(lambda: pack(source.heat(ROOT, again, 12_000.0)))
    return {
        "stats.kde_ms": ours_ms,
        "stats.kde_known_border_ms": known_ms,
        "stats.kde_first_ms": counted_ms,
        "stats.kde_reference_ms": theirs_ms,
        "stats.kde_difference": difference(source, everything, 12_000.0),
    }


def places(source: Source, filters: Filters) -> tuple[Floats, Floats]:
    """Where all incidents are, in the measuring plane."""
    counties = source.tally(ROOT).counties
    parts = source._album.points(source.picture, counties, filters.days)
    return tuple(  # type: ignore[return-value]
        np.concatenate([getattr(part, axis) for part in parts]).astype(np.float64)
        for axis in ("x_m", "y_m")
    )


def reference(x_m: Floats, y_m: Floats, radius_m: float) -> Floats:
    """Count anew, smooth, correct nothing."""
    frame = frame_for((x_m.min(), y_m.min(), x_m.max(), y_m.max()), radius_m)
    rows, columns = frame.shape
    south_m, west_m = (frame.south - 0.5) * frame.step_m, (frame.west - 0.5) * frame.step_m
    extent = [
        [south_m, south_m + rows * frame.step_m],
        [west_m, west_m + columns * frame.step_m],
    ]
    counts, _, _ = np.histogram2d(y_m, x_m, frame.shape, extent)
    smooth: Floats = gaussian_filter(counts, radius_m / frame.step_m, mode="constant")
    return smooth / frame.node_km2


def difference(source: Source, filters: Filters, radius_m: float) -> float:
    """The largest difference from the sum of all kernels, as a share of the highest density."""
    heat = source.heat(ROOT, filters, radius_m)
    height, width = heat.per_km2.shape
    west, south, east, north = heat.bounds
    (left, right), (bottom, top) = transformer(STORED_CRS, DISPLAY_CRS).transform(
        [west, east], [south, north]
    )
    node_m = (right - left) / width
    # A metre of Web Mercator is at most one on the ground here.
    inner = binary_erosion(heat.per_km2 > 0, iterations=int(5 * radius_m / 0.7 / node_m))
    rows, columns = np.nonzero(inner)
    chosen = np.random.default_rng(1).choice(len(rows), PLACES)
    row, column = rows[chosen], columns[chosen]
    plane = source.hierarchy.measuring_crs
    at_x_m, at_y_m = transformer(DISPLAY_CRS, plane).transform(
        left + (column + 0.5) * (right - left) / width, top - (row + 0.5) * (top - bottom) / height
    )
    x_m, y_m = places(source, filters)
    exact = np.concatenate(
        [direct_density(x_m, y_m, at_x_m[[i]], at_y_m[[i]], radius_m) for i in range(PLACES)]
    )
    return float(np.abs(heat.per_km2[row, column] - exact).max() / heat.per_km2.max())


def _ms(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000
