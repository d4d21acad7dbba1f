"""The days that all incidents lie on, noted with the version: the same for every viewer."""

from datetime import date, timedelta

from sqlalchemy import Connection

from etl.statements import run
from geo.blocks import DAY_ENTRY, decode

CoveredDays = tuple[date, date] | None
"""The first and the last day with an incident; ``None`` while there is none."""


def note_coverage(connection: Connection) -> None:
    """Write down the first and the last day; call it when the rollups are merged.

    A viewer of one county must not take the last day of that county for the last day of the
    data, and cannot look at the others' to know better.

    Args:
        connection: a loading transaction within the lock on rollups.
    """
    covered = count_coverage(connection)
    first_day, last_day = covered or (None, None)
    run(connection, "note_coverage", {"first_day": first_day, "last_day": last_day})


def count_coverage(connection: Connection) -> CoveredDays:
    """Find both days in the rollups: the blocks of the first and the last month that has any."""
    days: list[date] = []
    for row in run(connection, "read_outer_blocks").all():
        in_month = decode(bytes(row.days), DAY_ENTRY)["day"]
        days += [
            row.month + timedelta(days=int(day) - 1) for day in (in_month.min(), in_month.max())
        ]
    return (min(days), max(days)) if days else None


def noted_coverage(connection: Connection) -> CoveredDays:
    """Read what is written down."""
    row = run(connection, "read_coverage").one()
    return None if row.first_day is None else (row.first_day, row.last_day)
