"""Write prepared incidents: append what is certainly new, compare the rest with what is there."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection

from etl.binary_copy import BinaryCopy
from etl.repeats import Mask
from etl.staging import Days
from etl.statements import read_frame, run

Rows = npt.NDArray[np.int64]
"""Numbers of rows in the file."""


@dataclass(frozen=True)
class Outcome:
    """What became of n rows.

    Attributes:
        inserted: n; which rows were written, whether new or in place of others.
        same: how many were there as they are.
        repeated: numbers of rows whose incident came earlier in this load with other content.
        foreign: numbers of rows whose incident is there, but outside what this load may write.
        replaced: what was there instead of the rows that differed, one row each.
    """

    inserted: Mask
    same: int = 0
    repeated: Rows = field(default_factory=lambda: np.empty(0, np.int64))
    foreign: Rows = field(default_factory=lambda: np.empty(0, np.int64))
    replaced: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass
class IncidentStore:
    """The incidents of one load.

    Attributes:
        connection: a loading transaction that holds the lock on the source.
        source: who the identifiers belong to.
        batch_id: the load.
        scope_code: the area whose incidents may be written; None for all.
        open_years: years whose partition this load has created and not yet attached.
        copying: turns tables into what the server reads.
    """

    connection: Connection
    source: str
    batch_id: int
    scope_code: str | None = None
    open_years: set[int] = field(default_factory=set)
    copying: BinaryCopy = field(default_factory=BinaryCopy)

    def append(self, table: pa.Table, days: Days) -> None:
        """Write rows that are new: straight into a new year's partition, else through staging.

        Args:
            table: n rows of ``staged_incident``.
            days: n local days.
        """
        years = days.astype("datetime64[Y]").astype(np.int64) + 1970
        for year in np.unique(years).tolist():
            rows = table.filter(pa.array(years == year))
            if run(self.connection, "open_incident_year", {"year": year}).scalar_one():
                self.open_years.add(year)
            if year in self.open_years:
                self._copy_apart(rows, year)
            else:
                self._stage(rows, np.zeros(rows.num_rows, dtype=bool))
                self._insert()

    def compare(self, table: pa.Table, days: Days, again: Mask) -> Outcome:
        """Find out what is there already, put aside what is replaced, write the rest.

        Args:
            table: n rows of ``staged_incident``, none of whose identifiers is repeated.
            days: n local days.
            again: n; which identifiers have come earlier in this load.
        """
        self.close_years()
        first, last = days.min().item(), days.max().item()
        span = {"first_day": first, "last_day": last}
        run(self.connection, "ensure_incident_partitions", span)
        self._stage(table, again)
        load = {"source": self.source, "batch_id": self.batch_id, "scope_code": self.scope_code}
        run(self.connection, "match_incidents", load)
        kinds = {"row": "int64", "same": "bool", "repeated": "bool", "foreign": "bool"}
        matched = read_frame(self.connection, "read_matches").astype(kinds)
        replaced = read_frame(self.connection, "read_replaced_incidents")
        if len(replaced):
            run(self.connection, "keep_former_incidents", {"batch_id": self.batch_id})
        run(self.connection, "delete_replaced_incidents")
        self._insert()
        same, refused = matched["same"], matched["repeated"] | matched["foreign"]
        return Outcome(
            inserted=~np.isin(table["row"].to_numpy(), matched["row"][same | refused].to_numpy()),
            same=int(same.sum()),
            repeated=matched["row"][~same & matched["repeated"]].to_numpy(np.int64),
            foreign=matched["row"][~same & ~matched["repeated"] & refused].to_numpy(np.int64),
            replaced=replaced,
        )

    def close_years(self) -> None:
        """Attach the partitions this load has created, which builds their indexes."""
        for year in sorted(self.open_years):
            run(self.connection, "close_incident_year", {"year": year})
        self.open_years.clear()

    def _copy_apart(self, rows: pa.Table, year: int) -> None:
        """COPY into a partition that nobody sees yet."""
        nobody = pa.array(np.zeros(rows.num_rows, np.int32))
        whole = rows.drop_columns(["row"])
        source = pa.DictionaryArray.from_arrays(nobody, pa.array([self.source]))
        whole = whole.append_column("source", source)
        batch = pa.array(np.full(rows.num_rows, self.batch_id))
        whole = whole.append_column("batch_id", batch)
        self.copying.copy(self.connection, f"gridboard.incident_{year}", whole)

    def _stage(self, rows: pa.Table, again: Mask) -> None:
        """COPY into the temporary table; COPY does not write under row-level security."""
        run(self.connection, "create_staged_incident")
        table = rows.append_column("again", pa.array(again))
        self.copying.copy(self.connection, "staged_incident", table)

    def _insert(self) -> None:
        """From the temporary table into the incidents."""
        load = {"source": self.source, "batch_id": self.batch_id}
        run(self.connection, "insert_incidents", load)
