"""The metrics, each with what it means; docs/metrics.md repeats them for those who watch."""

from __future__ import annotations

from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from dashboard.metrics.sharing import are_shared

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Limits of the classes of durations."""


def _counter(name: str, meaning: str, *labels: str) -> Counter:
    return Counter(name, meaning, labels, registry=None)


def _gauge(name: str, meaning: str, *labels: str) -> Gauge:
    return Gauge(name, meaning, labels, registry=None, multiprocess_mode="livesum")


@dataclass(frozen=True)
class Metrics:
    """What one application counts; under gunicorn all processes together.

    Attributes:
        requests: answers by route, status and role.
        seconds: until an answer begins, by route.
        tiles: tiles that hold something, by where they came from.
        log_ins: attempts to log in, by how and by what came of it.
        pool_used: connections to the database in use.
        pool_size: connections there may be.
        streams: open live streams.
    """

    requests: Counter = field(
        default_factory=lambda: _counter(
            "gridboard_requests",
            "Answers by route (its pattern, never an address), status and role of the viewer.",
            *("route", "status", "role"),
        )
    )
    seconds: Histogram = field(
        default_factory=lambda: Histogram(
            "gridboard_request_seconds",
            "Seconds until an answer begins, waiting in line included, by route.",
            ("route",),
            buckets=SECONDS,
            registry=None,
        )
    )
    tiles: Counter = field(
        default_factory=lambda: _counter(
            "gridboard_tiles",
            "Tiles that hold something, by where they came from: memory, disk or made.",
            "origin",
        )
    )
    log_ins: Counter = field(
        default_factory=lambda: _counter(
            "gridboard_log_ins",
            "Attempts to log in, by way (password, invitation, oidc, demo) and outcome"
            " (entered, refused, throttled, failed).",
            *("way", "outcome"),
        )
    )
    pool_used: Gauge = field(
        default_factory=lambda: _gauge(
            "gridboard_pool_used",
            "Connections to the database in use, by pool (app, gate).",
            "pool",
        )
    )
    pool_size: Gauge = field(
        default_factory=lambda: _gauge(
            "gridboard_pool_size",
            "Connections to the database there may be in the processes that have used one.",
            "pool",
        )
    )
    streams: Gauge = field(
        default_factory=lambda: _gauge("gridboard_streams", "Live streams that are open.")
    )

    def text(self) -> bytes:
        """What was counted so far, as Prometheus reads it."""
        registry = CollectorRegistry()
        if are_shared():
            # It registers itself.
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        else:
            for collector in vars(self).values():
                registry.register(collector)
        return generate_latest(registry)
