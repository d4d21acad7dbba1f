"""The drawn province of ``tests.areas`` as a loaded database, and incidents to put into it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pandas as pd
from sqlalchemy import Connection, Engine, text

from etl.boundaries import load_boundaries
from etl.incidents import load_incidents
from etl.reports import LoadReport
from etl.terms import NewTerm, store_terms
from geo.database import loading
from geo.hierarchy import Hierarchy, load_hierarchy
from tests.areas import SIDE, SOUTH, WEST, province_areas

CHINA: Hierarchy = load_hierarchy("china")
FIRST_DAY = date(2020, 1, 1)
NOON = datetime(2024, 5, 10, 4, tzinfo=UTC)
"""Noon in China."""

PLACES = {
    "S1": (0, 0), "S2": (1, 0), "N1": (0, 1), "N2": (1, 1),
    "E1": (2, 0), "E2": (2, 1), "J1": (3, 0), "J2": (3, 1), "special": (1, -1), "outside": (9, 9),
}  # fmt: skip

TERMS = (
    NewTerm("category", "family", "婚姻家庭", "family"),
    NewTerm("category", "land", "山林土地", "land"),
    NewTerm("channel", "hotline", "热线", "hotline"),
    NewTerm("channel", "window", "窗口", "window"),
    NewTerm("scale", "01", "个体", "individual"),
)


def load_areas(engine: Engine, valid_from: date = FIRST_DAY) -> LoadReport:
    """Load the drawn province."""
    with loading(engine) as connection:
        store_terms(connection, TERMS)
        return load_boundaries(connection, province_areas(), CHINA, valid_from=valid_from)


def incident(number: int, place: str = "S1", **changes: object) -> dict[str, object]:
    """One incident in the middle of a square of the drawing."""
    column, row = PLACES[place]
    stated = changes.get("occurred_at", NOON)
    occurred = stated if isinstance(stated, datetime) else NOON
    values: dict[str, object] = {
        "incident_id": f"A-{number}",
        "occurred_at": NOON,
        "received_at": occurred + timedelta(hours=2),
        "category": "family",
        "channel": "hotline",
        "status": "open",
        "scale": "01",
        "deadline": occurred + timedelta(days=15),
        "resolved_at": None,
        "method": None,
        "organisation": None,
        "people": 2,
        "lon": WEST + (column + 0.5) * SIDE,
        "lat": SOUTH + (row + 0.5) * SIDE,
    }
    return values | changes


def frame(rows: Sequence[dict[str, object]]) -> pd.DataFrame:
    """Incidents as the loader takes them."""
    made = pd.DataFrame(list(rows), columns=[*incident(0)])
    for name in ("occurred_at", "received_at", "deadline", "resolved_at"):
        made[name] = pd.to_datetime(made[name], utc=True)
    return made


def load(engine: Engine, *chunks: Sequence[dict[str, object]], source: str = "test") -> LoadReport:
    """Load chunks of incidents in one transaction."""
    with loading(engine) as connection:
        return load_incidents(connection, map(frame, chunks), CHINA, source=source)


def counts(report: LoadReport) -> dict[str, int]:
    """The counts of a report that are not 0."""
    named = {
        "read": report.rows_read,
        "loaded": report.rows_loaded,
        "updated": report.rows_updated,
        "unchanged": report.rows_unchanged,
        "rejected": report.rows_rejected,
        "closed": report.rows_closed,
    }
    return {name: count for name, count in named.items() if count}


def ask(connection: Connection, question: str, **values: object) -> list[tuple[object, ...]]:
    """All rows of a question in SQL."""
    return [tuple(row) for row in connection.execute(text(question), values)]
