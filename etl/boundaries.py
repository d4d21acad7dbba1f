"""Load areas: check a new edition, complete it, and store it beside the former ones."""

from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from sqlalchemy import Connection

from etl import editions
from etl.batches import close_batch, open_batch
from etl.hierarchies import refuse_other_hierarchy, store_hierarchy
from etl.locks import lock_areas
from etl.rekeying import rekey_incidents
from etl.reports import LoadReport
from etl.statements import copy_table, read_frame, run, shape_hex
from geo.crs import STORED_CRS
from geo.errors import InputError
from geo.hierarchy import PROVINCE, Hierarchy
from geo.revisions import bump

_STAGED = (*editions.COLUMNS, *editions.LINEAGE, "area_km2", "geom", "label")


def load_boundaries(
    connection: Connection,
    areas: gpd.GeoDataFrame,
    hierarchy: Hierarchy,
    *,
    valid_from: date,
    file: Path | None = None,
) -> LoadReport:
    """Store a new edition of areas, all or nothing; a second identical run changes nothing.

    The areas given replace all current areas of their levels below the parents they
    name: what is missing among those is closed. An area keeps its area_id as long as
    it is current; what it was before is kept as a version that ended on ``valid_from``.
    Incidents belong to the current areas: those that an edition moves are keyed anew.

    Args:
        connection: a loading transaction.
        areas: columns ``editions.COLUMNS`` and geometry, EPSG:4326; level is the slot.
            Levels may be missing, parents may be in the database already.
        hierarchy: the hierarchy of the database.
        valid_from: the day from which the edition holds.
        file: where the areas come from.

    Returns:
        Counts of new, changed, unchanged and closed areas.

    Raises:
        InputError: a level is no coverage, codes or parents are wrong, an area that is
            closed still has areas below it, or a newer edition is already there.
    """
    report = LoadReport(rows_read=len(areas))
    lock_areas(connection, "alone")
    refuse_other_hierarchy(connection, hierarchy)
    with report.phase("check"):
        editions.check_areas(areas, hierarchy)
        kept = _kept(connection, areas)
        places = pd.concat([areas[["code", "level", "parent_code"]], kept], ignore_index=True)
        lineage = editions.fill_lineage(places)
        editions.check_coverage(areas, _neighbours(connection, areas, kept), hierarchy)
    with report.phase("complete"):
        whole = editions.complete(areas, hierarchy)
        editions.check_nesting(whole, _parents(connection, whole))
    root = lineage["code"][lineage["level"] == PROVINCE].iloc[0]
    store_hierarchy(connection, hierarchy, str(root))
    report.batch_id = open_batch(
        connection, scope_code=str(root), kind="area", source=hierarchy.key, file=file
    )
    with report.phase("copy"):
        run(connection, "create_staged_area")
        copy_table(connection, "staged_area", _table(whole, lineage))
    with report.phase("store"):
        _store(connection, report, valid_from)
        _refresh_lineage(connection, lineage)
    if report.changed:
        with report.phase("incidents"):
            report.rows_moved = rekey_incidents(connection)
    close_batch(connection, report)
    return report


