"""The area in which a source says an incident lies, against the place it states."""

from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sqlalchemy import Connection

from etl.divisions import Divisions, read_divisions
from etl.fitting import Witnesses
from etl.nesting import Nesting, nesting_of
from etl.places import Places, Positions
from etl.profiles import Recorded
from etl.reasons import ABOLISHED_CODE, CODE_DISAGREES, UNKNOWN_CODE, Reasons
from geo.assignment import UNASSIGNED
from geo.crs import Floats
from geo.hierarchy import Hierarchy

_M_PER_DEGREE = 111_320.0


@dataclass(frozen=True)
class RecordedCodes:
    """What is needed to check recorded codes; picklable, built once a load.

    Attributes:
        places: the areas.
        divisions: the official list; empty where none is loaded.
        zone: where a local day begins.
        slot: of the level that codes must have; None for any.
        tolerance_m: how far a place may be from the area recorded.
        rows: the row of ``places.frame`` by code.
        above: which area lies in which.
    """

    places: Places
    divisions: Divisions
    zone: ZoneInfo
    slot: int | None = None
    tolerance_m: float = 100.0
    rows: dict[str, int] = field(default_factory=dict)
    above: Nesting = field(default_factory=lambda: np.empty((0, 6), np.int32))

    def check(
        self, recorded: pd.Series, occurred_at: pd.Series, positions: Positions, lon: Floats,
        lat: Floats
    ) -> tuple[Reasons, Witnesses]:  # fmt: skip
        """Compare recorded codes with places.

        A code agrees if one of the two areas contains the other, or if the point is no further
        than the tolerance from the area recorded. A code of the official list that has no area
        of its own here proves nothing, if it was in force when the incident occurred.

        Args:
            recorded: n codes as the source writes them; missing where it states none.
            occurred_at: n moments.
            positions: n rows of ``places.frame``; ``UNASSIGNED`` where the place is unknown.
            lon: n longitudes, EPSG:4326; NaN where only an area is known.
            lat: n latitudes.

        Returns:
            n reasons, and what a wrong CRS of the file could be told from.
        """
        reasons = np.full(len(recorded), None, dtype=object)
        numbers, codes = pd.factorize(recorded)
        found = np.array([self._row(str(code)) for code in codes] + [UNASSIGNED], dtype=np.int64)
        areas = found[numbers]
        lost = np.flatnonzero((areas == UNASSIGNED) & (numbers >= 0))
        reasons[lost] = [
            self._why_unknown(str(codes[numbers[at]]), occurred_at.iloc[at]) for at in lost
        ]
        both = np.flatnonzero((areas != UNASSIGNED) & (positions != UNASSIGNED))
        agree = self._nested(areas[both], positions[both])
        apart = both[~agree]
        apart = apart[~self._near(lon[apart], lat[apart], areas[apart])]
        reasons[apart] = CODE_DISAGREES
        stated = np.flatnonzero((areas != UNASSIGNED) & np.isfinite(lon) & np.isfinite(lat))
        return reasons, Witnesses.sample(lon[stated], lat[stated], areas[stated])

    def _row(self, code: str) -> int:
        """The area that a code means, also one filled up with zeros to 9, 12 or 15 digits."""
        code = code.strip()
        while code not in self.rows and len(code) > 6 and code.endswith("000"):
            code = code[:-3]
        row = self.rows.get(code, UNASSIGNED)
        if row != UNASSIGNED and self.slot is not None:
            return row if int(self.places.frame["level"].iloc[row]) == self.slot else UNASSIGNED
        return row

    def _why_unknown(self, code: str, moment: pd.Timestamp) -> str | None:
        """Why a code without an area is refused; None if it was in force then."""
        day = date.max if pd.isna(moment) else moment.tz_convert(self.zone).date()
        code = code.strip()
        while code not in self.divisions and len(code) > 6 and code.endswith("000"):
            code = code[:-3]
        if self.divisions.on(code, day) is not None:
            return None
        last = self.divisions.last(code)
        if last is None:
            return UNKNOWN_CODE
        begun = f"from {last.valid_from} " if last.valid_from else ""
        return f"{ABOLISHED_CODE}: {last.name} ({code}), in force {begun}until {last.valid_to}"

    def _nested(self, areas: Positions, positions: Positions) -> npt.NDArray[np.bool_]:
        """Whether of each two areas one contains the other."""
        level = self.places.frame["level"].to_numpy(np.int64)
        inside = self.above[positions, level[areas]] == areas
        return np.asarray(inside | (self.above[areas, level[positions]] == positions))

    def _near(self, lon: Floats, lat: Floats, areas: Positions) -> npt.NDArray[np.bool_]:
        """Whether points lie within the tolerance of areas; on a plane good to 1 % nearby."""
        near = np.zeros(len(lon), dtype=bool)
        stated = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
        if not len(stated):
            return near
        found, of = np.unique(areas[stated], return_inverse=True)
        shapes = self.places.shapes[found]
        scale = np.cos(np.radians(shapely.get_y(shapely.centroid(shapes)))) * _M_PER_DEGREE
        corners, owner = shapely.get_coordinates(shapes, return_index=True)
        corners[:, 0] *= scale[owner]
        corners[:, 1] *= _M_PER_DEGREE
        planes = shapely.set_coordinates(shapes.copy(), corners)
        shapely.prepare(planes)
        points = shapely.points(lon[stated] * scale[of], lat[stated] * _M_PER_DEGREE)
        near[stated] = shapely.dwithin(planes[of], points, self.tolerance_m)
        return near


def read_recorded_codes(
    connection: Connection, rule: Recorded | None, hierarchy: Hierarchy, places: Places
) -> RecordedCodes | None:
    """Prepare the check of recorded codes that a profile asks for, if it does.

    Raises:
        ConfigurationError: the hierarchy has no such level.
    """
    if rule is None:
        return None
    slot = None if rule.level == "any" else hierarchy.level(rule.level).slot
    return recorded_codes(
        places, read_divisions(connection), hierarchy.time_zone, slot, rule.tolerance_m
    )


def recorded_codes(
    places: Places, divisions: Divisions, zone: ZoneInfo, slot: int | None, tolerance_m: float
) -> RecordedCodes:
    """Number the areas by code, and for each the areas it lies in."""
    codes = places.frame["code"]
    rows = dict(zip(codes, range(len(codes)), strict=True))
    return RecordedCodes(places, divisions, zone, slot, tolerance_m, rows, nesting_of(places))
