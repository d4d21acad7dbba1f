"""Say of every row why it cannot be loaded, or that it can."""

from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from etl.mapping import PROBLEM
from etl.terms import KINDS, MISSING, UNKNOWN, Terms

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""What is dated earlier is taken for a mistake."""

AHEAD = timedelta(days=1)
"""How far clocks may be ahead of ours."""

LONGEST_ID = 100
"""Characters of an identifier."""

MOST_PEOPLE = 2**31 - 1
"""What the column holds at most."""

NUL = "\0"
"""The one character that PostgreSQL stores in no text."""

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
"""What a frame of incidents holds; ``problem`` may say why a row cannot be read."""

OUTSIDE = "outside the area of the database"
"""Why a point that no area covers is refused."""

Reasons = npt.NDArray[np.object_]
"""n texts; None where a row is good."""


def find_reasons(frame: pd.DataFrame, ids: dict[str, npt.NDArray[np.int16]]) -> Reasons:
    """Check every row on its own; the first thing wrong is the reason.

    Args:
        frame: n rows with ``COLUMNS``.
        ids: n term ids by kind.

    Returns:
        n reasons.
    """
    now = datetime.now(UTC)
    occurred, lon, lat = frame["occurred_at"], frame["lon"], frame["lat"]
    people = frame["people"].astype("float64")
    length = frame["incident_id"].str.len()
    checks: list[tuple[str, pd.Series | npt.NDArray[np.bool_]]] = [
        ("no incident_id", length.fillna(0) == 0),
        ("incident_id too long", length > LONGEST_ID),
        ("no occurred_at", occurred.isna()),
        ("occurred_at in the future", occurred > now + AHEAD),
        ("occurred_at before 1990", occurred < EARLIEST),
        ("no coordinates", lon.isna() | lat.isna()),
        ("coordinates 0, 0", (lon == 0) & (lat == 0)),
        ("coordinates out of range", (lon.abs() > 180) | (lat.abs() > 90)),
        ("people is no whole number from 0", (people < 0) | (people % 1 != 0) & people.notna()),
    ]
    checks.append((f"people above {MOST_PEOPLE}", people > MOST_PEOPLE))
    for name in ("incident_id", "method", "organisation", *KINDS):
        holds = frame[name].astype("str").str.contains(NUL, regex=False, na=False)
        checks.append((f"NUL character in {name}", holds))
    checks += [(f"unknown {kind}", ids[kind] == UNKNOWN) for kind in KINDS]
    checks += [(f"no {kind}", ids[kind] == MISSING) for kind in KINDS if kind != "scale"]
    reasons = np.full(len(frame), None, dtype=object)
    if PROBLEM in frame:
        problem = frame[PROBLEM].astype(object)
        reasons = problem.where(problem.notna(), None).to_numpy(object, copy=True)
    good = np.array([reason is None for reason in reasons], dtype=bool)
    for reason, wrong in checks:
        found = np.asarray(wrong, dtype=bool) & good
        reasons[found] = reason
        good &= ~found
    return reasons


def term_ids(frame: pd.DataFrame, terms: Terms) -> dict[str, npt.NDArray[np.int16]]:
    """Look up the term ids of n rows, by kind."""
    return {kind: terms.look_up(kind, frame[kind]) for kind in KINDS}