def _kept(connection: Connection, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Current areas that the edition neither brings nor closes: code, level, parent_code."""
    current = read_frame(connection, "read_current_codes")
    named = pd.MultiIndex.from_frame(areas[["level", "parent_code"]].dropna())
    pairs = pd.MultiIndex.from_frame(current[["level", "parent_code"]])
    replaced = pairs.isin(named) & current["parent_code"].notna().to_numpy()
    kept = current[~replaced & ~current["code"].isin(areas["code"])]
    closed = current[replaced & ~current["code"].isin(areas["code"])]
    orphans = kept[kept["parent_code"].isin(closed["code"])]
    if len(orphans):
        first = orphans.iloc[0]
        raise InputError(
            f"the edition no longer has {first['parent_code']}, but {first['code']} lies in it:"
            " give the areas below it a new parent in the same load"
        )
    return kept


def _neighbours(
    connection: Connection, areas: gpd.GeoDataFrame, kept: pd.DataFrame
) -> gpd.GeoDataFrame:
    """Kept areas of the same levels that the edition's bounding box meets."""
    wanted = kept["code"][kept["level"].isin(areas["level"].unique())]
    return _read_areas(connection, wanted, areas.total_bounds)


def _parents(connection: Connection, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Every parent the areas name, from the edition itself or from the database."""
    named = areas["parent_code"].dropna().unique()
    here = areas.loc[areas["code"].isin(named), ["code", "area_km2", "geometry"]]
    elsewhere = pd.Series(named)[~pd.Series(named).isin(here["code"])]
    there = _read_areas(connection, elsewhere, areas.total_bounds)
    return gpd.GeoDataFrame(
        {
            "code": np.concatenate([here["code"], there["code"]]),
            "area_km2": np.concatenate([here["area_km2"], there["area_km2"]]),
        },
        geometry=np.concatenate([np.asarray(here.geometry), np.asarray(there.geometry)]),
        crs=STORED_CRS,
    )


def _read_areas(
    connection: Connection, codes: pd.Series, bounds: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> gpd.GeoDataFrame:
    """Current areas of these codes within bounds: code, level, area_km2, geometry."""
    west, south, east, north = map(float, bounds)
    box = {"west": west, "south": south, "east": east, "north": north}
    frame = read_frame(connection, "read_areas_within", box | {"codes": codes.tolist()})
    shapes = shapely.from_wkb([bytes(value) for value in frame.pop("geom")])
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=STORED_CRS)


def _table(areas: gpd.GeoDataFrame, lineage: pd.DataFrame) -> pa.Table:
    """The staged rows, spatially sorted so that the index is built from neighbours."""
    order = np.argsort(areas.geometry.hilbert_distance(), kind="stable")
    sorted_areas = areas.iloc[order]
    above = lineage.set_index("code").loc[sorted_areas["code"], list(editions.LINEAGE)]
    columns = {name: pa.array(sorted_areas[name], from_pandas=True) for name in editions.COLUMNS}
    for name in ("population", "households"):
        columns[name] = columns[name].cast(pa.int64())
    columns |= {name: pa.array(above[name], from_pandas=True) for name in editions.LINEAGE}
    columns["area_km2"] = pa.array(sorted_areas["area_km2"])
    columns["geom"] = shape_hex(np.asarray(sorted_areas.geometry), 4326)
    columns["label"] = shape_hex(sorted_areas["label"].to_numpy(), 4326)
    return pa.table({name: columns[name] for name in _STAGED})


def _store(connection: Connection, report: LoadReport, valid_from: date) -> None:
    """Compare the staged edition with the current one and write the difference."""
    day = {"valid_from": valid_from}
    newer = run(connection, "find_newer_areas", day).all()
    if newer:
        first = newer[0]
        raise InputError(
            f"{first.code} has an edition valid from {first.valid_from}: an older one"
            f" ({valid_from}) cannot be put before it"
        )
    report.rows_closed = run(connection, "close_missing_areas", day).rowcount
    report.rows_updated = run(connection, "collect_changed_areas").rowcount
    run(connection, "archive_changed_areas", day)
    report.rows_loaded = run(connection, "insert_new_areas", day).rowcount
    report.rows_unchanged = report.rows_read - report.rows_updated - report.rows_loaded
    if report.changed:
        bump(connection, "area")


def _refresh_lineage(connection: Connection, lineage: pd.DataFrame) -> None:
    """Bring the lineage of all current areas up to date with the new edition."""
    names = ["code", *editions.LINEAGE]
    table = pa.table({name: pa.array(lineage[name], from_pandas=True) for name in names})
    run(connection, "create_staged_lineage")
    copy_table(connection, "staged_lineage", table)
    run(connection, "refresh_lineage")
