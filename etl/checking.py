"""Check an edition of areas: everything that is wrong with it, as rows."""

from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date

import geopandas as gpd
import pandas as pd

from etl.code_checks import find_code_defects, find_unknown_codes
from etl.profiles import Checks
from etl.surroundings import Surroundings
from geo.coverage_defects import find_coverage_defects
from geo.defects import CODES, MEASURED, Defect, Kind, above, find_invalid
from geo.errors import InputError
from geo.hierarchy import PROVINCE, Hierarchy
from geo.nesting import find_nesting_defects

_WORKERS = 2
"""Threads: GEOS works without holding the interpreter."""


class DefectsError(InputError):
    """An edition has defects above the tolerance; carries all that were found."""

    def __init__(self, defects: Sequence[Defect], forbidding: Sequence[Defect], what: str) -> None:
        """Say how many there are of what, and name the first."""
        self.defects, self.forbidding = list(defects), list(forbidding)
        counts = Counter(defect.kind for defect in forbidding)
        listed = ", ".join(f"{count:,} × {kind}" for kind, count in counts.most_common())
        shown = "; ".join(str(defect) for defect in forbidding[:3])
        more = f" (and {len(forbidding) - 3:,} more)" if len(forbidding) > 3 else ""
        super().__init__(
            f"{what}, so nothing is loaded: {listed}. {shown}{more}. Run gridboard check"
            " boundaries on the files for a table of all and a map of them (--out)"
        )
        self.particulars = {"defects": dict(counts)}


@dataclass(frozen=True)
class Stated:
    """What is known about an edition beside its areas.

    Attributes:
        checks: what is put up with.
        found: defects that reading found.
        derived: the slots of levels that were united from those below, not read.
        today: the local day.
    """

    checks: Checks = field(default_factory=Checks)
    found: tuple[Defect, ...] = ()
    derived: frozenset[int] = frozenset()
    today: date = date.max

    @property
    def reported(self) -> frozenset[Kind]:
        """The kinds that never forbid a load."""
        return CODES if self.checks.unknown_codes == "report" else frozenset()


def find_defects(
    areas: gpd.GeoDataFrame,
    hierarchy: Hierarchy,
    around: Surroundings,
    stated: Stated,
    day: date,
) -> list[Defect]:
    """Find everything that is wrong with an edition.

    Args:
        areas: the edition; columns ``editions.COLUMNS`` and geometry, EPSG:4326.
        hierarchy: the levels.
        around: what is loaded already.
        stated: what else is known.
        day: from which the edition holds.

    Returns:
        The defects, those that are never put up with first, then the largest.
    """
    found = list(stated.found)
    found += find_code_defects(areas, around.kept, hierarchy, stated.today)
    if around.divisions:
        found += find_unknown_codes(areas, around.divisions, hierarchy, day)
    shapes = areas.geometry.to_numpy()
    invalid = find_invalid(areas["code"].tolist(), shapes)
    bad = {defect.codes[0] for defect in invalid}
    coded = areas["code"].notna() & (areas["code"] != "")
    slots = dict(zip(areas["code"], areas["level"].astype(int), strict=True))
    found += [replace(defect, slot=slots[defect.codes[0]]) for defect in invalid]
    sound = areas[coded & ~areas["code"].isin(bad)].drop_duplicates("code")
    found += _find_land_defects(sound, around, stated)
    return sorted(found, key=lambda defect: (defect.kind in MEASURED, -defect.area_m2))


def _find_land_defects(
    areas: gpd.GeoDataFrame, around: Surroundings, stated: Stated
) -> list[Defect]:
    """Check outlines, a level at a time; the narrowest level is the longest work, so first."""
    slots = sorted(areas["level"].unique().tolist(), reverse=True)
    with ThreadPoolExecutor(_WORKERS) as workers:
        work = [workers.submit(_check_level, areas, slot, around, stated) for slot in slots]
        found = [defect for done in work for defect in done.result()]
    return found + _check_kept_children(areas, around)


def _check_level(
    areas: gpd.GeoDataFrame, slot: int, around: Surroundings, stated: Stated
) -> list[Defect]:
    """One level as a coverage, and in its parents."""
    mine = areas[areas["level"] == slot]
    parents = _stated_parents(mine, areas, around, stated)
    found: list[Defect] = []
    if slot not in stated.derived:
        beside = around.neighbours[around.neighbours["level"] == slot]
        both = gpd.GeoDataFrame(
            pd.concat([mine[["code", "geometry"]], beside[["code", "geometry"]]])
        )
        enclaves = slot == PROVINCE and stated.checks.enclaves
        told = mine["parent_code"].isin(parents["code"]).all()
        own = set(mine["code"])
        pairs = find_coverage_defects(
            both["code"].tolist(), both.geometry.to_numpy(), gaps=not told and not enclaves
        )
        found = [defect for defect in pairs if own.intersection(defect.codes)]
    overlapping = {
        code
        for defect in found
        if defect.kind in (Kind.OVERLAP, Kind.SLIVER)
        for code in defect.codes
    }
    found += _check_nesting(mine, parents, frozenset(overlapping), is_coverage=not found)
    wider = dict(zip(parents["code"], parents["level"].tolist(), strict=True))
    # What is unfilled is a matter of the parent.
    return [
        replace(defect, slot=wider[defect.codes[0]] if defect.kind == Kind.UNFILLED else slot)
        for defect in found
    ]


def _stated_parents(
    mine: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, around: Surroundings, stated: Stated
) -> gpd.GeoDataFrame:
    """The parents of a level that say what it must fill: not those made from their children."""
    brought = ~areas["level"].isin(stated.derived) & areas["code"].isin(mine["parent_code"])
    columns = ["code", "level", "geometry"]
    both = [areas.loc[brought, columns], around.parents[columns]]
    return gpd.GeoDataFrame(pd.concat(both, ignore_index=True))


def _check_nesting(
    children: gpd.GeoDataFrame,
    parents: gpd.GeoDataFrame,
    overlapping: frozenset[str],
    *,
    is_coverage: bool = False,
) -> list[Defect]:
    children = children[children["parent_code"].isin(parents["code"])]
    parents = parents[parents["code"].isin(children["parent_code"])]
    if not len(children):
        return []
    at = pd.Index(parents["code"]).get_indexer(children["parent_code"])
    return find_nesting_defects(
        children["code"].tolist(),
        children.geometry.to_numpy(),
        at,
        parents["code"].tolist(),
        parents.geometry.to_numpy(),
        overlapping,
        is_coverage=is_coverage,
    )


def _check_kept_children(areas: gpd.GeoDataFrame, around: Surroundings) -> list[Defect]:
    """Areas that stay must fit the new outlines of their parents."""
    found: list[Defect] = []
    for slot, children in around.children.groupby("level"):
        defects = _check_nesting(children, areas[["code", "geometry"]], frozenset())
        found += [replace(defect, slot=int(str(slot))) for defect in defects]
    return found


def forbidding(defects: Iterable[Defect], stated: Stated) -> list[Defect]:
    """The defects that an edition is refused for."""
    return above(defects, stated.checks.tolerance_m2, stated.reported)


def refuse_defects(defects: Sequence[Defect], stated: Stated) -> None:
    """Refuse an edition whose defects are above the tolerance.

    Raises:
        DefectsError: names kinds, codes and places.
    """
    if found := forbidding(defects, stated):
        tolerance = stated.checks.tolerance_m2
        what = f"{len(found):,} defects above the tolerance of {tolerance:g} m²"
        raise DefectsError(defects, found, what)
