"""Files that say they are in one CRS and are in another."""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
from sqlalchemy import Connection

from etl.fitting import Fit, LyingCrsError, fit_areas
from etl.surroundings import Surroundings, find_moved, read_areas_of
from geo.crs import STORED_CRS
from geo.defects import Defect, Kind

_FAR_DEGREES = 3e-4
"""About 30 m: GCJ-02 moves places by 100 m and more."""

_MOST = 0.5
"""The share of areas that must have moved together before anything is suspected."""

ON_TRUST = "taken on trust: nothing loaded before, and no wider level, to compare with"


@dataclass(frozen=True)
class Verdict:
    """Whether a CRS can be believed: how the areas fit, and what to say about it."""

    fit: Fit | None
    note: str

    @property
    def lies(self) -> bool:
        """Whether another system fits clearly better."""
        return self.fit is not None and self.fit.lies

    def refuse(self) -> None:
        """Stop a load whose CRS lies.

        Raises:
            LyingCrsError: names the system that fits, and how well.
        """
        if self.lies:
            raise LyingCrsError(
                f"{self.note}. Nothing was loaded: state the right CRS with --crs or in the profile"
            )


def find_lie(
    connection: Connection | None,
    areas: gpd.GeoDataFrame,
    around: Surroundings,
    defects: Sequence[Defect],
    *,
    separate: bool,
    stated: str = STORED_CRS,
) -> Verdict:
    """Compare areas with what they must lie in: what is loaded, else their own wider level.

    Nothing is computed where the areas lie in their parents and where they were before.

    Args:
        connection: a loading transaction; None without a database.
        areas: the edition: code, level, parent_code, geometry, EPSG:4326 as read.
        around: what is loaded around it.
        defects: what was found.
        separate: whether its levels come from different files.
        stated: the CRS that they were converted from.
    """
    beyond = {d.codes[0] for d in defects if d.kind in (Kind.OUTSIDE, Kind.ASTRAY)}
    known, moved = find_moved(connection, areas, _FAR_DEGREES) if connection else (0, 0.0)
    known += len(around.kept) + len(around.closed)
    if not beyond and moved <= _MOST:
        if known:
            return Verdict(None, "fits what is loaded")
        return Verdict(None, "fits the wider level of another file" if separate else ON_TRUST)
    fit = _fit(connection, areas, beyond, stated)
    if fit is None or not fit.lies:
        return Verdict(fit, "no other CRS fits clearly better than the stated one")
    where = "what is loaded" if known else "the wider level"
    told = f"the areas fit {where} only when they are read as {fit.system}"
    return Verdict(fit, f"{told}: {fit.describe()}")


def _fit(
    connection: Connection | None, areas: gpd.GeoDataFrame, beyond: set[str], stated: str
) -> Fit | None:
    """How the areas fit their parents: those that are loaded, else their own."""
    parents = areas[["code", "geometry"]].drop_duplicates("code")
    children = areas[areas["level"].isin(areas["level"][areas["code"].isin(beyond)])]
    if connection is not None:
        former = read_areas_of(connection, areas["parent_code"].dropna().drop_duplicates())
        if len(former):
            parents, children = former[["code", "geometry"]], areas
    children = children[children["parent_code"].isin(parents["code"])]
    if not len(children):
        return None
    # The narrowest parents notice the smallest shift.
    children = children[children["level"] == children["level"].max()]
    at = pd.Index(parents["code"]).get_indexer(children["parent_code"])
    return fit_areas(children.geometry.to_numpy(), parents["geometry"].to_numpy()[at], stated)
