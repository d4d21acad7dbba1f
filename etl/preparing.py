"""From a chunk as it was read to the rows to be copied: pure, wherever it runs.

Nothing here knows a database. What is needed of one comes as a ``Context`` once, so that chunks
can be prepared beside the loader, in other processes or on other machines, with one result.
"""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from etl.cleaning import COLUMNS, OUTSIDE, Reasons, find_reasons, term_ids
from etl.mapping import map_incidents
from etl.places import Places, Positions
from etl.profiles import Incidents
from etl.reading.chunks import Chunk
from etl.repeats import find_repeats
from etl.staging import Days, Spots, local_days, staged_table
from etl.terms import Terms
from geo.assignment import UNASSIGNED
from geo.errors import InputError

FORBIDDEN = "outside the area this load may write"
"""Why a row is refused that belongs to somebody else's area."""


@dataclass(frozen=True)
class Context:
    """What preparing needs beside a chunk.

    Attributes:
        places: the areas.
        terms: the dictionaries as the load found them.
        zone: where a local day begins.
        rules: what the file's columns mean; None for chunks that have ``cleaning.COLUMNS``.
        scope_code: the area whose incidents may be written; None for all.
    """

    places: Places
    terms: Terms
    zone: ZoneInfo
    rules: Incidents | None = None
    scope_code: str | None = None


@dataclass(frozen=True)
class Prepared:
    """A chunk ready to be stored: of m rows n are good.

    Attributes:
        rows_read: m.
        refused: positions in the chunk of the rows that are not good.
        reasons: why, one text each.
        repeats: how many rows repeat another row of the chunk exactly; neither good nor refused.
        table: n rows with the columns of ``staged_incident``.
        positions: n rows of ``Places.frame``.
        days: n local days.
    """

    rows_read: int
    refused: npt.NDArray[np.int64]
    reasons: Reasons
    repeats: int
    table: pa.Table
    positions: Positions
    days: Days


def prepare(chunk: Chunk, context: Context) -> Prepared:
    """Map, check, place and convert a chunk.

    Args:
        chunk: m rows.
        context: what is known beside them.

    Returns:
        What to store and what to refuse; the first thing wrong with a row is its reason.

    Raises:
        InputError: the chunk lacks a column.
    """
    frame = _mapped(chunk.frame, context.rules)
    ids = term_ids(frame, context.terms)
    reasons = find_reasons(frame, ids)
    spots = _placed(frame, reasons, context)
    repeats = find_repeats(frame, reasons)
    refused = np.flatnonzero(~pd.isna(reasons))
    kept = np.flatnonzero(pd.isna(reasons) & ~repeats)
    chosen = frame.iloc[kept]
    days = local_days(chosen["occurred_at"], context.zone)
    terms = {kind: context.terms.column(kind, chosen[kind], ids[kind][kept]) for kind in ids}
    table = staged_table(chosen, context.places, spots.take(kept), days)
    for name, values in {"row": pa.array(chunk.first_row + kept), **terms}.items():
        table = table.append_column(name, values)
    count = int(repeats.sum())
    positions = spots.positions[kept]
    return Prepared(len(frame), refused, reasons[refused], count, table, positions, days)


def _mapped(frame: pd.DataFrame, rules: Incidents | None) -> pd.DataFrame:
    """Incidents with our columns, numbered from 0."""
    if rules is not None:
        return map_incidents(frame.reset_index(drop=True), rules)
    if missing := sorted(set(COLUMNS) - set(frame.columns)):
        raise InputError(f"incidents lack the columns {', '.join(missing)}")
    return frame.reset_index(drop=True)


def _placed(frame: pd.DataFrame, reasons: Reasons, context: Context) -> Spots:
    """Find the area of every good row; where there is none that may be written, say so."""
    lon, lat = (frame[name].to_numpy(np.float64) for name in ("lon", "lat"))
    spots = Spots.nowhere(lon, lat)
    good = np.flatnonzero(pd.isna(reasons))
    spots.positions[good] = context.places.locate(lon[good], lat[good])
    reasons[good[spots.positions[good] == UNASSIGNED]] = OUTSIDE
    if context.scope_code is not None:
        within = context.places.within(context.scope_code)
        good = np.flatnonzero(pd.isna(reasons))
        reasons[good[~within[spots.positions[good]]]] = FORBIDDEN
    return spots
