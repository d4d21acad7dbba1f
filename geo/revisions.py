"""Versions of the data, which tiles, values and caches carry in their addresses."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Connection, text

from geo.database import read_sql_file


@dataclass(frozen=True)
class Revisions:
    """The versions in force.

    Attributes:
        area: raised whenever areas or their shapes change.
        incident: raised whenever incidents and their rollups change.
        changed_at: when either of them last changed, with time zone.
        first_day: the first day any incident lies on, in whatever scope; ``None`` if there
            is none.
        last_day: the last one.
    """

    area: int
    incident: int
    changed_at: datetime
    first_day: date | None = None
    last_day: date | None = None


def current(connection: Connection) -> Revisions:
    """Read the versions as this transaction sees them."""
    row = connection.execute(text(read_sql_file("geo", "current.sql"))).one()
    return Revisions(row.area, row.incident, row.changed_at, row.first_day, row.last_day)


def bump(connection: Connection, kind: Literal["area", "incident"]) -> int:
    """Raise a version by one; readers see it when the transaction commits.

    Returns:
        The new version.
    """
    statement = text(read_sql_file("geo", "bump.sql"))
    return int(connection.execute(statement, {"kind": kind}).scalar_one())
