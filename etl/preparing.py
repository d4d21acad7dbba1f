"""From a chunk as it was read to the rows to be copied: pure, wherever it runs.

Nothing here knows a database. What is needed of one comes as a ``Context`` once, so that chunks
can be prepared beside the loader, in other processes or on other machines, with one result.
"""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from etl.cleaning import COLUMNS, find_reasons, term_ids
from etl.mapping import map_incidents
from etl.persons import Findings, scan_columns
from etl.places import Places, Positions
from etl.placing import Evidence, Knowledge, place
from etl.profiles import Incidents
from etl.reading.chunks import Chunk
from etl.reasons import FORBIDDEN, Reasons
from etl.repeats import find_repeats
from etl.staging import Days, Spots, local_days, staged_table
from etl.terms import Terms
from geo.errors import InputError

__all__ = ["FORBIDDEN", "Context", "Prepared", "prepare"]


@dataclass(frozen=True)
class Context:
    """What preparing needs beside a chunk.

    Attributes:
        places: the areas.
        terms: the dictionaries as the load found them.
        zone: where a local day begins.
        rules: what the file's columns mean; None for chunks that have ``cleaning.COLUMNS``.
        scope_code: the area whose incidents may be written; None for all.
        knowledge: how to find addresses and to check recorded codes.
    """

    places: Places
    terms: Terms
    zone: ZoneInfo
    rules: Incidents | None = None
    scope_code: str | None = None
    knowledge: Knowledge = field(default_factory=Knowledge)


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
        evidence: what the chunk says against the file as a whole.
    """

    rows_read: int
    refused: npt.NDArray[np.int64]
    reasons: Reasons
    repeats: int
    table: pa.Table
    positions: Positions
    days: Days
    evidence: Evidence = field(default_factory=Evidence)


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
    spots, witnesses = place(frame, reasons, context.places, context.knowledge)
    _refuse_elsewhere(reasons, spots, context)
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
    persons = scan_columns(chunk.frame, context.rules) if context.rules else Findings()
    evidence = Evidence(persons, witnesses)
    return Prepared(len(frame), refused, reasons[refused], count, table, positions, days, evidence)


def _mapped(frame: pd.DataFrame, rules: Incidents | None) -> pd.DataFrame:
    """Incidents with our columns, numbered from 0."""
    if rules is not None:
        return map_incidents(frame.reset_index(drop=True), rules)
    if missing := sorted(set(COLUMNS) - set(frame.columns)):
        raise InputError(f"incidents lack the columns {', '.join(missing)}")
    return frame.reset_index(drop=True)


def _refuse_elsewhere(reasons: Reasons, spots: Spots, context: Context) -> None:
    """Refuse rows outside the area that may be written, if only one may."""
    if context.scope_code is None:
        return
    within = context.places.within(context.scope_code)
    good = np.flatnonzero(pd.isna(reasons))
    reasons[good[~within[spots.positions[good]]]] = FORBIDDEN
