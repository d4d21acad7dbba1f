"""From a file's own columns to ours, as a profile says.

Mapping never drops a row. What it cannot read it names in the column ``problem``,
and the load rejects the row with that reason.
"""

import hashlib
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from etl.profiles import Dictionary, Incidents, Text
from etl.reasons import NOT_IN_CRS
from etl.texts import as_code, as_number, as_text, each_value
from etl.times import make_time
from geo.crs import to_stored
from geo.errors import InputError

PROBLEM = "problem"
"""Column that says why a row cannot be read; missing where it can."""

Problems = npt.NDArray[np.object_]
"""n texts; None where there is no problem."""


def make_text(rule: Text, frame: pd.DataFrame) -> pd.Series:
    """Apply a text rule to every row; missing stays missing.

    Raises:
        InputError: the frame lacks the rule's column.
    """
    if rule.column is None:
        return pd.Series(rule.constant, index=frame.index, dtype="str")
    if rule.column not in frame:
        present = [name for name in frame.columns if name != "geometry"]
        raise InputError(f"no column {rule.column!r}; there are {present}")
    text = as_text(frame[rule.column])
    if rule.pad:
        text = text.str.zfill(rule.pad)
    if rule.first:
        text = text.str[: rule.first]
    return rule.prefix + text


def make_term(rule: Dictionary, raw: pd.DataFrame) -> pd.Series:
    """Name the term of every row; a value that no term lists is passed on as it is.

    A term's own code means the term too.
    """
    if rule.column is None:
        return pd.Series(rule.constant, index=raw.index, dtype="str")
    meaning = {value: term.code for term in rule.terms for value in term.values}
    return each_value(as_text(raw[rule.column]), lambda value: meaning.get(value, value), "str")


def make_ids(columns: tuple[str, ...], raw: pd.DataFrame) -> pd.Series:
    """The identifier: a column as it is, or the digest of several.

    Raises:
        InputError: identifiers have lost digits.
    """
    if len(columns) == 1:
        return as_code(raw[columns[0]])
    texts = [raw[name].astype("str").fillna("") for name in columns]
    rows = zip(*(text.to_numpy(object) for text in texts), strict=True)
    digests = [
        hashlib.blake2b("\x1f".join(row).encode(), digest_size=10).hexdigest() for row in rows
    ]
    return pd.Series(digests, index=raw.index, dtype="str")


def map_incidents(raw: pd.DataFrame, profile: Incidents) -> pd.DataFrame:
    """Turn rows of a file into incidents.

    Args:
        raw: the file's own columns.
        profile: what they mean.

    Returns:
        One row a row, indexed alike: incident_id, occurred_at, received_at, deadline,
        resolved_at (UTC), category, channel, status, scale (term codes), method,
        organisation, people, lon, lat (EPSG:4326; NaN where missing) and ``problem``; also
        address and recorded (text) if the profile names such columns.

    Raises:
        ConfigurationError: times have no zone and the profile states none.
        InputError: there are coordinates, and nobody says in which CRS.
    """
    crs = profile.stated_crs()
    problems = np.full(len(raw), None, dtype=object)
    data: dict[str, object] = {"incident_id": make_ids(profile.incident_id, raw)}
    data |= _moments(raw, profile, problems)
    data |= {kind: make_term(rule, raw) for kind, rule in profile.dictionaries.items()}
    for name in ("method", "organisation"):
        column = getattr(profile, name)
        data[name] = as_text(raw[column]) if column else None
    data |= _numbers(raw, profile, problems)
    if profile.address:
        data["address"] = as_text(raw[profile.address])
    if profile.recorded:
        data["recorded"] = as_code(raw[profile.recorded.column])
    frame = pd.DataFrame(data, index=raw.index)
    if crs is not None:
        lon, lat = frame["lon"].to_numpy(), frame["lat"].to_numpy()
        frame["lon"], frame["lat"] = to_stored(lon, lat, crs)
        lost = ~np.isnan(lon) & ~np.isnan(lat) & frame["lon"].isna().to_numpy()
        problems[lost] = NOT_IN_CRS
    frame[PROBLEM] = pd.Series(problems, index=raw.index, dtype="str")
    return frame


def _moments(raw: pd.DataFrame, profile: Incidents, problems: Problems) -> dict[str, pd.Series]:
    """The four moments of every row."""
    zone = ZoneInfo(profile.time_zone) if profile.time_zone else None
    data = {}
    for name in ("occurred_at", "received_at", "deadline", "resolved_at"):
        rule = profile.times.get(name)
        if rule is None:
            data[name] = pd.Series(pd.NaT, index=raw.index, dtype="datetime64[us, UTC]")
        else:
            data[name] = make_time(rule, raw[rule.column], zone)
            _note(problems, name, data[name], raw[rule.column])
    return data


def _numbers(raw: pd.DataFrame, profile: Incidents, problems: Problems) -> dict[str, object]:
    """The numbers of every row; coordinates as the file has them."""
    data: dict[str, object] = {}
    for name in ("people", "lon", "lat"):
        column = getattr(profile, name)
        number = as_number(raw[column], profile.decimal) if column else None
        data[name] = np.nan if number is None else number
        if number is not None:
            _note(problems, name, number, raw[column])
    return data


def _note(problems: Problems, name: str, found: pd.Series, values: pd.Series) -> None:
    """Say of the rows that hold something in which nothing was found."""
    unread = (found.isna() & values.notna()).to_numpy(bool)
    if unread.any():
        problems[unread & as_text(values).notna().to_numpy(bool)] = f"unreadable {name}"
