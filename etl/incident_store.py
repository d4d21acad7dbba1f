"""Write prepared incidents: append what is certainly new, compare the rest with what is there."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection

from etl.staging import Days
from etl.statements import copy_table, read_frame, run

Mask = npt.NDArray[np.bool_]
"""Which rows."""


@dataclass(frozen=True)
class Outcome:
    """What became of n rows.

    Attributes:
        inserted: n; which rows were written, whether new or in place of others.
        same: how many were there as they are.
        repeated: numbers of rows whose incident came earlier in this load with other content.
        replaced: what was there instead of the rows that differed, one row each.
    """

    inserted: Mask
    same: int = 0
    repeated: tuple[int, ...] = ()
    replaced: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass
class IncidentStore:
    """The incidents of one load.

    Attributes:
        connection: a loading transaction that holds the lock on the source.
        source: who the identifiers belong to.
        batch_id: the load.
        known: whether the source had incidents before this load.
        open_years: years whose partition this load has created and not yet attached.
        seen: hashes of all identifiers so far; an equal hash only leads to a comparison.
    """

    connection: Connection
    source: str
    batch_id: int
    known: bool = False
    open_years: set[int] = field(default_factory=set)
    seen: npt.NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, np.uint64))

    def write(self, table: pa.Table, days: Days) -> Outcome:
        """Write n rows of ``staged_incident``, none of whose identifiers is repeated.

        Args:
            table: n rows.
            days: n local days.
        """
        hashes = pd.util.hash_array(table["incident_id"].to_pandas().to_numpy(object))
        again = pd.Series(hashes).isin(self.seen).to_numpy()
        self.seen = np.concatenate([self.seen, hashes])
        if self.known or again.any():
            return self._compare(table, days, again)
        self._append(table, days)
        return Outcome(np.ones(len(days), dtype=bool))

    def close_years(self) -> None:
        """Attach the partitions this load has created, which builds their indexes."""
        for year in sorted(self.open_years):
            run(self.connection, "close_incident_year", {"year": year})
        self.open_years.clear()

    def _append(self, table: pa.Table, days: Days) -> None:
        """Write rows that are new: straight into a new year's partition, else through staging."""
        years = days.astype("datetime64[Y]").astype(np.int64) + 1970
        for year in np.unique(years).tolist():
            rows = table.filter(pa.array(years == year))
            opened = run(self.connection, "open_incident_year", {"year": year}).scalar_one()
            if opened:
                self.open_years.add(year)
            if year in self.open_years:
                self._copy_apart(rows, year)
            else:
                self._stage(rows, np.zeros(rows.num_rows, dtype=bool))
                self._insert()

    def _copy_apart(self, rows: pa.Table, year: int) -> None:
        """COPY into a partition that nobody sees yet."""
        count = rows.num_rows
        stated = {
            "source": pa.array([self.source]).take(pa.array(np.zeros(count, np.int64))),
            "batch_id": pa.array(np.full(count, self.batch_id)),
        }
        whole = rows.drop_columns(["row"])
        for name, values in stated.items():
            whole = whole.append_column(name, values)
        copy_table(self.connection, f"gridboard.incident_{year}", whole)

    def _stage(self, rows: pa.Table, again: Mask) -> None:
        """COPY into the temporary table; COPY does not write under row-level security."""
        run(self.connection, "create_staged_incident")
        table = rows.append_column("again", pa.array(again))
        copy_table(self.connection, "staged_incident", table)

    def _insert(self) -> None:
        """From the temporary table into the incidents."""
        run(
            self.connection,
            "insert_incidents",
            {"source": self.source, "batch_id": self.batch_id},
        )

    def _compare(self, table: pa.Table, days: Days, again: Mask) -> Outcome:
        """Find out what is there already, take back what is replaced, write the rest."""
        self.close_years()
        first, last = days.min().item(), days.max().item()
        run(
            self.connection,
            "ensure_incident_partitions",
            {"first_day": first, "last_day": last},
        )
        self._stage(table, again)
        run(self.connection, "match_incidents", {"source": self.source, "batch_id": self.batch_id})
        kinds = {"row": "int64", "same": "bool", "repeated": "bool"}
        matched = read_frame(self.connection, "read_matches").astype(kinds)
        replaced = read_frame(self.connection, "read_replaced_incidents")
        run(self.connection, "delete_replaced_incidents")
        self._insert()
        settled = matched.loc[matched["same"] | matched["repeated"], "row"]
        return Outcome(
            inserted=~np.isin(table["row"].to_numpy(), settled.to_numpy()),
            same=int(matched["same"].sum()),
            repeated=tuple(matched.loc[matched["repeated"] & ~matched["same"], "row"].tolist()),
            replaced=replaced,
        )
