"""Load areas: check a new edition, complete it, and store it beside the former ones."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection

from etl import editions
from etl.batches import close_batch, open_batch
from etl.checking import Stated, find_defects, refuse_defects
from etl.crosswalk import write_crosswalk
from etl.hierarchies import refuse_other_hierarchy, store_hierarchy
from etl.locks import lock_areas
from etl.lying import find_lie
from etl.rekeying import rekey_incidents
from etl.reports import LoadReport
from etl.statements import copy_table, run, shape_hex
from etl.surroundings import Surroundings, read_surroundings
from geo.crs import STORED_CRS
from geo.defects import count_kinds
from geo.errors import InputError
from geo.hierarchy import PROVINCE, Hierarchy
from geo.revisions import bump

_STAGED = (*editions.COLUMNS, *editions.LINEAGE, "area_km2", "geom", "label", "valid_from", "dated")


@dataclass(frozen=True)
class Origin:
    """Where an edition comes from: what its batch says.

    Attributes:
        file: the first of its files.
        profile: the profile they were read with.
        author: who loads it.
        scope_code: the area within which the author may write; None: all.
        separate: whether its levels come from different files.
        crs: the CRS that they were converted from.
    """

    file: Path | None = None
    profile: str | None = None
    author: str | None = None
    scope_code: str | None = None
    separate: bool = False
    crs: str = STORED_CRS


def load_boundaries(
    connection: Connection,
    areas: gpd.GeoDataFrame,
    hierarchy: Hierarchy,
    *,
    valid_from: date,
    stated: Stated | None = None,
    origin: Origin | None = None,
    report: LoadReport | None = None,
) -> LoadReport:
    """Store a new edition of areas, all or nothing; a second identical run changes nothing.

    The areas given replace all current areas of their levels below the parents they
    name: what is missing among those is closed. An area keeps its area_id as long as
    it is current; what it was before is kept as a version that ended on ``valid_from``, and
    the crosswalk says how its land is spread over the areas that took it.
    Incidents belong to the current areas: those that an edition moves are keyed anew.

    Args:
        connection: a loading transaction.
        areas: columns ``editions.COLUMNS`` and geometry, EPSG:4326; level is the slot.
            Levels may be missing, parents may be in the database already. A column
            valid_from holds the day of a row where it states one.
        hierarchy: the hierarchy of the database.
        valid_from: the day from which the edition holds; not in the future, because the map
            shows what is current.
        stated: what else is known about the edition, and what is put up with.
        origin: where the areas come from.
        report: the account so far.

    Returns:
        Counts of new, changed, unchanged and closed areas; details say which defects were
        put up with.

    Raises:
        InputError: the edition has defects above the tolerance (DefectsError), lies in
            another CRS than it says, an area that is closed still has areas below it, a newer
            edition is already there, or the author may not write all of it.
    """
    report, origin = report or LoadReport(), origin or Origin()
    report.rows_read = len(areas)
    today = datetime.now(UTC).astimezone(hierarchy.time_zone).date()
    stated = replace(stated or Stated(), today=today)
    if valid_from > today:
        raise InputError(f"the edition holds from {valid_from}, in the future: load it on that day")
    lock_areas(connection, "alone")
    refuse_other_hierarchy(connection, hierarchy)
    with report.phase("check"):
        editions.check_areas(areas, hierarchy)
        around = read_surroundings(connection, areas)
        _refuse_orphans(around)
        _check(connection, areas, hierarchy, around, stated, origin, valid_from, report)
        places = pd.concat([areas[["code", "level", "parent_code"]], around.kept])
        lineage = editions.fill_lineage(places.reset_index(drop=True))
    root = str(lineage["code"][lineage["level"] == PROVINCE].iloc[0])
    _refuse_scope(origin.scope_code, root)
    with report.phase("complete"):
        whole = editions.complete(areas, hierarchy)
    store_hierarchy(connection, hierarchy, root)
    report.batch_id = open_batch(
        connection,
        scope_code=root,
        kind="area",
        source=hierarchy.key,
        file=origin.file,
        profile=origin.profile,
        author=origin.author,
    )
    with report.phase("copy"):
        run(connection, "create_staged_area")
        copy_table(connection, "staged_area", _table(whole, lineage, valid_from))
    with report.phase("store"):
        _store(connection, report, valid_from)
        _refresh_lineage(connection, lineage)
    if report.changed:
        with report.phase("crosswalk"):
            tolerance = stated.checks.tolerance_m2
            report.details["crosswalk"] = write_crosswalk(connection, valid_from, tolerance)
        with report.phase("incidents"):
            report.rows_moved = rekey_incidents(connection)
    close_batch(connection, report)
    return report


def _check(
    connection: Connection,
    areas: gpd.GeoDataFrame,
    hierarchy: Hierarchy,
    around: Surroundings,
    stated: Stated,
    origin: Origin,
    day: date,
    report: LoadReport,
) -> None:
    """Refuse what is wrong; what is put up with goes into the report."""
    defects = find_defects(areas, hierarchy, around, stated, day)
    lie = find_lie(connection, areas, around, defects, separate=origin.separate, stated=origin.crs)
    lie.refuse()
    refuse_defects(defects, stated)
    report.details["crs"] = lie.note
    report.details["tolerance_m2"] = stated.checks.tolerance_m2
    report.details["defects"] = count_kinds(defects)


def _refuse_scope(scope_code: str | None, root: str) -> None:
    """Areas of all levels depend on each other: whoever changes them must answer for all."""
    if scope_code not in (None, root):
        raise InputError(
            f"boundaries are loaded by an operator of the whole of {root}, not of {scope_code}"
        )


def _refuse_orphans(around: Surroundings) -> None:
    """Refuse to close what still has areas below it."""
    orphans = around.kept[around.kept["parent_code"].isin(around.closed["code"])]
    if len(orphans):
        first = orphans.iloc[0]
        raise InputError(
            f"the edition no longer has {first['parent_code']}, but {first['code']} lies in it:"
            " give the areas below it a new parent in the same load"
        )


def _table(areas: gpd.GeoDataFrame, lineage: pd.DataFrame, valid_from: date) -> pa.Table:
    """The staged rows, spatially sorted so that the index is built from neighbours."""
    order = np.argsort(areas.geometry.hilbert_distance(), kind="stable")
    sorted_areas = areas.iloc[order]
    above = lineage.set_index("code").loc[sorted_areas["code"], list(editions.LINEAGE)]
    columns = {name: pa.array(sorted_areas[name], from_pandas=True) for name in editions.COLUMNS}
    for name in ("population", "households"):
        columns[name] = columns[name].cast(pa.int64())
    columns |= {name: pa.array(above[name], from_pandas=True) for name in editions.LINEAGE}
    days = sorted_areas.get("valid_from", pd.Series(None, index=sorted_areas.index, dtype=object))
    columns["valid_from"] = pa.array([valid_from if pd.isna(day) else day for day in days])
    columns["dated"] = pa.array(days.notna())
    columns["area_km2"] = pa.array(sorted_areas["area_km2"])
    columns["geom"] = shape_hex(np.asarray(sorted_areas.geometry), 4326)
    columns["label"] = shape_hex(sorted_areas["label"].to_numpy(), 4326)
    return pa.table({name: columns[name] for name in _STAGED})


def _store(connection: Connection, report: LoadReport, valid_from: date) -> None:
    """Compare the staged edition with the current one and write the difference."""
    day = {"valid_from": valid_from}
    report.rows_updated = run(connection, "collect_changed_areas").rowcount
    newer = run(connection, "find_newer_areas", day).all()
    if newer:
        first = newer[0]
        raise InputError(
            f"{first.code} has an edition valid from {first.valid_from}: an older one or"
            f" another of that day ({first.day}) cannot be put before it"
        )
    run(connection, "collect_touched_areas", day)
    report.rows_closed = run(connection, "close_missing_areas", day).rowcount
    run(connection, "archive_changed_areas")
    report.rows_loaded = run(connection, "insert_new_areas").rowcount
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
