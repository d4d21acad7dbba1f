"""Where the incidents of a chunk are: by coordinates, by address, and against recorded codes."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection

from etl.cleaning import has_address, outside_reasons
from etl.fitting import Witnesses
from etl.geocoding import Geocoder, read_geocoder
from etl.persons import Findings
from etl.places import Places
from etl.profiles import Incidents
from etl.reasons import NO_PLACE, Reasons
from etl.recorded import RecordedCodes, read_recorded_codes
from etl.staging import Spots
from geo.assignment import UNASSIGNED
from geo.hierarchy import Hierarchy


@dataclass(frozen=True)
class Knowledge:
    """What placing needs beside the areas; picklable, read once a load.

    Attributes:
        recorded: how to check the codes that the source records; None if it records none.
        geocoder: how to find addresses; None if there are none.
    """

    recorded: RecordedCodes | None = None
    geocoder: Geocoder | None = None


@dataclass(frozen=True)
class Evidence:
    """What chunks say against a file as a whole; the sum over all of them counts.

    Attributes:
        persons: data about persons.
        witnesses: points and the areas they are recorded in.
    """

    persons: Findings = field(default_factory=Findings)
    witnesses: Witnesses = field(default_factory=Witnesses)

    def __add__(self, other: Evidence) -> Evidence:
        return Evidence(self.persons + other.persons, self.witnesses + other.witnesses)

    def refuse(self, file_name: str, rules: Incidents, places: Places) -> None:
        """Raise if the file must not be loaded whatever its rows are like.

        Raises:
            PersonDataError: it holds data about persons.
            LyingCrsError: its coordinates are in another CRS than stated.
        """
        self.persons.refuse(file_name)
        if rules.crs is not None:
            self.witnesses.refuse(places.shapes, rules.crs, file_name)


def read_knowledge(
    connection: Connection, rules: Incidents | None, hierarchy: Hierarchy, places: Places
) -> Knowledge:
    """Read what placing the incidents of a profile needs.

    Raises:
        ConfigurationError: the profile names a level that the hierarchy lacks.
    """
    if rules is None:
        return Knowledge()
    recorded = read_recorded_codes(connection, rules.recorded, hierarchy, places)
    geocoder = read_geocoder(connection, places) if rules.address is not None else None
    return Knowledge(recorded, geocoder)


def place(
    frame: pd.DataFrame, reasons: Reasons, places: Places, knowledge: Knowledge
) -> tuple[Spots, Witnesses]:
    """Find the area of every good row.

    Args:
        frame: n rows with ``cleaning.COLUMNS``.
        reasons: n reasons; those of rows without a place are put in.
        places: the areas.
        knowledge: what is known beside them.

    Returns:
        n places, and what a wrong CRS of the file could be told from.
    """
    lon, lat = (frame[name].to_numpy(np.float64, na_value=np.nan) for name in ("lon", "lat"))
    spots = Spots.nowhere(lon, lat)
    good = np.asarray(pd.isna(reasons))
    stated = np.isfinite(lon) & np.isfinite(lat)
    at = np.flatnonzero(good & stated)
    spots.positions[at] = places.locate(lon[at], lat[at])
    lost = at[spots.positions[at] == UNASSIGNED]
    reasons[lost] = outside_reasons(lon[lost], lat[lost], places)
    _place_addresses(frame, reasons, spots, np.flatnonzero(good & ~stated), knowledge.geocoder)
    if knowledge.recorded is None or "recorded" not in frame:
        return spots, Witnesses()
    found, witnesses = knowledge.recorded.check(
        frame["recorded"], frame["occurred_at"], spots.positions, spots.lon, spots.lat
    )
    wrong = np.flatnonzero(~pd.isna(found) & pd.isna(reasons))
    reasons[wrong] = found[wrong]
    return spots, witnesses


def _place_addresses(
    frame: pd.DataFrame,
    reasons: Reasons,
    spots: Spots,
    rows: npt.NDArray[np.int64],
    geocoder: Geocoder | None,
) -> None:
    """Look for the addresses of rows without coordinates."""
    if not len(rows):
        return
    if geocoder is None or "address" not in frame:
        reasons[rows] = NO_PLACE
        return
    addresses = frame["address"].iloc[rows]
    located = geocoder.locate(addresses)
    reasons[rows] = np.where(has_address(addresses), located.reasons(), NO_PLACE)
    spots.positions[rows] = located.position
    spots.lon[rows], spots.lat[rows] = located.lon, located.lat
    spots.score[rows] = located.score
