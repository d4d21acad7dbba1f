"""Check files of areas without loading them: what the command line and the data page call."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import shapely
from sqlalchemy import Connection, Engine

from etl import editions
from etl.area_cleaning import Account
from etl.checking import Stated, find_defects, forbidding
from etl.edition_files import Edition, read_edition
from etl.edition_loading import state, today
from etl.lying import Verdict, find_lie
from etl.profiles import Profile, load_profile
from etl.surroundings import no_surroundings, read_surroundings
from geo.database import loading
from geo.defects import Defect, count_kinds
from geo.errors import InputError
from geo.hierarchy import Hierarchy, load_hierarchy

Report = Callable[[str, int, int], None]
"""Called as (what is being done, done so far, total; 0 where the total is unknown)."""

MOST_ROWS = 1_000
"""Defects listed for a page; the file of defects has all of them."""


@dataclass(frozen=True)
class Checked:
    """What a check found.

    Attributes:
        areas: how many areas the files hold.
        defects: everything that is wrong, the worst first.
        forbidding: the defects for which a load would be refused.
        tolerance_m2: up to which measured defects are put up with.
        verdict: whether the CRS can be believed.
        cleaned: what cleaning did, if it was asked for.
        hierarchy: names the levels.
    """

    areas: int
    defects: list[Defect]
    forbidding: list[Defect]
    tolerance_m2: float
    verdict: Verdict
    cleaned: Account | None
    hierarchy: Hierarchy

    @property
    def refused(self) -> bool:
        """Whether a load of the same files would be refused."""
        return bool(self.forbidding) or self.verdict.lies

    def as_dict(self) -> dict[str, object]:
        """What was found, as JSON holds it; at most ``MOST_ROWS`` rows."""
        rows = defect_rows(self.defects[:MOST_ROWS], self.hierarchy)
        return {
            "areas": self.areas,
            "refused": self.refused,
            "above": len(self.forbidding),
            "tolerance_m2": self.tolerance_m2,
            "defects": {kind: entry["count"] for kind, entry in count_kinds(self.defects).items()},
            "sums": count_kinds(self.defects),
            "rows": rows,
            "fit": self.verdict.fit.as_dict() if self.verdict.fit else None,
            "crs": self.verdict.note,
            "cleaned": self.cleaned.as_dict() if self.cleaned else None,
        }


def check_boundary_files(
    engine: Engine | None,
    files: list[Path],
    profile: str | Profile,
    report: Report,
    *,
    crs: str | None = None,
    clean_m: float | None = None,
    tolerance_m2: float | None = None,
    valid_from: date | None = None,
    geojson: Path | None = None,
) -> Checked:
    """Find everything that a load of the files would be refused for, and what it would put up with.

    Args:
        engine: of the loader, to compare with what is loaded; None compares with nothing.
        files: one a level.
        profile: the profile, or its name or path.
        report: told of the progress.
        crs: the CRS of the files, as the operator states it.
        clean_m: clean overlaps and gaps up to this width first, in metres.
        tolerance_m2: put up with defects up to this size; else what the profile says.
        valid_from: first day of the edition; today if not given.
        geojson: where to write all defects for a GIS.

    Raises:
        GridboardError: a file or the profile cannot be read, or the database is another one's.
    """
    if geojson is not None:
        refuse_same_file(geojson, files)
    given = load_profile(profile) if isinstance(profile, str) else profile
    hierarchy = load_hierarchy(given.hierarchy)
    report("Reading", 0, 0)
    edition = read_edition(files, given, hierarchy, crs=crs, clean_m=clean_m)
    stated = state(edition, given, tolerance_m2)
    day = valid_from or today(hierarchy)
    report("Checking", 0, 0)
    if engine is None:
        checked = _check(None, edition, hierarchy, stated, day)
    else:
        with loading(engine) as connection:
            checked = _check(connection, edition, hierarchy, stated, day)
    if geojson is not None:
        write_defects(geojson, checked.defects, hierarchy)
    return checked


def _check(
    connection: Connection | None, edition: Edition, hierarchy: Hierarchy, stated: Stated, day: date
) -> Checked:
    areas = edition.areas
    editions.check_areas(areas, hierarchy)
    around = read_surroundings(connection, areas) if connection else no_surroundings()
    stated = Stated(stated.checks, stated.found, stated.derived, today(hierarchy))
    defects = find_defects(areas, hierarchy, around, stated, day)
    verdict = find_lie(
        connection, areas, around, defects, separate=edition.separate, stated=edition.crs
    )
    found = forbidding(defects, stated)
    tolerance = stated.checks.tolerance_m2
    return Checked(len(areas), defects, found, tolerance, verdict, edition.cleaned, hierarchy)


def refuse_same_file(out: Path, files: Sequence[Path]) -> None:
    """Refuse to write over a file that is to be read.

    Raises:
        InputError: names it.
    """
    if any(out.exists() and file.exists() and out.samefile(file) for file in files):
        raise InputError(f"{out} is one of the files to check: write the defects elsewhere")


def defect_rows(defects: Sequence[Defect], hierarchy: Hierarchy) -> list[dict[str, object]]:
    """Defects as plain rows: kind, level, code, other, area_m2, lon, lat, note."""
    rows: list[dict[str, object]] = []
    for defect in defects:
        level, place = hierarchy.at(defect.slot), defect.place
        rows.append(
            {
                "kind": str(defect.kind),
                "level": level.key if level else None,
                "code": defect.codes[0] if defect.codes else None,
                "other": ", ".join(defect.codes[1:]) or None,
                "area_m2": round(defect.area_m2, 3),
                "lon": round(place[0], 7) if place else None,
                "lat": round(place[1], 7) if place else None,
                "note": defect.note or None,
            }
        )
    return rows


def write_defects(path: Path, defects: Sequence[Defect], hierarchy: Hierarchy) -> None:
    """Write defects as GeoJSON (RFC 7946: EPSG:4326), one feature each, for QGIS.

    Raises:
        InputError: the file cannot be written.
    """
    shapes = [defect.geometry for defect in defects]
    features = [
        {"type": "Feature", "properties": row, "geometry": json.loads(shape) if shape else None}
        for row, shape in zip(
            defect_rows(defects, hierarchy), shapely.to_geojson(shapes), strict=True
        )
    ]
    document = {"type": "FeatureCollection", "name": "defects", "features": features}
    try:
        path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror}") from error
