"""Counts the connections in use of an engine's pool."""

from __future__ import annotations

from sqlalchemy import Engine, event
from sqlalchemy.pool import QueuePool

from dashboard.metrics.counted import Metrics


def watch_pool(engine: Engine, name: str, metrics: Metrics) -> None:
    """Count what leaves the pool and what comes back; also after the engine was disposed of.

    Args:
        engine: whose pool.
        name: what the metrics call it.
        metrics: where it is counted.
    """
    if not isinstance(engine.pool, QueuePool):
        return
    used, size, places = (
        metrics.pool_used.labels(name),
        metrics.pool_size.labels(name),
        engine.pool.size(),
    )

    @event.listens_for(engine, "checkout")
    def _leaves(*_: object) -> None:
        used.inc()
        size.set(places)

    # What leaves for good, as a connection that listens does, does not come back either.
    @event.listens_for(engine, "checkin")
    @event.listens_for(engine, "detach")
    def _returns(*_: object) -> None:
        used.dec()
