"""From addresses to areas and points, offline: the names of areas loaded, and the gazetteer."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection

from etl.addresses.parsing import (
    FOUND,
    NOWHERE,
    AddressParser,
    Reading,
    make_parser,
    plain_address,
)
from etl.divisions import read_divisions
from etl.nesting import nesting_of
from etl.places import Places, Positions
from etl.reasons import NO_ADDRESS, SEVERAL_ADDRESSES, Reasons
from etl.statements import read_frame
from geo.assignment import UNASSIGNED
from geo.crs import Floats

SAME_PLACE_DEG = 0.001
"""Points of one name as close as this (100 m) are one place."""

_SHORTEST_NAME = 3


@dataclass(frozen=True)
class Located:
    """Where n addresses are.

    Attributes:
        position: n rows of ``Places.frame``; ``UNASSIGNED`` where nothing was found.
        lon: n longitudes, EPSG:4326; NaN unless the gazetteer knows the point.
        lat: n latitudes.
        score: n from 0 to 1, see ``AddressParser``; NaN where nothing was found.
        outcome: n of ``FOUND``, ``NOWHERE`` and ``SEVERAL``.
    """

    position: Positions
    lon: Floats
    lat: Floats
    score: npt.NDArray[np.float32]
    outcome: npt.NDArray[np.int8]

    def reasons(self) -> Reasons:
        """Why addresses cannot be used; None where they can."""
        texts = np.array([None, NO_ADDRESS, SEVERAL_ADDRESSES], dtype=object)
        return np.asarray(texts[self.outcome])


@dataclass(frozen=True)
class Gazetteer:
    """Points known by name.

    Attributes:
        lon: n longitudes, EPSG:4326.
        lat: n latitudes.
        rows: n rows of ``Places.frame``: the finest areas around them.
        by_name: which of them have a name.
        longest: characters of the longest name.
    """

    lon: Floats = field(default_factory=lambda: np.empty(0))
    lat: Floats = field(default_factory=lambda: np.empty(0))
    rows: Positions = field(default_factory=lambda: np.empty(0, np.int64))
    by_name: dict[str, tuple[int, ...]] = field(default_factory=dict)
    longest: int = 0


@dataclass(frozen=True)
class Geocoder:
    """Finds addresses; pure and picklable, the same answer on any machine."""

    parser: AddressParser
    gazetteer: Gazetteer = field(default_factory=Gazetteer)

    def locate(self, addresses: pd.Series) -> Located:
        """Find n addresses; each that is repeated is looked for once.

        A place of the gazetteer is taken if the address names it behind an area, and it is the
        only one of that name there.
        """
        numbers, texts = pd.factorize(addresses)
        found = [self._one(str(text)) for text in texts]
        found.append((Reading(NOWHERE), np.nan, np.nan))
        outcome = np.array([reading.outcome for reading, _, _ in found], dtype=np.int8)
        score = np.array([reading.score for reading, _, _ in found], dtype=np.float32)
        score[outcome != FOUND] = np.nan
        position = np.array([reading.row for reading, _, _ in found], dtype=np.int64)
        at = np.array([(lon, lat) for _, lon, lat in found], dtype=np.float64)
        return Located(
            position[numbers], at[numbers, 0], at[numbers, 1], score[numbers], outcome[numbers]
        )

    def _one(self, address: str) -> tuple[Reading, float, float]:
        reading = self.parser.read(address)
        if reading.outcome != FOUND or not self.gazetteer.by_name:
            return reading, np.nan, np.nan
        point = self._point(plain_address(address)[reading.rest :], reading.row)
        if point is None:
            return reading, np.nan, np.nan
        row = int(self.gazetteer.rows[point])
        return (
            Reading(FOUND, row, reading.score),
            float(self.gazetteer.lon[point]),
            float(self.gazetteer.lat[point]),
        )

    def _point(self, rest: str, area: int) -> int | None:
        """The only place within an area that the rest of an address names; the longest name."""
        longest = min(len(rest), self.gazetteer.longest)
        for length in range(longest, _SHORTEST_NAME - 1, -1):
            for start in range(len(rest) - length + 1):
                known = self.gazetteer.by_name.get(rest[start : start + length], ())
                inside = [point for point in known if self._lies_in(point, area)]
                if inside:
                    return inside[0] if self._is_one(inside) else None
        return None

    def _lies_in(self, point: int, area: int) -> bool:
        row = int(self.gazetteer.rows[point])
        return int(self.parser.above[row, self.parser.levels[area]]) == area

    def _is_one(self, points: list[int]) -> bool:
        spread = [np.ptp(of[points]) for of in (self.gazetteer.lon, self.gazetteer.lat)]
        return bool(max(spread) <= SAME_PLACE_DEG)


def read_geocoder(connection: Connection, places: Places) -> Geocoder:
    """Prepare for the areas, former names and places of a database."""
    named = read_frame(connection, "read_area_names")
    keys = list(zip(places.frame["code"], places.frame["level"], strict=True))
    by_key = dict(zip(zip(named["code"], named["level"], strict=True), named["name"], strict=True))
    names = [by_key[key] for key in keys]
    rows = {code: row for row, (code, _) in enumerate(keys)}
    former = [
        (rows[code], entry.name)
        for code, entries in read_divisions(connection).entries.items()
        for entry in entries
        if code in rows and entry.name != names[rows[code]]
    ]
    parser = make_parser(names, places.frame["level"].tolist(), nesting_of(places), former)
    return Geocoder(parser, _read_gazetteer(connection, places))


def _read_gazetteer(connection: Connection, places: Places) -> Gazetteer:
    frame = read_frame(connection, "read_gazetteer")
    lon, lat = (frame[name].to_numpy(np.float64) for name in ("lon", "lat"))
    rows = places.locate(lon, lat) if len(frame) else np.empty(0, np.int64)
    by_name: dict[str, list[int]] = defaultdict(list)
    for point in np.flatnonzero(rows != UNASSIGNED):
        by_name[plain_address(str(frame["name"].iloc[point]))].append(int(point))
    known = {name: tuple(points) for name, points in by_name.items()}
    return Gazetteer(lon, lat, rows, known, max(map(len, known), default=0))
