"""The rows of incidents as they are copied: what ``staged_incident`` and the partitions hold."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from etl.places import TEXTS, Places, Positions
from etl.statements import point_bytes
from geo.assignment import UNASSIGNED
from geo.blocks import NO_HOUR
from geo.crs import Floats

Days = npt.NDArray[np.datetime64]
"""Local days, datetime64[D]."""

_MOMENTS = ("occurred_at", "received_at", "deadline", "resolved_at")


@dataclass(frozen=True)
class Spots:
    """Where n incidents are.

    Attributes:
        positions: n rows of ``Places.frame``; ``UNASSIGNED`` for none.
        lon: n longitudes, EPSG:4326; NaN where only an area is known.
        lat: n latitudes.
        score: n; how sure the geocoder was, NaN where the file states the coordinates.
    """

    positions: Positions
    lon: Floats
    lat: Floats
    score: npt.NDArray[np.float32]

    @classmethod
    def nowhere(cls, lon: Floats, lat: Floats) -> "Spots":
        """Stated coordinates whose areas are not known yet."""
        positions = np.full(len(lon), UNASSIGNED, dtype=np.int64)
        return cls(positions, lon.copy(), lat.copy(), np.full(len(lon), np.nan, np.float32))

    def take(self, rows: npt.NDArray[np.int64]) -> "Spots":
        """Some of them."""
        return Spots(self.positions[rows], self.lon[rows], self.lat[rows], self.score[rows])


def local_days(moments: pd.Series, zone: ZoneInfo) -> Days:
    """The day of each moment by the clocks of a zone."""
    local = moments.dt.tz_convert(zone).dt.tz_localize(None)
    days: Days = local.to_numpy().astype("datetime64[D]")
    return days


def local_hours(moments: pd.Series, zone: ZoneInfo) -> npt.NDArray[np.uint8]:
    """The hour of each moment by the clocks of a zone; ``NO_HOUR`` at exactly midnight.

    The same as the SQL function ``local_hour``.
    """
    local = moments.dt.tz_convert(zone).dt.tz_localize(None).to_numpy()
    past = local - local.astype("datetime64[D]")
    hours: npt.NDArray[np.uint8] = (past // np.timedelta64(1, "h")).astype(np.uint8)
    hours[past == np.timedelta64(0)] = NO_HOUR
    return hours


def staged_table(frame: pd.DataFrame, places: Places, spots: Spots, days: Days) -> pa.Table:
    """Good rows with the columns of ``incident``, but without terms, codes, source and batch.

    Args:
        frame: n rows with ``cleaning.COLUMNS``.
        places: the areas.
        spots: where the rows are, all of them somewhere.
        days: n local days.
    """
    rows = pa.array(spots.positions)
    received = frame["received_at"].fillna(frame["occurred_at"])
    moments = frame.assign(received_at=received)
    columns = {
        name: pa.array(moments[name], pa.timestamp("us", "UTC"), from_pandas=True)
        for name in _MOMENTS
    }
    columns |= {
        name: pa.array(frame[name], pa.string(), from_pandas=True)
        for name in ("incident_id", "method", "organisation")
    }
    columns["occurred_on"] = pa.array(days)
    columns["cell_id"] = places.numbers["area_id"].take(rows)
    columns["precision"] = places.numbers["level"].take(rows)
    people = frame["people"].astype("float64").to_numpy()
    columns["people"] = pa.array(people, from_pandas=True).cast(pa.int32())
    columns["score"] = pa.array(spots.score, from_pandas=True)
    columns["geom"] = point_bytes(spots.lon, spots.lat)
    return pa.table(columns)


def with_codes(table: pa.Table, places: Places, positions: Positions) -> pa.Table:
    """Add the codes of the areas: each is kept once, whatever the number of its incidents.

    Args:
        table: n rows.
        places: the areas; kept out of what workers send back.
        positions: n rows of ``Places.frame``.
    """
    rows = pa.array(positions)
    for name in TEXTS:
        codes = pa.DictionaryArray.from_arrays(rows, places.texts[name])
        table = table.append_column(name, codes)
    return table
