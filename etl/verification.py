"""Recount the rollups from the incidents: to see that they agree, or to write them anew."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from etl.coverage import count_coverage, note_coverage, noted_coverage
from etl.locks import lock_areas, lock_rollups
from etl.rollup_store import county_registry, merge_change
from etl.rollups import (
    Change,
    Registry,
    block_numbers,
    by_county,
    join_changes,
    make_change,
    place_and_month,
    unpack,
    without_days,
    without_hours,
)
from etl.statements import read_frame, read_table, run
from geo.blocks import CELL_ENTRY, DAY_ENTRY, HOUR_ENTRY, decode
from geo.revisions import bump


@dataclass(frozen=True, order=True)
class Mismatch:
    """A block that does not agree with the incidents it counts."""

    table: str
    county_code: str
    township_code: str
    month: date
    entries: int

    def __str__(self) -> str:
        place = self.township_code or self.county_code
        return f"{self.table} {place} {self.month:%Y-%m}: {self.entries} entries differ"


def verify_rollups(connection: Connection) -> list[Mismatch]:
    """Recount every block and name those that differ; nothing is changed.

    Args:
        connection: a loading transaction.

    Returns:
        The blocks that differ, by table, place and month; none if all is well.
    """
    lock_rollups(connection)
    registry = Registry()
    counties = Registry()
    found: list[Mismatch] = []
    for first, last in incident_years(connection):
        counted = recount(connection, registry, first, last)
        county_of = county_registry(registry, counties)
        cells = without_hours(counted)
        found += _differences("rollup_cell", registry, cells, _cells(connection, registry, first))
        hours = by_county(counted, county_of)
        days = without_hours(hours)
        kept = _counties(connection, counties, first)
        for kind, change in ((" hours", hours), ("", days), (" totals", without_days(days))):
            found += _differences(f"rollup_county{kind}", counties, change, kept[kind])
    return sorted([*found, *_coverage(connection)])


def rebuild_rollups(connection: Connection) -> int:
    """Write every block anew from the incidents.

    Args:
        connection: a loading transaction.

    Returns:
        How many incidents were counted.
    """
    lock_areas(connection, "alone")
    lock_rollups(connection)
    run(connection, "delete_rollups")
    revision = bump(connection, "incident")
    registry = Registry()
    counted = 0
    for first, last in incident_years(connection):
        change = recount(connection, registry, first, last)
        merge_change(connection, registry, change, revision)
        counted += int(change.n.sum())
    note_coverage(connection)
    run(connection, "notify", {"kind": "incident", "revision": revision})
    return counted


def recount(connection: Connection, registry: Registry, first: date, last: date) -> Change:
    """Count the incidents of [first, last), summed."""
    days = {"first_day": first, "last_day": last}
    rows = read_table(connection, "recount", days).to_pandas()
    if not len(rows):
        return join_changes([])
    rows["occurred_on"] = rows["occurred_on"].astype("datetime64[s]")
    each = make_change(registry.numbers(rows), rows, 1)
    return Change(each.blocks, each.keys, rows["n"].to_numpy(np.int64)).summed()


def incident_years(connection: Connection) -> list[tuple[date, date]]:
    """The years of incidents or blocks, each from its first day to the next year's."""
    rows = run(connection, "read_years").all()
    return [(date(int(row.year), 1, 1), date(int(row.year) + 1, 1, 1)) for row in rows]


def _coverage(connection: Connection) -> list[Mismatch]:
    """Whether the days noted with the version are those of the first and the last block."""
    counted, noted = count_coverage(connection), noted_coverage(connection)
    if counted == noted:
        return []
    first_day, _ = counted or noted or (date.min, date.min)
    return [Mismatch("covered days", "of all", "", first_day, 1)]


def _cells(connection: Connection, registry: Registry, year: date) -> Change:
    """What rollup_cell holds of a year."""
    rows = read_frame(connection, "read_rollup_cell", {"year": year.year})
    return _unpacked(registry, rows, "entries", CELL_ENTRY)


def _counties(connection: Connection, registry: Registry, year: date) -> dict[str, Change]:
    """What rollup_county holds of a year: hours, days and totals."""
    rows = read_frame(connection, "read_rollup_county", {"year": year.year})
    rows = rows.assign(township_code="")
    return {
        " hours": _unpacked(registry, rows, "hours", HOUR_ENTRY),
        "": _unpacked(registry, rows, "days", DAY_ENTRY),
        " totals": _unpacked(registry, rows, "totals", DAY_ENTRY),
    }


def _unpacked(
    registry: Registry, rows: pd.DataFrame, column: str, dtype: np.dtype[np.void]
) -> Change:
    """Blocks as they were read, as a change from nothing."""
    if not len(rows):
        return join_changes([])
    packed = [bytes(value) for value in rows[column]]
    months = rows["month"].astype("datetime64[s]").to_numpy().astype("datetime64[M]")
    blocks = block_numbers(registry.numbers(rows), months)
    lengths = [len(value) // dtype.itemsize for value in packed]
    return unpack(np.repeat(blocks, lengths), decode(packed, dtype))


def _differences(table: str, registry: Registry, counted: Change, kept: Change) -> list[Mismatch]:
    """The blocks in which two counts differ."""
    taken = Change(kept.blocks, kept.keys, -kept.n)
    rest = join_changes([counted, taken]).summed()
    blocks, entries = np.unique(rest.blocks[rest.n != 0], return_counts=True)
    numbers, months = place_and_month(blocks)
    found = []
    for number, month, count in zip(numbers, months, entries, strict=True):
        _, county, township = registry.places[number]
        found.append(Mismatch(table, county, township, month.item(), int(count)))
    return found
