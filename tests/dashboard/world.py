"""The drawn province of ``tests.areas`` with incidents, and a plain recount to compare with."""

import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pandas as pd
from sqlalchemy import Connection, Engine, text

from etl.boundaries import load_boundaries
from etl.incidents import load_incidents
from etl.shapes import build_shapes
from etl.terms import NewTerm, store_terms
from geo.database import loading
from geo.hierarchy import load_hierarchy
from geo.settings import DatabaseSettings
from tests.areas import (
    CITY,
    CITY_WITHOUT_COUNTIES,
    COUNTY,
    OTHER_COUNTY,
    PROVINCE,
    SIDE,
    SOUTH,
    SPECIAL,
    TOWNSHIPS,
    WEST,
    cell_code,
    province_areas,
)
from tests.dashboard.visitors import forget_people
from tests.databases import cloned_database, opened

CATEGORIES = ("neighbour", "family", "land")
CHANNELS = ("hotline", "window")
STATUSES = ("open", "resolved", "failed")
FIRST_DAY, LAST_DAY = date(2023, 2, 10), date(2024, 3, 5)
# Local noon, as UTC: no incident is near midnight.
_NOON = timedelta(hours=4)

_PLACES = {
    "S1": (0, 0), "S2": (1, 0), "N1": (0, 1), "N2": (1, 1),
    "E1": (2, 0), "E2": (2, 1), "J1": (3, 0), "J2": (3, 1), "special": (1, -1),
}  # fmt: skip

_ABOVE = {"S": (COUNTY, CITY), "N": (COUNTY, CITY), "E": (OTHER_COUNTY, CITY)}


@dataclass(frozen=True)
class Case:
    """One incident: where, when and what."""

    number: int
    place: str
    day: date
    category: str
    channel: str
    status: str
    deadline: date

    @property
    def codes(self) -> tuple[str, ...]:
        """The areas it belongs to."""
        if self.place == "special":
            return (SPECIAL, PROVINCE)
        township = self.place[0]
        above = _ABOVE.get(township, (CITY_WITHOUT_COUNTIES,))
        return (cell_code(self.place), TOWNSHIPS[township], *above, PROVINCE)


class Cases(list[Case]):
    """Incidents that print as their number."""

    def __repr__(self) -> str:
        return f"<{len(self)} cases>"


def make_cases(count: int, seed: int = 1, first_day: date = FIRST_DAY) -> Cases:
    """Draw incidents; the first two lie on the first and the last day."""
    draw = random.Random(seed)  # noqa: S311
    span = (LAST_DAY - first_day).days
    cases = Cases()
    for number in range(count):
        away = (0, span)[number] if number < 2 else draw.randint(0, span)
        day = first_day + timedelta(days=away)
        place = draw.choice([*_PLACES, "S1", "S1", "J1"])
        cases.append(
            Case(
                number,
                place,
                day,
                draw.choice(CATEGORIES),
                draw.choice(CHANNELS),
                draw.choice(STATUSES),
                day + timedelta(days=draw.randint(5, 60)),
            )
        )
    return cases


@contextmanager
def drawn_province(
    server: str, template: str, cases: Sequence[Case] = ()
) -> Iterator[DatabaseSettings]:
    """A database of its own with the areas and these incidents; no audit of it."""
    with cloned_database(server, template) as settings:
        with opened(settings, "loader") as engine:
            load_world(engine, cases)
        with opened(settings, "admin") as engine, engine.begin() as connection:
            forget_people(connection)
        yield settings


def load_world(engine: Engine, cases: Sequence[Case]) -> None:
    """Load the areas, their shapes, the dictionaries and the incidents."""
    hierarchy = load_hierarchy("china")
    with loading(engine) as connection:
        load_boundaries(connection, province_areas(), hierarchy, valid_from=date(2020, 1, 1))
        build_shapes(connection, hierarchy)
        store_terms(
            connection,
            [
                *(NewTerm("category", code, f"类{code}", code) for code in CATEGORIES),
                *(NewTerm("channel", code, f"道{code}", code) for code in CHANNELS),
                NewTerm("scale", "01", "个人", "individual"),
            ],
        )
    if cases:
        load_cases(engine, cases)


def load_cases(engine: Engine, cases: Sequence[Case]) -> None:
    """Load incidents; those known by their number take the new content."""
    with loading(engine) as connection:
        load_incidents(connection, [as_frame(cases)], load_hierarchy("china"), source="test")


def as_frame(cases: Iterable[Case]) -> pd.DataFrame:
    """The incidents as the loader takes them."""
    rows = []
    for case in cases:
        column, row = _PLACES[case.place]
        occurred = _moment(case.day)
        # Spread inside the cell, the same way at every run.
        offset = (0.1 + 0.8 * (case.number % 9) / 9) * SIDE
        rows.append(
            {
                "incident_id": f"{case.number:05d}",
                "occurred_at": occurred,
                "received_at": occurred + timedelta(hours=1),
                "category": case.category,
                "channel": case.channel,
                "status": case.status,
                "scale": "01",
                "deadline": _moment(case.deadline),
                "resolved_at": _moment(case.day + timedelta(days=3))
                if case.status == "resolved"
                else pd.NaT,
                "method": None,
                "organisation": None,
                "people": 2,
                "lon": WEST + column * SIDE + offset,
                "lat": SOUTH + row * SIDE + offset,
            }
        )
    return pd.DataFrame(rows)


def count_cases(
    cases: Iterable[Case],
    code: str,
    since: date,
    until: date,
    **terms: Iterable[str],
) -> int:
    """Count by hand: the incidents of an area on days in [since, until) with these terms."""
    return sum(
        code in case.codes
        and since <= case.day < until
        and all(getattr(case, kind) in chosen for kind, chosen in terms.items())
        for case in cases
    )


def _moment(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC) + _NOON


def area_ids(connection: Connection) -> dict[str, int]:
    """The id of each current area, by code."""
    rows = connection.execute(text("SELECT code, area_id FROM current_area"))
    return {row.code: row.area_id for row in rows}
