"""Say of every row why it cannot be loaded, or that it can."""

from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from etl import reasons as why
from etl.mapping import PROBLEM
from etl.places import Places
from etl.reasons import MANY_PEOPLE, OUTSIDE, Reasons
from etl.terms import KINDS, MISSING, UNKNOWN, Terms
from geo.assignment import UNASSIGNED
from geo.crs import Floats

__all__ = ["COLUMNS", "OUTSIDE", "Reasons", "find_reasons", "outside_reasons", "term_ids"]

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""What is dated earlier is taken for a mistake."""

AHEAD = timedelta(days=1)
"""How far clocks may be ahead of ours."""

APART = timedelta(days=1)
"""How much earlier a later step may be dated: many sources know days, not hours."""

LONGEST_ID = 100
"""Characters of an identifier."""

MOST_PEOPLE = 2**31 - 1
"""What the column holds at most."""

NUL = "\0"
"""The one character that PostgreSQL stores in no text."""

NEAR_ZERO_DEG = 0.001
"""Coordinates as close to 0, 0 as this were never measured."""

COLUMNS = (
    "incident_id",
    "occurred_at",
    "received_at",
    "category",
    "channel",
    "status",
    "scale",
    "deadline",
    "resolved_at",
    "method",
    "organisation",
    "people",
    "lon",
    "lat",
)
"""What a frame of incidents holds; ``problem`` may say why a row cannot be read, ``address``
where it is if it has no coordinates, and ``recorded`` in which area the source puts it."""

Mask = npt.NDArray[np.bool_]
"""A statement about each of n rows."""


def find_reasons(frame: pd.DataFrame, ids: dict[str, npt.NDArray[np.int16]]) -> Reasons:
    """Check every row on its own; the first thing wrong is the reason.

    A row is refused if a later step (received, resolved, due) is dated more than a day before
    the incident: one of the two dates is wrong, and nobody but the source knows which. What is
    received before the hour it occurred on the same day is let through, since many sources
    state days only.

    Args:
        frame: n rows with ``COLUMNS``.
        ids: n term ids by kind.

    Returns:
        n reasons.
    """
    reasons = np.full(len(frame), None, dtype=object)
    if PROBLEM in frame:
        stated = np.flatnonzero(frame[PROBLEM].notna())
        reasons[stated] = frame[PROBLEM].iloc[stated].astype(object)
    checks = {
        **_of_identity(frame["incident_id"]),
        **_of_time(frame),
        **_of_coordinates(frame),
        **_of_people(frame["people"].to_numpy(np.float64, na_value=np.nan)),
        **_of_texts(frame, ids),
    }
    checks |= {f"unknown {kind}": ids[kind] == UNKNOWN for kind in KINDS}
    checks |= {f"no {kind}": ids[kind] == MISSING for kind in KINDS if kind != "scale"}
    good = np.asarray(pd.isna(reasons))
    for reason, wrong in checks.items():
        found = wrong & good
        if found.any():
            reasons[found] = reason
            good &= ~found
    return reasons


def outside_reasons(lon: Floats, lat: Floats, places: Places) -> Reasons:
    """Say of points that no area covers what is wrong with them.

    Args:
        lon: n longitudes, EPSG:4326.
        lat: n latitudes.
        places: the areas.

    Returns:
        n reasons: exchanged axes where the point with its coordinates exchanged lies in an
        area, otherwise that it is out of range or outside.
    """
    texts = np.full(len(lon), OUTSIDE, dtype=object)
    texts[_out_of_range(lon, lat)] = why.OUT_OF_RANGE
    texts[places.locate(lat, lon) != UNASSIGNED] = why.SWAPPED
    return texts


def term_ids(frame: pd.DataFrame, terms: Terms) -> dict[str, npt.NDArray[np.int16]]:
    """Look up the term ids of n rows, by kind."""
    return {kind: terms.look_up(kind, frame[kind]) for kind in KINDS}


def _of_identity(given: pd.Series) -> dict[str, Mask]:
    length = pc.utf8_length(_texts(given)).fill_null(0).to_numpy(zero_copy_only=False)
    return {why.NO_ID: length == 0, why.LONG_ID: length > LONGEST_ID}


def _of_time(frame: pd.DataFrame) -> dict[str, Mask]:
    now = np.datetime64(datetime.now(UTC).replace(tzinfo=None), "us")
    first = np.datetime64(EARLIEST.replace(tzinfo=None), "us")
    names = ("occurred_at", "received_at", "resolved_at", "deadline")
    moments = [frame[name].dt.tz_localize(None).to_numpy("datetime64[us]") for name in names]
    occurred, received, resolved, deadline = moments
    least, latest = occurred - np.timedelta64(APART), now + np.timedelta64(AHEAD)
    return {
        why.NO_DATE: np.isnat(occurred),
        why.FUTURE: occurred > latest,
        why.ANCIENT: occurred < first,
        why.RECEIVED_FUTURE: received > latest,
        why.RESOLVED_FUTURE: resolved > latest,
        why.RECEIVED_EARLY: received < least,
        why.RESOLVED_EARLY: resolved < least,
        why.DEADLINE_EARLY: deadline < least,
    }


def _of_coordinates(frame: pd.DataFrame) -> dict[str, Mask]:
    lon, lat = (frame[name].to_numpy(np.float64, na_value=np.nan) for name in ("lon", "lat"))
    missing = np.isnan(lon) | np.isnan(lat)
    if "address" in frame:
        missing &= ~has_address(frame["address"])
    return {
        why.NO_PLACE: missing,
        why.NULL_ISLAND: (np.abs(lon) < NEAR_ZERO_DEG) & (np.abs(lat) < NEAR_ZERO_DEG),
        why.OUT_OF_RANGE: _out_of_range(lon, lat) & ~_maybe_swapped(lon, lat),
    }


def has_address(addresses: pd.Series) -> Mask:
    """Which rows have an address to look for."""
    trimmed = pc.utf8_trim_whitespace(_texts(addresses))
    filled = pc.greater(pc.binary_length(trimmed), 0).fill_null(False)
    return np.asarray(filled.to_numpy(zero_copy_only=False), dtype=bool)


def _out_of_range(lon: Floats, lat: Floats) -> Mask:
    return (np.abs(lon) > 180) | (np.abs(lat) > 90)


def _maybe_swapped(lon: Floats, lat: Floats) -> Mask:
    """Out of range, but not with the axes exchanged: placing decides."""
    return (np.abs(lat) <= 180) & (np.abs(lon) <= 90)


def _of_people(people: Floats) -> dict[str, Mask]:
    with np.errstate(invalid="ignore"):
        fraction = (people % 1 != 0) & ~np.isnan(people)
    return {why.BAD_PEOPLE: (people < 0) | fraction, MANY_PEOPLE: people > MOST_PEOPLE}


def _of_texts(frame: pd.DataFrame, ids: dict[str, npt.NDArray[np.int16]]) -> dict[str, Mask]:
    """NUL characters; a code with one is in no dictionary, so known codes are not looked at."""
    found = {}
    for name in ("incident_id", "method", "organisation", *KINDS):
        if name in KINDS and not ((ids[name] < 0) & (ids[name] != MISSING)).any():
            continue
        holds = pc.match_substring(_texts(frame[name]), NUL).fill_null(False)
        found[f"NUL character in {name}"] = holds.to_numpy(zero_copy_only=False)
    return found


def _texts(values: pd.Series) -> pa.Array:
    texts = pa.array(values.astype("str"), pa.large_string(), from_pandas=True)
    return texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
