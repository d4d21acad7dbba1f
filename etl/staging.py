"""Turn a chunk of incidents into the rows to be copied, and say what is refused."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from etl.cleaning import COLUMNS, OUTSIDE, Reasons, find_reasons, term_ids
from etl.places import TEXTS, Places, Positions
from etl.statements import point_hex
from etl.terms import MISSING, Terms
from geo.assignment import UNASSIGNED
from geo.errors import InputError

Days = npt.NDArray[np.datetime64]
"""Local days, datetime64[D]."""

REPEATED = "incident_id repeated in the file with other content"
"""Why the second of two rows with one identifier is refused."""

_MOMENTS = ("occurred_at", "received_at", "deadline", "resolved_at")


@dataclass(frozen=True)
class Staged:
    """A chunk ready to be stored.

    Attributes:
        frame: the chunk as it came, m rows.
        reasons: m reasons; None where a row is good.
        repeats: how many good rows repeat another row of the chunk exactly.
        table: n ≤ m rows with the columns of ``staged_incident``.
        positions: n rows of ``Places.frame``.
        days: n local days.
    """

    frame: pd.DataFrame
    reasons: Reasons
    repeats: int
    table: pa.Table
    positions: Positions
    days: Days


def stage(
    frame: pd.DataFrame, terms: Terms, places: Places, zone: ZoneInfo, first_row: int
) -> Staged:
    """Check, place and convert a chunk; pure, whatever the database holds.

    Args:
        frame: m rows with ``cleaning.COLUMNS``.
        terms: the dictionaries.
        places: the areas.
        zone: where a local day begins.
        first_row: the number of the chunk's first row in the file.

    Returns:
        What to store and what to refuse.

    Raises:
        InputError: the frame lacks a column.
    """
    if missing := sorted(set(COLUMNS) - set(frame.columns)):
        raise InputError(f"incidents lack the columns {', '.join(missing)}")
    frame = frame.reset_index(drop=True)
    ids = term_ids(frame, terms)
    reasons = find_reasons(frame, ids)
    positions = np.full(len(frame), UNASSIGNED, dtype=np.int64)
    good = _good(reasons)
    at = frame.loc[good, ["lon", "lat"]].to_numpy(np.float64)
    positions[good] = places.locate(at[:, 0], at[:, 1])
    reasons[good & (positions == UNASSIGNED)] = OUTSIDE
    repeats = _repeats(frame, reasons)
    kept = np.flatnonzero(_good(reasons) & ~repeats)
    chosen = frame.iloc[kept]
    days = local_days(chosen["occurred_at"], zone)
    columns = _columns(chosen, places, positions[kept], days)
    columns |= {kind: _term_array(numbers[kept]) for kind, numbers in ids.items()}
    columns["row"] = pa.array(first_row + kept)
    return Staged(frame, reasons, int(repeats.sum()), pa.table(columns), positions[kept], days)


def local_days(moments: pd.Series, zone: ZoneInfo) -> Days:
    """The day of each moment by the clocks of a zone."""
    local = moments.dt.tz_convert(zone).dt.tz_localize(None)
    days: Days = local.to_numpy().astype("datetime64[D]")
    return days


def _good(reasons: Reasons) -> npt.NDArray[np.bool_]:
    """Which rows have no reason against them."""
    return np.array([reason is None for reason in reasons], dtype=bool)


def _repeats(frame: pd.DataFrame, reasons: Reasons) -> npt.NDArray[np.bool_]:
    """Find good rows that repeat an earlier row exactly; refuse those with other content."""
    good = _good(reasons)
    repeated = np.zeros(len(frame), dtype=bool)
    repeated[good] = frame.loc[good, "incident_id"].duplicated().to_numpy()
    if not repeated.any():
        return repeated
    suspects = good & frame["incident_id"].isin(frame.loc[repeated, "incident_id"]).to_numpy()
    first = frame[suspects & ~repeated].set_index("incident_id", drop=False)[list(COLUMNS)]
    later = np.flatnonzero(repeated)
    same = np.array(
        [
            first.loc[row["incident_id"]].equals(row)
            for _, row in frame.loc[later, list(COLUMNS)].iterrows()
        ],
        dtype=bool,
    )
    reasons[later[~same]] = REPEATED
    repeated[later[~same]] = False
    return repeated


def _columns(
    frame: pd.DataFrame, places: Places, positions: Positions, days: Days
) -> dict[str, pa.Array]:
    """The columns of ``incident`` except terms, source and batch."""
    rows = pa.array(positions)
    received = frame["received_at"].fillna(frame["occurred_at"])
    moments = frame.assign(received_at=received)
    place = places.frame
    x, y = frame["lon"].to_numpy(np.float64), frame["lat"].to_numpy(np.float64)
    columns = {
        name: pa.array(moments[name], pa.timestamp("us", "UTC"), from_pandas=True)
        for name in _MOMENTS
    }
    columns |= {name: places.texts[name].take(rows) for name in TEXTS}
    columns |= {
        name: pa.array(frame[name], pa.string(), from_pandas=True)
        for name in ("incident_id", "method", "organisation")
    }
    columns["occurred_on"] = pa.array(days)
    columns["cell_id"] = pa.array(place["area_id"].to_numpy()[positions])
    columns["precision"] = pa.array(place["level"].to_numpy()[positions])
    people = frame["people"].astype("float64").to_numpy()
    columns["people"] = pa.array(people, from_pandas=True).cast(pa.int32())
    columns["geom"] = point_hex(x, y)
    return columns


def _term_array(ids: npt.NDArray[np.int16]) -> pa.Array:
    """Term ids with null where there is none."""
    return pa.array(ids, mask=ids == MISSING)
