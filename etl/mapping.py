"""From a file's own columns to ours, as a profile says.

Mapping never drops a row. What it cannot read it names in the column ``problem``,
and the load rejects the row with that reason.
"""

import hashlib
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from etl.profiles import AreaColumns, Dictionary, Incidents, Text, Time
from geo.coverage import as_multipolygons
from geo.crs import STORED_CRS, transformer
from geo.errors import ConfigurationError, InputError
from geo.hierarchy import Hierarchy

PROBLEM = "problem"
"""Column that says why a row cannot be read; missing where it can."""

_ZONED = r"\d[T ]\d[\d:.,]* ?(?:Z|[+-]\d\d(?::?\d\d)?)$"
"""A time of day with the zone behind it, as ISO 8601 and databases write it."""


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
    text = frame[rule.column].astype("str").str.strip()
    if rule.pad:
        text = text.str.zfill(rule.pad)
    if rule.first:
        text = text.str[: rule.first]
    return rule.prefix + text


def map_areas(
    raw: gpd.GeoDataFrame, columns: AreaColumns, hierarchy: Hierarchy
) -> gpd.GeoDataFrame:
    """Turn a file's features into areas of one level.

    Args:
        raw: the file's own columns, EPSG:4326.
        columns: what the profile says about them.
        hierarchy: knows the level.

    Returns:
        Columns code, level (slot), parent_code, name, name_en, kind, population,
        households, geometry (EPSG:4326).

    Raises:
        InputError: a column is missing, or a code has several features and the
            profile does not say that they belong together.
    """
    texts = {
        "code": columns.code,
        "parent_code": columns.parent,
        "name": columns.name,
        "name_en": columns.name_en,
        "kind": columns.kind,
    }
    data = {name: make_text(rule, raw) if rule else None for name, rule in texts.items()}
    counts = {"population": columns.population, "households": columns.households}
    for name, column in counts.items():
        data[name] = pd.to_numeric(raw[column]).astype("Int64") if column else None
    frame = pd.DataFrame(data, index=raw.index).assign(level=hierarchy.level(columns.level).slot)
    areas = gpd.GeoDataFrame(frame, geometry=raw.geometry.to_numpy(), crs=STORED_CRS)
    repeated = areas["code"][areas["code"].duplicated()]
    if len(repeated) and columns.several == "refuse":
        codes = ", ".join(sorted(set(repeated))[:5])
        raise InputError(f"level {columns.level}: several features have one code: {codes}")
    return _merge_features(areas) if len(repeated) else areas


