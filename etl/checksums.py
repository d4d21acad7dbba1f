"""One checksum of all incidents and one of all rollups, to compare databases or moments.

Both hang on content alone: not on batches, times of loading, revisions, nor on the numbers that
areas and terms happen to have. Two databases into which the same was loaded have the same.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from psycopg2 import sql
from sqlalchemy import Connection

from etl.statements import read_frame
from etl.terms import Terms, read_terms
from etl.verification import incident_years
from geo.blocks import CELL_ENTRY, DAY_ENTRY, HOUR_ENTRY, decode
from geo.database import read_sql_file
from geo.driver import driver_cursor

_ENTRY = ("day", "category", "channel", "status", "n")


@dataclass(frozen=True)
class Checksums:
    """SHA-256 in hexadecimal, and how many rows each stands for."""

    incidents: str
    incident_rows: int
    rollups: str
    rollup_rows: int

    def as_dict(self) -> dict[str, object]:
        """The checksums as JSON holds them."""
        return asdict(self)


def take_checksums(connection: Connection) -> Checksums:
    """Sum up all incidents and rollups.

    Args:
        connection: a transaction of one who sees everything: the loader.
    """
    incidents, rollups = _Sum(), _Sum()
    terms, areas = read_terms(connection), _area_codes(connection)
    for first, last in incident_years(connection):
        _copy_incidents(connection, first, last, incidents)
        for rows in _rollups(connection, first.year, areas, terms):
            rollups.write(rows.to_csv(index=False, header=False).encode())
    return Checksums(
        incidents.digest.hexdigest(), incidents.lines, rollups.digest.hexdigest(), rollups.lines
    )


class _Sum:
    """A file that only remembers its digest and its lines."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()
        self.lines = 0

    def write(self, data: bytes) -> int:
        """Add some bytes."""
        self.digest.update(data)
        self.lines += data.count(b"\n")
        return len(data)


def _copy_incidents(connection: Connection, first: date, last: date, sink: _Sum) -> None:
    """Add the incidents of a year; COPY writes a line break within a text as a backslash and n."""
    query = sql.SQL(read_sql_file("etl", "digest_incidents.sql").rstrip().rstrip(";"))
    copy = sql.SQL("COPY ({}) TO STDOUT").format(query)
    with driver_cursor(connection) as cursor:
        days = {"first_day": first, "last_day": last}
        cursor.copy_expert(cursor.mogrify(copy, days).decode(), sink)


def _area_codes(connection: Connection) -> pd.Series:
    """The code of each number of an area."""
    frame = read_frame(connection, "read_area_codes")
    return pd.Series(frame["code"].to_numpy(object), index=frame["area_id"].to_numpy(np.int64))


def _rollups(
    connection: Connection, year: int, areas: pd.Series, terms: Terms
) -> Iterator[pd.DataFrame]:
    """What the four kinds of blocks of a year count, in codes, sorted."""
    cells = read_frame(connection, "read_rollup_cell", {"year": year})
    counties = read_frame(connection, "read_rollup_county", {"year": year})
    for blocks, column, dtype in (
        (cells, "entries", CELL_ENTRY),
        (counties, "days", DAY_ENTRY),
        (counties, "totals", DAY_ENTRY),
        (counties, "hours", HOUR_ENTRY),
    ):
        packed = [bytes(value) for value in blocks[column]]
        entries = decode(packed, dtype)
        lengths = [len(value) // dtype.itemsize for value in packed]
        places = ["county_code", *(["township_code"] if dtype == CELL_ENTRY else []), "month"]
        rows = blocks[places].loc[blocks.index.repeat(lengths)].reset_index(drop=True)
        rows.insert(0, "kind", column)
        if dtype == CELL_ENTRY:
            rows["cell"] = areas.reindex(entries["cell"].astype(np.int64)).to_numpy()
        for name in (*_ENTRY, *(["hour"] if dtype == HOUR_ENTRY else [])):
            rows[name] = _codes(terms, name, entries[name])
        yield rows.sort_values([*rows.columns], kind="stable")


def _codes(terms: Terms, name: str, ids: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Numbers of terms as codes; other numbers as they are."""
    if name not in terms.ids:
        return ids.astype(np.int64)
    codes = {number: code for code, number in terms.ids[name].items()}
    found: npt.NDArray[Any] = pd.Series(ids).map(codes).to_numpy(object)
    return found
