"""Merge changes into the rollup blocks of the database, or write them anew."""

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection

from etl.rollups import (
    Blocks,
    Change,
    Registry,
    by_county,
    join_changes,
    place_and_month,
    split_blocks,
    unpack,
    without_days,
    without_hours,
)
from etl.statements import copy_table, run
from geo.blocks import CELL_ENTRY, DAY_ENTRY, HOUR_ENTRY, decode


def merge_change(connection: Connection, registry: Registry, change: Change, revision: int) -> None:
    """Add a change to all blocks it touches; call it within the lock on rollups.

    Blocks whose counts stay equal are touched as well: they carry the revision that
    last touched any incident counted in them. An emptied block stays, for the same reason.

    Args:
        connection: a loading transaction.
        registry: names the places of the change.
        change: by township, cell and hour, in any order.
        revision: the incident revision of this load.

    Raises:
        RollupError: a count would fall below zero; nothing must be committed then.
    """
    summed = change.summed()
    if not len(summed.n):
        return
    _merge_cells(connection, registry, without_hours(summed).summed(), revision)
    counties = Registry()
    county_of = county_registry(registry, counties)
    _merge_counties(connection, counties, by_county(summed, county_of).summed(), revision)


def county_registry(
    registry: Registry, counties: Registry
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Put the counties of a registry of townships into one of counties.

    Returns:
        For each township's number that of its county.
    """
    frame = pd.DataFrame(registry.places, columns=["city_code", "county_code", "township_code"])
    return counties.numbers(frame.assign(township_code=""))


def _touch(connection: Connection, registry: Registry, blocks: Blocks) -> pa.Table:
    """Name the touched blocks in a temporary table; returns the names, one row a block."""
    numbers, months = place_and_month(blocks)
    names = np.array(registry.places, dtype=object)[numbers].reshape(-1, 3)
    table = pa.table(
        {
            "number": pa.array(blocks),
            "month": pa.array(months),
            "city_code": pa.array(names[:, 0], pa.string()),
            "county_code": pa.array(names[:, 1], pa.string()),
            "township_code": pa.array(names[:, 2], pa.string()),
        }
    )
    run(connection, "create_touched_block")
    copy_table(connection, "touched_block", table)
    run(connection, "analyse_touched_block")
    return table


def _existing(connection: Connection, statement: str, dtype: np.dtype[np.void]) -> Change:
    """What the touched blocks hold now."""
    rows = run(connection, statement).all()
    entries = decode([bytes(row.entries) for row in rows], dtype)
    lengths = [len(row.entries) // dtype.itemsize for row in rows]
    return unpack(np.repeat(np.array([row.number for row in rows], np.int64), lengths), entries)


def _merge_cells(connection: Connection, registry: Registry, summed: Change, revision: int) -> None:
    """Merge into rollup_cell."""
    names = _touch(connection, registry, np.unique(summed.blocks))
    existing = _existing(connection, "read_cell_blocks", CELL_ENTRY)
    merged = join_changes([existing, summed]).summed()
    _, entries = split_blocks(merged, CELL_ENTRY)
    columns = {"entries": pa.array(entries), "revision": pa.array([revision] * len(entries))}
    _copy_blocks(connection, "create_staged_block", names, columns)
    run(connection, "merge_cell_blocks")


def _merge_counties(
    connection: Connection, counties: Registry, summed: Change, revision: int
) -> None:
    """Merge into rollup_county: hours, and what the merged hours are by day and by month."""
    names = _touch(connection, counties, np.unique(summed.blocks))
    existing = _existing(connection, "read_county_blocks", HOUR_ENTRY)
    merged = join_changes([existing, summed]).summed()
    _, hours = split_blocks(merged, HOUR_ENTRY)
    by_day = without_hours(merged).summed()
    _, days = split_blocks(by_day, DAY_ENTRY)
    _, totals = split_blocks(without_days(by_day).summed(), DAY_ENTRY)
    columns = {
        "entries": pa.array(days),
        "totals": pa.array(totals),
        "hours": pa.array(hours),
        "revision": pa.array([revision] * len(days)),
    }
    _copy_blocks(connection, "create_staged_block", names, columns)
    run(connection, "merge_county_blocks")


def _copy_blocks(
    connection: Connection, create: str, names: pa.Table, columns: dict[str, pa.Array]
) -> None:
    """COPY blocks beside their names."""
    run(connection, create)
    table = names.drop_columns(["number"])
    for name, values in columns.items():
        table = table.append_column(name, values)
    copy_table(connection, "staged_block", table)