def _merge_features(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """One row a code, with all its polygons."""
    merged = areas.groupby("code")["geometry"].agg(lambda parts: shapely.union_all(parts.to_list()))
    first = areas.drop_duplicates("code").reset_index(drop=True)
    geometry = as_multipolygons(first["code"].map(merged).to_numpy())
    return first.set_geometry(gpd.GeoSeries(geometry, crs=STORED_CRS))


def make_time(rule: Time, values: pd.Series, zone: ZoneInfo | None) -> pd.Series:
    """Read moments.

    A clock reading that daylight saving skips moves forward to the next that
    exists; one that happens twice is the first of the two.

    Returns:
        Moments in UTC; NaT where the value is missing or cannot be read.

    Raises:
        ConfigurationError: a value has no zone and the profile states none.
    """
    if pd.api.types.is_datetime64_any_dtype(values):
        return _in_utc(rule, values, zone)
    text = values.astype("str")
    if rule.format is not None:
        aware = "%z" in rule.formats[0]
        moments = pd.to_datetime(text, errors="coerce", utc=aware, format=rule.formats[0])
        return _in_utc(rule, moments, zone)
    # Each row is believed on its own: one that states a zone says nothing about the others.
    zoned = text.str.contains(_ZONED, na=False).to_numpy(bool)
    found = pd.Series(pd.NaT, index=values.index, dtype="datetime64[us, UTC]")
    for rows, aware in ((zoned, True), (~zoned, False)):
        if rows.any():
            part = pd.to_datetime(text[rows], errors="coerce", utc=aware, format="ISO8601")
            found[rows] = _in_utc(rule, part, zone).array
    return found


def _in_utc(rule: Time, moments: pd.Series, zone: ZoneInfo | None) -> pd.Series:
    """Moments that all state a zone or all state none; those that state none are local."""
    if moments.dt.tz is not None and not rule.wall_clock:
        return pd.Series(moments.dt.tz_convert("UTC"))
    if moments.isna().all():
        return pd.Series(pd.NaT, index=moments.index, dtype="datetime64[us, UTC]")
    if zone is None:
        raise ConfigurationError(
            f"column {rule.column} has times without a zone: write time_zone into the profile"
        )
    local = moments.dt.tz_localize(None)
    first = np.ones(len(local), dtype=bool)
    aware_local = local.dt.tz_localize(zone, ambiguous=first, nonexistent="shift_forward")
    return pd.Series(aware_local.dt.tz_convert("UTC"))


def make_term(rule: Dictionary, raw: pd.DataFrame) -> pd.Series:
    """Name the term of every row; a value that no term lists is passed on as it is."""
    if rule.column is None:
        return pd.Series(rule.constant, index=raw.index, dtype="str")
    values = raw[rule.column].astype("str").astype("category")
    meaning = {value: term.code for term in rule.terms for value in term.values}
    return values.map(lambda value: meaning.get(value, value)).astype("str")


def make_ids(columns: tuple[str, ...], raw: pd.DataFrame) -> pd.Series:
    """The identifier: a column as it is, or the digest of several."""
    if len(columns) == 1:
        return raw[columns[0]].astype("str")
    joined = raw[columns[0]].astype("str").fillna("")
    for name in columns[1:]:
        joined = joined + "\x1f" + raw[name].astype("str").fillna("")
    digests = [hashlib.blake2b(row.encode(), digest_size=10).hexdigest() for row in joined]
    return pd.Series(digests, index=raw.index, dtype="str")


def map_incidents(raw: pd.DataFrame, profile: Incidents) -> pd.DataFrame:
    """Turn rows of a file into incidents.

    Args:
        raw: the file's own columns.
        profile: what they mean.

    Returns:
        One row a row, indexed alike: incident_id, occurred_at, received_at, deadline,
        resolved_at (UTC), category, channel, status, scale (term codes), method,
        organisation, people, lon, lat (EPSG:4326) and ``problem``.

    Raises:
        ConfigurationError: times have no zone and the profile states none.
    """
    zone = ZoneInfo(profile.time_zone) if profile.time_zone else None
    frame = pd.DataFrame({"incident_id": make_ids(profile.incident_id, raw)}, index=raw.index)
    problem = pd.Series(None, index=raw.index, dtype="str")
    for name in ("occurred_at", "received_at", "deadline", "resolved_at"):
        frame[name] = pd.Series(pd.NaT, index=raw.index, dtype="datetime64[us, UTC]")
    for name, time in profile.times.items():
        frame[name] = make_time(time, raw[time.column], zone)
        problem[frame[name].isna() & raw[time.column].notna()] = f"unreadable {name}"
    for kind, dictionary in profile.dictionaries.items():
        frame[kind] = make_term(dictionary, raw)
    for name in ("method", "organisation"):
        column = getattr(profile, name)
        frame[name] = raw[column].astype("str") if column else None
    for name in ("people", "lon", "lat"):
        column = getattr(profile, name)
        frame[name] = pd.to_numeric(raw[column], errors="coerce") if column else np.nan
        if column:
            problem[frame[name].isna() & raw[column].notna()] = f"unreadable {name}"
    if (crs := profile.stated_crs()) is not None:
        to_stored = transformer(crs, STORED_CRS)
        frame["lon"], frame["lat"] = to_stored.transform(frame["lon"], frame["lat"])
    frame[PROBLEM] = problem
    return frame
