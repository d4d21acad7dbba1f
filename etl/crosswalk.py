"""How former areas are spread over those that took their land: written with every edition."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from sqlalchemy import Connection

from etl.statements import copy_table, read_frame, run
from geo.assignment import UNASSIGNED, assign_positions
from geo.crs import Floats, Geometries
from geo.defects import NOISE_M2
from geo.plane import Plane

COUNTED_DAYS = 365
"""Incidents of so many days before an edition say where those of a former area happen."""

_WHOLE = 1e-6
"""Shares this close to 1 are the whole."""


def overlay(former: pd.DataFrame, new: pd.DataFrame, tolerance_m2: float) -> pd.DataFrame:
    """Spread former areas over new ones of the same level.

    Args:
        former: code, households (missing where unknown), geom (EPSG:4326).
        new: the same.
        tolerance_m2: pieces up to this size are what drawing a border anew leaves over; they
            are dropped and their land counts for the pieces that stay, in proportion.

    Returns:
        old_code, new_code, share_area (of the former area; they add up to 1 unless land was
        given up), share_households: 1 where a former area went into one new area whole;
        where it was split into areas that lie wholly within it and state their households,
        these; else missing. Ordered by the codes.
    """
    before: Geometries = former["geom"].to_numpy()
    plane = Plane.around(before)
    flat, flat_new = plane.flatten(before), plane.flatten(new["geom"].to_numpy())
    old_at, new_at = shapely.STRtree(flat_new).query(flat, predicate="intersects")
    pieces = plane.area_m2(shapely.intersection(flat[old_at], flat_new[new_at]))
    whole, whole_new = plane.area_m2(flat), plane.area_m2(flat_new)
    covered = np.bincount(old_at, weights=pieces, minlength=len(flat))
    # All of a small area may be below the tolerance.
    kept = (pieces > tolerance_m2) | (pieces > 0.5 * whole[old_at])
    old_at, new_at, pieces = old_at[kept], new_at[kept], pieces[kept]
    staying = np.bincount(old_at, weights=pieces, minlength=len(flat))
    given_up = whole - covered > tolerance_m2 + NOISE_M2
    land = np.where(given_up, covered / whole, 1.0)
    shares = pd.DataFrame(
        {
            "old_code": former["code"].to_numpy()[old_at],
            "new_code": new["code"].to_numpy()[new_at],
            "share_area": np.clip(pieces / staying[old_at] * land[old_at], 0, 1),
        }
    )
    within = pieces > whole_new[new_at] - tolerance_m2 - NOISE_M2
    shares["share_households"] = _household_shares(
        shares, within, new["households"].to_numpy(np.float64, na_value=np.nan)[new_at]
    )
    return shares.sort_values(["old_code", "new_code"], ignore_index=True)


def _household_shares(shares: pd.DataFrame, within: np.ndarray, households: Floats) -> Floats:
    """How the households of former areas spread, where that is known; else NaN."""
    known = np.where(within, households, np.nan)
    frame = pd.DataFrame({"code": shares["old_code"], "n": known, "area": shares["share_area"]})
    groups = frame.groupby("code")
    told = (groups["n"].transform("count") == groups["n"].transform("size")).to_numpy()
    total = np.where(told, groups["n"].transform("sum").to_numpy(), np.nan)
    split = groups["area"].transform("sum").to_numpy() > 1 - _WHOLE
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.where(split & (total > 0), known / total, np.nan)
    return np.where(frame["area"] > 1 - _WHOLE, 1.0, spread)


def write_crosswalk(
    connection: Connection, day: date, tolerance_m2: float
) -> dict[str, float | int]:
    """Write how the areas an edition changed are spread over those that took their land.

    Args:
        connection: a loading transaction that has just stored an edition, collected the
            touched areas before, and not moved incidents yet.
        day: from which the edition holds.
        tolerance_m2: see ``overlay``.

    Returns:
        How many rows were written, and for how many former areas.
    """
    former = _with_shapes(read_frame(connection, "read_former_outlines", {"valid_from": day}))
    if not len(former):
        return {"rows": 0, "areas": 0}
    new = _with_shapes(read_frame(connection, "read_new_outlines"))
    parts = []
    for slot, before in former.groupby("level"):
        after = new[new["level"] == slot]
        if len(after):
            shares = overlay(before, after, tolerance_m2)
            points = _read_points(connection, int(str(slot)), before["code"].tolist(), day)
            shares["share_incidents"] = _incident_shares(shares, after, points)
            parts.append(shares)
    if not parts:
        return {"rows": 0, "areas": 0}
    found = _unchanged_left_out(pd.concat(parts, ignore_index=True))
    _store(connection, found, former, new)
    return {"rows": len(found), "areas": int(found["old_code"].nunique())}


def _with_shapes(rows: pd.DataFrame) -> pd.DataFrame:
    shapes = shapely.from_wkb([bytes(value) for value in rows["geom"]])
    return rows.assign(geom=np.asarray(shapes, dtype=object))


def _unchanged_left_out(shares: pd.DataFrame) -> pd.DataFrame:
    """Without areas that only lost noise and gave nothing to others, nor got anything."""
    alone = (shares["old_code"] == shares["new_code"]) & (shares["share_area"] > 1 - _WHOLE)
    receives = shares["new_code"].isin(shares["new_code"][shares["old_code"] != shares["new_code"]])
    return shares[~alone | receives].reset_index(drop=True)


def _read_points(connection: Connection, slot: int, codes: list[str], day: date) -> pd.DataFrame:
    """The incidents of former areas in the days before: code, lon, lat."""
    since = day - timedelta(days=COUNTED_DAYS)
    values = {"slot": slot, "codes": codes, "since": since, "until": day}
    return read_frame(connection, "read_incident_points", values)


def _incident_shares(shares: pd.DataFrame, new: pd.DataFrame, points: pd.DataFrame) -> Floats:
    """Of each former area's incidents, the share in each new one; NaN where it had none."""
    if not len(points):
        return np.full(len(shares), np.nan)
    ordered = new.sort_values("code")
    places = shapely.points(points[["lon", "lat"]].to_numpy(np.float64))
    at = assign_positions(np.asarray(places), ordered["geom"].to_numpy())
    codes = np.append(ordered["code"].to_numpy(object), "")[np.where(at == UNASSIGNED, -1, at)]
    counted = points.assign(new_code=codes).groupby(["code", "new_code"]).size()
    total = points.groupby("code").size()
    pairs = pd.MultiIndex.from_frame(shares[["old_code", "new_code"]])
    found = counted.reindex(pairs, fill_value=0).to_numpy(np.float64)
    return np.asarray(found / total.reindex(shares["old_code"]).to_numpy(np.float64))


def _store(
    connection: Connection, shares: pd.DataFrame, former: pd.DataFrame, new: pd.DataFrame
) -> None:
    above = former.set_index("code").loc[shares["old_code"]]
    days = new.set_index("code")["valid_from"].loc[shares["new_code"]]
    columns = {name: pa.array(shares[name], pa.string()) for name in ("old_code", "new_code")}
    columns["changed_on"] = pa.array(days, pa.date32())
    for name in ("city_code", "county_code", "township_code"):
        columns[name] = pa.array(above[name], pa.string())
    for name in ("share_area", "share_households", "share_incidents"):
        columns[name] = pa.array(shares[name].to_numpy(np.float64), from_pandas=True)
    run(connection, "create_staged_crosswalk")
    copy_table(connection, "staged_crosswalk", pa.table(columns))
    run(connection, "store_crosswalk")
