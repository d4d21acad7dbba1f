"""What no rollup held before: the hours of a week, and the other reads of single incidents.

Each is asked of the whole province over its last year, 340,000 incidents: cold, by a source that
has nothing but the picture in memory, and for hours once more, warm. The peer of the hours counts
the incidents by GROUP BY, as the same viewer, and not even sums them up.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, text

from dashboard.app import MEGABYTE
from dashboard.filters import Filters
from dashboard.period import Days
from dashboard.source import Source
from dashboard.store import Store
from geo.database import transaction
from geo.hierarchy import COUNTY
from tests.benchmarks.drill import seconds
from tests.benchmarks.target import ROOT, demo_engine, demo_settings, demo_viewer

LIMIT_COLD_MS = 500
"""What the hours of a province's year may take at most, cold."""

DAYS = 365
REPEATS = 5
_SQL = Path(__file__).parent / "sql" / "hours.sql"


def measure() -> dict[str, float]:
    """Return pages.*_cold_ms, and for hours also warm and by incidents; the best of five each."""
    engine = demo_engine()
    covered = Source(engine, demo_viewer(), _store()).coverage()
    assert covered is not None, "the demo holds no incidents"
    days = Days(covered.until - timedelta(days=DAYS), covered.until)
    filters = Filters(days)
    asked: dict[str, Callable[[Source], object]] = {
        "hours": lambda source: source.hours(ROOT, filters),
        "handling": lambda source: source.handling(ROOT, filters),
        "backlog": lambda source: source.backlog(ROOT, filters),
        "unlocated": lambda source: source.location(ROOT, COUNTY, filters),
        "heat": lambda source: source.heat(ROOT, filters),
    }
    figures: dict[str, list[float]] = {}
    # By turns, so that all meet the same machine.
    for _ in range(REPEATS):
        for name, ask in asked.items():
            source = _pictured(engine, filters)
            figures.setdefault(f"pages.{name}_cold_ms", []).append(seconds(partial(ask, source)))
            if name == "hours":
                warm = seconds(partial(ask, source))
                figures.setdefault("pages.hours_warm_ms", []).append(warm)
        plain = seconds(partial(_by_incidents, engine, days))
        figures.setdefault("pages.hours_by_incidents_ms", []).append(plain)
    best = {name: min(times) * 1000 for name, times in figures.items()}
    return best | {
        "pages.hours_limit_ms": LIMIT_COLD_MS,
        "pages.hours_vs_incidents": best["pages.hours_by_incidents_ms"]
        / best["pages.hours_cold_ms"],
    }


def _store() -> Store:
    return Store(demo_settings().block_cache_mb * MEGABYTE)


def _pictured(engine: Engine, filters: Filters) -> Source:
    """A source as it is after the map of the province was drawn."""
    source = Source(engine, demo_viewer(), _store())
    source.summary(ROOT, filters)
    return source


def _by_incidents(engine: Engine, days: Days) -> None:
    with transaction(engine, demo_viewer()) as connection:
        span = {"since": days.since, "until": days.until}
        connection.execute(text(_SQL.read_text()), span).all()
