"""What the database says of itself when it is asked: jobs, sessions, the age of the data."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from geo.database import guarding, read_sql_file, transaction
from geo.errors import DatabaseUnavailableError
from geo.viewer import Viewer

_log = logging.getLogger(__name__)
_EVERYTHING = Viewer("wall", 0, "-")


class Standing(Collector):
    """Asks the database once for each scrape; all processes would say the same."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """The metrics without their values: nothing is asked."""
        return iter(self._families())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The metrics; only that it is away, when the database does not answer as it should."""
        up, jobs, waiting, changed, last_day, sessions = self._families()
        try:
            for name, labels, value in self._ask():
                family = {
                    "job": jobs,
                    "waiting": waiting,
                    "changed": changed,
                    "last_day": last_day,
                    "session": sessions,
                }[name]
                family.add_metric(labels, value)
        except (DatabaseUnavailableError, SQLAlchemyError) as error:
            _log.warning("the state of the data cannot be read: %s", error)
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield from (up, jobs, waiting, changed, last_day, sessions)

    def text(self) -> bytes:
        """The metrics as Prometheus reads them."""
        registry = CollectorRegistry()
        registry.register(self)
        return generate_latest(registry)

    def _ask(self) -> list[tuple[str, list[str], float]]:
        with transaction(self._engine, _EVERYTHING) as connection:
            rows = list(connection.execute(text(_read("read_work.sql"))))
        with guarding(self._engine) as connection:
            rows += list(connection.execute(text(_read("read_sessions.sql"))))
        return [(row.name, [row.label] if row.label else [], float(row.value)) for row in rows]

    def _families(self) -> list[GaugeMetricFamily]:
        return [
            GaugeMetricFamily("gridboard_database_up", "Whether the database answers (1) or not."),
            GaugeMetricFamily(
                "gridboard_jobs", "Jobs of the data page, by state.", labels=["state"]
            ),
            GaugeMetricFamily(
                "gridboard_jobs_waiting_seconds",
                "How long the oldest job that waits has waited; 0 when none waits.",
            ),
            GaugeMetricFamily(
                "gridboard_data_changed_timestamp_seconds",
                "When areas or incidents last changed, in seconds since 1970.",
                labels=["kind"],
            ),
            GaugeMetricFamily(
                "gridboard_data_last_day_timestamp_seconds",
                "Midnight (UTC) of the last day any incident lies on, in seconds since 1970.",
            ),
            GaugeMetricFamily(
                "gridboard_sessions",
                "Sessions neither ended nor expired, by role.",
                labels=["role"],
            ),
        ]


def _read(name: str) -> str:
    return read_sql_file("dashboard.metrics", name)
